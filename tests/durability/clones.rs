//! A result without its journal, as a clone of a repository has it: its manifest says enough to draw blocks again and compare.

use super::{EXPERIMENT, Folder};

const MANIFEST: &str = "r/x/manifest.json";

/// A result whose journal is gone.
fn clone(set: &str) -> Folder {
    let folder = Folder::new();
    folder.succeeds(&format!("run x.toml -q --out r{set}"));
    std::fs::remove_dir_all(folder.path("r/x/journal")).expect("it can be removed");
    folder
}

/// `verify` says this of the blocks, and names these faults.
#[track_caller]
fn verified(folder: &Folder, how: &str, said: &str, faults: &[&str]) {
    let done = folder.run(&format!("verify r{how}"));
    let lines: Vec<String> = faults.iter().map(|fault| format!("x: {fault}\n")).collect();
    let (code, err) = match faults {
        [] => (0, String::new()),
        _ => (3, format!("mode-lottery: {}", lines.concat())),
    };
    let out = format!("x: 6 files, 6 as written; {said}\n");
    assert_eq!((done.code, done.out, done.err), (Some(code), out, err));
}

/// Puts other text into the manifest; returns it as it was.
#[track_caller]
fn edit(folder: &Folder, find: &str, with: &str) -> String {
    let before = folder.text(MANIFEST);
    let after = before.replacen(find, with, 1);
    assert_ne!(before, after, "{find}");
    folder.write(MANIFEST, after);
    before
}

/// The digests of blocks of a scenario, as the manifest holds them.
fn digests(folder: &Folder, scenario: usize) -> Vec<String> {
    let manifest = folder.manifest("r");
    let own = manifest["scenarios"][scenario]["blocks"].as_array().expect("a list");
    own.iter().map(|own| own.as_str().expect("text").to_owned()).collect()
}

#[test]
fn blocks_are_drawn_again_without_a_journal() {
    let folder = clone("");
    verified(&folder, "", "8 blocks drawn again, 8 of 8 as in the manifest", &[]);
    verified(&folder, " --blocks 0", "0 blocks drawn again", &[]);
    verified(
        &folder,
        " --blocks 16",
        "28 blocks drawn again, 28 of 28 as in the manifest",
        &[],
    );
    verified(
        &folder,
        " --blocks 1000",
        "200 blocks drawn again, 28 of 28 as in the manifest",
        &[],
    );
    let said = "estimates computed again, byte for byte; blocks likewise, 28 of 28 as in the manifest";
    verified(&folder, " --all", said, &[]);
}

#[test]
fn a_report_keeps_the_digests() {
    let folder = clone("");
    let before = folder.bytes(MANIFEST);
    folder.succeeds("report r");
    assert_eq!(before, folder.bytes(MANIFEST));
}

/// One hexadecimal digit is enough, in the first, the last or another block.
#[test]
fn a_changed_digest_is_named() {
    let folder = clone("");
    let own = digests(&folder, 1);
    for place in [0, 5, own.len() - 1] {
        let (block, digest) = own[place].split_once(':').expect("a colon");
        let other = if digest.starts_with('0') { '1' } else { '0' };
        let before = edit(&folder, &own[place], &format!("{block}:{other}{}", &digest[1..]));
        let fault = format!("block {block} of scenario 1, drawn again, is not as in the manifest");
        let said = "28 blocks drawn again, 27 of 28 as in the manifest";
        verified(&folder, " --blocks 16", said, &[&fault]);
        let said = "estimates computed again, byte for byte; blocks likewise, 27 of 28 as in the manifest";
        verified(&folder, " --all", said, &[&fault]);
        folder.write(MANIFEST, before);
    }
    verified(
        &folder,
        " --blocks 16",
        "28 blocks drawn again, 28 of 28 as in the manifest",
        &[],
    );
}

/// What a program of other numbers would have left: this one's keys, and blocks of another seed.
#[test]
fn blocks_of_another_seed_are_not_those_of_this_one() {
    let (folder, other) = (clone(""), clone(" --set seed=2"));
    for (own, wrong) in digests(&folder, 0).iter().zip(digests(&other, 0)) {
        edit(&folder, own, &wrong);
    }
    let fault = |block: u64| format!("block {block} of scenario 0, drawn again, is not as in the manifest");
    let faults = [0, 32, 64, 99].map(fault);
    let said = "8 blocks drawn again, 4 of 8 as in the manifest";
    verified(&folder, "", said, &faults.each_ref().map(String::as_str));
    // The whole manifest of that seed has digests of blocks that are right, and of files that are not there.
    folder.write(MANIFEST, other.bytes(MANIFEST));
    let done = folder.run("verify r");
    assert_eq!(done.code, Some(3));
    assert!(done.err.contains("estimates.csv: not as it was written"), "{done:?}");
}

/// A journal says nothing against blocks that are drawn again as the manifest has them, and the other way round.
#[test]
fn a_result_of_wrong_blocks_is_named_with_and_without_its_journal() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    let journal = "r/x/journal/blocks.mlj";
    let mut bytes = folder.bytes(journal);
    let (start, block) = (16..bytes.len())
        .filter(|&at| bytes[at..].starts_with(b"MLr\n") && bytes[at + 4] == 3)
        .map(|at| (at, u64::from_le_bytes(bytes[at + 52..at + 60].try_into().unwrap())))
        .find(|(_, block)| *block == 64)
        .expect("a block 64");
    let length = u32::from_le_bytes(bytes[start + 8..start + 12].try_into().unwrap()) as usize;
    // The last byte is part of a sum.
    bytes[start + 20 + length - 1] ^= 1;
    let sum = crc32fast::hash(&bytes[start + 20..start + 20 + length]);
    bytes[start + 12..start + 16].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(&bytes[start..start + 16]);
    bytes[start + 16..start + 20].copy_from_slice(&sum.to_le_bytes());
    folder.write(journal, bytes);
    let done = folder.run("verify r");
    assert!(
        done.out.ends_with("8 of 8 as in the manifest, 7 of 8 as kept\n"),
        "{done:?}"
    );
    assert!(done.err.contains(&format!("block {block} of scenario ")), "{done:?}");
    assert!(
        done.err.ends_with(", as kept, is not what this program computes\n"),
        "{done:?}"
    );
    folder.succeeds("run x.toml -q --out r");
    let done = folder.run("verify r");
    assert!(
        done.out.ends_with("7 of 8 as in the manifest, 7 of 8 as kept\n"),
        "{done:?}"
    );
    assert_eq!((done.code, done.err.lines().count()), (Some(3), 2));
    std::fs::remove_dir_all(folder.path("r/x/journal")).expect("it can be removed");
    let done = folder.run("verify r");
    assert!(done.out.ends_with("7 of 8 as in the manifest\n"), "{done:?}");
    assert!(
        done.err.ends_with(", drawn again, is not as in the manifest\n"),
        "{done:?}"
    );
}

/// Nothing is drawn of what no run can have left: it could be any number of replicates.
#[test]
fn a_manifest_that_contradicts_itself_is_named() {
    let folder = clone("");
    let second = digests(&folder, 0)[1].clone();
    let missing = "scenario 0 of the manifest does not have the digests of blocks that a run of 3200 replicates leaves";
    let more = format!(
        "scenario 0 of the manifest has {} replicates, which its experiment does not ask for",
        u64::MAX
    );
    let moved = second.replacen("8:", "9:", 1);
    for (find, with, fault) in [
        (format!("\"{second}\",\n"), String::new(), missing),
        (second, moved, missing),
        (
            "\"replicates\": 3200".to_owned(),
            format!("\"replicates\": {}", u64::MAX),
            &more,
        ),
    ] {
        let before = edit(&folder, &find, &with);
        for how in ["", " --all"] {
            verified(
                &folder,
                how,
                "nothing drawn again: the manifest contradicts itself",
                &[fault],
            );
        }
        folder.write(MANIFEST, before);
    }
}

/// Where a run ends that looks at its precision is known only there: what it has passed by then is noted.
#[test]
fn runs_to_a_precision_leave_digests_too() {
    for looks in ["rounds", "two-stage"] {
        let folder = Folder::new();
        let run = format!(
            "precision = [{{ estimand = \"mode-mass.variance\", relative = 0.01 }}]\nat-most = 100000\nlooks = \"{looks}\"\n"
        );
        folder.write("x.toml", EXPERIMENT.replace("replicates = 3200\n", &run));
        folder.succeeds("run x.toml -q --out r");
        let (own, count) = (
            digests(&folder, 0),
            digests(&folder, 0).len() + digests(&folder, 1).len(),
        );
        let last = folder.manifest("r")["scenarios"][0]["replicates"]
            .as_u64()
            .expect("a number")
            / 32
            - 1;
        assert!(last > 64, "{looks}: {last} is no more than the first round");
        assert!(
            own[0].starts_with("0:") && own[own.len() - 1].starts_with(&format!("{last}:")),
            "{looks}: {own:?}"
        );
        std::fs::remove_dir_all(folder.path("r/x/journal")).expect("it can be removed");
        let said = format!("{count} blocks drawn again, {count} of {count} as in the manifest");
        verified(&folder, " --blocks 16", &said, &[]);
    }
}
