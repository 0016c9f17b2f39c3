//! Wrong input, failed claims and failed runs: exit status 2, 1 and 3, each with its message.

use super::{Done, EXPERIMENT, Folder};
use mode_lottery::study::registry::STUDIES;
use std::process::Stdio;

#[test]
fn a_wrong_file_is_refused_before_anything_is_drawn_or_written() {
    let folder = Folder::with_experiment();
    folder.write("wrong.toml", EXPERIMENT.replace("modes = 4", "modes = 1"));
    let message = "wrong.toml:8:9: world.modes: 1 is out of range: an integer from 2 to 65535 is expected";
    for args in [
        &["run", "wrong.toml"][..],
        &["check", "wrong.toml"],
        &["run", "x.toml", "wrong.toml"],
    ] {
        folder.fails(args, 2, message);
    }
    assert!(!folder.path("results").exists());
    let message = "--set world.modes=1: world.modes: 1 is out of range: an integer from 2 to 65535 is expected";
    folder.fails(&["run", "x.toml", "--set", "world.modes=1"], 2, message);
    let message =
        "--set run.replicates=0: run.replicates: 0 is out of range: an integer from 1 to 1000000000000 is expected";
    folder.fails(&["run", "x.toml", "--replicates", "0"], 2, message);
}

#[test]
fn what_is_no_text_file_is_refused_by_name() {
    let folder = Folder::empty();
    folder.fails(
        &["run", "none.toml"],
        2,
        "none.toml: No such file or directory (os error 2)",
    );
    std::fs::create_dir(folder.path("d.toml")).unwrap();
    folder.fails(&["check", "d.toml"], 2, "d.toml: Is a directory (os error 21)");
    folder.write("bytes.toml", b"title = \"ab\"\nabout = \"a\xffb\"\n");
    folder.fails(
        &["check", "bytes.toml"],
        2,
        "bytes.toml:2:11: the byte 0xff is not UTF-8 text",
    );
    folder.write("long.toml", vec![b'#'; (4 << 20) + 1]);
    folder.fails(
        &["check", "long.toml"],
        2,
        "long.toml: more than 4194304 bytes: an experiment file is shorter",
    );
    folder.write("empty.toml", "");
    folder.fails(
        &["check", "empty.toml"],
        2,
        "empty.toml:1:1: the key `study` is missing",
    );
}

/// A device has no size and no end.
#[cfg(target_os = "linux")]
#[test]
fn an_endless_file_is_refused() {
    Folder::empty().fails(
        &["check", "/dev/zero"],
        2,
        "/dev/zero: more than 4194304 bytes: an experiment file is shorter",
    );
}

#[test]
fn two_files_of_one_name_are_refused() {
    let folder = Folder::with_experiment();
    folder.write("sub/x.toml", EXPERIMENT);
    let message = "sub/x.toml: another file is called \"x\" too, and their results would overwrite each other";
    folder.fails(&["run", "x.toml", "sub/x.toml"], 2, message);
    assert!(!folder.path("results").exists());
}

#[test]
fn a_figure_that_cannot_be_drawn_is_refused_before_the_run() {
    let folder = Folder::with_experiment();
    let far = EXPERIMENT.replace(
        "[arms]",
        "[sweep]\ngrid = { \"world.concentration\" = [1.0, 1e305] }\n\n[arms]",
    );
    folder.write(
        "far.toml",
        far.replace("x = \"responses\"", "x = \"concentration\"\npanel = \"responses\""),
    );
    let done = folder.run(&["run", "far.toml"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .starts_with("mode-lottery: far.toml: the figure \"far\" cannot be drawn: panel 1: x = `"),
        "{done:?}"
    );
    assert!(!folder.path("results").exists());
}

/// Without the option the table is all that says so: a failed claim is a result, not an error.
#[test]
fn a_claim_that_does_not_come_out_is_status_1_under_check_claims_only() {
    let folder = Folder::with_experiment();
    let narrow = EXPERIMENT.replace("margin = 0.5", "margin = 0.0001");
    folder.write("narrow.toml", &narrow);
    assert!(
        folder
            .succeeds(&["run", "narrow.toml"])
            .contains("  INCONCLUSIVE (!)  confirmed ")
    );
    let failed = folder.run(&["run", "narrow.toml", "--check-claims", "--fresh"]);
    assert_eq!(failed.code, Some(1));
    assert_eq!(
        failed.err,
        "mode-lottery: 1 of the claims did not come out as expected\n"
    );
    assert!(failed.out.contains("\nlaw: decided by "), "{}", failed.out);
    assert!(
        folder.path("results/narrow/manifest.json").is_file(),
        "the result is written all the same"
    );
    folder.write(
        "control.toml",
        EXPERIMENT.replace("margin = 0.5", "margin = 0.5\nexpect = \"refuted\""),
    );
    assert_eq!(
        folder.run(&["run", "control.toml", "-q", "--check-claims"]).code,
        Some(1),
        "a control must be refuted"
    );
    let refuted = EXPERIMENT.replace("margin = 0.5", "target = 9.0\nmargin = 0.5\nexpect = \"refuted\"");
    folder.write("refuted.toml", refuted);
    assert_eq!(folder.succeeds(&["run", "refuted.toml", "-q", "--check-claims"]), "");
}

#[test]
fn results_that_cannot_be_written_are_status_3_before_anything_is_drawn() {
    let folder = Folder::with_experiment();
    folder.write("taken", "a file");
    let long = ["--replicates", "1000000000000"];
    let message = "taken/x: cannot write results there: Not a directory (os error 20)";
    folder.fails(&[&["run", "x.toml", "--out", "taken"][..], &long].concat(), 3, message);
    folder.write("out/x/journal", "a file");
    let message = "out/x: cannot write results there: File exists (os error 17)";
    folder.fails(&[&["run", "x.toml", "--out", "out"][..], &long].concat(), 3, message);
}

/// Output that is lost without a word would look like success.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_status_3() {
    let folder = Folder::empty();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder
        .command(&["list"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let done = Done::of(output);
    let message = "mode-lottery: standard output: No space left on device (os error 28)\n";
    assert_eq!((done.code, done.err.as_str()), (Some(3), message));
}

#[test]
fn wrong_arguments_are_status_2() {
    let folder = Folder::with_experiment();
    for (args, says) in [
        (
            &["run", "x.toml", "--threads", "0"][..],
            "error: invalid value '0' for '--threads <THREADS>': 0 is not in 1..=1024",
        ),
        (
            &["run", "x.toml", "--replicates", "-1"],
            "error: unexpected argument '-1' found",
        ),
        (
            &["run", "x.toml", "--replicates", "many"],
            "error: invalid value 'many' for '--replicates <REPLICATES>'",
        ),
        (&["run"], "error: the following required arguments were not provided:"),
        (&["rum"], "error: unrecognized subcommand 'rum'"),
        (
            &["run", "x.toml", "--outt", "y"],
            "error: unexpected argument '--outt' found",
        ),
        (&["completions", "tcsh"], "error: invalid value 'tcsh' for '<SHELL>'"),
        (&[], "Controlled-simulation harness"),
    ] {
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(done.err.starts_with(says), "{args:?}: {}", done.err);
    }
    let studies = STUDIES.iter().map(|study| study.name).collect::<Vec<_>>().join(", ");
    let done = folder.run(&["new", "selektion"]);
    let says = format!(
        "error: invalid value 'selektion' for '<STUDY>'\n  [possible values: {studies}]\n\n  tip: a similar value exists: 'selection'"
    );
    assert!(done.code == Some(2) && done.err.starts_with(&says), "{}", done.err);
    folder.fails(
        &["explain", "mode-mass.varience"],
        2,
        "nothing is called \"mode-mass.varience\"; did you mean \"mode-mass.variance\"? (`mode-lottery list` shows all names)",
    );
    folder.fails(
        &["explain", ""],
        2,
        "nothing is called \"\" (`mode-lottery list` shows all names)",
    );
    folder.fails(&["report", "none"], 2, "none: No such file or directory (os error 2)");
    std::fs::create_dir(folder.path("empty")).unwrap();
    folder.fails(
        &["report", "empty"],
        2,
        "empty: no manifest.json here or one level below, so no result",
    );
}

/// Somebody's own file in the folder of a result stays, whatever it costs: before anything is drawn, and when it comes later.
#[test]
fn files_that_this_program_did_not_write_are_not_replaced() {
    let folder = Folder::with_experiment();
    folder.write("results/x/README.md", "my notes\n");
    let message = "results/x: a result would replace README.md, which this program did not write (no manifest.json names it); \
                   move it away, or give another --out";
    folder.fails(&["run", "x.toml"], 2, message);
    folder.fails(&["run", "x.toml", "--fresh"], 2, message);
    assert_eq!(folder.text("results/x/README.md"), "my notes\n");
    assert!(!folder.path("results/x/estimates.csv").exists());
    // A share writes no result; merging does.
    for index in ["0/2", "1/2"] {
        folder.succeeds(&["run", "x.toml", "-q", "--shard", index, "--out", "shares"]);
    }
    folder.write("merged/x/estimates.csv", "a,b\n1,2\n");
    let done = folder.run(&["merge", "shares", "--out", "merged"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .contains("would replace estimates.csv, which this program did not write"),
        "{done:?}"
    );
    assert_eq!(folder.text("merged/x/estimates.csv"), "a,b\n1,2\n");
    // The control: with the file moved away it runs, and again over its own files, also where a killed run left no manifest.
    std::fs::remove_file(folder.path("results/x/README.md")).unwrap();
    folder.succeeds(&["run", "x.toml", "-q"]);
    std::fs::remove_file(folder.path("results/x/manifest.json")).unwrap();
    folder.succeeds(&["run", "x.toml", "-q"]);
}

/// Another experiment of the same name: its result is not replaced unless that is asked for. A changed seed is no other experiment.
#[test]
fn the_result_of_another_experiment_is_replaced_only_when_asked() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    let before = folder.files("results");
    let other = EXPERIMENT
        .replacen("title = \"", "title = \"Another ", 1)
        .replacen("seed = ", "seed = 77", 1);
    folder.write("elsewhere/x.toml", &other);
    let done = folder.run(&["run", "elsewhere/x.toml", "-q"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .contains("results/x: the result of another experiment stands there (\"")
            && done.err.ends_with("--fresh replaces it, another --out keeps both\n"),
        "{done:?}"
    );
    assert!(folder.files("results") == before);
    folder.succeeds(&["run", "x.toml", "-q", "--set", "seed=5"]);
    folder.succeeds(&["run", "elsewhere/x.toml", "-q", "--fresh"]);
    // Only the title is another: the blocks fit.
    folder.succeeds(&["run", "elsewhere/x.toml", "-q", "--set", "title=third"]);
}
