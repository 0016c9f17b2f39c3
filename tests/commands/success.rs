//! What each command does when all is well.

use super::{Done, EXPERIMENT, Folder, names};
use std::process::Stdio;

#[test]
fn run_writes_the_whole_result_and_says_where() {
    let folder = Folder::with_experiment();
    let out = folder.succeeds(&["run", "x.toml"]);
    assert!(out.starts_with("x: A small law\n\n"), "{out}");
    assert!(out.ends_with("\nresults in results/x\n"), "{out}");
    let files = folder.files("results/x");
    let expected = [
        "README.md",
        "claims.csv",
        "curves.csv",
        "estimates.csv",
        "journal/blocks.mlj",
        "journal/outputs.txt",
        "manifest.json",
        "x.svg",
    ];
    assert_eq!(names(&files), expected);
    let estimates = folder.text("results/x/estimates.csv");
    let header = "scenario,prompts,responses,estimand,at,estimate,mcse,df,low,high,exact,reference,reference_name,\
                  replicates,failed,left_out,note\n";
    assert!(estimates.starts_with(header), "{estimates}");
    assert_eq!(estimates.lines().count(), 1 + 4 * 6);
    let claims = folder.text("results/x/claims.csv");
    assert!(claims.contains("\nlaw,agrees,confirmed,confirmed,4,"), "{claims}");
}

#[test]
fn the_same_run_gives_the_same_bytes_on_one_thread_or_three_and_quietly() {
    let folder = Folder::with_experiment();
    assert_eq!(folder.succeeds(&["run", "x.toml", "--quiet", "--threads", "1"]), "");
    assert_eq!(
        folder.succeeds(&["run", "x.toml", "-q", "--threads", "3", "--out", "other"]),
        ""
    );
    let (mut one, mut three) = (folder.files("results/x"), folder.files("other/x"));
    // Blocks are journalled in the order in which threads finish them.
    for own in ["manifest.json", "journal/blocks.mlj"] {
        assert!(one.remove(own).is_some() && three.remove(own).is_some());
    }
    assert!(one == three);
}

#[test]
fn replicates_and_set_are_laid_over_the_file_and_kept_in_the_manifest() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q", "--set", "seed=9", "--replicates", "65"]);
    let manifest = folder.text("results/x/manifest.json");
    let sets = "\"set\": [\n    \"seed=9\",\n    \"run.replicates=65\"\n  ],\n";
    assert!(manifest.contains(sets), "{manifest}");
    assert!(manifest.contains("\"replicates\": 96,\n"), "{manifest}");
}

#[test]
fn a_template_can_be_checked_and_run_as_it_is() {
    let folder = Folder::empty();
    let template = folder.succeeds(&["new", "selection"]);
    folder.write("mine.toml", template);
    let checked = folder.succeeds(&["check", "mine.toml"]);
    assert!(
        checked.starts_with("mine.toml: valid\n  My first variance law\n"),
        "{checked}"
    );
    assert!(checked.contains("nothing was written"), "{checked}");
    assert_eq!(names(&folder.files(".")), ["mine.toml"]);
    folder.succeeds(&["run", "mine.toml", "--check-claims"]);
    assert!(folder.path("results/mine/mine.svg").is_file());
}

#[test]
fn check_takes_several_files_and_arguments() {
    let folder = Folder::with_experiment();
    folder.write("y.toml", EXPERIMENT);
    let out = folder.succeeds(&[
        "check",
        "x.toml",
        "y.toml",
        "--set",
        "arms.grid.prompts=[4]",
        "--set",
        "title=Other",
    ]);
    assert!(
        out.contains("x.toml: valid\n  Other\n") && out.contains("\ny.toml: valid\n  Other\n"),
        "{out}"
    );
    assert_eq!(
        out.matches("    2 arms; 3200 replicates in 100 blocks of 32, ").count(),
        2,
        "{out}"
    );
}

/// From the folder alone, wherever it was copied to: no journal, no experiment file.
#[test]
fn report_redoes_pictures_and_pages_of_a_copied_folder_to_the_same_bytes() {
    let folder = Folder::with_experiment();
    let said = folder.succeeds(&["run", "x.toml"]);
    std::fs::remove_dir_all(folder.path("results/x/journal")).unwrap();
    let before = folder.files("results");
    let elsewhere = Folder::empty();
    for (file, bytes) in &before {
        if !["x/x.svg", "x/x.png", "x/README.md"].contains(&file.as_str()) {
            elsewhere.write(&format!("copy/{file}"), bytes);
        }
    }
    let out = elsewhere.succeeds(&["report", "copy"]);
    assert!(before == elsewhere.files("copy"));
    let table = out.strip_prefix("x: A small law\n").unwrap().trim();
    assert!(said.contains(table), "{said}\n{out}");
}

/// The negative control: the exact values in a picture are those of the records, and of nothing else.
#[test]
fn the_curves_of_a_picture_are_those_that_are_stored() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    let (svg, curves) = (folder.text("results/x/x.svg"), folder.text("results/x/curves.csv"));
    let own = |line: &&str| line.starts_with("x,") && line.contains(",exact,");
    let first = curves.lines().find(own).expect("a point of a curve");
    let moved = format!("{},{}", first.rsplit_once(',').unwrap().0, 0.5);
    let text = curves.replacen(first, &moved, 1);
    let manifest = folder.text("results/x/manifest.json");
    let digest = |text: &str| {
        use sha2::Digest;
        use std::fmt::Write;
        let bytes = sha2::Sha256::digest(text.as_bytes());
        bytes.iter().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
    };
    folder.write("results/x/curves.csv", &text);
    folder.write(
        "results/x/manifest.json",
        manifest.replace(&digest(&curves), &digest(&text)),
    );
    folder.succeeds(&["report", "results"]);
    assert_ne!(folder.text("results/x/x.svg"), svg);
}

#[test]
fn report_puts_all_claims_between_the_markers_of_a_page() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    folder.write("page.md", "nothing\n");
    let done = folder.run(&["report", "results", "--readme", "page.md"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.starts_with("mode-lottery: page.md: "), "{}", done.err);
    assert_eq!(folder.text("page.md"), "nothing\n");
}

/// `slurm` makes folders in which nothing may ever run: they keep nobody from cleaning the others.
#[test]
fn gc_goes_on_past_folders_in_which_nothing_has_run() {
    let folder = Folder::with_experiment();
    folder.write("a.toml", EXPERIMENT);
    folder.succeeds(&["slurm", "a.toml", "--shards", "2"]);
    folder.succeeds(&["run", "x.toml", "-q", "--set", "seed=2"]);
    folder.succeeds(&["run", "x.toml", "-q"]);
    let said = folder.succeeds(&["gc", "results"]);
    assert!(
        said.starts_with(
            "a: nothing has run there yet\nx: 100 stale blocks, 0 repeated, 0 conflicting, 0 damaged places removed; "
        ),
        "{said}"
    );
}

/// An experiment from standard input, as programs that make them give it.
#[test]
fn check_and_run_read_standard_input() {
    let folder = Folder::empty();
    let given = |args: &[&str], text: &str| {
        let mut command = folder.command(args);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        )
    };
    let (code, said) = given(&["check", "-", "--plan"], EXPERIMENT);
    assert!(code == Some(0) && said.starts_with("stdin: valid\n"), "{said}");
    let (code, said) = given(&["run", "-", "-q"], EXPERIMENT);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(
        folder
            .text("results/stdin/README.md")
            .contains("Made by `mode-lottery run -`")
    );
    let (code, said) = given(&["run", "-"], "seed = x\n");
    assert!(code == Some(2) && said.starts_with("stdin:1:8: not TOML: "), "{said}");
}

/// Pages give the command that was run, and links that hold whatever the name.
#[test]
fn pages_name_the_file_as_it_was_given_and_their_images_whatever_the_name() {
    let folder = Folder::empty();
    folder.write("a b/it's (1).toml", EXPERIMENT);
    folder.succeeds(&["run", "a b/it's (1).toml", "-q", "--set", "title='a word'"]);
    let page = folder.text("results/it's (1)/README.md");
    assert!(
        page.contains("Made by `mode-lottery run 'a b/it'\\''s (1).toml' --set 'title='\\''a word'\\'''`: "),
        "{page}"
    );
    assert!(page.contains("![it's (1)](it%27s%20%281%29.svg)"), "{page}");
    assert!(folder.path("results/it's (1)/it's (1).svg").exists());
}

/// `mode-lottery list | head -1`, and the same of a log whose reader has gone.
#[test]
fn check_names_the_signs_that_figures_cannot_show() {
    let folder = Folder::with_experiment();
    let figure = "[[figures]]\nkind = \"line\"\nname = \"odd\"\nx = \"responses\"\ny = \"mode-mass.variance\"\nseries = \"prompts\"\n";
    let text = folder.text("x.toml") + figure + "title = \"\u{65b9}\u{5dee} \u{3bb}\"\n";
    folder.write("odd.toml", text);
    let said = folder.succeeds(&["check", "odd.toml"]);
    let expected = "  figure odd: its font lacks '\u{65b9}', '\u{5dee}': each is drawn as '\u{fffd}'\n";
    assert!(said.contains(expected), "{said}");
    assert!(!folder.succeeds(&["check", "x.toml"]).contains("lacks"));
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    let folder = Folder::with_experiment();
    for args in [
        &["list"][..],
        &["schema"],
        &["completions", "bash"],
        &["run", "x.toml"],
        &["--help"],
    ] {
        let mut child = folder
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let done = Done::of(child.wait_with_output().unwrap());
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{args:?}");
    }
    assert!(folder.path("results/x/manifest.json").is_file());
    let mut child = folder
        .command(&["check", "none.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(
        child.wait().unwrap().code(),
        Some(2),
        "a message that nobody reads is no panic"
    );
}

/// What a claim can be is told before the run: too few groups, and a margin of less than its standard errors.
#[test]
fn check_foretells_claims_that_will_not_be_judged_or_settled() {
    let folder = Folder::with_experiment();
    assert!(
        !folder.succeeds(&["check", "x.toml"]).contains("claim law"),
        "a margin of 50% is wide"
    );
    let few = folder.succeeds(&["check", "x.toml", "--set", "run.replicates=64"]);
    assert!(
        few.contains(
            "\n  claims will not be judged: 64 replicates make 2 groups, and at least 640 replicates are needed\n"
        ),
        "{few}"
    );
    // One batch less than enough, and enough.
    assert!(
        folder
            .succeeds(&["check", "x.toml", "--set", "run.replicates=608"])
            .contains("will not be judged")
    );
    assert!(
        !folder
            .succeeds(&["check", "x.toml", "--set", "run.replicates=640"])
            .contains("will not be judged")
    );
    let said = folder.succeeds(&["run", "x.toml", "--replicates", "64"]);
    assert!(said.contains("NOT JUDGED (!)"), "{said}");
    assert!(
        said.contains("groups of replicates; at least 640 replicates are needed\n"),
        "{said}"
    );
    // The standard error of a variance of 4 modes at 3,200 replicates is some 2%.
    folder.write("narrow.toml", EXPERIMENT.replace("margin = 0.5", "margin = 0.005"));
    let narrow = folder.succeeds(&["check", "narrow.toml"]);
    let line = narrow
        .lines()
        .find(|line| line.starts_with("  claim law: 3200 replicates can hardly settle it: its cell "));
    let line = line.unwrap_or_else(|| panic!("{narrow}"));
    let needed: f64 = line.rsplit(' ').nth(1).unwrap().parse().unwrap();
    // By hand, 1.67^2 (.02/.005)^2 = 45 times the replicates, within a factor of 2.5.
    assert!((60_000.0..360_000.0).contains(&needed), "{line}");
}

/// Statement, scale, target and deciding cell stand on terminal, page and in `claims.csv`.
#[test]
fn a_verdict_says_what_its_numbers_are() {
    let folder = Folder::with_experiment();
    let said = folder.succeeds(&["run", "x.toml"]);
    assert!(
        said.contains("  mode-mass.variance equals its exact value within 50%\n"),
        "{said}"
    );
    let header: Vec<&str> = said
        .lines()
        .nth(2)
        .unwrap()
        .split("  ")
        .filter(|word| !word.is_empty())
        .collect();
    assert_eq!(
        header.iter().map(|word| word.trim()).collect::<Vec<_>>(),
        [
            "claim",
            "verdict",
            "expected",
            "cells",
            "scale",
            "estimate",
            "90% interval",
            "target",
            "p",
            "in words"
        ]
    );
    let claims = folder.text("results/x/claims.csv");
    let row = claims.lines().nth(1).unwrap();
    assert!(
        row.starts_with("law,agrees,confirmed,confirmed,4,0,\"prompts = "),
        "{claims}"
    );
    // The estimate is the ratio to a target that is the exact variance of the cell.
    let ratio = row.split(",ratio,").nth(1).unwrap_or_else(|| panic!("{claims}"));
    let numbers: Vec<f64> = ratio.split(',').take(2).map(|number| number.parse().unwrap()).collect();
    assert!(numbers[0] < 0.3 && (0.8..1.25).contains(&numbers[1]), "{claims}");
    let page = folder.text("results/x/README.md");
    assert!(
        page.contains("a *ratio* is the estimand over its target") && !page.contains("a *difference*"),
        "{page}"
    );
    assert!(page.contains("| decided by | in words |"), "{page}");
}

/// Its laws would take a quarter of a minute, and a block of it seconds.
#[test]
fn a_plan_is_told_without_a_law_or_a_block() {
    let folder = Folder::empty();
    let text = EXPERIMENT
        .replace(
            "kind = \"dirichlet\"\nmodes = 4",
            "kind = \"embedded\"\nbase = [0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.03, 0.02]",
        )
        .replace(
            "concentration = 8.0",
            "concentration = 8.0\nreward = [0.1, 0.9, 0.4, 0.6, 0.2, 0.8, 0.3, 0.5]",
        )
        .replace(
            "prompts = [4, 8], responses = [1, 2]",
            "prompts = [4, 400_000], responses = [1, 2]",
        )
        .replace("[arms]\n", "[arms]\nselector = \"diverse-best\"\ncandidates = 24\n");
    folder.write("x.toml", text);
    let started = std::time::Instant::now();
    let out = folder.succeeds(&["check", "x.toml", "--plan"]);
    assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
    assert!(
        out.contains("1 exact law to work out, about ") && out.contains("\n  memory: about "),
        "{out}"
    );
    assert!(out.contains("4 arms; 3200 replicates in 100 blocks of 32, "), "{out}");
}

/// A check is no run: where one set of replicates would take minutes it says so by the number of random words, at once.
#[test]
fn check_takes_no_time_for_blocks_that_take_minutes() {
    let folder = Folder::empty();
    folder.write(
        "huge.toml",
        EXPERIMENT.replace("prompts = [4, 8]", "prompts = [100000000]"),
    );
    let begun = std::time::Instant::now();
    let said = folder.succeeds(&["check", "huge.toml"]);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    assert!(
        said.contains("by its random words, for a block would take longer than --try"),
        "{said}"
    );
    // The control: a small one is tried.
    folder.write("small.toml", EXPERIMENT);
    let said = folder.succeeds(&["check", "small.toml", "--try", "60"]);
    assert!(said.contains(" s of one core by its first block, "), "{said}");
}
