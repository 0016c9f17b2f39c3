//! What is kept: the picks of [`Picker`] on the same pool, whatever the format, the order of rows and the threads.

use super::made::{Candidate, Numbers, Prompt, csv, csv_of_lists, embeddings, jsonl, matrix, prompts, similarity_csv};
use super::{Folder, POOLS};
use mode_lottery::select::{
    Balance, CoverageTies, Objective, Picker, Pool, RewardScale, Rule, Selector, Shares, Similarity,
};
use sha2::{Digest, Sha256};

/// As documented: SHA-256 of a name, the seed, the prompt's length, the prompt and the candidate.
fn word(seed: u64, prompt: &str, candidate: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"mode-lottery select 1");
    hash.update(seed.to_le_bytes());
    hash.update((prompt.len() as u64).to_le_bytes());
    hash.update(prompt);
    hash.update(candidate);
    u64::from_le_bytes(hash.finalize()[..8].try_into().unwrap())
}

/// One kept row: ids, rank, and weight, gain, reward.
type Row = (String, String, usize, [f64; 3]);

fn rows(text: &str) -> Vec<Row> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let row = |record: Result<::csv::StringRecord, ::csv::Error>| {
        let record = record.unwrap();
        let number = |i: usize| record[i].parse().unwrap();
        let rank = record[2].parse().unwrap();
        (
            record[0].to_owned(),
            record[1].to_owned(),
            rank,
            [number(3), number(4), number(5)],
        )
    };
    reader.records().map(row).collect()
}

/// What `Picker` keeps of a prompt in the order of its rows.
fn picked(prompt: &Prompt, rule: &Rule, how: Similarity, keep: usize, seed: u64) -> Vec<Row> {
    let n = prompt.candidates.len();
    let rewards: Vec<f64> = prompt.candidates.iter().map(|c| c.reward).collect();
    let words: Vec<u64> = prompt
        .candidates
        .iter()
        .map(|c| word(seed, &prompt.id, &c.id))
        .collect();
    let matrix = matrix(prompt, how);
    let pool = Pool {
        rewards: &rewards,
        similarity: &matrix,
        stride: n,
        computed: true,
        words: &words,
        embeddings: &[],
        dimension: 0,
        candidates: n,
    };
    let mut picker = Picker::new(n);
    let picks = picker.pick(rule, &pool, keep).unwrap();
    let mut weights = vec![1.0 / keep as f64; keep];
    if rule.selector.weighted() {
        let mut shares = Shares::new(n);
        shares.fill(&pool, picks.order, rule.objective.ties).unwrap();
        weights = shares.weights().collect();
    }
    let row = |t: usize| {
        let j = picks.order[t];
        let id = prompt.candidates[j].id.clone();
        (prompt.id.clone(), id, t + 1, [weights[t], picks.gains[t], rewards[j]])
    };
    (0..keep).map(row).collect()
}

/// Sums over the pool have another order than in the file here, so gains may differ by rounding: 23 terms of at most 1
/// and rewards of at most 2 sigma keep it below 1e-13.
#[track_caller]
fn same(found: &[Row], expected: &[Row], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (f, e) in found.iter().zip(expected) {
        assert_eq!((&f.0, &f.1, f.2), (&e.0, &e.1, e.2), "{what}");
        assert_eq!((f.3[0], f.3[2]), (e.3[0], e.3[2]), "{what}");
        assert!((f.3[1] - e.3[1]).abs() < 1e-13, "{what}: {f:?} {e:?}");
    }
}

#[test]
fn picks_are_those_of_the_picker_for_every_selector_and_objective() {
    let (folder, prompts) = (Folder::empty(), prompts(30));
    folder.write("x.csv", csv(&prompts));
    let mut cases = Vec::new();
    for selector in Selector::ALL {
        for keep in [1, 2, 4] {
            cases.push((Rule::new(selector), Similarity::Cosine, keep, 3, String::new()));
        }
    }
    let rbf = Similarity::Rbf { bandwidth: 0.7 };
    for (scale, scale_name) in [(RewardScale::Raw, "raw"), (RewardScale::ZScore, "z-score")] {
        for (balance, balance_name) in [(Balance::Sums, "sums"), (Balance::Means, "means")] {
            for (how, name) in [(Similarity::RawCosine, "raw-cosine"), (rbf, "rbf=0.7")] {
                let objective = Objective {
                    reward_share: 0.25,
                    rewards: scale,
                    balance,
                    ..Objective::USUAL
                };
                let rule = Rule {
                    selector: Selector::DiverseBestWeighted,
                    objective,
                };
                let options = format!(
                    "--reward-share 0.25 --reward-scale {scale_name} --balance {balance_name} --similarity {name}"
                );
                cases.push((rule, how, 3, 0, options));
            }
        }
    }
    for ties in CoverageTies::ALL {
        let objective = Objective {
            ties,
            ..Objective::USUAL
        };
        let rule = Rule {
            selector: Selector::DiverseWeighted,
            objective,
        };
        cases.push((rule, Similarity::Cosine, 2, 1, format!("--ties {}", ties.name())));
    }
    for (rule, how, keep, seed, options) in cases {
        let options = format!("--selector {} --k {keep} --seed {seed} {options}", rule.selector.name());
        let found = rows(&folder.kept("x.csv", &options));
        let expected: Vec<Row> = prompts.iter().flat_map(|p| picked(p, &rule, how, keep, seed)).collect();
        same(&found, &expected, &options);
    }
}

/// A seed that did nothing, or a word that forgot the prompt, would pass the test above if the test forgot it too.
#[test]
fn another_seed_decides_otherwise() {
    let (folder, prompts) = (Folder::empty(), prompts(30));
    folder.write("x.csv", csv(&prompts));
    for selector in ["random", "diverse", "diverse-max-min"] {
        let kept = |seed| folder.kept("x.csv", &format!("--selector {selector} --k 2 --seed {seed}"));
        assert_ne!(kept(1), kept(2), "{selector}");
        assert_eq!(kept(1), kept(1), "{selector}");
    }
}

/// Seconds since 1970 as rewards: the latest is kept, whatever the seed; and the one of two given similarities that is less, by a hair.
#[test]
fn numbers_are_compared_as_they_are_written() {
    let folder = Folder::empty();
    folder.write(
        "latest.csv",
        "prompt,candidate,created_s\np,first,1764320400.0\np,second,1764320400.6\np,third,1764320401.2\n",
    );
    folder.write(
        "apart.csv",
        "prompt,candidate,reward,s0,s1,s2\np,a,5e9,1,3e-17,2e-17\np,b,5e9,3e-17,1,4e-17\np,c,5000000000.5,2e-17,4e-17,1\n",
    );
    for seed in 0..8 {
        let kept = |file: &str, options: &str| {
            let kept = folder.kept(file, &format!("{options} --seed {seed}"));
            let ids = kept
                .lines()
                .skip(1)
                .map(|line| line.split(',').nth(1).unwrap().to_owned());
            ids.collect::<Vec<String>>()
        };
        let latest = kept("latest.csv", "--selector best --k 3 --reward created_s");
        assert_eq!(latest, ["third", "second", "first"], "seed {seed}");
        for options in ["", "--reward-scale raw", "--reward-scale z-score"] {
            let options = format!("--selector diverse-best --k 1 {options}");
            assert_eq!(kept("apart.csv", &options), ["c"], "seed {seed} {options}");
        }
        // From any start the farthest: a from c is 2e-17, b from a 3e-17, b from c 4e-17.
        let apart = kept("apart.csv", "--selector diverse-max-min --k 2");
        let farthest = match apart[0].as_str() {
            "b" => "a",
            "a" => "c",
            _ => "a",
        };
        assert_eq!(apart[1], farthest, "seed {seed}");
    }
}

/// 4,000 prompts with the same five ids, two kept of each: every candidate and every pair equally often. Bounds of 5
/// standard errors of a binomial: a false alarm of 15 such counts has probability 1e-5.
#[test]
fn random_keeps_every_pair_equally_often() {
    let folder = Folder::empty();
    let mut text = "prompt,candidate\n".to_owned();
    (0..4000).for_each(|p| "abcde".chars().for_each(|c| text += &format!("{p},{c}\n")));
    folder.write("x.csv", text);
    let kept = folder.kept("x.csv", "--selector random --k 2");
    let ids: Vec<&str> = kept
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    let mut counts = std::collections::BTreeMap::new();
    for pair in ids.chunks(2) {
        let mut pair = [pair[0], pair[1]];
        pair.sort_unstable();
        *counts.entry(pair.concat()).or_insert(0_u32) += 1;
        pair.iter()
            .for_each(|id| *counts.entry((*id).to_owned()).or_insert(0) += 1);
    }
    assert_eq!(counts.len(), 15, "{counts:?}");
    for (who, count) in counts {
        let p = if who.len() == 1 { 0.4 } else { 0.1 };
        let error = (4000.0_f64 * p * (1.0 - p)).sqrt();
        assert!((f64::from(count) - 4000.0 * p).abs() < 5.0 * error, "{who}: {count}");
    }
}

#[test]
fn every_way_to_write_a_pool_keeps_the_same() {
    let (folder, prompts) = (Folder::empty(), prompts(40));
    let cosines = jsonl(&prompts, "similarity", |prompt, at| {
        let n = prompt.candidates.len();
        matrix(prompt, Similarity::Cosine)[at * n..(at + 1) * n].to_vec()
    });
    folder.write("columns.csv", csv(&prompts));
    folder.write("lists.csv", csv_of_lists(&prompts));
    folder.write("x.jsonl", embeddings(&prompts));
    folder.write("similarity.ndjson", &cosines);
    folder.write("similarity.csv", similarity_csv(&prompts));
    for selector in Selector::ALL {
        let options = format!("--selector {} --k 3", selector.name());
        let expected = folder.kept("columns.csv", &options);
        assert_eq!(expected.lines().count(), 1 + 3 * prompts.len());
        for file in ["lists.csv", "similarity.csv"] {
            assert!(folder.kept(file, &options) == expected, "{file} {options}");
        }
        for file in ["x.jsonl", "similarity.ndjson"] {
            folder.kept(file, &format!("{options} --out as.csv"));
            assert!(folder.text("as.csv") == expected, "{file} {options}");
        }
        folder.kept("columns.csv", &format!("{options} --out as.ndjson"));
        assert!(
            folder.text("as.ndjson") == folder.kept("x.jsonl", &options),
            "{options}"
        );
    }
}

#[test]
fn the_order_of_rows_and_prompts_and_the_threads_change_no_byte() {
    let (folder, mut prompts) = (Folder::empty(), prompts(60));
    folder.write("x.csv", csv(&prompts));
    let mut numbers = Numbers(7);
    for prompt in &mut prompts {
        numbers.shuffle(&mut prompt.candidates);
    }
    folder.write("rows.csv", csv(&prompts));
    numbers.shuffle(&mut prompts);
    folder.write("prompts.csv", csv(&prompts));
    let mut apart: Vec<Prompt> = Vec::new();
    for prompt in &prompts {
        let one = |c: &Candidate| Prompt {
            id: prompt.id.clone(),
            candidates: vec![c.clone()],
        };
        apart.extend(prompt.candidates.iter().map(one));
    }
    numbers.shuffle(&mut apart);
    folder.write("apart.csv", csv(&apart));
    for selector in Selector::ALL {
        let options = format!("--selector {} --k 4 --seed 9", selector.name());
        let expected = folder.kept("x.csv", &options);
        assert!(folder.kept("rows.csv", &options) == expected, "{options}");
        for threads in [1, 2, 5] {
            let kept = folder.kept("x.csv", &format!("{options} --threads {threads}"));
            assert!(kept == expected, "{options} {threads}");
        }
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&folder.kept("prompts.csv", &options)), sorted(&expected));
        let gathered = folder.kept("apart.csv", &format!("{options} --unsorted"));
        assert_eq!(sorted(&gathered), sorted(&expected));
    }
}

#[test]
fn output_and_summary_are_as_documented() {
    let folder = Folder::empty();
    folder.write("x.csv", POOLS);
    let done = folder.run("x.csv", "--selector diverse-best --k 2");
    // By hand: b covers 0.99388 + 1 + 0.11043 + 0.20879 of p1 and has min-max reward 7/8, half of each.
    let expected = "\
prompt,candidate,rank,weight,gain,reward
p1,b,1,0.5,1.5940469320195434,0.8
p1,c,2,0.5,0.9004135304222607,0.2
p2,y,1,0.5,1,0.7
p2,x,2,0.5,0.5,0.5
";
    assert_eq!(done.out, expected);
    let readme = include_str!("../../README.md");
    for example in [POOLS, expected] {
        let indented: String = example.lines().map(|line| format!("    {line}\n")).collect();
        assert!(readme.contains(&indented), "the README shows another example");
    }
    let says = "x.csv: 2 prompts, 6 candidates; 4 kept; mean reward 0.55 before, 0.55 after; ";
    assert!(done.err.starts_with(says), "{}", done.err);
    let done = folder.run(
        "x.csv",
        "--selector diverse-weighted --k 3 --skip-short --out kept.jsonl",
    );
    let expected = "\
{\"prompt\":\"p1\",\"candidate\":\"b\",\"rank\":1,\"weight\":0.25,\"gain\":2.313093864039087,\"reward\":0.8}
{\"prompt\":\"p1\",\"candidate\":\"d\",\"rank\":2,\"weight\":0.5,\"gain\":1.6758270608445214,\"reward\":0.1}
{\"prompt\":\"p1\",\"candidate\":\"a\",\"rank\":3,\"weight\":0.25,\"gain\":0.006116265326381098,\"reward\":0.9}
";
    assert_eq!((done.out.as_str(), folder.text("kept.jsonl").as_str()), ("", expected));
    let says = "x.csv: 2 prompts, 6 candidates; 3 kept; 1 prompt of fewer than 3 candidates skipped; mean reward 0.5 \
                before, 0.475 after; ";
    assert!(done.err.starts_with(says), "{}", done.err);
    let done = folder.run("x.csv", "--selector best --k 5 --skip-short");
    assert_eq!(done.out, "prompt,candidate,rank,weight,gain,reward\n");
    let says = "x.csv: 2 prompts, 6 candidates; 0 kept; 2 prompts of fewer than 5 candidates skipped; ";
    assert!(done.err.starts_with(says), "{}", done.err);
}

#[test]
fn ids_keep_their_kind_and_columns_their_names() {
    let folder = Folder::empty();
    folder.write(
        "x.jsonl",
        "{\"q\": 12, \"answer\": \"a\\n\\\"b\\\"\", \"score\": -0.5}\n{\"q\": 12, \"answer\": -3, \"score\": 1e-7}\n",
    );
    let options = "--selector best --k 2 --prompt q --candidate answer --reward score";
    let expected = "{\"q\":12,\"answer\":-3,\"rank\":1,\"weight\":0.5,\"gain\":1e-7,\"score\":1e-7}\n\
                    {\"q\":12,\"answer\":\"a\\n\\\"b\\\"\",\"rank\":2,\"weight\":0.5,\"gain\":-0.5,\"score\":-0.5}\n";
    assert_eq!(folder.kept("x.jsonl", options), expected);
    folder.kept("x.jsonl", &format!("{options} --out kept.csv"));
    let expected = "q,answer,rank,weight,gain,score\n12,-3,1,0.5,1e-7,1e-7\n12,\"a\n\"\"b\"\"\",2,0.5,-0.5,-0.5\n";
    assert_eq!(folder.text("kept.csv"), expected);
    folder.write("bare.jsonl", "{\"prompt\": 1, \"candidate\": 2}\n");
    let expected = "{\"prompt\":1,\"candidate\":2,\"rank\":1,\"weight\":1,\"gain\":0,\"reward\":null}\n";
    assert_eq!(folder.kept("bare.jsonl", "--selector random --k 1"), expected);
    folder.write("bare.csv", "prompt,candidate\n1,2\n");
    let expected = "prompt,candidate,rank,weight,gain,reward\n1,2,1,1,0,\n";
    assert_eq!(folder.kept("bare.csv", "--selector random --k 1"), expected);
}
