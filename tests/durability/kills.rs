//! Runs killed at any moment, their journals cut at any byte.

use super::{Draws, Folder, differences, peace};
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How many runs are killed.
const KILLS: u64 = 200;

/// The whole blocks of a journal and where each ends, found by their own marks: a second reader of the format.
fn blocks(bytes: &[u8]) -> Vec<(u64, usize)> {
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let mut at = 16;
    let mut found = Vec::new();
    while at + 20 <= bytes.len() && &bytes[at..at + 4] == b"MLr\n" {
        let end = at + 20 + word(at + 8) as usize;
        if end > bytes.len() {
            break;
        }
        if word(at + 4) == 3 {
            let block = u64::from_le_bytes(bytes[at + 52..at + 60].try_into().expect("eight bytes"));
            found.push((block, end));
        }
        at = end;
    }
    found
}

fn started(folder: &Folder, line: &str) -> Child {
    let mut command = folder.command(line);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

/// Cuts some bytes off the end of a file, as a loss of power may.
fn cut(path: &Path, draws: &mut Draws) {
    let Ok(bytes) = fs::read(path) else { return };
    let length = bytes.len() - draws.below(bytes.len() as u64 / 8 + 2).min(bytes.len() as u64) as usize;
    fs::write(path, &bytes[..length]).expect("it can be cut");
}

/// Each run either ends with the bytes of a peaceful one or is killed; what it had finished by then is never computed
/// again. The work is stretched so that a kill lands everywhere: at the start, amid blocks, while results are written.
#[test]
fn two_hundred_kills_change_no_byte_and_lose_no_block() {
    let started_at = Instant::now();
    let expected = peace();
    // Kills fall within the time that a whole run takes here, whatever the machine and its load.
    let longest = started_at.elapsed().as_micros().clamp(20_000, 2_000_000) as u64;
    let mut draws = Draws(20_261_122);
    let (mut kills, mut resumed, mut folder) = (0, 0, Folder::new());
    while kills < KILLS {
        let journal = folder.path("r/x/journal/blocks.mlj");
        let before = fs::read(&journal).map(|bytes| blocks(&bytes).len()).unwrap_or(0);
        resumed += u64::from(before > 0);
        let threads = 1 + draws.below(2);
        let mut child = started(&folder, &format!("run x.toml -q --out r --threads {threads}"));
        std::thread::sleep(Duration::from_micros(draws.below(longest)));
        let ended = child.try_wait().expect("it can be waited for");
        child.kill().expect("it can be killed");
        child.wait().expect("it ended");
        if let Some(status) = ended {
            assert!(status.success());
            let found = folder.result("r");
            assert_eq!(differences(&expected, &found), Vec::<String>::new());
            assert_eq!(folder.provenance("r", "blocks-kept"), before as u64);
            folder = Folder::new();
            continue;
        }
        kills += 1;
        if draws.below(3) == 0 {
            cut(&journal, &mut draws);
        }
    }
    // Kills that all fell before the first block would show nothing.
    assert!(resumed > KILLS / 5, "{resumed} of {kills} kills were gone on from");
    folder.succeeds("run x.toml -q --out r");
    assert_eq!(differences(&expected, &folder.result("r")), Vec::<String>::new());
}

/// A run that ends by itself after a kill has computed only what the journal did not hold.
#[test]
fn a_journal_cut_at_any_record_is_gone_on_from_there() {
    let expected = peace();
    let whole = Folder::new();
    whole.succeeds("run x.toml -q --out r");
    let bytes = whole.bytes("r/x/journal/blocks.mlj");
    let ends = blocks(&bytes);
    assert_eq!(ends.len(), 200);
    let mut draws = Draws(7);
    for _ in 0..20 {
        let folder = Folder::new();
        let length = draws.below(bytes.len() as u64) as usize;
        folder.write("r/x/journal/blocks.mlj", &bytes[..length]);
        folder.succeeds("run x.toml -q --out r");
        assert!(differences(&expected, &folder.result("r")).is_empty());
        let kept = ends.iter().filter(|(_, end)| *end <= length).count() as u64;
        assert_eq!(folder.provenance("r", "blocks-kept"), kept, "cut at {length}");
        assert_eq!(folder.provenance("r", "blocks-computed"), 200 - kept, "cut at {length}");
    }
}
