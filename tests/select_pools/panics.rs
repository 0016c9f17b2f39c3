//! Whatever the bytes, pools are taken or refused: no panic, no endless message, and what is taken is whole.
//!
//! `PROPTEST_CASES` makes the random tests longer.

use super::POOLS;
use mode_lottery::data::{
    Bytes, Column, Content, Format, Input, Keeping, KeptWriter, Missing, Nearness, Order, Pools, StreamError, Value,
    Wanted, keep_all,
};
use mode_lottery::select::{Rule, Selector, Similarity};
use proptest::prelude::*;

const JSON: &str = "{\"prompt\":\"p\",\"candidate\":\"a\",\"reward\":0.5,\"embedding\":[1,0.5]}\n\
                    {\"prompt\":\"p\",\"candidate\":2,\"reward\":1e-3,\"embedding\":[0.25,-1]}\n\
                    {\"prompt\":7,\"candidate\":\"a\",\"reward\":0,\"embedding\":[1,1]}\n";

const LISTS: &str = "prompt,candidate,reward,similarity\np,a,1,\"[1, 0.5]\"\np,b,2,\"[0.5, 1]\"\n\"q\",a,0,[1]\n";

const WHOLE: &str = "{\"prompt\":[{\"role\":\"user\",\"content\":\"q\"}],\"responses\":[\"a\",\"b\"],\"rewards\":[1,true],\"embeddings\":[[1,0],[0,1]]}\n\
                     {\"prompt\":\"r\",\"responses\":[\"a\"],\"rewards\":[\"0.5\"],\"embeddings\":[[1,1]]}\n";

/// Keeps what can be kept of `bytes`; whether they were taken.
fn survives(bytes: &[u8], format: Format, selector: Selector, order: Order) -> bool {
    let taken = survives_as(bytes, format, selector, order, (Content::Picks, Missing::Error));
    for other in [(Content::Rows, Missing::Last), (Content::Pairs, Missing::Drop)] {
        survives_as(bytes, format, selector, order, other);
    }
    taken
}

fn survives_as(
    bytes: &[u8],
    format: Format,
    selector: Selector,
    order: Order,
    (content, missing): (Content, Missing),
) -> bool {
    let wanted = Wanted {
        prompt: Column::usual(["prompt"], "--prompt", Value::Text),
        candidate: Column::usual(["candidate"], "--candidate", Value::Text),
        values: vec![Column {
            must: selector.needs_rewards(),
            ..Column::usual(["reward", "rewards"], "--reward", Value::Number)
        }],
        nearness: match selector.needs_similarity() {
            true => Nearness::Either,
            false => Nearness::Nothing,
        },
        records: content == Content::Rows,
    };
    let keeping = Keeping {
        rule: Rule::new(selector),
        similarity: Similarity::Cosine,
        keep: Some(1),
        own: None,
        seed: 1,
        skip_short: missing != Missing::Error,
        skip_equal: false,
        rewards: vec![1.0],
        missing,
        response: None,
        distinct: false,
        report: true,
    };
    let bytes: Vec<u8> = bytes.to_vec();
    let input = Input::written(
        move || Ok(Box::new(std::io::Cursor::new(bytes)) as Bytes<'static>),
        format,
    );
    let kept = || {
        let mut pools = Pools::open(vec![input], &wanted, order).map_err(StreamError::Input)?;
        let mut writer =
            KeptWriter::new(Vec::new(), format, content, &pools, "reward", None).map_err(StreamError::Input)?;
        let mut weights = Vec::new();
        let summary = keep_all(&mut pools, &keeping, &mut |prompt, kept| {
            weights.push(kept.picks.iter().map(|pick| pick.weight).sum::<f64>());
            writer.write(prompt, kept)
        })?;
        Ok((summary, weights, writer.finish().map_err(StreamError::Output)?))
    };
    match kept() {
        Ok((summary, weights, out)) => {
            assert_eq!(summary.prompts, weights.len() as u64);
            assert_eq!(summary.kept, summary.prompts - summary.skipped);
            assert!(
                weights.iter().all(|sum| *sum == 1.0 || missing != Missing::Error),
                "{weights:?}"
            );
            // What was written can be read: nothing in an id breaks a row.
            let text = String::from_utf8(out).unwrap();
            match format {
                Format::Csv | Format::Tsv => assert!(
                    csv::ReaderBuilder::new()
                        .delimiter(if format == Format::Csv { b',' } else { b'\t' })
                        .from_reader(text.as_bytes())
                        .records()
                        .all(|row| row.is_ok())
                ),
                _ if content == Content::Rows => {}
                Format::Json => drop(serde_json::from_str::<serde_json::Value>(&text).unwrap()),
                Format::Jsonl => text
                    .lines()
                    .for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).unwrap())),
            }
            true
        }
        Err::<_, StreamError>(error) => {
            assert!(error.to_string().len() < 2000, "a message that nobody reads: {error}");
            false
        }
    }
}

fn survives_all(bytes: &[u8]) -> usize {
    let mut taken = 0;
    for format in Format::ALL {
        for selector in [Selector::Best, Selector::DiverseBestWeighted] {
            for order in [Order::Grouped, Order::Any] {
                taken += usize::from(survives(bytes, format, selector, order));
            }
        }
    }
    taken
}

/// A mistake, from a pool of those that break parsers.
fn token() -> impl Strategy<Value = Vec<u8>> {
    let tokens: Vec<&[u8]> = vec![
        b"\"",
        b",",
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"[",
        b"]",
        b"{",
        b"}",
        b":",
        b"nan",
        b"-inf",
        b"1e999",
        b"-0",
        b"p",
        b"a",
        b" ",
        b"null",
        b"\\",
        b"\\ud800",
        b"[[[[[[[[[[",
        b"\"\"",
        b"e0",
        b"s0",
        b"reward",
        b"candidate",
        "é".as_bytes(),
        "\u{2028}".as_bytes(),
        b"1",
        b"0.5",
        b"1e-320",
        b"9999999999999999999999",
        b"NaN",
        b"[]",
        b"\t",
        b";",
        b"rewards",
        b"[{\"role\":1,\"content\":2}]",
    ];
    prop_oneof![
        4 => proptest::sample::select(tokens).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ]
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let seed = proptest::sample::select(vec![POOLS, JSON, LISTS, WHOLE]);
    let edit = (any::<proptest::sample::Index>(), 0..4_usize, token());
    (seed, proptest::collection::vec(edit, 1..6)).prop_map(|(seed, edits)| {
        let mut bytes = seed.as_bytes().to_vec();
        for (at, cut, token) in edits {
            let start = at.index(bytes.len() + 1);
            let end = (start + cut).min(bytes.len());
            bytes.splice(start..end, token);
        }
        bytes
    })
}

/// Rows that parse, each value from those that may break what comes after.
fn rows() -> impl Strategy<Value = Vec<u8>> {
    let id = proptest::sample::select(vec![
        "\"p\"",
        "7",
        "-7",
        "1.5",
        "\"\"",
        "null",
        "\"\\ud800\"",
        "\"\\u0000,\\n\\\"\"",
        "\"é\"",
        "{}",
        "-",
        "[1]",
        "true",
    ]);
    let number = proptest::sample::select(vec![
        "0", "1", "-1", "0.5", "1e308", "-1e308", "1e-320", "1e999", "-0", "\"1\"", "null", "[1]", "nan", "",
    ]);
    let list = proptest::collection::vec(number.clone(), 0..3);
    let key = proptest::sample::select(vec!["embedding", "similarity", "embedding", "reward", "é"]);
    let row = (id.clone(), id, number, list, any::<bool>());
    (key, proptest::collection::vec(row, 1..4), any::<bool>()).prop_map(|(key, rows, json)| {
        let mut text = if json {
            String::new()
        } else {
            format!("prompt,candidate,reward,{key}\n")
        };
        for (prompt, candidate, reward, list, whole) in rows {
            let list = if whole { "1,1".to_owned() } else { list.join(",") };
            text += &match json {
                true => {
                    format!(
                        "{{\"prompt\":{prompt},\"candidate\":{candidate},\"reward\":{reward},\"{key}\":[{list}]}}\n"
                    )
                }
                false => format!("{prompt},{candidate},{reward},\"[{}]\"\n", list.replace('"', "\"\"")),
            };
        }
        text.into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives_all(&bytes);
    }

    #[test]
    fn random_mistakes_are_taken_or_refused(bytes in proptest::collection::vec(token(), 0..40)) {
        survives_all(&bytes.concat());
    }

    #[test]
    fn rows_of_dangerous_values_are_taken_or_refused(bytes in rows()) {
        survives_all(&bytes);
    }

    #[test]
    fn damaged_pools_are_taken_or_refused(bytes in damaged()) {
        survives_all(&bytes);
    }
}

/// If the pools that are damaged were refused to begin with, nothing behind the parser would be reached.
#[test]
fn whole_pools_are_taken() {
    for whole in [POOLS, JSON, LISTS, WHOLE] {
        assert!(survives_all(whole.as_bytes()) >= 4, "{whole}");
    }
}

/// Nesting that a recursive parser would follow until its stack ends.
#[test]
fn deep_nesting_is_no_danger() {
    let deep = "[".repeat(1 << 20);
    for text in [
        format!("{{\"prompt\":1,\"candidate\":1,\"reward\":1,\"x\":{deep}"),
        format!(
            "{{\"prompt\":1,\"candidate\":1,\"reward\":1,\"x\":{deep}{}}}",
            "]".repeat(1 << 20)
        ),
        format!(
            "{{\"prompt\":1,\"candidate\":1,\"reward\":1,\"embedding\":{deep}{}}}",
            "]".repeat(1 << 20)
        ),
    ] {
        survives_all(text.as_bytes());
    }
}
