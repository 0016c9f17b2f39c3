//! Wrong pools and options, each with the whole message that a user reads, exit status 2, and nothing written.

use super::{Folder, POOLS};
use crate::program::told;

/// A wrong input and what is said of it.
#[derive(Default)]
struct Case {
    options: String,
    /// Lines of CSV, or of JSONL.
    lines: Vec<String>,
    json: bool,
    says: String,
}

const TABLE: &str = include_str!("refused.txt");

/// The cases of a table; its first lines say how they are written.
fn cases(table: &str) -> Vec<Case> {
    let blocks = table.split("\n\n").skip(1);
    blocks.filter(|block| !block.trim().is_empty()).map(case).collect()
}

fn case(block: &str) -> Case {
    let mut case = Case::default();
    for line in block.lines() {
        let (mark, content) = line.split_at(1);
        let content = content.strip_prefix(' ').unwrap_or(content).to_owned();
        match mark {
            "$" => case.options = content,
            "|" => case.lines.push(content),
            ":" => {
                case.json = true;
                case.lines.push(content);
            }
            "=" => case.says = content,
            _ => panic!("no mark: {line}"),
        }
    }
    case
}

fn check(table: &str, at_least: usize) {
    let cases = cases(table);
    assert!(cases.len() >= at_least, "{} cases were read", cases.len());
    let mut differing = Vec::new();
    for case in cases {
        let folder = Folder::empty();
        let file = if case.json { "x.jsonl" } else { "x.csv" };
        let text = match case.lines.is_empty() {
            true => POOLS.to_owned(),
            false => case.lines.join("\n") + "\n",
        };
        folder.write(file, text);
        for out in ["-", "kept.csv"] {
            let done = folder.run(file, &format!("{} --out {out}", case.options));
            let expected = told(&case.says);
            if (done.code, done.out.as_str(), done.err.as_str()) != (Some(2), "", &expected) {
                differing.push(format!("expected: {expected}   found: {done:?}"));
            }
            if folder.names() != [file] {
                differing.push(format!("{}: {:?} are left behind", case.says, folder.names()));
            }
        }
    }
    assert!(differing.is_empty(), "\n{}", differing.join("\n\n"));
}

#[test]
fn wrong_pools_and_options_are_refused_with_their_place() {
    check(TABLE, 60);
}

/// Without it, an empty table or a check that always passes would go unnoticed.
#[test]
fn a_table_with_a_wrong_message_would_be_found() {
    for wrong in [
        "# about\n\n$ --selector best --k 9\n= x.csv:2: something else\n",
        "# about\n\n$ --selector best --k 1\n= x.csv:2: taken for right\n",
        "# about\n",
    ] {
        assert!(std::panic::catch_unwind(|| check(wrong, 1)).is_err(), "{wrong}");
    }
}

#[track_caller]
fn refused(bytes: &[u8], file: &str, options: &str, says: &str) {
    let folder = Folder::empty();
    folder.write(file, bytes);
    let done = folder.run(file, options);
    assert_eq!(done.err, told(says));
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
}

/// Texts that a table cannot hold.
#[test]
fn files_that_are_no_pools_are_refused() {
    let best = "--selector best --k 1";
    let empty = "the file is empty: a header row and one row per candidate are expected";
    refused(b"", "x.csv", best, &format!("x.csv: {empty}"));
    refused(b"\n \r\n\n", "x.csv", best, &format!("x.csv: {empty}"));
    let empty = "x.ndjson: the file is empty: one row per candidate is expected";
    refused(b"\n\n", "x.ndjson", best, empty);
    let header = "x.csv: the file holds a header only: one row per candidate is expected";
    refused(b"prompt,candidate,reward", "x.csv", best, header);
    let latin = "x.csv:3:7: the byte 0xe9 is not UTF-8 text: save the file as UTF-8";
    refused(
        b"prompt,candidate,reward\np,a,1\np,\xc3\xa9t\xc3\xa9,\xe9\n",
        "x.csv",
        best,
        latin,
    );
    let utf16 = "x.csv:1:1: the byte 0xff is not UTF-8 text: save the file as UTF-8";
    refused(b"\xff\xfep\0r\0", "x.csv", best, utf16);
    let cr = "x.csv:1: a carriage return stands within this line: end lines by line feeds, and quote a field that \
              holds one";
    refused(b"prompt,candidate,reward\rp,a,1\rp,b,2\r", "x.csv", best, cr);
    let long = [&b"prompt,candidate,reward\np,a,"[..], &vec![b'1'; 16 << 20], b"\n"].concat();
    let says = "x.csv:2: a row of more than 16777216 bytes: rows of CSV and JSONL are shorter";
    refused(&long, "x.csv", best, says);
    let quoted = [
        &b"prompt,candidate,reward\np,\""[..],
        "a\n".repeat(8 << 20).as_bytes(),
        b"\n",
    ]
    .concat();
    refused(&quoted, "x.csv", best, says);
    for file in ["x.csv.gz", "x.dat"] {
        let empty = "the file is empty: a header row and one row per candidate are expected";
        refused(b"", file, best, &format!("{file}: {empty}"));
    }
}

/// Files of other formats are told which they are and what makes text of them.
#[test]
fn other_formats_are_named_with_what_makes_text_of_them() {
    for (bytes, says) in [
        (
            &b"BZh9"[..],
            "it is compressed with bzip2: bzip2 -dc FILE | mode-lottery select - ",
        ),
        (b"PK\x03\x04", "it is a zip archive: unzip -p FILE | "),
        #[cfg(not(feature = "parquet"))]
        (
            b"PAR1\x15\x04",
            "it is Parquet, which this build does not read (cargo install --features parquet does): duckdb ",
        ),
    ] {
        for file in ["x.csv", "x.jsonl"] {
            let folder = Folder::empty();
            folder.write(file, bytes);
            let done = folder.run(file, "--selector best --k 1");
            assert_eq!(done.code, Some(2), "{done:?}");
            assert!(done.err.starts_with(&format!("{file}:1: {says}")), "{}", done.err);
        }
    }
}

/// A prompt whose rows stand apart seems to have too few: what is wrong is the order, and lowering K would keep the wrong ones.
#[test]
fn shuffled_prompts_are_told_of_their_order_and_not_of_k() {
    let shuffled = b"prompt,candidate,reward\np1,a,1\np2,a,1\np1,b,2\np2,b,2\n";
    let says = "x.csv:4: prompt \"p1\" comes back: its rows begin in line 2 and other prompts stand between; put them \
                together, or give --unsorted, which holds the whole file in memory";
    refused(shuffled, "x.csv", "--selector best --k 2", says);
    // The control: nothing comes back.
    let short = "x.csv:2: prompt \"p1\" has 1 candidate, so 2 cannot be kept: lower --k, or leave such prompts out with --skip-short";
    refused(
        b"prompt,candidate,reward\np1,a,1\np2,a,1\np2,b,2\n",
        "x.csv",
        "--selector best --k 2",
        short,
    );
}

/// Lines are counted as an editor counts them, after blank lines, carriage returns and fields of several lines.
#[test]
fn lines_are_those_of_an_editor() {
    let best = "--selector best --k 1";
    let wrong = "reward: \"x\" is not a number: write it like 0.5 or 5e-1";
    let text = "\u{feff}prompt,candidate,reward\r\n\r\n\r\np,\"a\r\nb\",1\r\n\r\np,c,x\r\n";
    refused(text.as_bytes(), "x.csv", best, &format!("x.csv:7: {wrong}"));
    let text = "\u{feff}\n{\"prompt\": \"é\", \"candidate\": 1, \"reward\": 1}\r\n\r\n{\"prompt\": \"é\", \"candidate\": 2, \"reward\": 1e999}";
    let wrong = "reward: \"1e999\" is not a finite number: give one, or leave the row out";
    refused(text.as_bytes(), "x.jsonl", best, &format!("x.jsonl:4:43: {wrong}"));
}

#[test]
fn a_prompt_of_too_many_candidates_to_compare_is_refused() {
    let mut text = "prompt,candidate,reward,similarity\n".to_owned();
    (0..=4096).for_each(|i| text += &format!("p,{i},1,1\n"));
    let says = "x.csv:4098: prompt \"p\" has more than 4096 candidates: split it, so that it fits into memory";
    refused(text.as_bytes(), "x.csv", "--selector diverse --k 1", says);
    let folder = Folder::empty();
    folder.write("x.csv", &text);
    assert_eq!(
        folder.kept("x.csv", "--selector best --k 4097").lines().count(),
        4098,
        "best compares none"
    );
    // Embeddings of as many are compared all the same: three kinds, each kept once.
    let mut text = "prompt,candidate,reward,e0,e1,e2\n".to_owned();
    (0..4500).for_each(|i| text += &format!("p,{i},1,{},{},{}\n", i % 3 / 2, i % 3 % 2, u8::from(i % 3 == 0)));
    folder.write("x.csv", &text);
    let kept = folder.kept("x.csv", "--selector diverse-weighted --k 3");
    let rows = kept
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut kinds: Vec<(u32, String)> = rows
        .map(|row| (row[1].parse::<u32>().unwrap() % 3, row[3].clone()))
        .collect();
    kinds.sort();
    let third = "0.3333333333333333".to_owned();
    assert_eq!(kinds, [(0, third.clone()), (1, third.clone()), (2, third)]);
}

/// Of two faults the first in the file is told, whichever thread finds it.
#[test]
fn the_first_fault_is_told() {
    let mut text = "prompt,candidate,reward\n".to_owned();
    (0..2000).for_each(|i| text += &format!("{},{i},1\n", i / 4));
    let first = text
        .replace("\n300,1200,1\n", "\n300,1200,x\n")
        .replace("\n400,1601,1\n", "\n400,1601\n");
    let says = "x.csv:1202: reward: \"x\" is not a number: write it like 0.5 or 5e-1";
    refused(first.as_bytes(), "x.csv", "--selector best --k 1", says);
    let same = text
        .replace("\n400,1600,1\n", "\n400,1600,x\n")
        .replace("\n400,1602,1\n", "\n400\n");
    let says = "x.csv:1602: reward: \"x\" is not a number: write it like 0.5 or 5e-1";
    refused(same.as_bytes(), "x.csv", "--selector best --k 1", says);
}

#[test]
fn what_cannot_be_opened_or_written_is_said() {
    let folder = Folder::empty();
    folder.write("x.csv", POOLS);
    let says = |file: &str, options: &str, code: i32, says: &str| {
        let done = folder.run(file, &format!("--selector best --k 1 {options}"));
        assert_eq!(done.err, told(says));
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""));
    };
    says("no.csv", "", 2, "no.csv: No such file or directory (os error 2)");
    std::fs::create_dir(folder.path("d.csv")).unwrap();
    says("d.csv", "", 2, "d.csv: Is a directory (os error 21)");
    let not_file = "there is something that is not a file: name a file, or - for standard output";
    says("x.csv", "--out d.csv", 2, &format!("--out d.csv: {not_file}"));
    says("x.csv", "--out /dev/null", 2, &format!("--out /dev/null: {not_file}"));
    says(
        "x.csv",
        "--out ./x.csv",
        2,
        "--out ./x.csv: this is the input: name another file",
    );
    let nowhere = "no/kept.csv: No such file or directory (os error 2)";
    assert!(
        folder
            .run("x.csv", "--selector best --k 1 --out no/kept.csv")
            .err
            .contains("No such file"),
        "{nowhere}"
    );
    assert_eq!(
        folder.run("x.csv", "--selector best --k 1 --out no/kept.csv").code,
        Some(3)
    );
    assert_eq!(folder.names(), ["d.csv", "x.csv"]);
}

#[test]
fn names_of_options_are_checked_by_the_parser_of_arguments() {
    let folder = Folder::empty();
    folder.write("x.csv", POOLS);
    for (options, says) in [
        (
            "--k 1",
            "error: the following required arguments were not provided:\n  --selector <NAME>",
        ),
        (
            "--selector best",
            "error: the following required arguments were not provided:\n  <--k <K>|--keep-column <COLUMN>|--total <T>>",
        ),
        (
            "--selector bset --k 1",
            "error: invalid value 'bset' for '--selector <NAME>'\n  [possible values: random, best,",
        ),
        (
            "--selector best --k 0",
            "error: invalid value '0' for '--k <K>': 0 is not in 1..=1048576",
        ),
        (
            "--selector diverse --k 1 --similarity rbf=-1",
            "error: invalid value 'rbf=-1' for '--similarity <KIND>': the bandwidth \"-1\" is not a positive number",
        ),
        (
            "--selector diverse --k 1 --similarity dot",
            "error: invalid value 'dot' for '--similarity <KIND>': known: cosine, raw-cosine, rbf=H",
        ),
        (
            "--selector diverse-best --k 1 --reward-share 1.5",
            "error: invalid value '1.5' for '--reward-share <SHARE>': a number from 0 to 1 is expected",
        ),
        (
            "--selector diverse --k 1 --similarity cosine --similarity-columns s",
            "error: the argument '--similarity <KIND>' cannot be used with '--similarity-columns <COLUMN>'",
        ),
    ] {
        let done = folder.run("x.csv", options);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{options}");
        assert!(done.err.starts_with(says), "{options}: {}", done.err);
    }
}
