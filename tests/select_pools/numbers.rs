//! Prompts with numbers of their own: by a column, and a total that is shared out.

use super::Folder;

/// Three prompts with a number each, of two, four and four candidates.
const NUMBERED: &str = "\
prompt,candidate,reward,k
p,a,0.1,1
p,b,0.2,1
q,a,0.1,3
q,b,0.4,3
q,c,0.3,3
q,d,0.2,3
r,a,0.5,2
r,b,0.4,2
r,c,0.3,2
r,d,0.2,2
";

/// Candidate and weight of what is kept of each prompt.
fn kept(out: &str) -> Vec<(String, f64)> {
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("prompt,candidate,rank,weight,gain,reward"));
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        (fields[..2].join(""), fields[3].parse().expect("a weight"))
    };
    lines.map(row).collect()
}

fn folder(text: &str) -> Folder {
    let folder = Folder::empty();
    folder.write("x.csv", text);
    folder
}

#[test]
fn a_column_says_how_many_are_kept_and_every_prompt_weighs_the_same() {
    let folder = folder(NUMBERED);
    let found = kept(&folder.kept("x.csv", "--selector best --keep-column k"));
    let third = 1.0 / 3.0;
    let expected = [
        ("pb", 1.0),
        ("qb", third),
        ("qc", third),
        ("qd", third),
        ("ra", 0.5),
        ("rb", 0.5),
    ];
    assert_eq!(found, expected.map(|(id, weight)| (id.to_owned(), weight)));
    // The same of rows that stand apart, and of records that are whole prompts.
    let mut lines: Vec<&str> = NUMBERED.lines().skip(1).collect();
    lines.reverse();
    folder.write(
        "apart.csv",
        format!("prompt,candidate,reward,k\n{}\n", lines.join("\n")),
    );
    let mut apart = kept(&folder.kept("apart.csv", "--selector best --keep-column k --unsorted"));
    apart.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(apart, found);
    folder.write(
        "whole.jsonl",
        "{\"prompt\": \"q\", \"candidate\": [\"a\", \"b\", \"c\"], \"reward\": [0.1, 0.3, 0.2], \"k\": 2}\n",
    );
    let whole = folder.kept("whole.jsonl", "--selector best --keep-column k");
    assert!(
        whole.starts_with("{\"prompt\":\"q\",\"candidate\":\"b\",\"rank\":1,\"weight\":0.5,"),
        "{whole}"
    );
    assert_eq!(whole.lines().count(), 2, "{whole}");
}

/// Shared out in proportion to a column, or as equally as pools allow; never more than there are.
#[test]
fn a_total_is_shared_out_among_prompts() {
    let folder = folder(NUMBERED);
    let counts = |options: &str| {
        let found = kept(&folder.kept("x.csv", &format!("--selector random {options}")));
        let of = |prompt: &str| found.iter().filter(|own| own.0.starts_with(prompt)).count();
        for prompt in ["p", "q", "r"] {
            let own = found.iter().filter(|own| own.0.starts_with(prompt));
            assert!(
                (own.map(|own| own.1).sum::<f64>() - 1.0).abs() < 1e-12,
                "{options} {prompt}"
            );
        }
        ["p", "q", "r"].map(of)
    };
    assert_eq!(counts("--total 6"), [2, 2, 2]);
    assert_eq!(counts("--total 8"), [2, 3, 3]);
    assert_eq!(counts("--total 10"), [2, 4, 4]);
    // In real numbers 1, 3 and 2.
    assert_eq!(counts("--total 6 --keep-column k"), [1, 3, 2]);
    // 1/2 + 9/4 + 4/3 is less than 1 + 9/4 + 4/4.
    assert_eq!(counts("--total 9 --keep-column k"), [2, 4, 3]);
    assert_eq!(counts("--total 3 --keep-column k"), [1, 1, 1]);
    // With a total the numbers may be any.
    let fractions = NUMBERED
        .replace(",1\n", ",0\n")
        .replace(",3\n", ",0.3\n")
        .replace(",2\n", ",0.15\n");
    folder.write("x.csv", fractions.replace("reward,k", "reward,sd"));
    assert_eq!(counts("--total 7 --keep-column sd"), [1, 4, 2]);
}

#[test]
fn numbers_that_cannot_be_are_refused_with_their_line() {
    let folder = folder(NUMBERED);
    let refused = |text: &str, options: &str, message: &str| {
        folder.write("x.csv", text);
        let done = folder.run("x.csv", options);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{options}");
        assert!(done.err.contains(message), "{options}\n{}", done.err);
    };
    let column = "--selector best --keep-column k";
    refused(
        &NUMBERED.replace("q,c,0.3,3", "q,c,0.3,2"),
        column,
        "x.csv:6: k is 2, but 3 in the first row of prompt \"q\": it is one number of a prompt",
    );
    refused(
        &NUMBERED.replace("q,c,0.3,3", "q,c,0.3,"),
        column,
        "x.csv:6: no k: every row of prompt \"q\" has it",
    );
    refused(
        &NUMBERED.replace(",2\n", ",1.5\n"),
        column,
        "k is 1.5: it says how many are kept of the prompt, a whole number from 1 to 1048576; with --total it may be any",
    );
    refused(
        &NUMBERED.replace(",2\n", ",-2\n"),
        &format!("{column} --total 5"),
        "k is -2: prompt \"r\" has a number from 0 on",
    );
    refused(
        &NUMBERED.replace(",2\n", ",5\n"),
        column,
        "prompt \"r\" has 4 candidates, so 5 cannot be kept: lower k, or leave such prompts out with --skip-short",
    );
    refused(
        NUMBERED,
        "--selector best --total 2",
        "--total 2 is less than one of each of 3 prompts: raise it, or give fewer prompts",
    );
    refused(
        NUMBERED,
        "--selector best --total 11",
        "--total 11 is more than the 10 candidates of 3 prompts: lower it",
    );
    refused(
        NUMBERED,
        "--selector best --keep-column reward",
        "--reward and --keep-column both name the column \"reward\": name two",
    );
    refused(
        NUMBERED,
        "--selector best --keep-column kk",
        "no column is called \"kk\"",
    );
    refused(NUMBERED, "--selector best --k 2 --total 5", "cannot be used with");
    let done = folder.run("-", "--selector best --total 5");
    assert!(
        done.err.contains(
            "--total reads the input twice, which standard input cannot be: write it to a file, and name that"
        ),
        "{}",
        done.err
    );
}
