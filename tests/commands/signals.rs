//! Signals: a run that is stopped leaves what was there before.

use super::{Done, Folder};
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
    assert_eq!(
        done.err,
        "x: blocks: 100 kept from earlier runs, 31249900 to do, 0 stale\n\
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

#[test]
fn a_request_to_end_does_the_same() {
    stopped_by("-TERM");
}
