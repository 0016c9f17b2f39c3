//! Owns what `select` says of what it did: what was guessed, what was kept, and what that does to training.

use super::Args;
use crate::cli::{count, short_2};
use crate::data::{Keeping, Looks, Pools, SAME_CLUSTER, Summary};
use crate::numerics::text::short;
use crate::report::table::plain;
use crate::select::Selector;

/// What the input alone has told, one line each.
pub(super) fn guesses(args: &Args, names: &[String], pools: &Pools<'_>) -> Vec<String> {
    let mut guesses = Vec::new();
    for (name, (format, guessed)) in names.iter().zip(pools.formats()) {
        if *guessed {
            guesses.push(format!(
                "{name}: read as {}, by how it begins; --format says otherwise",
                format.name()
            ));
        }
    }
    let [prompt, candidate] = pools.id_names();
    let name = names.first().map_or("", String::as_str);
    if prompt.is_none() {
        guesses.push(format!(
            "{name}: prompts are numbered from 0, one per row: no column is called {}",
            args.prompt
        ));
    }
    if candidate.is_none() && !pools.is_whole() {
        guesses.push(format!(
            "{name}: the candidates of a prompt are numbered from 0: no column is called {}",
            args.candidate
        ));
    }
    let response = pools.value_name(args.response_column());
    match (args.pairs || args.duplicates_dropped(), response) {
        (true, Some(response)) if args.response.is_none() => {
            guesses.push(format!("{name}: responses are read from {response}"))
        }
        (true, None) if args.pairs => guesses.push(format!(
            "{name}: pairs are of candidate ids: no column of responses is known; --response names it"
        )),
        _ => {}
    }
    guesses
}

/// One line for a person.
pub(super) fn summary(
    names: &[String],
    keeping: &Keeping,
    summary: &Summary,
    pairs: Option<u64>,
    seconds: f64,
) -> String {
    let mut out = format!(
        "{}: {}, {}; {}",
        names.join(", "),
        count(summary.prompts as usize, "prompt"),
        count(summary.candidates as usize, "candidate"),
        match pairs {
            Some(pairs) => count(pairs as usize, "pair"),
            None => format!("{} kept", summary.kept),
        }
    );
    let mut also = |number: u64, noun: &str, why: &str| {
        if number > 0 {
            out += &format!("; {} {why}", count(number as usize, noun));
        }
    };
    let short = match &keeping.own {
        Some(_) => "of fewer candidates than are to be kept skipped".to_owned(),
        None => format!("of fewer than {} candidates skipped", keeping.keep.unwrap_or(1)),
    };
    also(summary.skipped, "prompt", &short);
    also(summary.equal, "prompt", "of equal rewards skipped");
    also(summary.missing, "candidate", "without a reward left out");
    also(summary.copies, "candidate", "left out as copies");
    if let (None, Some(before), Some(after)) = (pairs, summary.before, summary.after) {
        out += &format!(
            "; mean reward {} before, {} after",
            self::short(before),
            self::short(after)
        );
    }
    format!("{out}; {} s", short_2(seconds))
}

/// What was kept beside what was there and what random would have kept, and in one sentence what the selector does to what is learned.
pub(super) fn report(args: &Args, keeping: &Keeping, summary: &Summary) -> String {
    let beside = summary.beside.unwrap_or_default();
    let rows = [
        ("there", &beside.there),
        ("kept", &beside.kept),
        ("random", &beside.random),
    ];
    let cell = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), short_2);
    let row = |(name, looks): (&str, &Looks)| {
        let share = looks
            .covered
            .map_or_else(|| "-".to_owned(), |share| format!("{:.0}%", 100.0 * share));
        vec![name.to_owned(), cell(looks.reward), cell(looks.modes), share]
    };
    let cells: Vec<Vec<String>> = rows.into_iter().map(row).collect();
    let table = plain(
        &["candidates", "mean reward", "effective modes", "clusters covered"],
        &cells,
    );
    let modes = match beside.there.modes {
        Some(_) => format!(
            "effective modes: 1 / sum of w_i w_j s_ij^2; clusters ({} of a prompt): similarity of at least {SAME_CLUSTER} to the first of each",
            cell(beside.clusters)
        ),
        None => {
            "modes and clusters are not known: name embeddings with --embedding or responses with --response".to_owned()
        }
    };
    let means = format!("means over {}", count(beside.prompts as usize, "prompt"));
    format!(
        "\n{table}{means}; {modes}\n{}: {}",
        args.selector().name(),
        warning(args, keeping)
    )
}

/// What training on what is kept learns, in one sentence.
fn warning(args: &Args, keeping: &Keeping) -> &'static str {
    match args.selector() {
        _ if args.pairs => {
            "a preference for the best over the worst is learned from the two ends of each prompt, and nothing of what lies between"
        }
        Selector::Random => {
            "what is learned is what the responses come from: random selection is unbiased, and more candidates only lower the noise"
        }
        Selector::Best if keeping.keep == Some(1) => {
            "training on the best of N learns the best of N and not what the responses come from: it narrows, rare modes of low reward are lost, \
             and more so the larger N; random is unbiased"
        }
        Selector::Best => {
            "training on the best K of N learns those and not what the responses come from: it narrows, less so the larger K; random is unbiased"
        }
        Selector::Filter => {
            "training on what passes learns modes by their share and by how often they pass: it removes responses that are wrong as far as \
             rewards tell them, and narrows what is right as far as rewards tell that apart too"
        }
        Selector::Diverse | Selector::DiverseMaxMin => {
            "training on these learns more of rare modes than their share, whatever their reward; the weighted selectors give them their share back"
        }
        Selector::DiverseBest => {
            "training on these learns modes by their distance and reward and not by their share: less narrow than best, and not unbiased as random"
        }
        Selector::DiverseWeighted | Selector::DiverseBestWeighted => {
            "with their weights these stand for all candidates, nearly unbiased where K is at least the number of modes; without them, and at \
             smaller K, modes count by more or less than their share"
        }
        Selector::Own(_) => "what is learned is what this selector keeps",
    }
}
