//! Random bytes, random text of our keys, and damaged experiments.

use super::survives;
use mode_lottery::study::registry::STUDIES;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// The committed experiments and the template, to be damaged.
fn seeds() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments");
    let entries = std::fs::read_dir(folder).expect("experiments are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("experiments are there").path())
        .collect();
    paths.sort();
    let mut texts: Vec<String> = paths
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("an experiment is text"))
        .collect();
    texts.extend([STUDIES[0].template.to_owned()]);
    texts.push(include_str!("../experiment_files/base.toml").to_owned());
    assert!(texts.len() >= 6);
    texts
}

const KEYS: [&str; 48] = [
    "title",
    "about",
    "study",
    "seed",
    "measures",
    "world",
    "kind",
    "modes",
    "base",
    "geometric",
    "concentration",
    "copy-probability",
    "policy",
    "theta",
    "arms",
    "prompts",
    "responses",
    "candidates",
    "selector",
    "grid",
    "zip",
    "points",
    "exclude",
    "sweep",
    "run",
    "replicates",
    "claims",
    "name",
    "statement",
    "estimand",
    "where",
    "expect",
    "alpha",
    "margin",
    "absolute",
    "value",
    "bound",
    "sign",
    "figures",
    "x",
    "y",
    "series",
    "panel",
    "at",
    "\"world.concentration\"",
    "\"world.modes\"",
    "\"policy.theta\"",
    "\"\"",
];

const VALUES: [&str; 44] = [
    "0",
    "1",
    "2",
    "4",
    "-1",
    "65536",
    "65537",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "1e308",
    "-1e308",
    "1e-320",
    "5e-324",
    "nan",
    "inf",
    "-inf",
    "0.5",
    "1.0",
    "0.05",
    "true",
    "2020-01-01",
    "\"\"",
    "\"x\"",
    "\"dirichlet\"",
    "\"copies\"",
    "\"uniform\"",
    "\"optimum\"",
    "\"random\"",
    "\"selection\"",
    "\"agrees\"",
    "\"at-most\"",
    "\"sign\"",
    "\"positive\"",
    "\"line\"",
    "\"heat-map\"",
    "\"mode-mass.variance\"",
    "\"mode-mass.bias2\"",
    "\"loss.ratio\"",
    "\"prompts\"",
    "\"responses\"",
    "\"gradient\"",
    "'''a\nb'''",
    "\"\\u0000\"",
];

const HEADERS: [&str; 9] = [
    "[world]",
    "[policy]",
    "[arms]",
    "[arms.grid]",
    "[sweep]",
    "[run]",
    "[[claims]]",
    "[[figures]]",
    "[[arms.points]]",
];

fn key() -> impl Strategy<Value = String> {
    let one = prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
    prop::collection::vec(one, 1..3).prop_map(|parts| parts.join("."))
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(&VALUES[..]).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 5, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(", ")));
        let table = prop::collection::vec((key(), inner), 0..4).prop_map(|entries| {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", entries.join(", "))
        });
        prop_oneof![list, table]
    })
}

fn lines() -> impl Strategy<Value = String> {
    let entry = (key(), value()).prop_map(|(key, value)| format!("{key} = {value}"));
    let header = prop::sample::select(&HEADERS[..]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![5 => entry, 1 => header], 0..12).prop_map(|lines| lines.join("\n"))
}

/// One way to damage a text, with places as shares of its length.
#[derive(Debug, Clone)]
enum Damage {
    Flip(f64, u8),
    Delete(f64, usize),
    Double(f64, usize),
    Splice(f64, String),
    /// The value of the n-th `=` becomes another one.
    Value(f64, String),
    Cross(f64, usize, f64),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0.0..1.0, any::<u8>()).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (0.0..1.0, 1_usize..80).prop_map(|(at, n)| Damage::Delete(at, n)),
        (0.0..1.0, 1_usize..400).prop_map(|(at, n)| Damage::Double(at, n)),
        (0.0..1.0, prop_oneof![lines(), value(), key()]).prop_map(|(at, text)| Damage::Splice(at, text)),
        (0.0..1.0, value()).prop_map(|(at, text)| Damage::Value(at, text)),
        (0.0..1.0, 0_usize..6, 0.0..1.0).prop_map(|(at, file, from)| Damage::Cross(at, file, from)),
    ]
}

fn place(text: &[u8], share: f64) -> usize {
    ((text.len() as f64 * share) as usize).min(text.len().saturating_sub(1))
}

fn damaged(mut text: Vec<u8>, damage: &Damage, seeds: &[String]) -> Vec<u8> {
    if text.is_empty() {
        return text;
    }
    match damage {
        Damage::Flip(at, bits) => {
            let at = place(&text, *at);
            text[at] ^= bits;
        }
        Damage::Delete(at, n) => {
            let at = place(&text, *at);
            text.drain(at..(at + n).min(text.len()));
        }
        Damage::Double(at, n) => {
            let at = place(&text, *at);
            let part = text[at..(at + n).min(text.len())].to_vec();
            text.splice(at..at, part);
        }
        Damage::Splice(at, other) => {
            let at = place(&text, *at);
            text.splice(at..at, other.bytes());
        }
        Damage::Value(at, value) => {
            let signs: Vec<usize> = (0..text.len()).filter(|&i| text[i] == b'=').collect();
            if let Some(&sign) = signs.get(place(&signs.iter().map(|_| 0).collect::<Vec<u8>>(), *at)) {
                let end = text[sign..]
                    .iter()
                    .position(|b| *b == b'\n')
                    .map_or(text.len(), |n| sign + n);
                text.splice(sign + 1..end, format!(" {value}").bytes());
            }
        }
        Damage::Cross(at, file, from) => {
            let other = seeds[*file % seeds.len()].as_bytes();
            text.truncate(place(&text, *at));
            text.extend(&other[place(other, *from)..]);
        }
    }
    text
}

fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), set in any::<String>()) {
        let _ = survives(String::from_utf8_lossy(&bytes).into_owned(), vec![]);
        let _ = survives(seeds().remove(0), vec![set]);
    }

    #[test]
    fn random_toml_of_our_keys_never_panics(text in lines(), set in (key(), value())) {
        let _ = survives(text, vec![]);
        let _ = survives(seeds().remove(0), vec![format!("{} = {}", set.0, set.1)]);
    }

    #[test]
    fn damaged_experiments_never_panic(file in 0_usize..6, damages in prop::collection::vec(damage(), 1..5)) {
        let seeds = seeds();
        let mut text = seeds[file].clone().into_bytes();
        for damage in &damages {
            text = damaged(text, damage, &seeds);
        }
        let _ = survives(String::from_utf8_lossy(&text).into_owned(), vec![]);
    }
}

/// Only a generator that reaches right files tests what comes after syntax.
#[test]
fn some_damaged_experiments_are_still_right() {
    let seeds = seeds();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut right = 0;
    for _ in 0..200 {
        let damage = damage().new_tree(&mut runner).expect("a value").current();
        let text = damaged(seeds[0].clone().into_bytes(), &damage, &seeds);
        right += usize::from(survives(String::from_utf8_lossy(&text).into_owned(), vec![]).is_ok());
    }
    assert!((10..190).contains(&right), "{right} of 200");
}
