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
    let text = folder.text(file);
    assert_eq!(text.matches(find).count(), 1, "{find}: {text}");
    folder.write(file, text.replace(find, with));
}

/// Whatever the journal holds: `report` goes by the stored records.
#[test]
fn journals_are_of_no_account() {
    let folder = result();
    let file = "results/x/journal/blocks.mlj";
    let before = folder.files("results");
    folder.succeeds(&["run", "x.toml", "-q", "--out", "other", "--set", "seed=2"]);
    let other = folder.files("other/x/journal").remove("blocks.mlj").unwrap();
    for bytes in [&other[..], &other[..other.len() / 2], &[]] {
        folder.write(file, bytes);
        let done = folder.run(&["report", "results"]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
        let mut after = folder.files("results");
        after.insert(
            "x/journal/blocks.mlj".to_owned(),
            before["x/journal/blocks.mlj"].clone(),
        );
        assert!(before == after);
    }
}

/// With a journal or without one: what is stored is all that is looked at, and a run makes it whole.
#[test]
fn changed_records_are_refused() {
    for (file, find, with) in [
        ("estimates.csv", "scenario,", "scenaria,"),
        ("estimates.csv", "\n0,4,1,mode-mass.emse,", "\n0,4,1,mode-mass.bias2,"),
        ("claims.csv", ",confirmed,confirmed,", ",refuted,refuted,"),
        ("curves.csv", "x,,4,exact,,1,", "x,,4,exact,,3,"),
    ] {
        let folder = result();
        let whole = folder.files("results");
        let path = format!("results/x/{file}");
        edit(&folder, &path, find, with);
        let message = "not the file that the manifest names: it was changed or damaged; run the experiment again";
        refused(&folder, &format!("{path}: {message}"));
        std::fs::remove_file(folder.path(&path)).unwrap();
        refused(&folder, &format!("{path}: No such file or directory (os error 2)"));
        folder.succeeds(&["run", "x.toml", "-q"]);
        let now = folder.files("results");
        assert!(now.keys().eq(whole.keys()) && now[&format!("x/{file}")] == whole[&format!("x/{file}")]);
    }
}

#[test]
fn a_damaged_manifest_is_refused() {
    let file = "results/x/manifest.json";
    let folder = result();
    let whole = folder.text(file);
    let first = whole.split("\"0:").nth(1).and_then(|rest| rest.split('"').next());
    let no_digest = format!(
        "not a manifest: \"first:{}\" is no digest of a block: its index, a colon and 16 hexadecimal digits",
        first.expect("it has digests")
    );
    for (text, says) in [
        (
            String::new(),
            "not a manifest: EOF while parsing a value at line 1 column 0",
        ),
        ("[]".to_owned(), "not a manifest: it has no version"),
        (
            "{\"version\": 3}".to_owned(),
            "not a manifest: missing field `experiment`",
        ),
        (
            whole.replace("\"version\": 3", "\"version\": 2"),
            "format version 2, but this program reads version 3: run the experiment again",
        ),
        (whole.replacen("\"0:", "\"first:", 1), &no_digest),
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
        an integer from 0 is expected";
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
    for file in ["manifest.json", "estimates.csv", "journal/blocks.mlj"] {
        folder.write(&format!("results/x/{file}"), "broken");
    }
    let done = folder.run(&["run", "x.toml", "-q"]);
    let said = "results/x/journal/blocks.mlj: cut off at byte 0 of 6; what is missing is computed again\n";
    assert_eq!(
        (done.code, done.err.trim_start_matches("mode-lottery: ")),
        (Some(0), said)
    );
    let mut after = folder.files("results");
    for own in ["x/manifest.json", "x/journal/blocks.mlj"] {
        assert!(before.remove(own).is_some() && after.remove(own).is_some());
    }
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
        folder.text("results/x/notes.txt") + &folder.text("results/x/own.svg"),
        "minemine"
    );
}
