//! Wrong files, each with the whole message that a user reads.
//!
//! The tables lie beside this file. Messages are written by hand: a change of one is a change of what users read.

use super::{BASE, read, replaced};
use mode_lottery::select::Selector;
use mode_lottery::study::pools::WORLDS;
use mode_lottery::study::registry::STUDIES;
use mode_lottery::study::selection;

/// A wrong file and what is said of it.
#[derive(Default)]
pub struct Wrong {
    pub file: String,
    pub sets: Vec<String>,
    pub says: Vec<String>,
}

/// The tables of wrong files; arguments of `--set` have one of their own.
pub const TABLES: [&str; 6] = [
    include_str!("syntax.txt"),
    include_str!("types.txt"),
    include_str!("expansion.txt"),
    include_str!("claims.txt"),
    include_str!("figures.txt"),
    include_str!("choices.txt"),
];

/// The cases of a table; its first lines say how they are written.
pub fn cases(table: &str) -> Vec<Wrong> {
    let blocks = table.split("\n\n").skip(1);
    blocks.filter(|block| !block.trim().is_empty()).map(case).collect()
}

fn case(block: &str) -> Wrong {
    let mut wrong = Wrong::default();
    let mut whole: Vec<&str> = Vec::new();
    let mut text = BASE.to_owned();
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        let (mark, content) = split(line);
        match mark {
            '|' => whole.push(content),
            '$' => wrong.sets.push(content.to_owned()),
            '=' => wrong.says.push(with_names(content)),
            '-' => {
                let (mut old, mut new) = (vec![content], Vec::new());
                while let Some(line) =
                    lines.next_if(|line| line.starts_with('+') || (line.starts_with('-') && new.is_empty()))
                {
                    match split(line) {
                        ('-', content) => old.push(content),
                        (_, content) => new.push(content),
                    }
                }
                let old = old.join("\n");
                text = match new.is_empty() {
                    true => replaced(&text, &format!("{old}\n"), ""),
                    false => replaced(&text, &old, &new.join("\n")),
                };
            }
            _ => panic!("no mark: {line}"),
        }
    }
    wrong.file = if whole.is_empty() { text } else { whole.join("\n") };
    wrong
}

/// A message with the names of all that there is of a kind: a new one makes no message wrong.
fn with_names(message: &str) -> String {
    let studies = STUDIES.iter().map(|study| study.name);
    let measures = selection::MEASURES.iter().map(|measure| measure.name);
    let lists: [(&str, Vec<&str>); 4] = [
        ("{studies}", studies.collect()),
        ("{worlds}", WORLDS.iter().map(|world| world.name).collect()),
        ("{selectors}", Selector::ALL.map(Selector::name).to_vec()),
        ("{measures}", measures.collect()),
    ];
    let with = |text: String, (mark, names): (&str, Vec<&str>)| text.replace(mark, &names.join(", "));
    lists.into_iter().fold(message.to_owned(), with)
}

/// The mark of a line and what stands after it and one space.
fn split(line: &str) -> (char, &str) {
    let mark = line.chars().next().unwrap_or(' ');
    let content = &line[mark.len_utf8()..];
    (mark, content.strip_prefix(' ').unwrap_or(content))
}

fn check(table: &str, at_least: usize) {
    let cases = cases(table);
    assert!(cases.len() >= at_least, "{} cases were read", cases.len());
    let mut differing = Vec::new();
    for wrong in cases {
        let file = wrong.file;
        let sets: Vec<&str> = wrong.sets.iter().map(String::as_str).collect();
        let expected = wrong.says.join("\n");
        let found = match read(&file, &sets) {
            Ok(_) => "(taken for right)".to_owned(),
            Err(message) => message,
        };
        if found != expected {
            differing.push(format!("expected: {expected}\n   found: {found}"));
        }
    }
    assert!(differing.is_empty(), "\n{}", differing.join("\n\n"));
}

#[test]
fn wrong_worlds_rewards_and_choices_are_refused_with_their_place() {
    check(include_str!("choices.txt"), 24);
}

#[test]
fn what_is_no_toml_is_refused_with_its_place() {
    check(TABLES[0], 20);
}

#[test]
fn wrong_types_values_and_keys_are_refused_with_their_place() {
    check(TABLES[1], 55);
}

#[test]
fn wrong_sweeps_and_arms_are_refused_with_their_place() {
    check(TABLES[2], 60);
}

#[test]
fn claims_that_nothing_could_decide_are_refused_with_their_place() {
    check(TABLES[3], 80);
}

#[test]
fn figures_that_nothing_could_draw_are_refused_with_their_place() {
    check(TABLES[4], 35);
}

#[test]
fn wrong_arguments_of_set_are_refused_by_themselves() {
    check(include_str!("sets.txt"), 30);
}

/// Texts that a table cannot hold, because editors change them.
#[test]
fn places_are_those_of_an_editor_whatever_the_line_ends_and_marks() {
    let refused = |text: &str| read(text, &[]).err().unwrap_or_default();
    let negative = "seed: -1 is out of range: an integer from 0 is expected";
    let windows = replaced(BASE, "seed = 1", "seed = -1").replace('\n', "\r\n");
    assert_eq!(refused(&windows), format!("x.toml:3:8: {negative}"));
    let marked = format!("\u{feff}{}", replaced(BASE, "title = \"A base\"", "title = 3"));
    assert_eq!(
        refused(&marked),
        "x.toml:1:9: title: the integer 3 where a string is expected"
    );
    let marked = format!("\u{feff}{}", replaced(BASE, "seed = 1", "seed = -1"));
    assert_eq!(refused(&marked), format!("x.toml:3:8: {negative}"));
    let tabbed = replaced(BASE, "seed = 1", "\tseed =\t-1");
    assert_eq!(refused(&tabbed), format!("x.toml:3:9: {negative}"));
    let wide = replaced(BASE, "seed = 1", "\"\" = \"äöü\"");
    assert_eq!(
        refused(&wide),
        "x.toml:1:1: the key `seed` is missing\n\
         x.toml:3:1: unknown key \"\" (known: title, about, study, seed, measures, world, objective, budget, policy, arms, sweep, run, claims, figures)"
    );
    let inline = replaced(
        BASE,
        "base = { geometric = 0.5 }",
        "base = { \"geometrié\" = 0.5, b = 1 }",
    );
    assert_eq!(
        refused(&inline),
        "x.toml:9:10: world.base: unknown key \"geometrié\" (known: geometric; did you mean \"geometric\"?)\n\
         x.toml:9:29: world.base: unknown key \"b\""
    );
    let control = replaced(BASE, "\"A base\"", "'A\u{1}'");
    assert!(
        refused(&control).starts_with("x.toml:1:11: not TOML: invalid literal string"),
        "{}",
        refused(&control)
    );
    let lines = replaced(
        BASE,
        "title = \"A base\"",
        "about = \"\"\"A\n\n\tbäse\n\"\"\"\ntitle = 1",
    );
    assert_eq!(
        refused(&lines),
        "x.toml:5:9: title: the integer 1 where a string is expected"
    );
}

/// Faults that do not follow from each other are told together, in the order of the file: nobody mends one key per run.
#[test]
fn independent_faults_are_told_in_one_go() {
    let refused = read(include_str!("many_faults.toml"), &[]).unwrap_err();
    assert_eq!(refused + "\n", with_names(include_str!("many_faults.txt")));
}

#[test]
fn an_argument_of_two_lines_is_shown_on_one() {
    let refused = read(BASE, &["seed=1\ntitle=2"]).unwrap_err();
    assert_eq!(
        refused,
        "--set seed=1\\ntitle=2: not TOML: \"1\\ntitle=2\" is not one value; strings of more than one word stand in quotes"
    );
}

#[test]
fn a_name_that_is_no_folder_is_refused() {
    for name in ["", ".", "..", "../x", "a/b", "a\\b", "a\nb"] {
        let fault = mode_lottery::experiment::parse(name, "x.toml", BASE.to_owned(), &[]).unwrap_err();
        let expected = format!("x.toml:1:1: the experiment's name {name:?} cannot name a folder");
        assert_eq!(fault.to_string(), expected);
    }
}

/// Without it, an empty table or a check that always passes would go unnoticed.
#[test]
fn a_table_with_a_wrong_message_would_be_found() {
    let table = "# about\n\n- seed = 1\n+ seed = -1\n= x.toml:3:8: something else\n";
    assert!(std::panic::catch_unwind(|| check(table, 1)).is_err());
    let table = "# about\n\n- seed = 1\n+ seed = 2\n= x.toml:3:8: refused\n";
    assert!(std::panic::catch_unwind(|| check(table, 1)).is_err());
    assert!(std::panic::catch_unwind(|| check("# about\n", 1)).is_err());
}
