//! Exact values that take long are units of work like blocks: kept, shared out, merged, and worked out again where they are
//! damaged or gone. Whatever happens to them, a result has the same bytes.

use super::{Done, Draws, Files, Folder, differences};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Four laws that take long: two sizes of pools at two concentrations.
const LAWS: &str = r#"title = "Laws that take long"
study = "selection"
seed = 1
measures = ["mode-mass"]

[world]
kind = "embedded"
base = [0.3, 0.25, 0.2, 0.1, 0.1, 0.05]
concentration = 2.0
reward = [0.1, 0.9, 0.3, 0.7, 0.5, 0.2]

[arms]
prompts = 2
grid = { selector = ["diverse", "diverse-best"], responses = [2, 3, 4, 5, 6], candidates = [16, 18] }

[sweep]
grid = { "world.concentration" = [2.0, 8.0] }

[run]
replicates = 320

[[claims]]
kind = "agrees"
name = "law"
estimand = "mode-mass.variance"
margin = 0.5

[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
series = "selector"
panel = "concentration"
where = { candidates = 16 }
exact = true
"#;

const JOBS: usize = 4;

const JOURNAL: &str = "r/x/journal/blocks.mlj";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("x.toml", LAWS);
    folder
}

fn peace() -> Files {
    let folder = folder();
    folder.succeeds("run x.toml -q --out r");
    folder.result("r")
}

/// Where the records of laws stand in a journal: blocks of one batch without arms, whose sums are the numbers.
fn law_records(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    let mut records = Vec::new();
    let mut at = 16;
    while at + 20 <= bytes.len() {
        let end = at + 20 + word(at + 8);
        if end > bytes.len() {
            // Still being written.
            break;
        }
        // Behind the head: key, index, batches, arms.
        if word(at + 4) == 3 && word(at + 20 + 44) == 0 {
            records.push(at..end);
        }
        at = end;
    }
    records
}

/// Changes the last number of a record, as if it had been worked out otherwise: both checksums fit.
fn tamper(bytes: &mut [u8], record: std::ops::Range<usize>) {
    let number = record.end - 8..record.end;
    let value = f64::from_le_bytes(bytes[number.clone()].try_into().expect("eight bytes"));
    bytes[number].copy_from_slice(&(value + 0.25).to_le_bytes());
    let payload = crc32fast::hash(&bytes[record.start + 20..record.end]);
    bytes[record.start + 12..record.start + 16].copy_from_slice(&payload.to_le_bytes());
    let head = crc32fast::hash(&bytes[record.start..record.start + 16]);
    bytes[record.start + 16..record.start + 20].copy_from_slice(&head.to_le_bytes());
}

fn laws_in(folder: &Folder, file: &str) -> usize {
    match folder.path(file).is_file() {
        true => law_records(&folder.bytes(file)).len(),
        false => 0,
    }
}

#[test]
fn laws_are_shared_out_and_merged_to_the_bytes_of_a_whole_run() {
    let whole = peace();
    for of in [1, 3, 5] {
        let folder = folder();
        let mut found = Vec::new();
        for share in 0..of {
            folder.succeeds(&format!("run x.toml -q --shard {share}/{of} --out s{share}"));
            found.push(laws_in(
                &folder,
                &format!("s{share}/x/journal/shard-{share}-of-{of}.mlj"),
            ));
        }
        // Law j belongs to share j mod N, as blocks do.
        let expected: Vec<usize> = (0..of).map(|share| (share..JOBS).step_by(of).count()).collect();
        assert_eq!(found, expected);
        let parts: Vec<String> = (0..of).rev().map(|share| format!("s{share}")).collect();
        folder.succeeds(&format!("merge -q {} --out r", parts.join(" ")));
        assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
        assert_eq!(laws_in(&folder, JOURNAL), JOBS);
        assert_eq!(folder.run("verify r").code, Some(0));
    }
}

#[test]
fn a_law_that_no_share_has_is_missing_like_a_block() {
    let folder = folder();
    for share in [0, 2] {
        folder.succeeds(&format!("run x.toml -q --shard {share}/3 --out s{share}"));
    }
    let said = folder.fails("merge s0 s2 --out r", 2);
    assert_eq!(
        said,
        "mode-lottery: x: 8 of 24 blocks and exact laws are missing (8 of share 1/3); run the shares that are not done again: \
         they go on where they stopped\n"
    );
    assert!(!folder.path("r").exists());
}

#[test]
fn threads_fresh_starts_and_a_lost_journal_change_no_byte() {
    let whole = peace();
    let folder = folder();
    folder.succeeds("run x.toml -q --out r --threads 3 --replicates 64");
    folder.succeeds("run x.toml -q --out r --threads 1");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
    folder.succeeds("run x.toml -q --out r --fresh");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
    assert_eq!(laws_in(&folder, JOURNAL), JOBS);
    std::fs::remove_dir_all(folder.path("r/x/journal")).expect("it can be removed");
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
}

/// A journal cut off anywhere, as by a kill while laws are worked out or while blocks are: the run goes on from there.
#[test]
fn a_run_cut_off_anywhere_ends_with_the_same_bytes() {
    let whole = peace();
    let folder = folder();
    folder.succeeds("run x.toml -q --out r");
    let bytes = folder.bytes(JOURNAL);
    let laws = law_records(&bytes);
    let (first, last) = (laws[0].start, laws[JOBS - 1].end);
    let mut draws = Draws(5);
    for cut in 0..12 {
        // Half of the cuts among the laws, which are a small part of the file.
        let end = match cut % 2 {
            0 => first + draws.below((last - first) as u64) as usize,
            _ => draws.below(bytes.len() as u64) as usize,
        };
        folder.write(JOURNAL, &bytes[..end]);
        let kept = laws.iter().filter(|law| law.end <= end).count();
        folder.succeeds("run x.toml -q --out r");
        assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new(), "{end}");
        let now = folder.bytes(JOURNAL);
        assert_eq!(law_records(&now).len(), JOBS, "{end}");
        let same = law_records(&now).iter().zip(&laws).filter(|(a, b)| a == b).count();
        assert!(same >= kept, "{end}: {same} of {kept} stand where they stood");
    }
}

/// A run that has worked out one law and is at another, which takes seconds.
fn at_the_second_law() -> (Folder, Child) {
    let folder = folder();
    let long = LAWS
        .replace("0.1, 0.1, 0.05]", "0.1, 0.05, 0.03, 0.04, 0.03]")
        .replace("0.5, 0.2]", "0.5, 0.2, 0.4, 0.6]")
        .replace("[16, 18]", "[12, 24]")
        .replace("candidates = 16 }", "candidates = 12 }")
        .replace("[2.0, 8.0] }\n\n[run]", "[2.0] }\n\n[run]");
    folder.write("x.toml", long);
    let mut command = folder.command("run x.toml -q --out r --threads 1");
    let mut run = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let start = Instant::now();
    while laws_in(&folder, JOURNAL) == 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "no law in a minute");
        assert_eq!(run.try_wait().expect("it can be asked"), None, "it ended by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    (folder, run)
}

fn the_first_is_kept(folder: &Folder) {
    assert_eq!(laws_in(folder, JOURNAL), 1);
    let said = folder.run("check x.toml --out r").out;
    assert!(said.contains("\n  1 exact law to work out, about "), "{said}");
}

#[test]
fn a_law_is_kept_as_soon_as_it_is_worked_out() {
    let (folder, mut run) = at_the_second_law();
    run.kill().expect("it can be killed");
    run.wait().expect("it is gone");
    the_first_is_kept(&folder);
}

/// Whoever interrupts a run need not wait for the law under way.
#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_at_a_law_says_so_and_ends() {
    let (folder, run) = at_the_second_law();
    let pid = run.id().to_string();
    let signal = Command::new("kill").args(["-INT", &pid]).status();
    assert!(signal.expect("there is a kill").success());
    let done = Done::of(run.wait_with_output().expect("it is gone"));
    let said =
        "mode-lottery: interrupted while exact laws were worked out; a run finds those that are in its journal\n";
    assert_eq!((done.code, done.err.as_str()), (Some(3), said));
    the_first_is_kept(&folder);
}

/// The negative control of all tests here: what is kept is used, so that a wrong law is seen in the result, and `verify` sees
/// that it is wrong.
#[test]
fn a_law_that_is_kept_is_used_and_verified() {
    let whole = peace();
    let folder = folder();
    folder.succeeds("run x.toml -q --out r --threads 1");
    let mut bytes = folder.bytes(JOURNAL);
    let record = law_records(&bytes)[1].clone();
    tamper(&mut bytes, record);
    folder.write(JOURNAL, &bytes);
    let said = folder.run("verify r --blocks 8");
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(
        said.out.ends_with("; 4 exact laws worked out again, 3 as kept\n"),
        "{said:?}"
    );
    assert_eq!(
        said.err,
        "mode-lottery: x: exact law 1 is not what this program works out\n"
    );
    folder.succeeds("run x.toml -q --out r");
    let wrong = differences(&whole, &folder.result("r"));
    assert!(wrong.contains(&"estimates.csv".to_owned()), "{wrong:?}");
    folder.succeeds("run x.toml -q --out r --fresh");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
}

/// A record whose bytes were damaged is no record: the law is worked out again.
#[test]
fn a_damaged_law_is_worked_out_again() {
    let whole = peace();
    let folder = folder();
    folder.succeeds("run x.toml -q --out r");
    let mut bytes = folder.bytes(JOURNAL);
    let record = law_records(&bytes)[2].clone();
    bytes[record.end - 3] ^= 4;
    folder.write(JOURNAL, &bytes);
    let said = folder.succeeds("run x.toml --out r");
    assert_eq!(said.matches(": damaged from byte ").count(), 1, "{said}");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
}

/// Two shares that worked out one law differently are told, not merged.
#[test]
fn a_law_that_two_shares_have_otherwise_is_refused() {
    let folder = folder();
    folder.succeeds("run x.toml -q --out a");
    folder.succeeds("run x.toml -q --out b --threads 1");
    let journal = "b/x/journal/blocks.mlj";
    let mut bytes = folder.bytes(journal);
    let record = law_records(&bytes)[3].clone();
    tamper(&mut bytes, record);
    folder.write(journal, &bytes);
    let said = folder.fails("merge a b --out r", 2);
    assert!(said.contains("x: exact law 3 is not the same in "), "{said}");
    assert!(said.contains("/blocks.mlj: an exact law is not that of "), "{said}");
}

/// A journal without laws, as a version that kept none has left it: nothing is missing that would have to be drawn.
#[test]
fn laws_alone_are_worked_out_by_merge_and_by_run() {
    let whole = peace();
    let folder = folder();
    folder.succeeds("run x.toml -q --out a");
    let journal = "a/x/journal/blocks.mlj";
    let mut bytes = folder.bytes(journal);
    for record in law_records(&bytes).into_iter().rev() {
        bytes.drain(record);
    }
    folder.write(journal, &bytes);
    folder.succeeds("merge -q a --out r");
    assert_eq!(differences(&whole, &folder.result("r")), Vec::<String>::new());
    let said = folder.succeeds("run x.toml --out a");
    assert!(said.contains(" kept from earlier runs, 0 to do, 0 stale\n"), "{said}");
    assert_eq!(differences(&whole, &folder.result("a")), Vec::<String>::new());
}

/// A file that a law shows to be wrong leaves a result beside it as it is: what was run there last is still the other file.
#[test]
fn a_refused_file_does_not_take_the_place_of_the_one_that_ran() {
    let folder = folder();
    folder.succeeds("run x.toml -q --out r");
    let right = folder.result("r");
    folder.write("x.toml", whole_pool());
    folder.fails("run x.toml -q --out r", 2);
    folder.succeeds("gc r");
    folder.succeeds("merge -q r --out m");
    assert_eq!(differences(&right, &folder.result("m")), Vec::<String>::new());
}

/// `check` works nothing out: it says what there is to do, and what is known.
#[test]
fn check_tells_of_laws_and_leaves_them() {
    let folder = folder();
    let said = folder.run("check x.toml --out r").out;
    assert!(
        said.contains("\n  4 exact laws to work out, about ")
            && said.contains(" s of one core; claims and figures that rest"),
        "{said}"
    );
    assert!(!folder.path("r").exists());
    folder.succeeds("run x.toml -q --out r");
    let said = folder.run("check x.toml --out r").out;
    assert!(said.contains("\n  4 exact laws known from earlier runs\n"), "{said}");
    // One more prompt changes no law, other rewards change all.
    let said = folder.run("check x.toml --out r --set arms.prompts=3").out;
    assert!(said.contains("\n  4 exact laws known from earlier runs\n"), "{said}");
    let said = folder
        .run("check x.toml --out r --set world.reward=[0.9,0.1,0.3,0.7,0.5,0.2]")
        .out;
    assert!(said.contains("\n  4 exact laws to work out, about "), "{said}");
}

#[test]
fn gc_keeps_laws_that_are_of_use_and_removes_others() {
    let folder = folder();
    folder.succeeds("run x.toml -q --out r --set world.reward=[0.9,0.1,0.3,0.7,0.5,0.2]");
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(laws_in(&folder, JOURNAL), 2 * JOBS);
    folder.succeeds("gc r");
    assert_eq!(laws_in(&folder, JOURNAL), JOBS);
    let said = folder.run("check x.toml --out r").out;
    assert!(said.contains("\n  4 exact laws known from earlier runs\n"), "{said}");
}

/// With a claim on an arm that keeps all of its pool, as every selector does alike: no bias, of which no ratio can be judged.
fn whole_pool() -> String {
    let arms = "candidates = [16, 18] }";
    let all = format!("{arms}\npoints = [{{ selector = \"diverse\", responses = 16, candidates = 16 }}]");
    let claim = "estimand = \"mode-mass.variance\"\nmargin";
    LAWS.replace(arms, &all)
        .replace(claim, &claim.replace("variance", "bias2"))
}

/// What only a law tells is found before anything is drawn, with its place; what is worked out until then is kept.
#[test]
fn a_claim_that_a_law_shows_to_be_senseless_is_refused_before_anything_is_drawn() {
    let folder = folder();
    folder.write("x.toml", whole_pool());
    assert_eq!(folder.run("check x.toml").code, Some(0));
    let said = folder.fails("run x.toml -q --out r", 2);
    assert!(
        said.contains("x.toml:26:12") && said.contains("exact value of mode-mass.bias2"),
        "{said}"
    );
    assert!(!folder.path("r/x/estimates.csv").exists());
    assert_eq!(laws_in(&folder, JOURNAL), JOBS);
    // With --fresh nothing of earlier runs is removed before the file is known to be right.
    let before = folder.bytes(JOURNAL);
    folder.fails("run x.toml -q --out r --fresh", 2);
    assert_eq!(folder.bytes(JOURNAL), before);
}

/// A share that has to look how precise it is needs every law, for what it looks at may rest on one.
#[test]
fn shares_with_precision_work_out_every_law() {
    let folder = folder();
    let precise = LAWS.replace(
        "replicates = 320",
        "precision = [{ estimand = \"mode-mass.emse\", relative = 0.05 }]\nat-most = 20000\nlooks = \"two-stage\"",
    );
    folder.write("x.toml", precise);
    folder.succeeds("run x.toml -q --out w");
    for share in 0..2 {
        folder.succeeds(&format!("run x.toml -q --shard {share}/2 --out s{share}"));
        assert_eq!(
            laws_in(&folder, &format!("s{share}/x/journal/shard-{share}-of-2.mlj")),
            JOBS
        );
    }
    folder.succeeds("merge -q s0 s1 --out r");
    assert_eq!(
        differences(&folder.result("w"), &folder.result("r")),
        Vec::<String>::new()
    );
}
