//! The house rules that a compiler does not check: imports run only downward, no files use one another in a circle, and unsafe
//! code stands where registers are.

mod controls;
mod graph;
mod mentions;
mod source;

use graph::{Edge, Graph};
use source::Files;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Rooms from the ground up, each with those that it stands on; it may import these, and whatever they may.
const FLOORS: [(&str, &[&str]); 15] = [
    ("numerics", &[]),
    ("theory", &["numerics"]),
    ("world", &["theory"]),
    ("select", &["theory"]),
    ("policy", &["theory"]),
    ("inference", &["numerics"]),
    ("engine", &["inference"]),
    ("format", &["numerics"]),
    ("study", &["world", "select", "policy", "engine", "format"]),
    ("record", &["inference"]),
    ("data", &["select"]),
    ("experiment", &["study"]),
    ("session", &["experiment", "record"]),
    ("report", &["session"]),
    ("cli", &["report", "data"]),
];

/// What a room may not import although one below it may: who keeps responses of users' pools needs no law.
const CLOSED: [(&str, &str); 1] = [("data", "theory")];

/// Circles that are let be, by their files: none.
const LET_BE: [&[&str]; 0] = [];

/// All rooms that a room may import.
fn below(room: &str) -> BTreeSet<&'static str> {
    let stands_on = FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map_or(&[][..], |(_, on)| on);
    let mut all: BTreeSet<&str> = stands_on
        .iter()
        .flat_map(|&on| below(on))
        .chain(stands_on.iter().copied())
        .collect();
    all.retain(|to| !CLOSED.contains(&(room, to)));
    all
}

/// The room of a file; none of the crate's root.
fn room(file: &str) -> Option<&str> {
    file.split_once('/').map(|(room, _)| room)
}

/// Uses of a room that lies not below.
fn climbs(graph: &Graph) -> Vec<String> {
    let up = |edge: &&Edge| match (room(&edge.from), room(&edge.to)) {
        (Some(from), Some(to)) => from != to && !below(from).contains(to),
        _ => false,
    };
    let climbing = graph.reaches.iter().filter(up);
    climbing
        .map(|edge| format!("{} imports {} ({})", edge.from, edge.path, edge.to))
        .collect()
}

/// Circles in words: who uses whom, and by which paths.
fn circles(graph: &Graph) -> Vec<String> {
    graph
        .circles()
        .iter()
        .filter(|circle| !LET_BE.contains(&&*files_of(circle)))
        .map(|circle| told(circle))
        .collect()
}

/// The files of a circle.
fn files_of<'a>(circle: &[&'a Edge]) -> Vec<&'a str> {
    let files: BTreeSet<&str> = circle.iter().map(|edge| &*edge.from).collect();
    files.into_iter().collect()
}

fn told(circle: &[&Edge]) -> String {
    let mut paths: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for edge in circle {
        paths.entry((&edge.from, &edge.to)).or_default().push(&edge.path);
    }
    let lines = paths
        .iter()
        .map(|((from, to), paths)| format!("  {from} -> {to}: {}", paths.join(", ")));
    format!(
        "{} files:\n{}",
        files_of(circle).len(),
        lines.collect::<Vec<_>>().join("\n")
    )
}

/// Adds the files of a folder, by their place below `src`.
fn read_into(files: &mut Files, src: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            read_into(files, src, &path);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let below = path.strip_prefix(src).expect("it is below src");
            let words: Vec<_> = below.iter().map(|word| word.to_string_lossy()).collect();
            let text = fs::read_to_string(&path).expect("a source file is text");
            files.insert(words.join("/"), text);
        }
    }
}

/// The files of this crate.
fn files() -> Files {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Files::new();
    read_into(&mut files, &src, &src);
    files
}

#[test]
fn every_room_has_a_floor() {
    let files = files();
    let rooms: BTreeSet<&str> = files.keys().filter_map(|file| room(file)).collect();
    assert_eq!(rooms, FLOORS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn every_path_of_the_crate_is_followed_to_its_end() {
    assert_eq!(Graph::of(&files()).lost, BTreeSet::new());
}

#[test]
fn imports_run_only_downward() {
    assert_eq!(climbs(&Graph::of(&files())), Vec::<String>::new());
}

#[test]
fn no_files_use_one_another_in_a_circle() {
    let found = circles(&Graph::of(&files()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The dispatch macro is the only place that needs it; each use there states its reason.
#[test]
fn unsafe_code_stands_where_registers_are_only() {
    for (file, text) in files() {
        let uses = text
            .lines()
            .filter(|line| line.contains("unsafe {") || line.contains("unsafe fn"))
            .count();
        // Calls of code for a vector unit that was looked for, and loads and stores of arrays of a register's size.
        let here = match &*file {
            "numerics/lanes.rs" => 2,
            "numerics/bytes.rs" => 3,
            _ => 0,
        };
        assert_eq!(uses, here, "{file}");
    }
}
