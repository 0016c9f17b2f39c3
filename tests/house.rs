//! The house rules that a compiler does not check: imports run only downward, and unsafe code stands in one place.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the ground up, each with the rooms that it may import.
const FLOORS: [(&str, &[&str]); 13] = [
    ("numerics", &[]),
    ("theory", &["numerics"]),
    ("world", &["numerics", "theory"]),
    ("select", &["numerics", "theory"]),
    ("policy", &["numerics", "theory"]),
    ("inference", &["numerics"]),
    ("engine", &["numerics", "inference"]),
    (
        "study",
        &["numerics", "theory", "world", "select", "policy", "inference", "engine"],
    ),
    ("record", &["numerics", "inference"]),
    ("data", &["numerics", "select"]),
    (
        "experiment",
        &[
            "numerics",
            "theory",
            "world",
            "select",
            "policy",
            "inference",
            "engine",
            "study",
        ],
    ),
    (
        "report",
        &[
            "numerics",
            "theory",
            "world",
            "select",
            "policy",
            "inference",
            "engine",
            "study",
            "experiment",
            "record",
        ],
    ),
    (
        "cli",
        &[
            "numerics",
            "theory",
            "world",
            "select",
            "policy",
            "inference",
            "engine",
            "study",
            "experiment",
            "record",
            "data",
            "report",
        ],
    ),
];

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// Rooms named by `crate::room` in code (comments may speak of any room).
fn imports(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .filter(|room: &String| FLOORS.iter().any(|(name, _)| name == room))
        .collect()
}

/// What a file of a room imports that lies not below it.
fn offences(room: &str, text: &str) -> Vec<String> {
    let allowed = FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map_or(&[][..], |(_, allowed)| allowed);
    imports(text)
        .into_iter()
        .filter(|import| import != room && !allowed.contains(&import.as_str()))
        .collect()
}

#[test]
fn imports_run_only_downward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut rooms = Vec::new();
    for file in rust_files(&src) {
        let below = file.strip_prefix(&src).expect("it is below src");
        let Some(room) = below.components().next().filter(|_| below.components().count() > 1) else {
            continue;
        };
        let room = room.as_os_str().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a source file is text");
        found.extend(
            offences(&room, &text)
                .into_iter()
                .map(|import| format!("{} imports {import}", below.display())),
        );
        rooms.push(room);
    }
    assert_eq!(found, Vec::<String>::new());
    for room in rooms {
        assert!(
            FLOORS.iter().any(|(name, _)| *name == room),
            "the room {room} has no floor"
        );
    }
}

#[test]
fn an_import_that_runs_up_would_be_found() {
    assert_eq!(offences("numerics", "use crate::theory::variance_law;"), ["theory"]);
    assert_eq!(offences("engine", "let x = crate::world::Dirichlet::new;"), ["world"]);
    assert_eq!(
        offences("engine", "// unlike crate::world, this knows no worlds"),
        Vec::<String>::new()
    );
}

/// The dispatch macro is the only place that needs it; each use there states its reason.
#[test]
fn unsafe_code_stands_in_the_dispatch_of_lanes_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&src) {
        let text = fs::read_to_string(&file).expect("a source file is text");
        let uses = text
            .lines()
            .filter(|line| line.contains("unsafe {") || line.contains("unsafe fn"))
            .count();
        let here = if file.ends_with("numerics/lanes.rs") { 2 } else { 0 };
        assert_eq!(uses, here, "{}", file.display());
    }
}
