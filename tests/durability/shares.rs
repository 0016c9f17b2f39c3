//! Shares of a run and their merging: what is missing, repeated, foreign or of another experiment.

use super::{EXPERIMENT, Folder, differences, peace};

fn shares(folder: &Folder, which: &[u64], of: u64) {
    for share in which {
        folder.succeeds(&format!("run x.toml -q --shard {share}/{of} --out s{share}"));
    }
}

#[test]
fn missing_shares_are_named_and_merged_when_they_come() {
    let folder = Folder::new();
    shares(&folder, &[0, 2], 4);
    let said = folder.fails("merge s2 s0 --out r", 2);
    assert_eq!(
        said,
        "mode-lottery: x: 100 of 200 blocks are missing (50 of share 1/4, 50 of share 3/4); run the shares that are not \
         done again: they go on where they stopped\n"
    );
    assert!(!folder.path("r").exists());
    shares(&folder, &[3, 1], 4);
    folder.succeeds("merge -q s3 s0 s2 s1 --out r");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
    assert_eq!(folder.run("verify r").code, Some(0));
}

#[test]
fn shares_may_be_of_different_divisions_and_hold_more_than_is_needed() {
    let folder = Folder::new();
    shares(&folder, &[0], 2);
    folder.succeeds("run x.toml -q --out whole --set seed=2");
    folder.succeeds("run x.toml -q --out whole --replicates 100");
    folder.succeeds("run x.toml -q --shard 1/2 --out whole");
    folder.succeeds("run x.toml -q --out s1");
    let said = folder.succeeds("merge s0 s1 --out r");
    assert_eq!(
        said,
        "x: 100 blocks are there more than once, 0 belong to other keys; neither does harm\n"
    );
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

#[test]
fn shares_of_different_experiments_are_refused() {
    let folder = Folder::new();
    shares(&folder, &[0], 2);
    folder.write("x.toml", EXPERIMENT.replace("A small law", "Another title"));
    shares(&folder, &[1], 2);
    let said = folder.fails("merge s0 s1 --out r", 2);
    assert!(
        said.contains(" are of different experiments: x.toml differs from line 1 on"),
        "{said}"
    );
    folder.write("x.toml", EXPERIMENT);
    folder.succeeds("run x.toml -q --shard 1/2 --out s1 --set seed=2");
    let said = folder.fails("merge s0 s1 --out r", 2);
    assert!(
        said.contains("one was run with nothing set, the other with seed=2"),
        "{said}"
    );
    shares(&folder, &[1], 2);
    let said = folder.succeeds("merge s0 s1 --out r");
    assert_eq!(
        said,
        "x: 0 blocks are there more than once, 100 belong to other keys; neither does harm\n"
    );
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}

/// Two machines that compute differently are told, not averaged.
#[test]
fn a_block_that_two_shares_have_otherwise_is_refused() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out a");
    folder.succeeds("run x.toml -q --out b");
    let mut bytes = folder.bytes("b/x/journal/blocks.mlj");
    // The last byte of the last record is part of a sum.
    let start = (16..bytes.len())
        .rev()
        .find(|&at| bytes[at..].starts_with(b"MLr\n"))
        .unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let sum = crc32fast::hash(&bytes[start + 20..]);
    bytes[start + 12..start + 16].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(&bytes[start..start + 16]);
    bytes[start + 16..start + 20].copy_from_slice(&sum.to_le_bytes());
    folder.write("b/x/journal/blocks.mlj", bytes);
    let said = folder.fails("merge a b --out r", 2);
    assert!(
        said.contains(" is not the same in a/x/journal/blocks.mlj and b/x/journal/blocks.mlj; `verify` says"),
        "{said}"
    );
    let verified = folder.run("verify b --blocks 1000");
    assert!(
        verified.err.contains("is not what this program computes"),
        "{}",
        verified.err
    );
}

#[test]
fn what_is_no_share_is_refused() {
    let folder = Folder::new();
    let said = folder.fails("run x.toml --shard 4/4", 2);
    assert!(
        said.contains("\"4/4\" is no shard: I/N with I from 0 to N - 1"),
        "{said}"
    );
    // It would remove what the other shares have finished.
    let said = folder.fails("run x.toml --shard 0/4 --fresh", 2);
    assert!(said.contains("'--shard <I/N>' cannot be used with '--fresh'"), "{said}");
    folder.write("empty/file", "");
    let said = folder.fails("merge empty --out r", 2);
    assert_eq!(
        said,
        "mode-lottery: empty: no journal here or one level below; `run --shard I/N --out DIR` writes one\n"
    );
    let said = folder.fails("merge nowhere --out r", 2);
    assert!(said.starts_with("mode-lottery: nowhere: No such file"), "{said}");
}

/// Half of a run, marked as such everywhere, and replaced by the whole when that is there.
#[test]
fn a_partial_merge_says_so_wherever_its_numbers_stand() {
    let folder = Folder::new();
    shares(&folder, &[0, 2], 4);
    let said = folder.fails("merge -q s0 s2 --out r", 2);
    assert!(said.contains("blocks are missing"), "{said}");
    folder.succeeds("merge -q s0 s2 --out r --partial");
    let estimates = folder.text("r/x/estimates.csv");
    let (header, rows) = estimates.split_once('\n').expect("a header");
    assert!(header.ends_with(",note"), "{header}");
    assert!(
        rows.lines().all(|row| row.contains(",partial: 50 blocks are missing")),
        "{rows}"
    );
    let claims = folder.text("r/x/claims.csv");
    assert!(
        claims
            .lines()
            .skip(1)
            .all(|row| row.contains(",inconclusive,") && row.contains("not judged: the result is partial")),
        "{claims}"
    );
    let page = folder.text("r/x/README.md");
    assert!(
        page.contains("**A partial result**") && page.contains("1600 replicates each"),
        "{page}"
    );
    let verified = folder.run("verify r");
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert!(verified.out.contains("the result is partial"), "{}", verified.out);
    // What is stored tells as much.
    folder.succeeds("report r");
    assert_eq!(folder.text("r/x/README.md"), page);
    // The mean of two halves is that of the whole, by the numbers of replicates.
    let first = |text: &str| -> f64 {
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let (header, row) = (lines.next().expect("a header"), lines.next().expect("a row"));
        let column = header.iter().position(|name| *name == "estimate").expect("the column");
        row[column].parse().expect("a number")
    };
    let half = first(&estimates);
    shares(&folder, &[1, 3], 4);
    folder.succeeds("merge -q s0 s1 s2 s3 --out r");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
    let whole = first(&folder.text("r/x/estimates.csv"));
    assert!(half != whole && (half / whole - 1.0).abs() < 0.5, "{half} {whole}");
}

/// What stands in the folder of a merge is replaced only by the same experiment, and a whole result never by a part.
#[test]
fn a_merge_replaces_no_other_and_no_greater_result() {
    let folder = Folder::new();
    shares(&folder, &[0, 1], 2);
    folder.succeeds("run x.toml -q --out r");
    let said = folder.fails("merge s0 --out r --partial", 2);
    assert!(
        said.contains("a whole result of this experiment stands there"),
        "{said}"
    );
    folder.write(
        "b/x.toml",
        EXPERIMENT
            .replace("A small law", "Another")
            .replace("seed = 1", "seed = 9"),
    );
    folder.succeeds("run b/x.toml -q --out other");
    let before = folder.files("other");
    let said = folder.fails("merge s0 s1 --out other", 2);
    assert!(
        said.contains("the result of another experiment stands there (\"Another\")"),
        "{said}"
    );
    assert!(folder.files("other") == before);
    // A refused share leaves nothing that a merge would stumble over.
    folder.write(
        "p.toml",
        EXPERIMENT.replace(
            "replicates = 3200",
            "precision = [{ estimand = \"mode-mass.variance\", relative = 0.5 }]",
        ),
    );
    folder.fails("run p.toml --shard 0/2 --out s0", 2);
    assert!(!folder.path("s0/p").exists());
    folder.succeeds("merge -q s0 s1 --out r");
    assert!(differences(&peace(), &folder.result("r")).is_empty());
}
