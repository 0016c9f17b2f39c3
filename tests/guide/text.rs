//! What the tests of the guide read in its pages: fences, commands and what they print, links, numbers.

use std::collections::BTreeSet;

const FENCE: &str = "```";

/// The page with what every command of its transcripts prints now, and all else as it is.
///
/// A transcript is a block fenced as `console`: a line that begins with `$ ` is a command, which goes on where a line ends in `\`; what
/// follows it up to the next one is what it prints.
pub fn rewritten(page: &str, print: &mut dyn FnMut(&str) -> String) -> String {
    let (mut out, mut lines) = (String::new(), page.lines());
    let mut add = |line: &str| {
        out += line;
        out += "\n";
    };
    while let Some(line) = lines.next() {
        add(line);
        if line != "```console" {
            continue;
        }
        for command in transcript(&mut lines) {
            add(&format!("$ {command}"));
            print(&command).lines().for_each(&mut add);
        }
        add(FENCE);
    }
    out
}

/// The commands of a transcript, and takes its lines up to the end of the fence.
fn transcript<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in lines.take_while(|line| *line != FENCE) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (_, Some(last)) if goes_on => {
                *last += "\n";
                *last += line;
            }
            (Some(command), _) => commands.push(command.to_owned()),
            (None, Some(_)) => continue,
            (None, None) => panic!("a transcript begins with a command, not with {line:?}"),
        }
        goes_on = line.ends_with('\\');
    }
    commands
}

/// The commands of all transcripts of a page.
pub fn commands(page: &str) -> Vec<String> {
    let mut all = Vec::new();
    rewritten(page, &mut |command| {
        all.push(command.to_owned());
        String::new()
    });
    all
}

/// The text of each fenced block of a page with the language that it names; the first block is at 1, between those of prose.
fn parts(page: &str) -> Vec<(Option<&str>, String)> {
    let mut parts = vec![(None, String::new())];
    for line in page.lines() {
        let within = parts.last().is_some_and(|(language, _)| language.is_some());
        match (line.strip_prefix(FENCE), within) {
            (Some(_), true) => parts.push((None, String::new())),
            (Some(language), false) => parts.push((Some(language), String::new())),
            (None, _) => {
                if let Some((_, text)) = parts.last_mut() {
                    *text += line;
                    *text += "\n";
                }
            }
        }
    }
    parts
}

/// The blocks of a page that are fenced as a language.
pub fn fenced(page: &str, language: &str) -> Vec<String> {
    let blocks = parts(page).into_iter().filter(|(own, _)| *own == Some(language));
    blocks.map(|(_, text)| text).collect()
}

/// What stands outside of all fences.
pub fn prose(page: &str) -> String {
    let prose = parts(page).into_iter().filter(|(language, _)| language.is_none());
    prose.map(|(_, text)| text).collect()
}

/// What stands within fences: files and transcripts.
pub fn shown(page: &str) -> String {
    let blocks = parts(page).into_iter().filter(|(language, _)| language.is_some());
    blocks.map(|(_, text)| text).collect()
}

/// The numbers of a text that a run could move: those with a decimal point, and percentages.
pub fn numbers(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '%'));
    let words = words.map(|word| word.trim_matches('.'));
    let movable = |word: &&str| {
        let digits = word.contains(|c: char| c.is_ascii_digit());
        digits && (word.contains('.') || word.ends_with('%'))
    };
    words.filter(movable).map(str::to_owned).collect()
}

/// What the links and pictures of a page lead to.
pub fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}
