//! Slurm: the scripts do what a run does, whatever the names of folders; what is refused; what sbatch is given.
//! A real Slurm is tried by scripts/slurm/test.sh.

use super::{Done, EXPERIMENT, Folder, names};
use std::path::Path;
use std::process::{Command, Stdio};

/// A program called sbatch that numbers jobs from 41, notes its arguments, and fails when told so.
const SBATCH: &str = r#"#!/bin/sh
printf '%s\n' "$#" "$@" >> calls
n=$(grep -c -x -e --parsable calls)
if [ "$n" = "$FAILS_AT" ]; then
    echo "sbatch: error: invalid partition specified: nowhere" >&2
    exit 1
fi
echo "$((n + 40))$SUFFIX"
"#;

impl Folder {
    fn with_sbatch() -> Self {
        let folder = Self::with_experiment();
        folder.write("bin/sbatch", SBATCH);
        let mut made = Command::new("chmod");
        assert!(
            made.arg("+x")
                .arg(folder.path("bin/sbatch"))
                .status()
                .unwrap()
                .success()
        );
        folder
    }

    /// A command that finds the sbatch of this folder, or none, before any other.
    fn submitting(&self, args: &[&str], environment: &[(&str, &str)]) -> Done {
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let mut command = self.command(args);
        command.env("PATH", path).envs(environment.iter().copied());
        Done::of(command.output().expect("the program starts"))
    }

    /// Where a name in this folder is, as a program that was started there sees it.
    fn absolute(&self, name: &str) -> String {
        let here = self.root().canonicalize().expect("the folder is there");
        here.join(name).display().to_string()
    }
}

/// Runs a script as Slurm does: from elsewhere, the share in the environment.
fn bash(script: &Path, share: u32) {
    let output = Command::new("bash")
        .arg(script)
        .current_dir("/")
        .env("SLURM_ARRAY_JOB_ID", "41")
        .env("SLURM_ARRAY_TASK_ID", share.to_string())
        .stdin(Stdio::null())
        .output()
        .expect("bash starts");
    assert!(output.status.success(), "{}: {output:?}", script.display());
}

#[test]
fn the_scripts_make_the_result_of_a_local_run_whatever_the_names_of_folders() {
    let folder = Folder::empty();
    let odd = "it's \"5%\" of $HOME `id` #x";
    folder.write(&format!("{odd}/x y.toml"), EXPERIMENT);
    let file = format!("{odd}/x y.toml");
    let own = ["--set", "title=\"it's $HOME\"", "--replicates", "1000"];
    let out = format!("{odd}/out");
    let said = folder.succeeds(&[&["slurm", &file, "--shards", "3", "--out", &out][..], &own].concat());
    assert!(said.starts_with("x y: 3 shares of "), "{said}");
    let scripts = folder.path(&format!("{out}/slurm/x y"));
    for share in [2, 0, 1] {
        bash(&scripts.join("array.sh"), share);
    }
    bash(&scripts.join("merge.sh"), 0);
    folder.succeeds(&[&["run", &file, "--out", "local", "--quiet"][..], &own].concat());
    let (merged, local) = (folder.files(&format!("{out}/x y")), folder.files("local/x y"));
    let compared = |name: &&str| *name != "manifest.json" && !name.starts_with("journal/");
    let compared: Vec<&str> = names(&local).into_iter().filter(compared).collect();
    assert!(compared.contains(&"estimates.csv"), "{compared:?}");
    // A page says which file was run: the scripts give the whole path.
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.lines().filter(|line| !line.starts_with("Made by "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    for name in compared {
        let (ours, theirs) = (&merged[name], &local[name]);
        match name {
            "README.md" => assert_eq!(text(ours), text(theirs)),
            _ => assert!(ours == theirs, "{name}"),
        }
    }
}

#[test]
fn scripts_of_somebody_else_are_not_replaced() {
    let folder = Folder::with_experiment();
    folder.write("mine/array.sh", "own\n");
    let done = folder.run(&["slurm", "x.toml", "--shards", "2", "--folder", "mine"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .contains("mine/array.sh: it is there and no script of this program"),
        "{}",
        done.err
    );
    assert_eq!(folder.text("mine/array.sh"), "own\n");
    assert!(!folder.path("mine/merge.sh").exists());
    folder.succeeds(&["slurm", "x.toml", "--shards", "2", "--folder", "other"]);
    folder.succeeds(&["slurm", "x.toml", "--shards", "2", "--folder", "other"]);
    assert_eq!(folder.run(&["slurm", "-", "--shards", "2"]).code, Some(2));
    for wrong in ["nan", "-1", "soon"] {
        assert_eq!(
            folder.run(&["check", "x.toml", &format!("--try={wrong}")]).code,
            Some(2),
            "{wrong}"
        );
    }
}

#[test]
fn the_next_commands_are_printed_with_quoted_paths() {
    let folder = Folder::with_experiment();
    let said = folder.succeeds(&["slurm", "x.toml", "--shards", "2", "--folder", "a b"]);
    let at = folder.absolute("a b");
    let expected = format!(
        "x: 2 shares of 100 blocks; scripts in {at}\nsubmit them by\n\n\
         \x20   array=$(sbatch --parsable '{at}/array.sh')\n\
         \x20   sbatch --dependency=afterok:${{array%%;*}} '{at}/merge.sh'\n\n\
         if a share fails, say 1, it goes on where it stopped by\n\n\
         \x20   array=$(sbatch --parsable --array=1 '{at}/array.sh')\n\
         \x20   sbatch --dependency=afterok:${{array%%;*}} '{at}/merge.sh'\n"
    );
    assert_eq!(said, expected);
}

#[test]
fn several_experiments_are_one_array() {
    let folder = Folder::with_experiment();
    folder.write("y.toml", EXPERIMENT);
    folder.succeeds(&[
        "slurm",
        "x.toml",
        "y.toml",
        "--shards",
        "2",
        "--mem",
        "2G",
        "--throttle",
        "1",
    ]);
    let array = folder.text("results/slurm/x-and-1-more/array.sh");
    let files = format!(
        " run {} {} --out ",
        folder.absolute("x.toml"),
        folder.absolute("y.toml")
    );
    assert!(
        array.contains(&files) && array.contains("#SBATCH --array=0-1%1\n"),
        "{array}"
    );
    let merge = folder.text("results/slurm/x-and-1-more/merge.sh");
    let folders = format!(
        " merge {} {} --out ",
        folder.absolute("results/x"),
        folder.absolute("results/y")
    );
    assert!(
        merge.contains(&folders) && merge.contains("#SBATCH --mem=2G\n"),
        "{merge}"
    );
}

#[test]
fn what_no_script_can_hold_is_refused_before_any_is_written() {
    let folder = Folder::with_experiment();
    let long = "from 1 to 1001, the longest array that most sites take; more cores for each share (--cpus-per-task) do the same";
    folder.fails(&["slurm", "x.toml", "--shards", "0"], 2, &format!("--shards 0: {long}"));
    folder.fails(
        &["slurm", "x.toml", "--shards", "1002"],
        2,
        &format!("--shards 1002: {long}"),
    );
    let lines = "a script can hold no line breaks or other control characters";
    for (more, message) in [
        (
            ["--partition", "a\n#SBATCH --uid=0"],
            format!("\"--partition a\\n#SBATCH --uid=0\": {lines}"),
        ),
        (["--time", "1\r"], format!("\"--time 1\\r\": {lines}")),
        (["--mem", "1G\u{1b}"], format!("\"--mem 1G\\u{{1b}}\": {lines}")),
        (["--account", ""], "--account: its value is empty".to_owned()),
        (
            ["--set", "about=\"\"\"a\nb\"\"\""],
            format!("\"about=\\\"\\\"\\\"a\\nb\\\"\\\"\\\"\": {lines}"),
        ),
        (
            ["--folder", "/a\\b"],
            "/a\\b: Slurm takes no backslash in the path of a log; give another --folder".to_owned(),
        ),
    ] {
        folder.fails(
            &[&["slurm", "x.toml", "--shards", "2"][..], &more].concat(),
            2,
            &message,
        );
    }
    folder.write("wrong.toml", EXPERIMENT.replace("modes = 4", "modes = 1"));
    let message = "wrong.toml:8:9: world.modes: 1 is out of range: an integer from 2 to 65535 is expected";
    folder.fails(&["slurm", "x.toml", "wrong.toml", "--shards", "2"], 2, message);
    assert!(!folder.path("results").exists());
}

/// A merge would refuse it, after hours of computing.
#[test]
fn a_folder_with_another_run_is_refused_before_the_shares_are_computed() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "--quiet", "--shard", "0/4"]);
    let slurm = |shards, replicates| ["slurm", "x.toml", "--shards", shards, "--replicates", replicates];
    folder.succeeds(&slurm("4", "6400"));
    folder.succeeds(&["slurm", "x.toml", "--shards", "5"]);
    let message = "results/x/journal/shard-0-of-4.mlj: a journal of another run, which could not be merged with this one: \
                   one was run with nothing set, the other with run.replicates=6400; give another --out, or remove it";
    folder.fails(&slurm("5", "6400"), 2, message);
}

#[test]
fn both_jobs_are_submitted_the_merge_behind_the_array() {
    for suffix in ["", ";cluster"] {
        let folder = Folder::with_sbatch();
        let done = folder.submitting(&["slurm", "x.toml", "--shards", "2", "--submit"], &[("SUFFIX", suffix)]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
        assert!(
            done.out
                .contains("\nsubmitted: array 41 of 2 elements, and merge 42 after it\n"),
            "{done:?}"
        );
        let at = folder.absolute("results/slurm/x");
        let calls = format!("2\n--parsable\n{at}/array.sh\n3\n--parsable\n--dependency=afterok:41\n{at}/merge.sh\n");
        assert_eq!(folder.text("calls"), calls);
    }
}

/// A submission that must fail with status 3; returns what it said.
#[track_caller]
fn submission_fails(folder: &Folder, environment: &[(&str, &str)]) -> String {
    let done = folder.submitting(&["slurm", "x.toml", "--shards", "2", "--submit"], environment);
    assert_eq!(done.code, Some(3), "{done:?}");
    assert!(!done.out.contains("submitted"), "{done:?}");
    done.err
}

#[test]
fn a_submission_that_fails_is_status_3_and_says_what_is_in_the_queue() {
    let folder = Folder::with_sbatch();
    let at = folder.absolute("results/slurm/x");
    let refused = "exit status: 1: sbatch: error: invalid partition specified: nowhere\n";
    assert_eq!(
        submission_fails(&folder, &[("FAILS_AT", "1")]),
        format!("mode-lottery: sbatch --parsable {at}/array.sh: {refused}")
    );
    std::fs::remove_file(folder.path("calls")).unwrap();
    let after = "--dependency=afterok:41";
    assert_eq!(
        submission_fails(&folder, &[("FAILS_AT", "2")]),
        format!(
            "mode-lottery: sbatch --parsable {after} {at}/merge.sh: {refused}\
             the array is submitted as job 41, its merge is not: `sbatch {after} {at}/merge.sh`, or `scancel 41`\n"
        )
    );
    assert_eq!(
        submission_fails(&folder, &[("SUFFIX", "x")]),
        format!("mode-lottery: sbatch --parsable {at}/array.sh: it printed \"43x\", which is no job number\n")
    );
    let message = format!(
        "mode-lottery: sbatch --parsable {at}/array.sh: No such file or directory (os error 2); \
         the scripts are written: submit them where Slurm is\n"
    );
    let nowhere = folder.absolute("none");
    assert_eq!(submission_fails(&folder, &[("PATH", &nowhere)]), message);
    assert!(folder.path("results/slurm/x/array.sh").is_file());
}
