//! One replicate alone is what it was among others (law 4), in every study.

use mode_lottery::engine::{ExactCache, Folded, NoStore, Run, Tally, Watch};
use mode_lottery::experiment;
use mode_lottery::inference::groups::Group;
use mode_lottery::numerics::lanes::{LANES, across};
use mode_lottery::study::Question;
use std::path::Path;
use std::process::Command;

/// Experiments of every study and world, with diverging fits in one of them.
const FILES: [&str; 9] = [
    "budget-300-steps",
    "copies-control",
    "selector-emse",
    "coverage-weighting",
    "gradient-alignment-anti",
    "greedy-guarantee",
    "greedy-adversary",
    "stopping",
    "allocate-coverage",
];

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("experiments")
        .join(format!("{name}.toml"))
}

fn block(study: &dyn Question, block: u64) -> Vec<Group> {
    let mut folded = Folded::new(study.spec());
    let watch = Watch::nobody();
    let mut run = Run::new(study, &NoStore, &watch, &mut folded);
    let mut found = run.compute(&[block]).expect("it runs");
    found.remove(0)
}

fn alone(study: &dyn Question, replicate: u64) -> Group {
    let ready = study.prepare(&ExactCache::empty()).expect("it can be prepared");
    let mut group = Group::empty(&study.spec().layout);
    ready.worker().replay(replicate, &mut group);
    group
}

/// A batch of lanes from its replicates: each lane adds up its own, then the lanes are added up.
fn in_lanes(replicates: &[Group], slot: usize) -> f64 {
    let mut lanes = [0.0; LANES];
    for (index, own) in replicates.iter().enumerate() {
        lanes[index % LANES] += own.sums[slot];
    }
    across(&lanes)
}

fn in_order(replicates: &[Group], slot: usize) -> f64 {
    replicates.iter().fold(0.0, |total, own| total + own.sums[slot])
}

/// The sums of a whole batch follow, bit for bit, from its replicates one by one, each by a worker of its own.
#[test]
fn a_batch_is_its_replicates_replayed() {
    for name in FILES {
        let experiment = experiment::load(&path(name), &[]).unwrap_or_else(|error| panic!("{error}"));
        let study = &experiment.scenarios.last().expect("a scenario").study;
        let batch = study.spec().batch;
        let together = &block(study.as_ref(), 1)[0];
        let first = study.spec().block_replicates();
        let replicates: Vec<Group> = (first..first + batch)
            .map(|replicate| alone(study.as_ref(), replicate))
            .collect();
        let add = |replicates: &[Group], slot: usize| match name.starts_with("greedy")
            || ["stopping", "allocate-coverage"].contains(&name)
        {
            true => in_order(replicates, slot),
            false => in_lanes(replicates, slot),
        };
        for slot in 0..together.sums.len() {
            let own = add(&replicates, slot);
            assert_eq!(own.to_bits(), together.sums[slot].to_bits(), "{name}, slot {slot}");
        }
        for arm in 0..together.valid.len() {
            let valid: u64 = replicates.iter().map(|group| group.valid[arm]).sum();
            assert_eq!(valid, together.valid[arm], "{name}, arm {arm}");
        }
        assert!(replicates.iter().all(|group| group.replicates == 1));
        // The negative control: another replicate in the place of one is seen.
        let mut wrong = replicates;
        wrong[3] = alone(study.as_ref(), first + batch + 3);
        let differs = |slot: usize| add(&wrong, slot).to_bits() != together.sums[slot].to_bits();
        assert!((0..together.sums.len()).any(differs), "{name}");
    }
}

/// What a worker did before does not matter to what it replays.
#[test]
fn a_used_worker_replays_the_same() {
    for name in FILES {
        let experiment = experiment::load(&path(name), &[]).unwrap_or_else(|error| panic!("{error}"));
        let study = &experiment.scenarios[0].study;
        let ready = study.prepare(&ExactCache::empty()).expect("it can be prepared");
        let mut worker = ready.worker();
        let mut tally = Tally::new(study.spec(), 0..study.spec().block_replicates());
        worker.run(0..study.spec().block_replicates(), &mut tally);
        for replicate in [77, 3, 77] {
            let mut used = Group::empty(&study.spec().layout);
            worker.replay(replicate, &mut used);
            assert_eq!(used, alone(study.as_ref(), replicate), "{name}");
        }
    }
}

const DIVERGING: &str = r#"title = "One arm overflows"
study = "training"
seed = 3
measures = ["total-variation"]
world = { kind = "dirichlet", modes = 2, concentration = 5.0 }
training = { steps = 200, tolerance = 0 }
run.replicates = 1280

[arms]
responses = 2
points = [
  { prompts = 1, "training.rate" = 0.5, "training.ridge" = 0.1 },
  { prompts = 1, "training.rate" = 1e3, "training.ridge" = 1e3 },
]
"#;

fn run(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
    let done = command
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Whoever reads of a failure is given the command that shows it, and the command shows it.
#[test]
fn failures_are_counted_told_with_their_replay_and_limited() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.toml"), DIVERGING).expect("it can be written");
    let (code, out, err) = run(folder.path(), "run x.toml -q --out r");
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(
        err.contains("more than run.failures = 0.05 allows, and so no result is written"),
        "{err}"
    );
    assert!(!folder.path().join("r/x/estimates.csv").exists());
    let (code, _, err) = run(folder.path(), "run x.toml --out r --set run.failures=1");
    assert_eq!(code, Some(0), "{err}");
    assert!(
        err.starts_with("x: blocks: 40 kept from earlier runs, 0 to do, 0 stale\nx: arm 1 (prompts = 1, "),
        "{err}"
    );
    let told = err
        .split_once("; mode-lottery ")
        .and_then(|(_, rest)| rest.split_once(" shows the first"));
    let replay = told.expect("the command").0.replace('\'', "");
    let (code, out, err) = run(folder.path(), &replay);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    for shown in [
        "failed",
        "diverged: the arm is void",
        "Responses drawn",
        "Responses kept",
        "total-variation.mean",
    ] {
        assert!(out.contains(shown), "{shown}: {out}");
    }
    let first: u64 = replay
        .rsplit(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("a number");
    for before in 0..first {
        let (_, out, _) = run(folder.path(), &format!("replay x.toml --replicate {before}"));
        assert!(!out.contains("failed"), "{before} fails before {first}: {out}");
    }
}

#[test]
fn what_is_no_replicate_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.toml"), DIVERGING).expect("it can be written");
    let (code, _, err) = run(folder.path(), "replay x.toml --replicate 0 --scenario 1");
    assert_eq!(
        (code, err.as_str()),
        (Some(2), "mode-lottery: --scenario 1: x.toml has scenarios 0 to 0\n")
    );
    let (code, _, err) = run(folder.path(), "replay x.toml --replicate 9223372036854775807");
    assert!(
        code == Some(2) && err.contains("--replicate 9223372036854775807: at most"),
        "{err}"
    );
}
