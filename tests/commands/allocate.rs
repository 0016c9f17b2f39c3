//! What `allocate` plans, from numbers and from pilots.

use super::Folder;

/// What a practitioner reads, and the same for a program.
#[test]
fn allocate_says_how_many_prompts_and_responses() {
    let folder = Folder::empty();
    let costs = ["--vx", "1", "--vy", "16", "--cost-prompt", "4", "--cost-response", "1"];
    let with = |more: &[&'static str]| [&["allocate"][..], &costs, more].concat();
    let said = folder.succeeds(&with(&["--budget", "2000"]));
    for line in [
        "K* = 8 responses of each prompt, sqrt(V_y|x/V_x x C_p/C_r) = sqrt(16 x 4)\n",
        "best whole numbers      166          8  1992  0.0180723        0.134433  100.0%\n",
        "K = 1                   400          1  2000     0.0425        0.206155  42.5%\n",
        "within 5% of the best: K from 5 to 12\n",
        "one response of each prompt: 2.4 times the variance. ",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    let json = folder.succeeds(&with(&["--target-se", "0.1", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let best = &json["designs"][0];
    assert!(best["variance"].as_f64().is_some_and(|v| v <= 0.01), "{json}");
    assert_eq!(
        (json["best_k"].as_f64(), best["responses"].as_u64()),
        (Some(8.0), Some(8))
    );
    let csv = folder.succeeds(&with(&["--budget", "2000", "--max-responses", "4", "--format", "csv"]));
    assert!(csv.starts_with(
        "design,prompts,responses,cost,variance,standard_error,efficiency\nbest whole numbers,250,4,2000,0.02,"
    ));
    folder.fails(
        &with(&["--budget", "3"]),
        2,
        "--budget 3 buys no prompt: one with one response costs 5",
    );
    for wrong in [
        &["--budget", "-5"][..],
        &["--budget", "1", "--target-se", "1"],
        &[],
        &["--target-variance", "nan"],
    ] {
        assert_eq!(folder.run(&with(wrong)).code, Some(2), "{wrong:?}");
    }
}

/// A response costs what generating and training it do, and one of each mode what training so few does. 172 prompts of 12 candidates, of
/// which 3.508 are trained on: (.153258 + .613032/12)/172.
#[test]
fn generating_and_training_have_prices_of_their_own() {
    let folder = Folder::empty();
    let base = [
        "allocate",
        "--vx",
        "0.153258",
        "--vy",
        "0.613032",
        "--cost-prompt",
        "4",
        "--budget",
        "1500",
    ];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    let parts = ["--cost-generated", "0.1", "--cost-trained", "1"];
    let whole = folder.succeeds(&with(&["--cost-response", "1.1"]));
    assert_eq!(
        folder.succeeds(&with(&parts)),
        whole,
        "at random nothing is generated that is not kept"
    );
    let shares = ["--shares", "0.3726,0.2375,0.1515,0.0966,0.0616,0.0393,0.025,0.0159"];
    let merged = [&parts[..], &["--design", "one-per-mode"]].concat();
    let said = folder.succeeds(&with(&[&merged[..], &shares, &["--format", "json"]].concat()));
    let json: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    let best = &json["designs"][0];
    let number = |key: &str| best[key].as_f64().unwrap_or(f64::NAN);
    assert_eq!((number("prompts"), number("candidates")), (172.0, 12.0), "{json}");
    assert!((number("trained") - 3.508).abs() < 5e-4, "{json}");
    assert!(
        (number("variance") - (0.153258 + 0.613032 / 12.0) / 172.0).abs() < 1e-12,
        "{json}"
    );
    assert!(
        (number("cost") - 172.0 * (4.0 + 1.2 + number("trained"))).abs() < 1e-9,
        "{json}"
    );
    let csv = folder.succeeds(&with(
        &[&merged[..], &shares, &["--format", "csv", "--max-responses", "4"]].concat(),
    ));
    assert!(csv.contains("\n\"best, one per mode\",222,4,"), "{csv}");
    for (more, message) in [
        (
            &[
                "--cost-generated",
                "0.1",
                "--cost-trained",
                "1",
                "--design",
                "one-per-mode",
            ][..],
            "--design one-per-mode: how many modes a prompt's candidates have follows from the share of each mode among all responses: state them with --shares, or bring a --pilot with a --label",
        ),
        (
            &[
                "--cost-response",
                "1",
                "--design",
                "one-per-mode",
                "--shares",
                "0.5,0.5",
            ],
            "candidates cost nothing, so more of them may be better without end: say how many there are, --max-responses",
        ),
        (
            &[
                "--cost-generated",
                "0.1",
                "--cost-trained",
                "1",
                "--design",
                "one-per-mode",
                "--shares",
                "0.5,0.2",
            ],
            "--shares: 2 shares sum to 0.7: give the share of every mode among all responses, 1 in all",
        ),
        (
            &[
                "--cost-generated",
                "0.1",
                "--cost-trained",
                "1",
                "--design",
                "one-per-mode",
                "--power",
                "0.9",
            ],
            "--power goes with --design random alone",
        ),
        (
            &["--cost-response", "1", "--shares", "0.5,0.5"],
            "--shares goes with --design one-per-mode alone",
        ),
    ] {
        folder.fails(&with(more), 2, message);
    }
    let both = folder.run(&with(&[
        "--cost-response",
        "1",
        "--cost-generated",
        "0.1",
        "--cost-trained",
        "1",
    ]));
    assert_eq!(both.code, Some(2), "{}", both.err);
}

/// Costs and a budget.
const PRICES: [&str; 6] = ["--cost-prompt", "4", "--cost-response", "1", "--budget", "2000"];

fn pilot<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["allocate", "--pilot"][..], more, &PRICES].concat()
}

/// Three prompts with two responses each: MSW = 1/3 and MSB = 1, so V_y|x = 1/3 and V_x = (1 - 1/3)/2 = 1/3, and K* = sqrt(4 x 1) = 2.
const SMALL: &str = "prompt,mode\na,x\na,x\nb,x\nb,y\nc,y\nc,y\n";

/// Labels are one-hot vectors: in whatever form and container they come, the numbers are those by hand.
#[test]
fn a_pilot_tells_its_components_in_every_form() {
    let folder = Folder::empty();
    folder.write("labels.csv", SMALL);
    folder.write(
        "lists.jsonl",
        "{\"prompt\": \"a\", \"mode\": [\"x\", \"x\"]}\n{\"prompt\": \"b\", \"mode\": [\"x\", \"y\"]}\n{\"prompt\": \"c\", \"mode\": [\"y\", \"y\"]}\n",
    );
    folder.write(
        "vectors.csv",
        "prompt,g0,g1\na,1,0\na,1,0\nb,1,0\nb,0,1\nc,0,1\nc,0,1\n",
    );
    for (file, column) in [
        ("labels.csv", "--label=mode"),
        ("lists.jsonl", "--label=mode"),
        ("vectors.csv", "--vector=g"),
    ] {
        let said = folder.succeeds(&pilot(&[file, column, "--format", "json"]));
        let json: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
        let close = |path: &str, expected: f64| {
            let found = json
                .pointer(path)
                .and_then(serde_json::Value::as_f64)
                .unwrap_or(f64::NAN);
            assert!(
                (found - expected).abs() < 1e-12,
                "{file} {path}: {found} {expected}\n{json}"
            );
        };
        close("/pilot/vx/value", 1.0 / 3.0);
        close("/pilot/vy/value", 1.0 / 3.0);
        close("/pilot/best_k/value", 2.0);
        close("/vx", 1.0 / 3.0);
        close("/best_k", 2.0);
        assert_eq!(json["designs"][0]["responses"].as_u64(), Some(2), "{json}");
        // Three prompts do not bound K*.
        assert!(json["pilot"]["best_k"]["high"].is_null(), "{json}");
    }
    // As scores of 1 and 0 a prompt's difference has half the squared length: both components are 1/6.
    folder.write("scores.csv", "prompt,score\na,1\na,1\nb,1\nb,0\nc,0\nc,0\n");
    let said = folder.succeeds(&pilot(&["scores.csv", "--value", "score"]));
    assert!(
        said.contains("pilot: 3 prompts, 6 responses, numbers\nV_x = 0.167 "),
        "{said}"
    );
}

/// Pilots drawn by a generator of its own: prompts that are closed or open in turn, and prompts that are all alike.
fn labels(closed: bool) -> String {
    let mut state = 1_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut out = "prompt,mode\n".to_owned();
    for prompt in 0..128 {
        let answer = next(8);
        for _ in 0..6 {
            let label = if closed && prompt % 2 == 0 { answer } else { next(8) };
            out += &format!("p{prompt},m{label}\n");
        }
    }
    out
}

#[test]
fn a_pilot_is_judged() {
    let folder = Folder::empty();
    folder.write("mixed.csv", labels(true));
    let said = folder.succeeds(&pilot(&["mixed.csv", "--label", "mode", "--as-world", "world.toml"]));
    assert!(
        said.contains("verdict: this pilot looks like none of these worlds. "),
        "{said}"
    );
    // What it would be is an experiment all the same.
    let checked = folder.succeeds(&["check", "world.toml", "--plan"]);
    assert!(checked.starts_with("world.toml: valid"), "{checked}");
    folder.write("alike.csv", labels(false));
    let said = folder.succeeds(&pilot(&["alike.csv", "--label", "mode"]));
    assert!(said.contains("verdict: nothing speaks against the model\n"), "{said}");
    assert!(
        said.contains(" to no end: this pilot does not exclude prompts that are all alike"),
        "{said}"
    );
}

#[test]
fn a_pilot_that_cannot_tell_is_refused_with_its_line() {
    let folder = Folder::empty();
    folder.write("labels.csv", SMALL);
    folder.write("empty.csv", "prompt,mode\na,x\na,\nb,y\n");
    folder.write("nan.csv", "prompt,score\na,1\na,nan\nb,2\n");
    folder.write("once.csv", "prompt,mode\na,x\nb,y\nc,x\n");
    for (args, message) in [
        (
            &["labels.csv"][..],
            "--pilot: say which column tells what responses are: --label, --value or --vector",
        ),
        (
            &["labels.csv", "--label", "mod"],
            "labels.csv:1: no column is called \"mod\" (known: prompt, mode; did you mean \"mode\"?): name it with --label",
        ),
        (
            &["empty.csv", "--label", "mode"],
            "empty.csv:3: no mode: every response of a pilot has one; leave its row out",
        ),
        (
            &["nan.csv", "--value", "score"],
            "nan.csv:3: no score: every response of a pilot has one; leave its row out",
        ),
        (
            &["once.csv", "--label", "mode"],
            "once.csv: none of 3 prompts has two responses, so V_y|x is not known; draw a second response to some prompts",
        ),
        (
            &["none.csv", "--label", "mode"],
            "none.csv: No such file or directory (os error 2)",
        ),
        (
            &["labels.csv", "--label", "mode", "--figure", "curve.jpg"],
            "curve.jpg: figures are written as svg, png",
        ),
    ] {
        folder.fails(&pilot(args), 2, message);
    }
    let both = folder.run(&pilot(&["labels.csv", "--label", "mode", "--vx", "1", "--vy", "1"]));
    assert!(
        both.err.contains("'--pilot <FILE>...' cannot be used with '--vx <V>'"),
        "{}",
        both.err
    );
}

/// The smallest difference that is found, of two models on the same questions: n = (1.959964 + .841621)^2 (omega^2 + sigma^2/K)/delta^2.
#[test]
fn a_comparison_of_two_models_is_planned() {
    let folder = Folder::empty();
    let variances = ["--vx", "0.111111", "--vy", "0.166667", "--vy-other", "0.166667"];
    let costs = ["--cost-prompt", "1", "--cost-response", "0.05"];
    let said = folder.succeeds(&[&["allocate"][..], &variances, &costs, &["--mde", "0.03"]].concat());
    // 7.84888 x (1/9 + 1/3)/.0009 = 3876.0
    let one = said.lines().find(|line| line.starts_with("K = 1 ")).unwrap_or_default();
    assert_eq!(one.split_whitespace().nth(3), Some("3876"), "{said}");
    // sqrt(1.5 x 20), with half the price of a pair.
    assert!(
        said.contains("by itself the first would have K* = 5.47723, the second 5.47723\n"),
        "{said}"
    );
    assert!(
        said.contains("detects: the true difference that is found with probability 0.8, by a two-sided test at 0.05\n"),
        "{said}"
    );
    // The difference of b is .5 more than that of a, between whose samples nothing differs.
    folder.write("two.csv", "prompt,a,b\np,1,0\np,1,0\nq,1,1\nq,1,1\nr,0,0\nr,0,1\n");
    let said = folder.succeeds(&pilot(&[
        "two.csv",
        "--value",
        "a",
        "--value-other",
        "b",
        "--power",
        "0.9",
    ]));
    assert!(
        said.contains("pilot: 3 prompts with numbers of two models, whose means differ by 0.167 "),
        "{said}"
    );
    assert!(said.contains("found with probability 0.9"), "{said}");
}

#[test]
fn the_figure_is_of_the_kind_that_its_name_says() {
    let folder = Folder::empty();
    let given = ["allocate", "--vx", "1", "--vy", "16", "--figure", "curve.svg"];
    folder.succeeds(&[&given[..], &PRICES].concat());
    // Mathematics is set with thin spaces.
    let svg = folder.text("curve.svg").replace('\u{2005}', " ");
    assert!(svg.starts_with("<svg"), "{svg}");
    assert!(
        svg.contains("<desc>variance for a budget of 2000 against responses of each prompt K; "),
        "{svg}"
    );
    assert!(svg.contains("K = 1, best: K = 8, N_p = 166.</desc>"), "{svg}");
}

/// Every transcript of docs/pilot.md is what the program prints.
#[test]
fn the_page_on_pilots_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/pilot.md")).expect("a page");
    let transcripts: Vec<&str> = page
        .split("```text\n$ mode-lottery ")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(transcripts.len(), 7);
    // Where it may write what it writes.
    let folder = Folder::empty();
    let pilot = std::fs::read(root.join("examples/pilot.csv")).expect("a pilot");
    folder.write("examples/pilot.csv", pilot);
    for transcript in transcripts {
        let (command, shown) = transcript.split_once('\n').expect("a command and what it prints");
        let mut program = folder.program(command.split(' '));
        let printed = program.output().expect("the program starts").stdout;
        assert_eq!(String::from_utf8_lossy(&printed), shown, "{command}");
    }
}

/// The reference: a fifth of the prompts is open, alpha = 16 and C_p = C_r = 1.
#[test]
fn groups_have_numbers_of_responses_of_their_own() {
    let folder = Folder::empty();
    let prices = ["--cost-prompt", "1", "--cost-response", "1"];
    let with = |more: &[&'static str]| [&["allocate", "--vx", "0.2"][..], &prices, more].concat();
    let groups = ["--group", "open=0.2:16", "--group", "closed=0.8:0"];
    let said = folder.succeeds(&with(&[&groups[..], &["--budget", "4200"]].concat()));
    for line in [
        "open      0.2        16  8.94427         12      200\n",
        "closed    0.8         0        0          1      800\n",
        // (.2 + .2 x 16/12)/1000.
        "1000 prompts; cost 4200, variance 0.000466667, ",
        "as many of each prompt: K = 4, 840 prompts, 2.55 times the variance\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    let json = folder.succeeds(&with(
        &[&groups[..], &["--target-variance", "0.001", "--format", "json"]].concat(),
    ));
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["prompts"].as_u64(), Some(467), "{json}");
    assert_eq!(json["groups"][0]["responses"].as_u64(), Some(12), "{json}");
    // 1000 prompts at 5 against 467 at 4.2.
    let gain = json["gain"].as_f64().unwrap_or(f64::NAN);
    assert!((gain - 5000.0 / (467.0 * 4.2)).abs() < 1e-9, "{json}");
    let csv = folder.succeeds(&with(&[&groups[..], &["--budget", "4200", "--format", "csv"]].concat()));
    assert!(
        csv.starts_with("group,share,variance,best_K,responses,prompts\nopen,0.2,16,"),
        "{csv}"
    );
    // With a price of its own, and at most so many.
    let priced = [
        "--group",
        "open=0.2:16:4",
        "--group",
        "closed=0.8:0",
        "--max-responses",
        "5",
        "--budget",
        "1000",
    ];
    let said = folder.succeeds(&with(&priced));
    assert!(said.contains("open      0.2        16  4.47214          5 "), "{said}");
    for (args, message) in [
        (
            &["--group", "a=0.5:1", "--group", "b=0.4:2", "--budget", "9"][..],
            "--group: shares sum to 0.9: they are shares of all prompts, and sum to 1",
        ),
        (
            &["--group", "a=0.5:1", "--group", "a=0.5:2", "--budget", "9"],
            "--group a: there are two of this name: give each its own",
        ),
        (
            &["--group", "a=1:16", "--budget", "2"],
            "--budget 2 buys no prompt: one with its responses costs 10",
        ),
        (
            &["--group", "a=1:16:0", "--budget", "2"],
            "the price of a response is above 0",
        ),
        (
            &["--group", "a=1", "--budget", "2"],
            "NAME=SHARE:VARIANCE or NAME=SHARE:VARIANCE:PRICE is expected, as in open=0.2:16",
        ),
        (
            &["--group", "a=1:16", "--vy", "3", "--budget", "2"],
            "cannot be used with",
        ),
    ] {
        let done = folder.run(&with(args));
        assert_eq!(done.code, Some(2), "{}", done.err);
        assert!(done.err.contains(message), "{}", done.err);
    }
    let free = [
        "allocate",
        "--vx",
        "0",
        "--group",
        "a=1:16",
        "--cost-prompt",
        "1",
        "--cost-response",
        "1",
        "--budget",
        "9",
    ];
    folder.fails(
        &free,
        2,
        "--vx is 0: with groups both must be above 0; the number of responses has no end where prompts do not differ, and is 1 where they cost \
         nothing",
    );
}

/// The plan of a pilot: prompt, expected variance and further responses, and the first of the two weights.
fn plan(text: &str) -> Vec<(String, f64, u64, [f64; 2])> {
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("prompt,pilot_responses,variance,expected_variance,further_responses,pilot_weight,further_weight")
    );
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |place: usize| fields[place].parse::<f64>().expect("a number");
        (
            fields[0].to_owned(),
            number(3),
            number(4) as u64,
            [number(5), number(6)],
        )
    };
    lines.map(row).collect()
}

/// Closed prompts have 6 responses that agree, open ones 6 of 8 labels: half of what there is to draw goes to open ones, but for the one of
/// each closed prompt. Where all prompts are alike what a pilot finds is its error, and all have the same.
#[test]
fn a_pilot_says_how_many_further_responses_each_prompt_should_have() {
    let folder = Folder::empty();
    folder.write("mixed.csv", labels(true));
    folder.write("alike.csv", labels(false));
    let given = |file: &'static str, out: &'static str, budget: &'static str| {
        let pilot = ["allocate", "--pilot", file, "--label", "mode", "--per-prompt", out];
        [&pilot[..], &["--cost-response", "0.5", "--budget", budget]].concat()
    };
    let said = folder.succeeds(&given("mixed.csv", "plan.csv", "320"));
    assert!(said.contains("640 further responses, 1 to "), "{said}");
    assert!(said.contains("unbiased whatever the pilot found"), "{said}");
    let mixed = plan(&folder.text("plan.csv"));
    assert_eq!(mixed.iter().map(|own| own.2).sum::<u64>(), 640);
    for (place, (prompt, variance, further, weights)) in mixed.iter().enumerate() {
        let closed = place % 2 == 0;
        assert_eq!(prompt, &format!("p{place}"));
        assert!(
            closed == (*variance < 0.2) && (closed || *further >= 5),
            "{prompt} {variance} {further}"
        );
        // Of six of the pilot and those that follow.
        let sum = 6.0 * weights[0] + *further as f64 * weights[1];
        assert!((sum - 1.0).abs() < 1e-12, "{prompt}: {sum}");
    }
    let alike = plan(&folder.succeeds(&given("alike.csv", "-", "320")));
    assert!(alike.iter().all(|own| (4..=6).contains(&own.2)), "{alike:?}");
    folder.fails(
        &given("alike.csv", "-", "10"),
        2,
        "--budget 10 buys 20 further responses, but there are 128 prompts, and each needs one at least: what it has in the pilot alone depends on \
         what the pilot found",
    );
    folder.write("same.csv", "prompt,mode\na,x\na,x\nb,y\nb,y\n");
    folder.fails(
        &given("same.csv", "-", "10"),
        2,
        "--per-prompt: all responses of each prompt agree, so nothing says which prompts need more",
    );
    let limited = [&given("mixed.csv", "-", "320")[..], &["--max-responses", "3"]].concat();
    assert!(plan(&folder.succeeds(&limited)).iter().all(|own| own.2 <= 3));
    let priced = [&given("mixed.csv", "-", "320")[..], &["--cost-prompt", "1"]].concat();
    assert!(folder.run(&priced).err.contains("cannot be used with"));
}
