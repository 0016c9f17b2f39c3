//! The guide runs: each of its transcripts is what the program prints, each file that it shows is one that lies beside it, and each answer
//! that it commits is what its experiment gives.
//!
//! When numbers move on purpose, `UPDATE_GUIDE=1 cargo test guide::` writes transcripts and answers anew; once more, and the key, whose
//! transcripts are of the answers, is up to date as well.

mod text;

use crate::program::{Files, Folder, files_below};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Pages with transcripts. Each is a test of its own, so that they run side by side.
const PAGES: [&str; 10] = [
    "intro",
    "01-lottery",
    "02-law",
    "03-budget",
    "04-variance",
    "05-selectors",
    "06-redundant",
    "07-fails",
    "08-aggregate",
    "key",
];

/// What a reader puts another seed in place of.
const SEED: &str = "--set seed=7 ";

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide")
}

fn page(name: &str) -> String {
    let path = guide().join(format!("{name}.md"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All pages of the guide, with their names.
fn pages() -> Vec<(String, String)> {
    let files = files_below(&guide()).into_keys();
    let names = files.filter_map(|file| file.strip_suffix(".md").map(str::to_owned));
    let names = names.filter(|name| !name.contains('/'));
    names.map(|name| (name.clone(), page(&name))).collect()
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GUIDE").is_some()
}

/// The folder of the guide as a reader has it: its experiments and answers.
fn course() -> Folder {
    let folder = Folder::empty();
    for (name, bytes) in files_below(&guide()) {
        if name.starts_with("answers/") || name.ends_with(".toml") {
            folder.write(&name, bytes);
        }
    }
    folder
}

/// What a command of a transcript prints, in a shell that finds the program.
fn printed(folder: &Folder, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_mode-lottery"));
    let here = program.parent().expect("it lies in a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([here].into_iter().chain(std::env::split_paths(&others))).expect("a search path");
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env("PATH", path).current_dir(folder.root());
    let output = shell.stdin(Stdio::null()).output().expect("a shell");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {told}");
    String::from_utf8(output.stdout).expect("the program prints text")
}

/// A run of a transcript, whose result is committed.
struct Run {
    command: String,
    /// The result, below the folder of results.
    result: String,
}

impl Run {
    fn all(page: &str) -> Vec<Self> {
        text::commands(page).into_iter().filter_map(Self::of).collect()
    }

    fn of(command: String) -> Option<Self> {
        let file = command.strip_prefix("mode-lottery run ")?.split(' ').next()?;
        let stem = file.strip_suffix(".toml")?;
        let out = command.split("--out mine").nth(1)?.split(' ').next()?;
        let result = format!("{out}/{stem}").trim_start_matches('/').to_owned();
        Some(Self { command, result })
    }

    /// Whether it has a reader's seed.
    fn own_seed(&self) -> bool {
        self.command.contains(SEED)
    }

    /// The same by the seed of the file, into another folder of results.
    fn answer(&self, results: &str) -> String {
        let command = self.command.replace(SEED, "");
        command.replace("--out mine", &format!("--out {results}"))
    }
}

/// What of a result is committed: not what says when and where, and not what is drawn from an SVG.
fn kept(files: Files) -> Files {
    let kept = |name: &str| !name.starts_with("journal/") && !name.ends_with(".png") && name != "manifest.json";
    files.into_iter().filter(|(name, _)| kept(name)).collect()
}

/// Writes the answer of a run into the guide, and into the folder.
fn write_answer(folder: &Folder, run: &Run) {
    let name = format!("answers/{}", run.result);
    for old in [folder.path(&name), guide().join(&name)] {
        if old.exists() {
            fs::remove_dir_all(&old).expect("it can be removed");
        }
    }
    printed(folder, &run.answer("answers"));
    let files = folder.files(&name);
    let manifest = [("manifest.json".to_owned(), files["manifest.json"].clone())];
    for (file, bytes) in kept(files).into_iter().chain(manifest) {
        let path = guide().join(&name).join(file);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
}

/// The first line in which two texts differ, or what one has more.
fn differing<'a>(now: &'a str, committed: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut now, mut committed) = (now.lines(), committed.lines());
    loop {
        match (now.next(), committed.next()) {
            (None, None) => return None,
            (a, b) if a == b => (),
            (a, b) => return Some((a.unwrap_or("(no line)"), b.unwrap_or("(no line)"))),
        }
    }
}

/// Runs the transcripts of a page in one folder, in their order, and compares what they print and what they leave with what is committed.
fn runs(name: &str) {
    let (page, folder) = (page(name), course());
    let runs = Run::all(&page);
    if updating() {
        runs.iter().for_each(|run| write_answer(&folder, run));
    }
    let now = text::rewritten(&page, &mut |command| printed(&folder, command));
    if updating() {
        return fs::write(guide().join(format!("{name}.md")), now).expect("it can be written");
    }
    assert_eq!(differing(&now, &page), None, "{name}.md (found, committed)");
    for run in runs {
        let results = if run.own_seed() { "again" } else { "mine" };
        if run.own_seed() {
            printed(&folder, &run.answer(results));
        }
        let found = kept(folder.files(&format!("{results}/{}", run.result)));
        let committed = kept(files_below(&guide().join("answers").join(&run.result)));
        let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&committed), "answers/{}", run.result);
        for (file, bytes) in &found {
            assert!(
                *bytes == committed[file],
                "answers/{}/{file} is another one now",
                run.result
            );
        }
    }
}

macro_rules! each_page {
    ($($test:ident: $place:expr,)*) => {
        $(
            #[test]
            fn $test() {
                runs(PAGES[$place]);
            }
        )*
    };
}

each_page! {
    the_introduction_runs: 0,
    the_lottery_runs: 1,
    the_law_runs: 2,
    the_budget_runs: 3,
    the_variance_runs: 4,
    the_selectors_run: 5,
    the_redundant_prompts_run: 6,
    the_failures_run: 7,
    the_aggregation_runs: 8,
    the_key_runs: 9,
}

#[test]
fn every_page_with_a_transcript_is_run() {
    let pages = pages();
    let with = pages.iter().filter(|(_, page)| !text::commands(page).is_empty());
    let with: BTreeSet<&str> = with.map(|(name, _)| &**name).collect();
    assert_eq!(with, BTreeSet::from(PAGES));
}

/// The figures that pages show are among the files compared, and no answer is left of an exercise that is gone.
#[test]
fn every_answer_is_one_of_a_page() {
    let runs = pages().into_iter().flat_map(|(_, page)| Run::all(&page));
    let results: BTreeSet<String> = runs.map(|run| run.result).collect();
    let committed = files_below(&guide().join("answers")).into_keys();
    let committed = committed.filter_map(|file| file.strip_suffix("/manifest.json").map(str::to_owned));
    assert_eq!(results, committed.collect());
}

#[test]
fn every_file_shown_lies_beside_the_page_and_is_shown_once() {
    let files = files_below(&guide());
    let experiments = files
        .iter()
        .filter(|(name, _)| name.ends_with(".toml") && *name != "book.toml");
    let mut beside: Vec<&str> = experiments
        .map(|(name, bytes)| std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is text")))
        .collect();
    let pages = pages();
    let mut shown: Vec<String> = pages.iter().flat_map(|(_, page)| text::fenced(page, "toml")).collect();
    beside.sort_unstable();
    shown.sort_unstable();
    assert_eq!(beside, shown);
}

/// Numbers that a run could move stand in files and transcripts, which other tests compare; prose may only repeat those of its page.
#[test]
fn prose_has_no_number_of_its_own() {
    for (name, page) in pages() {
        let known = text::numbers(&text::shown(&page));
        let told = text::numbers(&text::prose(&page));
        let own: Vec<&String> = told.difference(&known).collect();
        assert!(own.is_empty(), "{name}.md: {own:?}");
    }
}

/// Links lead to files; those to pages lead to pages of the book, since mdBook makes them links to its own.
#[test]
fn links_lead_somewhere() {
    let docs = guide().join("..");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).expect("a summary");
    let chapters = text::links(&summary);
    let book: Vec<PathBuf> = chapters.iter().map(|link| real(&docs.join(link))).collect();
    for (name, page) in pages() {
        assert!(
            chapters.contains(&format!("guide/{name}.md")),
            "{name} is no page of the book"
        );
        for link in text::links(&page) {
            if link.starts_with("https://") {
                continue;
            }
            let to = real(&guide().join(link.split('#').next().unwrap_or_default()));
            let is_page = to.extension().is_some_and(|extension| extension == "md");
            assert!(
                !is_page || book.contains(&to),
                "{name}.md: {link} is no page of the book"
            );
        }
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The controls: another number in a transcript, and one in prose that no transcript has, are seen.
#[test]
fn what_is_not_printed_is_seen() {
    let page = "It is 5% or 0.25.\n\n```console\n$ echo 0.25\n0.25\n$ echo a \\\n  b\na b\n```\n\nEnd.\n";
    let folder = Folder::empty();
    let mut print = |command: &str| printed(&folder, command);
    assert_eq!(text::rewritten(page, &mut print), page);
    let wrong = page.replace("a b\n", "a c\n");
    let now = text::rewritten(&wrong, &mut print);
    assert_eq!(differing(&now, &wrong), Some(("a b", "a c")));
    let short = page.replace("\nEnd.\n", "");
    assert_eq!(differing(page, &short), Some(("", "(no line)")));
    let told = text::numbers(&text::prose(page));
    let own: Vec<String> = told.difference(&text::numbers(&text::shown(page))).cloned().collect();
    assert_eq!(own, ["5%"]);
}
