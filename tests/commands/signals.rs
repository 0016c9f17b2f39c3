//! Signals: a run that is stopped leaves what was there before.

use super::{Done, EXPERIMENT, Folder};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Waits until the program catches the signal, which it does once its files are validated.
fn wait_until_caught(child: &Child) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        match caught.map(|mask| u64::from_str_radix(mask.trim(), 16)) {
            // Bit 1 is signal 2, the interrupt.
            Some(Ok(mask)) if mask & 2 != 0 => return,
            // Without /proc there is only time to go by.
            None if start.elapsed() > Duration::from_secs(3) => return,
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    panic!("the program does not catch the signal");
}

/// What a run leaves that gets a signal now.
fn signalled(child: Child, signal: &str) -> Done {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let start = Instant::now();
    let done = Done::of(child.wait_with_output().unwrap());
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "it stops after the blocks under way"
    );
    done
}

fn stopped_by(signal: &str) {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    let files = || {
        let mut files = folder.files("results");
        assert!(files.remove("x/journal/blocks.mlj").is_some());
        files
    };
    let before = files();
    let child = folder
        .command(&["run", "x.toml", "--replicates", "1000000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until_caught(&child);
    std::thread::sleep(Duration::from_millis(200));
    let done = signalled(child, signal);
    assert_eq!(
        done.err,
        "x: blocks: 100 kept from earlier runs, 31249900 to do, 0 stale\n\
         mode-lottery: finishing the blocks under way; again to stop now\n\
         mode-lottery: x: interrupted; finished blocks are kept, and the same command goes on from there\n"
    );
    assert_eq!((done.code, done.out.as_str()), (Some(3), ""));
    assert!(before == files(), "the previous result, and no part of another");
    folder.succeeds(&["report", "results"]);
    assert!(before == files());
}

#[test]
fn an_interrupt_leaves_the_previous_result_untouched() {
    stopped_by("-INT");
}

/// A set of lanes of so many prompts takes minutes: the first signal says what it waits for, the second ends the program.
#[test]
fn a_second_signal_ends_the_program() {
    let folder = Folder::with_experiment();
    folder.write(
        "long.toml",
        EXPERIMENT.replace("prompts = [4, 8]", "prompts = [400000000]"),
    );
    let mut command = folder.command(&["run", "long.toml", "-q", "--threads", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_caught(&child);
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..2 {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        std::thread::sleep(Duration::from_millis(700));
    }
    let begun = Instant::now();
    let done = Done::of(child.wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(
        (done.code, done.err.as_str()),
        (
            Some(3),
            "mode-lottery: finishing the blocks under way; again to stop now\n\
             mode-lottery: stopped; finished blocks are kept, and the same command goes on from there\n"
        )
    );
}

#[test]
fn a_request_to_end_does_the_same() {
    stopped_by("-TERM");
}

/// The most replicates that a file may ask for, 31 thousand million blocks of them.
const MOST: &str = "--set=run.replicates=1000000000000";

/// A run of the most replicates with more arguments, interrupted once it has kept at least so many bytes of blocks.
fn interrupted_run(folder: &Folder, more: &[&str], file: &str, bytes: u64) -> Done {
    let child = folder
        .command(&[&["run", "x.toml", MOST], more].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until_caught(&child);
    let kept = || folder.path(file).metadata().map_or(0, |file| file.len());
    let start = Instant::now();
    while kept() < bytes {
        assert!(start.elapsed() < Duration::from_secs(60), "{} bytes are kept", kept());
        std::thread::sleep(Duration::from_millis(20));
    }
    // Elsewhere than on Linux there is nothing to see.
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let most = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")?.trim().parse().ok());
    assert!(most.unwrap_or(0) < 64 * 1024, "{most:?} kB of memory");
    let done = signalled(child, "-INT");
    assert_eq!((done.code, done.out.as_str()), (Some(3), ""), "{}", done.err);
    done
}

#[test]
fn a_run_of_the_most_replicates_starts_is_interrupted_and_goes_on() {
    let folder = Folder::with_experiment();
    let said = "mode-lottery: finishing the blocks under way; again to stop now\n\
                mode-lottery: x: interrupted; finished blocks are kept, and the same command goes on from there\n";
    let journal = "results/x/journal/blocks.mlj";
    let first = interrupted_run(&folder, &[], journal, 20_000);
    assert_eq!(first.err, said);
    let kept = folder.bytes(journal).len() as u64;
    let second = interrupted_run(&folder, &[], journal, kept + 20_000);
    let (blocks, rest) = second.err.split_once('\n').unwrap();
    assert_eq!(rest, said);
    let counts: Vec<u64> = blocks.split(' ').filter_map(|word| word.parse().ok()).collect();
    let &[reused, to_do, 0] = &counts[..] else {
        panic!("{blocks}");
    };
    assert!(reused > 0, "{blocks}");
    assert_eq!(reused + to_do, 31_250_000_000);
    let checked = folder.succeeds(&["check", "x.toml", MOST]);
    for line in [
        "1000000000000 replicates in 31250000000 blocks of 32",
        "  cost: about ",
        "  blocks: ",
    ] {
        assert!(checked.contains(line), "{line:?} in {}", checked);
    }
}

#[test]
fn shares_of_the_most_replicates_are_drawn_and_counted() {
    let folder = Folder::with_experiment();
    let done = interrupted_run(&folder, &["--shard=1/3"], "results/x/journal/shard-1-of-3.mlj", 20_000);
    assert_eq!(
        done.err,
        "mode-lottery: finishing the blocks under way; again to stop now\n\
         mode-lottery: x: interrupted; finished blocks are kept, and the same command goes on from there\n"
    );
    let merged = folder
        .command(&["merge", "results", "--out", "whole"])
        .output()
        .unwrap();
    let err = String::from_utf8(merged.stderr).unwrap();
    let missing = err
        .strip_prefix("mode-lottery: x: ")
        .and_then(|rest| rest.split_once(' '));
    let (missing, rest) = missing.unwrap_or_else(|| panic!("{err}"));
    let of_share = missing.parse::<u64>().unwrap() - 2 * 10_416_666_666 - 1;
    assert_eq!(
        rest,
        format!(
            "of 31250000000 blocks are missing (10416666667 of share 0/3, {of_share} of share 1/3, 10416666666 of share \
             2/3); run the shares that are not done again: they go on where they stopped\n"
        )
    );
    let slurm = folder.succeeds(&["slurm", "x.toml", MOST, "--shards", "7", "--out", "other"]);
    assert!(slurm.contains("7 shares of 31250000000 blocks"), "{}", slurm);
}
