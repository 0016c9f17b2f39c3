//! Full disks, small stacks, few files, two runs at once, folders that cannot be written.

use super::{Done, EXPERIMENT, Folder, differences, peace};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs the program under a shell's limits.
#[cfg(unix)]
fn limited(folder: &Folder, limits: &str, line: &str) -> Done {
    let program = env!("CARGO_BIN_EXE_mode-lottery");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{limits}; exec {program} {line}"));
    shell.current_dir(folder.path("")).stdin(Stdio::null());
    Done::of(shell.output().expect("a shell"))
}

/// A limit on the size of files is a disk that is full for the journal first; its signal would end the program without a word. What was written before is used afterwards.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_gone_on_from() {
    let folder = Folder::new();
    // 40 blocks of the shell: a part of the journal.
    let full = limited(&folder, "ulimit -f 40", "run x.toml -q --out r");
    assert_eq!((full.code, full.out.as_str()), (Some(3), ""), "{full:?}");
    let said = "r/x/journal/blocks.mlj: File too large";
    assert!(
        full.err.contains(said) && full.err.contains("the same command goes on from there"),
        "{}",
        full.err
    );
    assert!(!folder.path("r/x/estimates.csv").exists());
    folder.succeeds("run x.toml -q --out r");
    assert!(folder.provenance("r", "blocks-kept") > 0);
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

/// Files take their names when all of them are on the disk: a picture that does not fit leaves the result that was there.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_for_a_picture_leaves_the_whole_result_of_before() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    let before = folder.files("r");
    let largest = before
        .iter()
        .filter(|(name, _)| !name.contains("journal"))
        .map(|(_, bytes)| bytes.len())
        .max();
    let blocks = largest.expect("files") / 512 - 2;
    // Only the title is another: the journal need not grow.
    folder.write("x.toml", EXPERIMENT.replace("A small law", "A small law again"));
    let full = limited(&folder, &format!("ulimit -f {blocks}"), "run x.toml -q --out r");
    assert_eq!(full.code, Some(3), "{full:?}");
    assert!(full.err.contains("File too large"), "{}", full.err);
    let mut after = folder.files("r");
    let mut before = before;
    for own in ["x/journal/blocks.mlj", "x/journal/outputs.txt"] {
        before.remove(own);
        after.remove(own);
    }
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(before == after);
}

#[cfg(unix)]
#[test]
fn a_small_stack_and_few_open_files_are_enough() {
    let folder = Folder::new();
    let done = limited(
        &folder,
        "ulimit -s 256 -n 24; ulimit -n 24",
        "run x.toml -q --out r --threads 4",
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

#[test]
fn a_second_run_on_one_folder_is_refused_and_the_first_goes_on() {
    let folder = Folder::new();
    let mut first = folder.command("run x.toml -q --out r --replicates 3000000");
    let mut first = first.stderr(Stdio::null()).spawn().expect("the program starts");
    let start = Instant::now();
    let size = || fs::metadata(folder.path("r/x/journal/blocks.mlj")).map_or(0, |metadata| metadata.len());
    while size() < 100 {
        assert!(start.elapsed() < Duration::from_secs(20), "the journal is never begun");
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = folder.fails("run x.toml --out r", 3);
    assert_eq!(
        said,
        "mode-lottery: r/x/journal/blocks.mlj: another run is writing here; wait for it to end, or give another --out\n"
    );
    let said = folder.fails("gc r", 3);
    assert!(said.contains("another run is writing here"), "{said}");
    // A share has a file of its own.
    folder.succeeds("run x.toml -q --out r --shard 0/2");
    assert!(
        first.try_wait().expect("it can be waited for").is_none(),
        "it still runs"
    );
    first.kill().expect("it can be killed");
    first.wait().expect("it ended");
    folder.succeeds("run x.toml -q --out r");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

/// Root may write everywhere, and so a file stands where the folder should be.
#[test]
fn a_folder_that_cannot_be_written_is_told_before_anything_is_drawn() {
    let folder = Folder::new();
    folder.write("r/x/journal", "a file");
    let said = folder.fails("run x.toml --out r --replicates 1000000000000", 3);
    assert!(
        said.starts_with("mode-lottery: r/x: cannot write results there: "),
        "{said}"
    );
}

#[test]
fn damage_in_a_journal_is_named_and_computed_again() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    let mut bytes = folder.bytes("r/x/journal/blocks.mlj");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let end = bytes.len() - 7;
    folder.write("r/x/journal/blocks.mlj", &bytes[..end]);
    let said = folder.succeeds("run x.toml --out r");
    assert!(said.contains("r/x/journal/blocks.mlj: damaged from byte "), "{said}");
    assert!(said.contains("r/x/journal/blocks.mlj: cut off at byte "), "{said}");
    assert!(
        said.contains("blocks: 198 kept from earlier runs, 2 to do, 0 stale"),
        "{said}"
    );
    assert!(differences(&peace(), &folder.result("r")).is_empty());
    folder.succeeds("gc r");
    assert_eq!(
        folder.succeeds("run x.toml --out r"),
        "x: blocks: 200 kept from earlier runs, 0 to do, 0 stale\n"
    );
}
