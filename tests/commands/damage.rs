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

/// Journals that hold too little are no harm: `report` goes by the stored rows and says so.
#[test]
fn a_journal_that_is_not_whole_or_of_another_run_leaves_the_stored_rows() {
    let folder = result();
    let file = "results/x/journal/blocks.mlj";
    let whole = folder.files("results/x/journal").remove("blocks.mlj").unwrap();
    let before = folder.files("results/x");
    folder.succeeds(&["run", "x.toml", "-q", "--out", "other", "--set", "seed=2"]);
    let other = folder.files("other/x/journal").remove("blocks.mlj").unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for bytes in [&whole[..whole.len() / 2], &other, &damaged, &[]] {
        folder.write(file, bytes);
        let done = folder.run(&["report", "results"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(
            done.out.contains("(claims as stored: not every block is kept here, "),
            "{done:?}"
        );
        let mut after = folder.files("results/x");
        after.insert("journal/blocks.mlj".to_owned(), whole.clone());
        assert!(before == after);
    }
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

/// With every block kept the rows are made again, so that no damage to them lasts.
#[test]
fn changed_rows_are_mended_from_the_journal() {
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
    let whole = folder.text(file);
    for (text, says) in [
        (
            String::new(),
            "not a manifest: EOF while parsing a value at line 1 column 0",
        ),
        ("[]".to_owned(), "not a manifest: it has no version"),
        (
            "{\"version\": 2}".to_owned(),
            "not a manifest: missing field `experiment`",
        ),
        (
            whole.replace("\"version\": 2", "\"version\": 1"),
            "format version 1, but this program reads version 2: run the experiment again",
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
