//! Files as people have them: shapes, containers, what comes along, and the policies for what is missing, equal or there twice.

use super::{Folder, POOLS};
use std::io::Write as _;

const ULTRA: &str = "\
{\"source\":\"demo\",\"instruction\":\"Name a prime.\",\"models\":[\"m1\",\"m2\",\"m3\"],\"completions\":[\
{\"model\":\"m1\",\"response\":\"Two.\",\"marks\":{\"all\":7.5}},{\"model\":\"m2\",\"response\":\"Nine.\",\"marks\":{\"all\":\"2\"}},\
{\"model\":\"m3\",\"response\":\"Seven!\",\"marks\":{\"all\":8.5}}]}
{\"source\":\"demo\",\"instruction\":\"Name a colour.\",\"models\":[\"m1\",\"m2\"],\"completions\":[\
{\"model\":\"m1\",\"response\":\"Red.\",\"marks\":{\"all\":7.0}},{\"model\":\"m2\",\"response\":\"Blue.\",\"marks\":{\"all\":null}}]}
";

const LISTS: &str = "\
{\"prompt\":\"Name a prime.\",\"responses\":[\"Two.\",\"Nine.\",\"Seven!\"],\"rewards\":[0.75,-1.2,0.9]}
{\"prompt\":\"Name a colour.\",\"responses\":[\"Red.\",\"Blue.\"],\"rewards\":[0.1,0.2]}
";

const DIALOGUES: &str = "\
{\"prompt\":[{\"role\":\"user\",\"content\":\"Name a prime.\"}],\"completion\":[{\"role\":\"assistant\",\"content\":\"Two.\"}],\"score\":0.7}
{\"prompt\":[{\"role\":\"user\",\"content\":\"Name a prime.\"}],\"completion\":[{\"role\":\"assistant\",\"content\":\"Nine.\"}],\"score\":0.1}
";

const NAN: &str = "\
{\"prompt\":\"p1\",\"candidate\":\"a\",\"reward\":0.5}
{\"prompt\":\"p1\",\"candidate\":\"b\",\"reward\":NaN}
{\"prompt\":\"p1\",\"candidate\":\"c\",\"reward\":0.7}
";

#[track_caller]
fn kept(file: &str, bytes: impl AsRef<[u8]>, options: &str) -> String {
    let folder = Folder::empty();
    folder.write(file, bytes);
    folder.kept(file, options)
}

#[track_caller]
fn refused(file: &str, bytes: impl AsRef<[u8]>, options: &str, says: &str) {
    let folder = Folder::empty();
    folder.write(file, bytes);
    let done = folder.run(file, options);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    assert!(done.err.contains(says), "{}", done.err);
    assert_eq!(folder.names(), [file], "something is left behind");
}

#[test]
fn a_row_may_be_a_whole_prompt_with_lists() {
    assert_eq!(
        kept("x.jsonl", LISTS, "--selector best --k 1"),
        "{\"prompt\":\"Name a prime.\",\"candidate\":2,\"rank\":1,\"weight\":1,\"gain\":0.9,\"reward\":0.9}\n\
         {\"prompt\":\"Name a colour.\",\"candidate\":1,\"rank\":1,\"weight\":1,\"gain\":0.2,\"reward\":0.2}\n"
    );
    assert_eq!(
        kept("x.jsonl", LISTS, "--selector best --k 2 --carry").lines().next(),
        Some(
            "{\"prompt\":\"Name a prime.\",\"responses\":[\"Seven!\",\"Two.\"],\"rewards\":[0.9,0.75],\"rank\":[1,2],\"weight\":[0.5,0.5],\"gain\":[0.9,0.75]}"
        )
    );
    let table = "prompt,responses,rewards,tag\nq,\"[\"\"a\"\",\"\"b\"\"]\",\"[0.1, 0.9]\",x\n";
    assert_eq!(
        kept("x.csv", table, "--selector best --k 1 --carry"),
        "prompt,responses,rewards,tag,rank,weight,gain\nq,\"[\"\"b\"\"]\",[0.9],x,[1],[1],[0.9]\n"
    );
    let spaced = "prompt,rewards,embeddings\nq,\"[0.1 0.9\n 0.5]\",\"[[1, 0], [0, 1], [1, 1]]\"\n";
    assert!(kept("x.csv", spaced, "--selector best --k 1").ends_with("q,1,1,1,0.9,0.9\n"));
    // Without an id a row is a prompt of its own, and one without candidates is short.
    let none = "{\"rewards\":[1,2]}\n{\"rewards\":[]}\n{\"rewards\":[3,2]}\n";
    assert_eq!(
        kept("x.jsonl", none, "--selector best --k 1 --skip-short")
            .lines()
            .map(|line| &line[..26])
            .collect::<Vec<_>>(),
        ["{\"prompt\":0,\"candidate\":1,", "{\"prompt\":2,\"candidate\":0,"]
    );
}

#[test]
fn a_row_may_be_a_whole_prompt_with_objects() {
    let options = "--selector best --k 1 --prompt instruction --reward completions[].marks.all";
    refused(
        "x.jsonl",
        ULTRA,
        options,
        "x.jsonl:2:186: completions[].marks.all: \"null\" is no number",
    );
    assert_eq!(
        kept("x.jsonl", ULTRA, &format!("{options} --missing drop")),
        "{\"instruction\":\"Name a prime.\",\"candidate\":2,\"rank\":1,\"weight\":1,\"gain\":8.5,\"all\":8.5}\n\
         {\"instruction\":\"Name a colour.\",\"candidate\":0,\"rank\":1,\"weight\":1,\"gain\":7,\"all\":7}\n"
    );
    assert_eq!(
        kept("x.jsonl", ULTRA, &format!("{options} --missing drop --carry"))
            .lines()
            .next(),
        Some(
            "{\"source\":\"demo\",\"instruction\":\"Name a prime.\",\"models\":[\"m3\"],\"completions\":[{\"model\":\"m3\",\
              \"response\":\"Seven!\",\"marks\":{\"all\":8.5},\"rank\":1,\"weight\":1,\"gain\":8.5}]}"
        )
    );
    let spread = ULTRA.replace(",\"", ",\n  \"").replace("}\n{", "},\n{");
    let array = format!("[\n{}]", spread.trim_end());
    assert_eq!(
        kept("x.json", &array, &format!("{options} --missing drop --out - ")).replace(",\n", "\n"),
        format!("[\n{}]\n", kept("x.jsonl", ULTRA, &format!("{options} --missing drop")))
    );
    refused(
        "x.json",
        &array,
        options,
        "x.json:22:18: completions[].marks.all: \"null\" is no number",
    );
}

#[test]
fn prompts_may_be_dialogues_and_candidates_without_ids() {
    let pair = kept("x.jsonl", DIALOGUES, "--reward score --pairs");
    assert_eq!(
        pair,
        "{\"prompt\":[{\"role\":\"user\",\"content\":\"Name a prime.\"}],\"chosen\":[{\"role\":\"assistant\",\"content\":\"Two.\"}],\
         \"rejected\":[{\"role\":\"assistant\",\"content\":\"Nine.\"}],\"chosen_score\":0.7,\"rejected_score\":0.1}\n"
    );
    let both = kept("x.jsonl", DIALOGUES, "--selector best --reward score --k 1");
    assert!(
        both.starts_with("{\"prompt\":[{\"role\":") && both.contains("\"candidate\":0,"),
        "{both}"
    );
}

#[test]
fn numbers_may_stand_in_quotes_or_be_true_and_lists_may_be_nested_or_of_spaces() {
    let flags =
        "{\"prompt\":\"t\",\"candidate\":0,\"passed\":false}\n{\"prompt\":\"t\",\"candidate\":1,\"passed\":true}\n";
    assert!(kept("x.jsonl", flags, "--selector best --k 1 --reward passed").contains("\"candidate\":1,\"rank\":1"));
    let table = "prompt,candidate,reward\np,a,False\np,b,True\n";
    assert!(kept("x.csv", table, "--selector best --k 1").contains("p,b,1,1,1,1"));
    let quoted = "{\"prompt\":\"t\",\"candidate\":0,\"reward\":\"0.5\"}\n{\"prompt\":\"t\",\"candidate\":1,\"reward\":\"1e1\"}\n";
    assert!(kept("x.jsonl", quoted, "--selector best --k 1").contains("\"reward\":10"));
    // However a list is written, the picks are those of the plain one.
    let plain = "prompt,candidate,embedding\np,a,\"[1, 0]\"\np,b,\"[0.9, 0.1]\"\np,c,\"[0, 1]\"\n";
    let expected = kept("x.csv", plain, "--selector diverse --k 2");
    for (from, to) in [(", ", " "), ("[", "[["), (", ", "  \n "), (", ", ",")] {
        let other = plain
            .replace(from, to)
            .replace(']', if to == "[[" { "]]" } else { "]" });
        assert_eq!(kept("x.csv", &other, "--selector diverse --k 2"), expected, "{other}");
    }
    let bare = plain.replace(['[', ']'], "");
    assert_eq!(kept("x.csv", bare, "--selector diverse --k 2"), expected);
    let nested = "{\"prompt\":\"p\",\"responses\":[\"x\",\"y\",\"z\"],\"embeddings\":[[1,0],[0.9,0.1],[0,1]]}\n";
    let ids = |text: &str| -> Vec<char> { text.chars().filter(|c| "abc".contains(*c)).collect() };
    let found = kept("x.jsonl", nested, "--selector diverse --k 2");
    let found: Vec<&str> = found
        .lines()
        .filter_map(|line| line.split("candidate\":").nth(1)?.get(..1))
        .collect();
    assert_eq!(found, ["1", "2"], "b and c: {:?}", ids(&expected));
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

fn zstandard(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn containers_are_told_by_their_bytes() {
    let options = "--selector diverse-best --k 2";
    let expected = kept("x.csv", POOLS, options);
    let (first, second) = POOLS.split_at(POOLS.find("p2").unwrap());
    let parts = |pack: fn(&str) -> Vec<u8>| [pack(first), pack(second)].concat();
    for (file, bytes) in [
        ("x.csv.gz", gzip(POOLS)),
        ("x.csv.zst", zstandard(POOLS)),
        ("x.csv", gzip(POOLS)),
        ("x.gz", parts(gzip)),
        ("x.zst", parts(zstandard)),
        ("x.csv.gz", POOLS.as_bytes().to_vec()),
        ("x.csv", POOLS.replace(',', ";").into_bytes()),
        ("x.csv", format!("\u{feff}{}", POOLS.replace('\n', "\r\n")).into_bytes()),
    ] {
        assert_eq!(kept(file, bytes, options), expected, "{file}");
    }
    let tabs = kept("x.tsv", POOLS.replace(',', "\t"), options);
    assert_eq!(tabs.replace('\t', ","), expected);
    let folder = Folder::empty();
    folder.write("x.dat", gzip(LISTS));
    let told = folder.run("x.dat", "--selector best --k 1").err;
    assert!(told.starts_with("x.dat: read as jsonl, by how it begins"), "{told}");
}

#[test]
fn an_output_is_compressed_where_its_name_says_so() {
    let folder = Folder::empty();
    folder.write("x.csv", POOLS);
    let options = "--selector best --k 2";
    folder.kept("x.csv", &format!("{options} --out kept.csv.gz"));
    let bytes = std::fs::read(folder.path("kept.csv.gz")).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
    assert_eq!(text, folder.kept("x.csv", options));
    refused(
        "x.csv",
        POOLS,
        &format!("{options} --out kept.zst"),
        ".zst is read and not written",
    );
}

#[test]
fn damaged_containers_are_refused() {
    let best = "--selector best --k 1";
    for (file, whole) in [
        ("x.csv.gz", gzip(&POOLS.repeat(9))),
        ("x.csv.zst", zstandard(&POOLS.repeat(9))),
    ] {
        for cut in (5..whole.len()).step_by(7) {
            let folder = Folder::empty();
            folder.write(file, &whole[..cut]);
            let done = folder.run(file, best);
            assert_eq!(
                (done.code, done.out.as_str()),
                (Some(2), ""),
                "{file}, {cut} bytes: {done:?}"
            );
        }
        for at in 4..whole.len().min(60) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            let folder = Folder::empty();
            folder.write(file, bytes);
            let done = folder.run(file, best);
            assert!(
                matches!(done.code, Some(0 | 2)) && !done.err.contains("panicked"),
                "{file}, byte {at}: {done:?}"
            );
        }
    }
    refused("x.gz", gzip(""), best, "x.gz: the file is empty");
    refused(
        "x.csv.gz",
        gzip("prompt,candidate,reward\np,a,x\n"),
        best,
        "x.csv.gz:2: reward: \"x\" is not a number",
    );
    refused(
        "x.json",
        "[{\"prompt\":\"p\"",
        best,
        "x.json:1:2: the file ends within the value that begins here",
    );
    refused(
        "x.json",
        "[{\"prompt\":\"p\",\"candidate\":1,\"reward\":1}",
        best,
        "the file ends within its array",
    );
    refused(
        "x.json",
        "[{\"prompt\":\"p\",\"candidate\":1,\"reward\":1} {}]",
        best,
        "x.json:1:42: a comma or ] is expected",
    );
    refused("x.json", "[]", best, "x.json: the file is empty");
    refused("x.json", "[[1], 2]", best, "each item of the array is one object");
    refused(
        "x.json",
        "[\n{\"prompt\":\"p\",\n\"candidate\":1,\n\"reward\":\"é\"}]",
        best,
        "x.json:4:10: reward: \"é\" is not a number",
    );
}

#[test]
fn several_files_are_one() {
    let folder = Folder::empty();
    let (first, second) = POOLS.split_at(POOLS.find("p1,c").unwrap());
    let header = POOLS.lines().next().unwrap();
    folder.write("a.csv", first);
    folder.write("b.csv.gz", gzip(&format!("{header}\n{second}")));
    let options = "--selector diverse-best --k 2";
    assert_eq!(
        folder.kept("a.csv", &format!("b.csv.gz {options}")),
        kept("x.csv", POOLS, options)
    );
    folder.write("c.csv", format!("{header}\np3,a,high,1,1\n"));
    let done = folder.run("a.csv", &format!("b.csv.gz c.csv {options}"));
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.err.starts_with("c.csv:2: reward: \"high\""), "{}", done.err);
    folder.write("d.csv", "prompt,candidate,reward\np9,a,1\n");
    let done = folder.run("a.csv", &format!("d.csv {options}"));
    assert!(
        done.err.starts_with("d.csv:1: the selector compares candidates"),
        "{}",
        done.err
    );
    folder.write("e.jsonl", LISTS);
    let done = folder.run("a.csv", "e.jsonl --selector best --k 1");
    assert!(
        done.err.contains("e.jsonl: its rows have other columns"),
        "{}",
        done.err
    );
    let done = folder.run("a.csv", &format!("b.csv.gz {options} --out a.csv"));
    assert!(done.err.contains("this is the input"), "{}", done.err);
}

#[test]
fn everything_else_comes_along() {
    let texts = "{\"prompt\":\"p1\",\"candidate\":\"a\",\"reward\":0.5,\"response\":\"first text\",\"n\": 1e5}\n\
                 {\"prompt\":\"p1\",\"candidate\":\"b\",\"reward\":0.7,\"response\":\"second \\u00e9\",\"n\": NaN}\n";
    assert_eq!(
        kept("x.jsonl", texts, "--selector best --k 2 --carry"),
        "{\"prompt\":\"p1\",\"candidate\":\"b\",\"reward\":0.7,\"response\":\"second \\u00e9\",\"n\": NaN,\"rank\":1,\"weight\":0.5,\"gain\":0.7}\n\
         {\"prompt\":\"p1\",\"candidate\":\"a\",\"reward\":0.5,\"response\":\"first text\",\"n\": 1e5,\"rank\":2,\"weight\":0.5,\"gain\":0.5}\n"
    );
    let table = "prompt,candidate,reward,text\np,a,1,\"he said \"\"x\"\",\ntwice\"\np,b,0,z\n";
    assert_eq!(
        kept("x.csv", table, "--selector best --k 1 --carry"),
        "prompt,candidate,reward,text,rank,weight,gain\np,a,1,\"he said \"\"x\"\",\ntwice\",1,1,1\n"
    );
    refused(
        "x.csv",
        "prompt,candidate,reward,rank\np,a,1,2\n",
        "--selector best --k 1 --carry",
        "x.csv:1: a column is called rank",
    );
    refused(
        "x.jsonl",
        texts.replace("\"n\"", "\"gain\""),
        "--selector best --k 1 --carry",
        "x.jsonl:2: gain stands here",
    );
    refused(
        "x.csv",
        table,
        "--selector best --k 1 --carry --out x.jsonl",
        "name a file that ends in .csv",
    );
    // A list that is sometimes of another length is of something else.
    let tags = "{\"prompt\":\"q\",\"rewards\":[1,2],\"tags\":[\"x\"]}\n{\"prompt\":\"r\",\"rewards\":[1,2],\"tags\":[\"x\",\"y\"]}\n";
    let out = kept("x.jsonl", tags, "--selector best --k 1 --carry");
    assert!(out.contains("\"rewards\":[2],\"tags\":[\"x\",\"y\"]"), "{out}");
}

#[test]
fn pairs_are_the_best_and_the_worst() {
    assert_eq!(
        kept("x.jsonl", LISTS, "--pairs"),
        "{\"prompt\":\"Name a prime.\",\"chosen\":\"Seven!\",\"rejected\":\"Nine.\",\"chosen_reward\":0.9,\"rejected_reward\":-1.2}\n\
         {\"prompt\":\"Name a colour.\",\"chosen\":\"Blue.\",\"rejected\":\"Red.\",\"chosen_reward\":0.2,\"rejected_reward\":0.1}\n"
    );
    // Of what a selector keeps; of ids where there is no text; none of equals.
    let pools = format!("{POOLS}p3,a,1,1,1\np3,b,1,0,1\n");
    assert_eq!(
        kept("x.csv", &pools, "--pairs --selector best --k 2"),
        "prompt,chosen,rejected,chosen_reward,rejected_reward\np1,a,b,0.9,0.8\np2,y,x,0.7,0.5\n"
    );
    let folder = Folder::empty();
    folder.write("x.csv", &pools);
    let done = folder.run("x.csv", "--pairs");
    assert!(
        done.out.contains("p1,a,d,0.9,0.1\n") && !done.out.contains("p3"),
        "{}",
        done.out
    );
    assert!(
        done.err.contains("pairs are of candidate ids") && done.err.contains("2 pairs; 1 prompt of equal rewards"),
        "{}",
        done.err
    );
    let alone = folder.run("x.csv", "--pairs --carry");
    assert_eq!(alone.code, Some(2));
}

#[test]
fn policies_decide_about_what_is_missing_equal_or_there_twice() {
    refused(
        "x.jsonl",
        NAN,
        "--selector best --k 1",
        "x.jsonl:2:41: reward: \"NaN\" is no number",
    );
    let ids = |text: &str| -> Vec<String> {
        let rows = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        rows.map(|row| row["candidate"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        ids(&kept("x.jsonl", NAN, "--selector best --k 2 --missing drop")),
        ["c", "a"]
    );
    assert_eq!(
        ids(&kept("x.jsonl", NAN, "--selector random --k 3 --missing last"))[2],
        "b"
    );
    refused(
        "x.jsonl",
        NAN,
        "--selector best --k 3 --missing drop",
        "prompt \"p1\" has 2 candidates, so 3 cannot be kept",
    );
    let infinite = NAN.replace("NaN", "-Infinity");
    refused(
        "x.jsonl",
        infinite,
        "--selector best --k 1 --missing drop",
        "reward: \"-Infinity\" is not a finite number",
    );
    let copies = "prompt,candidate,reward,response\np,a,1,x\np,b,3,x\np,c,2,y\n";
    assert!(
        kept("x.csv", copies, "--selector best --k 2 --duplicates drop").ends_with("p,c,1,0.5,2,2\np,a,2,0.5,1,1\n")
    );
    assert!(kept("x.csv", copies, "--selector best --k 2").ends_with("p,b,1,0.5,3,3\np,c,2,0.5,2,2\n"));
    refused(
        "x.csv",
        POOLS,
        "--selector best --k 1 --duplicates drop",
        "name it with --response",
    );
    let equal = "prompt,candidate,reward\np,a,1\np,b,1\nq,a,1\nq,b,2\n";
    assert!(!kept("x.csv", equal, "--selector best --k 1 --skip-equal").contains("p,"));
    assert!(kept("x.csv", equal, "--selector best --k 1").contains("p,"));
}

#[test]
fn several_rewards_are_weighed() {
    let marks = "prompt,candidate,help,right\np,a,4,0\np,b,1,4\np,c,2,2\n";
    let best = |rewards: &str| {
        kept("x.csv", marks, &format!("--selector best --k 1 {rewards}"))
            .lines()
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_eq!(best("--reward help=0.75 --reward right=0.25"), "p,a,1,1,3,3");
    assert_eq!(best("--reward help=0.25 --reward right=0.75"), "p,b,1,1,3.25,3.25");
    assert_eq!(best("--reward help=-1"), "p,b,1,1,-1,-1");
    refused(
        "x.csv",
        marks,
        "--selector best --k 1 --reward help --reward wrong",
        "no column is called \"wrong\"",
    );
}

/// What a similarity matrix leaves out of order must leave the other rows what they were.
#[test]
fn leaving_a_candidate_out_is_as_if_it_were_not_there() {
    let with = "prompt,candidate,reward,s0,s1,s2\np,a,1,1,0.5,0.2\np,b,,0.5,1,0.9\np,c,2,0.2,0.9,1\n";
    let without = "prompt,candidate,reward,s0,s1\np,a,1,1,0.2\np,c,2,0.2,1\n";
    let options = "--selector diverse-best --k 2";
    assert_eq!(
        kept("x.csv", with, &format!("{options} --missing drop")),
        kept("x.csv", without, options)
    );
    let with = POOLS.replace("0.8,", ",");
    let without: String = POOLS
        .lines()
        .filter(|line| !line.contains("0.8"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(
        kept("x.csv", &with, &format!("{options} --missing drop")),
        kept("x.csv", &without, options)
    );
    assert_ne!(
        kept("x.csv", POOLS, options),
        kept("x.csv", &without, options),
        "the control"
    );
}

#[test]
fn the_report_sets_what_was_kept_beside_what_was_there_and_warns() {
    let folder = Folder::empty();
    folder.write("x.csv", POOLS);
    let told = folder.run("x.csv", "--selector best --k 1 --report --quiet").err;
    for part in ["there", "kept", "random", "0.55", "0.8 ", "effective modes", "narrows"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(
        folder
            .run("x.csv", "--selector random --k 1 --report")
            .err
            .contains("random selection is unbiased")
    );
    assert!(!folder.run("x.csv", "--selector best --k 1").err.contains("narrows"));
}

#[test]
fn the_short_help_has_twelve_options() {
    let folder = Folder::empty();
    let options = |flag: &str| {
        let done = folder.run(flag, "");
        let text = if done.out.is_empty() { done.err } else { done.out };
        text.lines().filter(|line| line.trim_start().starts_with('-')).count()
    };
    assert_eq!(options("-h"), 12);
    assert!(options("--help") > 20);
}
