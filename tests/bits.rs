//! Law 1 to 3 on whole runs: the same bytes on any number of threads, at every vector level and on every run; arms and
//! measures that leave each other alone; and memory that does not grow with replicates.

use mode_lottery::engine;
use mode_lottery::engine::ExactCache;
use mode_lottery::experiment;
use mode_lottery::record::{parse_estimates, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A scenario whose arms share prompts and depths in several ways, on both routes of the urn.
fn file(seed: u64, measures: &str, points: &[&str]) -> String {
    format!(
        r#"
title = "Bits"
study = "selection"
seed = {seed}
measures = {measures}

[world]
kind = "copies"
base = {{ geometric = 0.9 }}
concentration = 3.0
copy-probability = 0.3

[sweep]
grid = {{ "world.modes" = [5, 40] }}

[arms]
selector = "random"
points = [
    {}
]

[policy]
theta = "optimum"

[run]
replicates = 640
"#,
        points.join(",\n    ")
    )
}

const ALL: &str = r#"["mode-mass", "mode-mass-by-mode", "gradient", "loss"]"#;

const POINTS: [&str; 4] = [
    "{ prompts = 3, responses = 1 }",
    "{ prompts = 3, responses = 4, candidates = 9 }",
    "{ prompts = 8, responses = 4 }",
    "{ prompts = 5, responses = 2, candidates = 4 }",
];

/// Runs the program on a file; returns its estimates.
fn run_child(directory: &Path, text: &str, arguments: &[&str], lanes: Option<&str>) -> PathBuf {
    std::fs::create_dir_all(directory).unwrap();
    let path = directory.join("bits.toml");
    std::fs::write(&path, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
    command
        .arg("run")
        .arg(&path)
        .arg("--out")
        .arg(directory.join("results"))
        .args(arguments);
    command
        .arg("--quiet")
        .env_remove("MODE_LOTTERY_LANES")
        .envs(lanes.map(|lanes| ("MODE_LOTTERY_LANES", lanes)));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    directory.join("results/bits")
}

fn estimates(text: &str) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let results = run_child(directory.path(), text, &["--threads", "1"], None);
    std::fs::read(results.join("estimates.csv")).unwrap()
}

#[test]
fn estimates_have_the_same_bytes_at_every_vector_level_on_any_threads_and_on_every_run() {
    let directory = tempfile::tempdir().unwrap();
    let text = file(1, ALL, &POINTS);
    let mut runs = BTreeMap::new();
    for lanes in ["baseline", "avx2", "avx512"] {
        for threads in ["1", "2"] {
            let name = format!("{lanes}-{threads}");
            let results = run_child(
                &directory.path().join(&name),
                &text,
                &["--threads", threads],
                Some(lanes),
            );
            // A machine without the level falls back to the widest it has, and the manifest says which ran.
            let manifest = std::fs::read_to_string(results.join("manifest.json")).unwrap();
            if lanes == "baseline" {
                assert!(
                    manifest.contains("\"lanes\": \"baseline\""),
                    "the variable was not obeyed: {manifest}"
                );
            }
            runs.insert(name, std::fs::read(results.join("estimates.csv")).unwrap());
        }
    }
    let again = estimates(&text);
    assert!(again.len() > 10_000, "an empty result is equal to any other");
    for (name, bytes) in runs {
        assert!(bytes == again, "{name} differs from the default run");
    }
    assert!(
        estimates(&file(2, ALL, &POINTS)) != again,
        "another seed gives other estimates"
    );
}

/// The bits of every sum of every group on a pool of `threads`.
fn sums(text: &str, replicates: u64, threads: usize) -> Vec<u64> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bits.toml");
    std::fs::write(&path, text).unwrap();
    let experiment = experiment::load(&path, &[]).unwrap();
    let experiment = experiment.settle(ExactCache::on_demand()).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let groups = |scenario: &experiment::Scenario| {
        let groups = pool
            .install(|| engine::run(scenario.study.as_ref(), replicates))
            .unwrap();
        let bits = |group: &mode_lottery::inference::groups::Group| group.sums.iter().map(|x| x.to_bits()).collect();
        groups.groups().iter().map(bits).collect::<Vec<Vec<u64>>>().concat()
    };
    experiment.scenarios.iter().map(groups).collect::<Vec<_>>().concat()
}

/// 40,000 replicates are 1,250 blocks: five waves, and groups that were doubled four times.
#[test]
fn group_sums_have_the_same_bits_on_one_two_and_three_threads() {
    let text = file(3, r#"["mode-mass", "loss"]"#, &POINTS[..2]);
    let one = sums(&text, 40_000, 1);
    for threads in [2, 3] {
        assert!(sums(&text, 40_000, threads) == one, "{threads} threads");
    }
    assert!(sums(&text, 40_032, 1) != one, "one block more shows");
}

/// With 80,000 slots a wave is 52 blocks and not 256: where waves end changes no bit. Group 0 of 4,128 replicates holds the
/// two batches that the first 64 are.
#[test]
fn a_run_of_many_slots_is_folded_in_shorter_waves_to_the_same_bits() {
    let arms = ["{ prompts = 1, responses = 1 }", "{ prompts = 1, responses = 2 }"];
    let text = file(4, r#"["mode-mass-by-mode"]"#, &arms)
        .replace("[5, 40]", "[20000]")
        .replace("0.9 }", "0.999 }");
    let slots = 2 * 2 * 20_000;
    let (few, many) = (sums(&text, 64, 2), sums(&text, 4128, 2));
    assert_eq!(
        (few.len(), many.len()),
        (2 * slots, 65 * slots),
        "129 batches make 65 groups"
    );
    let sum = |slot: usize| f64::from_bits(few[slot]) + f64::from_bits(few[slots + slot]);
    assert!((0..slots).all(|slot| many[slot] == sum(slot).to_bits()));
}

/// Rows by all that names them: (estimate, MCSE, exact) as text, so that equal means equal bytes.
type Rows = BTreeMap<(u64, Vec<String>, String, String), String>;

fn rows(text: &str) -> Rows {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("estimates.csv");
    std::fs::write(&path, estimates(text)).unwrap();
    let (keys, records) = read(&path, parse_estimates).unwrap();
    let rows: Rows = records
        .into_iter()
        .map(|r| {
            // The order of columns follows the file: name each cell.
            let mut cells: Vec<String> = keys.iter().zip(&r.cells[..]).map(|(k, v)| format!("{k}={v}")).collect();
            cells.retain(|cell| !cell.ends_with('='));
            cells.sort();
            let numbers = format!(
                "{:?} {:?} {:?} {:?} {}",
                r.estimate, r.mcse, r.df, r.exact, r.replicates
            );
            ((r.scenario, cells, r.estimand.to_string(), r.at.to_string()), numbers)
        })
        .collect();
    assert!(rows.len() > 15, "{}", rows.len());
    rows
}

#[track_caller]
fn assert_contains(larger: &Rows, smaller: &Rows, what: &str) {
    for (key, numbers) in smaller {
        assert_eq!(larger.get(key), Some(numbers), "{what}: {key:?}");
    }
}

#[test]
fn arms_and_measures_leave_the_rows_of_the_others_alone() {
    let few = rows(&file(1, ALL, &POINTS[..2]));
    let with = |extra: &str| rows(&file(1, ALL, &[POINTS[0], extra, POINTS[1]]));
    for (what, extra) in [
        ("an arm among them", "{ prompts = 3, responses = 2 }"),
        ("an arm of more prompts", "{ prompts = 50, responses = 1 }"),
        ("an arm of more responses", "{ prompts = 2, responses = 100 }"),
        (
            "an arm of a larger pool",
            "{ prompts = 1, responses = 1, candidates = 300 }",
        ),
    ] {
        let more = with(extra);
        assert!(more.len() > few.len());
        assert_contains(&more, &few, what);
    }
    let reversed: Vec<&str> = POINTS.iter().rev().copied().collect();
    assert_eq!(
        rows(&file(1, ALL, &reversed)),
        rows(&file(1, ALL, &POINTS)),
        "reordered arms"
    );
    let all = rows(&file(1, ALL, &POINTS));
    for measures in [r#"["mode-mass"]"#, r#"["loss", "mode-mass-by-mode"]"#] {
        let some = rows(&file(1, measures, &POINTS));
        assert!(some.len() < all.len());
        assert_contains(&all, &some, "added measures");
    }
}

/// The control of the test above: what must change does.
#[test]
fn another_seed_changes_the_estimates_and_no_exact_value() {
    let (one, two) = (rows(&file(1, ALL, &POINTS)), rows(&file(2, ALL, &POINTS)));
    assert!(one.keys().eq(two.keys()));
    let mut equal = 0;
    let split = |text: &String| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    for (key, numbers) in &one {
        let (one, two) = (split(numbers), split(&two[key]));
        assert_eq!(one[3], two[3], "exact value of {key:?}");
        if key.2.ends_with("prompt-floor") {
            assert_eq!(one[0], "None");
        } else {
            equal += usize::from(one[0] == two[0]);
        }
    }
    // The mean of a rare mode is a count over a few hundred, so that some coincide, and their variances with them.
    assert!(
        equal * 20 < one.len(),
        "{equal} of {} estimates are the same",
        one.len()
    );
}

/// The peak memory of a run in bytes, as last seen before its end. (The peak that `wait4` reports would include that of
/// this process, from which the child was forked.)
#[cfg(target_os = "linux")]
fn peak_memory(text: &str, replicates: u64) -> i64 {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bits.toml");
    std::fs::write(&path, text).unwrap();
    let program = env!("CARGO_BIN_EXE_mode-lottery");
    let mut child = Command::new(program)
        .args([
            "run",
            "--quiet",
            "--threads",
            "1",
            "--replicates",
            &replicates.to_string(),
        ])
        .arg(&path)
        .arg("--out")
        .arg(directory.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let outcome = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line
            .and_then(|rest| rest.trim().strip_suffix(" kB"))
            .map(|n| n.trim().parse::<i64>().unwrap());
        peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        if let Some(outcome) = child.try_wait().unwrap() {
            break outcome;
        }
        std::thread::sleep(std::time::Duration::from_micros(100));
    };
    assert!(outcome.success());
    assert!(peak > 0, "{status} could not be read in time");
    peak
}

/// The first batches make groups, later ones are folded into them, so one wave of blocks and 128 groups are all there is.
/// Ten slots kept for every replicate would take 16 MB more. The control has 8,000 slots, whose groups take 8 MB.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_replicates() {
    let text = file(1, r#"["mode-mass"]"#, &["{ prompts = 1, responses = 1 }"]);
    // The shortest run is over in milliseconds: the largest of three, lest its end was missed.
    let few = (0..3).map(|_| peak_memory(&text, 640)).max().unwrap();
    let many = peak_memory(&text, 200_000);
    let wide = text
        .replace("[5, 40]", "[4000]")
        .replace("mode-mass", "mode-mass-by-mode")
        .replace("0.9", "0.99");
    let wide = peak_memory(&wide, 4096);
    println!("peak memory: {few} bytes for 640 replicates, {many} for 200,000, {wide} for 8,000 slots");
    assert!(
        many - few < 4 << 20,
        "{few} bytes for 640 replicates, {many} for 200,000"
    );
    assert!(wide - few > 4 << 20, "8,000 slots should show: {few} and {wide}");
}
