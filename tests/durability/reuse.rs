//! What is reused and what is not, and what `run` and `check` say of it.

use super::{EXPERIMENT, Folder, differences, peace};

const KEPT: &str = "x: blocks: 200 kept from earlier runs, 0 to do, 0 stale\n";

#[test]
fn titles_claims_figures_and_threads_reuse_everything() {
    let folder = Folder::new();
    assert_eq!(folder.succeeds("run x.toml --out r"), "");
    folder.write(
        "x.toml",
        EXPERIMENT
            .replace("A small law", "Another title")
            .replace("margin = 0.5", "margin = 0.4"),
    );
    assert_eq!(folder.succeeds("run x.toml --out r --threads 1"), KEPT);
    assert_eq!(folder.provenance("r", "blocks-computed"), 0);
    folder.write("x.toml", EXPERIMENT);
    folder.succeeds("run x.toml --out r");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

/// The scenarios of a sweep are found whatever their order and number.
#[test]
fn a_larger_and_reordered_sweep_computes_only_the_new_scenario() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    folder.write("x.toml", EXPERIMENT.replace("[2.0, 8.0]", "[8.0, 4.0, 2.0]"));
    let said = folder.succeeds("run x.toml --out r");
    assert_eq!(said, "x: blocks: 200 kept from earlier runs, 100 to do, 0 stale\n");
    let fresh = Folder::new();
    fresh.write("x.toml", EXPERIMENT.replace("[2.0, 8.0]", "[8.0, 4.0, 2.0]"));
    fresh.succeeds("run x.toml -q --out r");
    assert!(differences(&fresh.result("r"), &folder.result("r")).is_empty());
}

#[test]
fn more_replicates_go_on_and_fewer_use_a_part() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r --replicates 1000");
    assert_eq!(
        folder.succeeds("run x.toml --out r"),
        "x: blocks: 64 kept from earlier runs, 136 to do, 0 stale\n"
    );
    assert!(differences(&peace(), &folder.result("r")).is_empty());
    assert_eq!(
        folder.succeeds("run x.toml --out r --replicates 1000"),
        KEPT.replace("200", "64")
    );
}

/// Each part of a key that changes what a block means starts over, and is named.
#[test]
fn a_changed_key_starts_over_and_is_named() {
    let changes = [
        ("seed = 1", "seed = 2", "\"seed 2\" was \"seed 1\""),
        ("modes = 4", "modes = 5", "\" was \"world dirichlet concentration "),
        (
            "[\"mode-mass\"]",
            "[\"mode-mass\", \"gradient\"]",
            "\"measures mode-mass gradient\" was \"measures mode-mass\"",
        ),
        ("responses = [1, 2, 8]", "responses = [1, 2, 8, 9]", "\" is new"),
        ("responses = [1, 2, 8]", "responses = [1, 2]", "\" is gone"),
    ];
    for (before, after, named) in changes {
        let folder = Folder::new();
        folder.succeeds("run x.toml -q --out r");
        folder.write("x.toml", EXPERIMENT.replace(before, after));
        let said = folder.succeeds("check x.toml --out r");
        assert_eq!(said, "", "{after}");
        let checked = folder.run("check x.toml --out r").out;
        let said = folder.succeeds("run x.toml --out r");
        for said in [&checked, &said] {
            assert!(
                said.contains("blocks: 0 kept from earlier runs, 200 to do, 200 stale\n"),
                "{after}: {said}"
            );
            assert!(
                said.contains("scenario 1: its kept blocks do not fit: "),
                "{after}: {said}"
            );
            assert!(said.contains(named), "{after}: {said}");
        }
        assert_eq!(folder.provenance("r", "blocks-kept"), 0, "{after}");
    }
}

#[test]
fn fresh_starts_over_and_gc_removes_what_is_stale() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r --set seed=2");
    folder.succeeds("run x.toml -q --out r");
    let dry = folder.run("gc r --dry-run").out;
    assert!(
        dry.starts_with("x: 200 stale blocks, 0 repeated, 0 conflicting, 0 damaged places would be removed"),
        "{dry}"
    );
    let gone = folder.run("gc r").out;
    assert!(
        gone.starts_with("x: 200 stale blocks, 0 repeated, 0 conflicting, 0 damaged places removed"),
        "{gone}"
    );
    assert_eq!(folder.succeeds("run x.toml --out r"), KEPT);
    assert_eq!(folder.succeeds("run x.toml --out r --fresh"), "");
    assert_eq!(folder.provenance("r", "blocks-computed"), 200);
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

/// Shares left beside a result are one journal with it.
#[test]
fn gc_puts_many_files_into_one() {
    let folder = Folder::new();
    (0..3).for_each(|share| drop(folder.succeeds(&format!("run x.toml -q --out r --shard {share}/3"))));
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(folder.provenance("r", "blocks-kept"), 200);
    folder.succeeds("gc r");
    let mut names: Vec<_> = std::fs::read_dir(folder.path("r/x/journal"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["blocks.mlj", "outputs.txt"]);
    assert_eq!(folder.succeeds("run x.toml --out r"), KEPT);
}

/// A run that finds every block kept judges anew and makes everything again.
#[test]
fn a_run_makes_everything_again_from_the_journal() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    let before = folder.result("r");
    folder.write("r/x/x.svg", "gone");
    folder.write("r/x/estimates.csv", "gone");
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(folder.provenance("r", "blocks-computed"), 0);
    assert!(differences(&before, &folder.result("r")).is_empty());
}

#[test]
fn verify_finds_changed_files_and_blocks_of_another_program() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(
        folder.run("verify r").out,
        "x: 6 files, 6 as written; 8 blocks drawn again, 8 of 8 as in the manifest, 8 of 8 as kept\n"
    );
    let all = folder.run("verify r --all").out;
    assert_eq!(
        all,
        "x: 6 files, 6 as written; estimates computed again, byte for byte; blocks likewise, 28 of 28 as in the manifest, \
         28 of 28 as kept\n"
    );
    // A journal of another seed under this one's keys is what a program with other numbers would have left.
    let journal = folder.bytes("r/x/journal/blocks.mlj");
    let other = Folder::new();
    other.succeeds("run x.toml -q --out r --set seed=2");
    let forged = forged(&journal, &other.bytes("r/x/journal/blocks.mlj"));
    folder.write("r/x/journal/blocks.mlj", forged);
    let wrong = folder.run("verify r");
    assert_eq!(wrong.code, Some(3));
    assert_eq!(
        wrong.out,
        "x: 6 files, 6 as written; 8 blocks drawn again, 8 of 8 as in the manifest, 0 of 8 as kept\n"
    );
    assert!(
        wrong
            .err
            .contains("x: block 0 of scenario 0, as kept, is not what this program computes"),
        "{}",
        wrong.err
    );
    folder.write("r/x/estimates.csv", "gone");
    let gone = folder.run("verify r");
    assert!(
        gone.err.contains("estimates.csv: not as it was written"),
        "{}",
        gone.err
    );
}

/// The blocks of `other`, in the order of its file, under the keys of `own`, with checksums that fit.
fn forged(own: &[u8], other: &[u8]) -> Vec<u8> {
    let records = |bytes: &[u8]| {
        let (mut at, mut found) = (16, Vec::new());
        while at < bytes.len() {
            let length = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
            found.push(bytes[at..at + 20 + length].to_vec());
            at += 20 + length;
        }
        found
    };
    let key = |record: &[u8]| record[20..52].to_vec();
    let is_block = |record: &Vec<u8>| record[4] == 3;
    let place = |record: &[u8]| u64::from_le_bytes(record[52..60].try_into().unwrap());
    let (mut mine, theirs) = (records(own), records(other));
    let blocks: Vec<Vec<u8>> = theirs.into_iter().filter(is_block).collect();
    let first = key(blocks.iter().find(|record| place(record) == 0).unwrap());
    let first_own = key(mine
        .iter()
        .find(|record| is_block(record) && place(record) == 0)
        .unwrap());
    for record in mine.iter_mut().filter(|record| record[4] == 3) {
        let of_first = key(record) == first_own;
        let twin = blocks
            .iter()
            .find(|other| place(other) == place(record) && (key(other) == first) == of_first);
        record.splice(60.., twin.unwrap()[60..].iter().copied());
        let sum = crc32fast::hash(&record[20..]);
        record[12..16].copy_from_slice(&sum.to_le_bytes());
        let sum = crc32fast::hash(&record[..16]);
        record[16..20].copy_from_slice(&sum.to_le_bytes());
    }
    [own[..16].to_vec(), mine.concat()].concat()
}
