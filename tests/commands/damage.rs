//! Damaged results: `report` refuses them by name and changes nothing.

use super::{EXPERIMENT, Folder};

fn result() -> Folder {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    folder
}

/// `report` fails with this message, and every file is as it was.
#[track_caller]
fn refused(folder: &Folder, message: &str) {
    let before = folder.files("results");
    folder.fails(&["report", "results"], 2, message);
    assert!(before == folder.files("results"), "a file was changed");
}

fn edit(folder: &Folder, file: &str, find: &str, with: &str) {
    let text = folder.read(file);
    assert_eq!(text.matches(find).count(), 1, "{find}: {text}");
    folder.write(file, text.replace(find, with));
}

#[test]
fn damaged_group_sums_are_refused_wherever_the_damage_is() {
    let folder = result();
    let file = "results/x/journal/groups.bin";
    let whole = folder.files("results/x/journal").remove("groups.bin").unwrap();
    let message = format!("{file}: damaged: its checksum does not match; run the experiment again");
    for at in [0, 8, 100, whole.len() / 2, whole.len() - 40, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        folder.write(file, bytes);
        refused(&folder, &message);
    }
    for length in [0, 7, 31, 32, 100, whole.len() - 1] {
        folder.write(file, &whole[..length]);
        refused(&folder, &message);
    }
    folder.write(file, [whole.clone(), vec![0]].concat());
    refused(&folder, &message);
}

#[test]
fn group_sums_of_another_run_are_refused() {
    let folder = result();
    let file = "results/x/journal/groups.bin";
    folder.succeeds(&["run", "x.toml", "-q", "--out", "other", "--set", "seed=2"]);
    std::fs::copy(folder.path("other/x/journal/groups.bin"), folder.path(file)).unwrap();
    refused(
        &folder,
        &format!("{file}: belongs to another experiment or version; run the experiment again"),
    );
    // The same scenario at another length: what a run leaves that was killed while it wrote.
    folder.succeeds(&["run", "x.toml", "-q", "--out", "longer", "--replicates", "6400"]);
    std::fs::copy(folder.path("longer/x/journal/groups.bin"), folder.path(file)).unwrap();
    let message = "it holds another number of replicates than the manifest says; run the experiment again";
    refused(&folder, &format!("{file}: {message}"));
}

#[test]
fn changed_rows_are_refused_where_they_are_all_there_is() {
    for (file, find, with) in [
        ("estimates.csv", "scenario,", "scenaria,"),
        ("estimates.csv", "\n0,4,1,mode-mass.emse,", "\n0,4,1,mode-mass.bias2,"),
        ("claims.csv", ",confirmed,confirmed,", ",refuted,refuted,"),
    ] {
        let folder = result();
        std::fs::remove_dir_all(folder.path("results/x/journal")).unwrap();
        let path = format!("results/x/{file}");
        edit(&folder, &path, find, with);
        let message = "not the file that the manifest names: it was changed or damaged; run the experiment again";
        refused(&folder, &format!("{path}: {message}"));
        std::fs::remove_file(folder.path(&path)).unwrap();
        refused(&folder, &format!("{path}: No such file or directory (os error 2)"));
    }
}

/// With group sums at hand the rows are made again, so that no damage to them lasts.
#[test]
fn changed_rows_are_mended_from_group_sums() {
    let folder = result();
    let before = folder.files("results");
    edit(
        &folder,
        "results/x/claims.csv",
        ",confirmed,confirmed,",
        ",refuted,refuted,",
    );
    folder.write("results/x/estimates.csv", b"\xff\xff");
    folder.write("results/x/README.md", "");
    folder.succeeds(&["report", "results"]);
    assert!(before == folder.files("results"));
}

#[test]
fn a_damaged_manifest_is_refused() {
    let file = "results/x/manifest.json";
    let folder = result();
    let whole = folder.read(file);
    for (text, says) in [
        (
            String::new(),
            "not a manifest: EOF while parsing a value at line 1 column 0",
        ),
        ("[]".to_owned(), "not a manifest: it has no version"),
        (
            "{\"version\": 1}".to_owned(),
            "not a manifest: missing field `experiment`",
        ),
        (
            whole.replace("\"version\": 1", "\"version\": 2"),
            "format version 2, but this program reads version 1: run the experiment again",
        ),
        (
            whole.replace("seed = 1", "seed = 2"),
            "its keys are not those of the experiment that it holds, by this version of the program; run the experiment again",
        ),
    ] {
        folder.write(file, text);
        refused(&folder, &format!("{file}: {says}"));
    }
    folder.write(file, whole.replace("seed = 1", "seed = -1"));
    let message = "x.toml (as stored in results/x):3:8: seed: -1 is out of range: \
        an integer from 0 to 9223372036854775807 is expected";
    refused(&folder, message);
    folder.write(file, whole.replace("\"experiment\": \"x\"", "\"experiment\": \"../x\""));
    refused(
        &folder,
        "x.toml (as stored in results/x):1:1: the experiment's name \"../x\" cannot name a folder",
    );
    let torn = whole.as_bytes()[..whole.len() / 2].to_vec();
    folder.write(file, torn);
    let done = folder.run(&["report", "results"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .starts_with(&format!("mode-lottery: {file}: not a manifest: EOF while parsing")),
        "{done:?}"
    );
}

/// A run does not trust what it finds: a broken folder becomes a whole result.
#[test]
fn a_run_replaces_a_damaged_result() {
    let folder = result();
    let mut before = folder.files("results");
    for file in ["manifest.json", "estimates.csv", "journal/groups.bin"] {
        folder.write(&format!("results/x/{file}"), "broken");
    }
    folder.succeeds(&["run", "x.toml", "-q"]);
    let mut after = folder.files("results");
    assert!(before.remove("x/manifest.json").is_some() && after.remove("x/manifest.json").is_some());
    assert!(before == after);
}

#[test]
fn figures_that_an_experiment_no_longer_has_are_removed_and_nothing_else() {
    let folder = result();
    folder.write("results/x/notes.txt", "mine");
    folder.write("results/x/own.svg", "mine");
    folder.write(
        "x.toml",
        EXPERIMENT.replace("kind = \"line\"", "kind = \"line\"\nname = \"renamed\""),
    );
    folder.succeeds(&["run", "x.toml", "-q"]);
    assert!(!folder.path("results/x/x.svg").exists());
    assert!(folder.path("results/x/renamed.svg").is_file());
    assert_eq!(
        folder.read("results/x/notes.txt") + &folder.read("results/x/own.svg"),
        "minemine"
    );
}
