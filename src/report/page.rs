//! Owns the claims table on terminals and pages, and the generated page of a result.

use super::table::{markdown, plain};
use crate::experiment::{Draws, Experiment, RowRef, SCALES};
use crate::numerics::text::{rounded, short};
use crate::record::{ClaimRecord, EstimateRecord, LEAST_P, ScenarioRecord, draws_file, p_value};
use crate::session::remarks;

/// The columns of claims that have numbers, with the name of the interval.
fn header(records: &[ClaimRecord]) -> Vec<String> {
    let interval = interval_name(records);
    let names = [
        "claim", "verdict", "expected", "cells", "scale", "estimate", &interval, "target", "p",
    ];
    names.map(str::to_owned).to_vec()
}

/// `90% interval`, unless claims have different levels.
fn interval_name(records: &[ClaimRecord]) -> String {
    let mut levels: Vec<String> = records
        .iter()
        .map(|own| short(100.0 * (1.0 - 2.0 * own.alpha)))
        .collect();
    levels.dedup();
    match &levels[..] {
        [level] => format!("{level}% interval"),
        _ => "interval".to_owned(),
    }
}

fn number(x: Option<f64>) -> String {
    x.map(four_digits).unwrap_or_default()
}

/// Four significant digits: enough beside a margin of a per cent.
fn four_digits(x: f64) -> String {
    short(rounded(x, 4))
}

/// A p-value to four digits, and never as 0.
fn four_digits_of_p(p: f64) -> String {
    if p < LEAST_P { p_value(p) } else { four_digits(p) }
}

fn interval(record: &ClaimRecord) -> String {
    match (record.low, record.high) {
        (Some(low), Some(high)) => format!("{} to {}", four_digits(low), four_digits(high)),
        _ => String::new(),
    }
}

fn row(record: &ClaimRecord) -> Vec<String> {
    let mark = if record.as_expected() { "" } else { " (!)" };
    let flag = if record.flag.is_empty() { "" } else { " (flagged)" };
    vec![
        record.claim.clone(),
        format!("{}{mark}{flag}", verdict(record)),
        record.expected.clone(),
        record.cells.to_string(),
        record.scale.clone(),
        number(record.estimate),
        interval(record),
        number(record.target),
        record.p_adjusted.map(four_digits_of_p).unwrap_or_default(),
    ]
}

/// A verdict as pages show it.
pub(super) struct Verdict {
    /// In capitals.
    pub(super) word: String,
    /// Whether it is what the file expects.
    pub(super) as_expected: bool,
}

/// The verdict of a claim.
pub(super) fn verdict_of(record: &ClaimRecord) -> Verdict {
    Verdict {
        word: verdict(record),
        as_expected: record.as_expected(),
    }
}

/// The verdict in capitals. What could not be judged has a word of its own: no number of replicates of this kind would tell.
fn verdict(record: &ClaimRecord) -> String {
    match record.is_judged() {
        true => record.verdict.to_uppercase(),
        false => "NOT JUDGED".to_owned(),
    }
}

/// The claims as a table for a terminal with each statement, and below it what must be known of some. Empty without claims.
pub fn claims_plain(records: &[ClaimRecord]) -> String {
    if records.is_empty() {
        return String::new();
    }
    let mut header = header(records);
    header.push("in words".to_owned());
    let rows: Vec<Vec<String>> = records
        .iter()
        .map(|record| [row(record), vec![record.statement.clone()]].concat())
        .collect();
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let table = plain(&names, &rows);
    records.iter().fold(table, |out, record| out + &lines_below("", record))
}

/// Lines below a table for a claim that something must be known of; empty for others.
fn lines_below(place: &str, record: &ClaimRecord) -> String {
    let line = |words: &str, text: &str| match text {
        "" => String::new(),
        text => format!("{place}{}: {words}{text}\n", record.claim),
    };
    let decided = if record.as_expected() { "" } else { &record.cell };
    line("decided by ", decided) + &line("", &record.note) + &line("flagged: ", &record.flag)
}

/// A claim in words on the page of its experiment, with what must be known of it.
fn in_words_with_note(record: &ClaimRecord) -> String {
    match record.note.as_str() {
        "" => in_words(record),
        note => format!("{} ({note})", in_words(record)),
    }
}

/// A claim in words on pages, with its flag.
pub(super) fn in_words(record: &ClaimRecord) -> String {
    match record.flag.as_str() {
        "" => record.statement.clone(),
        flag => format!("{} (**flagged**: {flag})", record.statement),
    }
}

/// Every claim of several experiments in one table for a terminal; those that `fails` holds of are marked.
pub fn claims_of_all(experiments: &[(String, Vec<ClaimRecord>)], fails: fn(&ClaimRecord) -> bool) -> String {
    let (mut rows, mut below) = (Vec::new(), String::new());
    for (name, records) in experiments {
        for record in records {
            below += &lines_below(&format!("{name}: "), record);
            let mark = if fails(record) { " (!)" } else { "" };
            rows.push(vec![
                name.clone(),
                record.statement.clone(),
                record.expected.clone(),
                format!("{}{mark}", verdict(record)),
            ]);
        }
    }
    plain(&["experiment", "claim", "expected", "found"], &rows) + &below
}

/// The header and rows of a table of claims, each with the cell that decided and its statement.
pub fn claims_rows(records: &[ClaimRecord]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut header = header(records);
    header.extend(["decided by", "in words"].map(str::to_owned));
    let row = |record| [row(record), vec![record.cell.clone(), in_words_with_note(record)]].concat();
    (header, records.iter().map(row).collect())
}

/// The header and rows of a table of estimates: what differs between rows, the numbers to six digits, and how many standard errors
/// each lies off its exact value.
pub fn estimates_rows(experiment: &Experiment, records: &[EstimateRecord]) -> (Vec<String>, Vec<Vec<String>>) {
    let keys = experiment.columns.iter().map(|column| column.name.clone());
    let numbers = [
        "estimand",
        "at",
        "estimate",
        "MCSE",
        "df",
        "exact",
        "off by MCSEs",
        "reference",
        "reference is",
        "replicates",
        "failed",
        "note",
    ];
    let header: Vec<String> = keys.chain(numbers.map(str::to_owned)).collect();
    let number = |x: Option<f64>| x.map(|x| short(rounded(x, 6))).unwrap_or_default();
    let off = |own: &EstimateRecord| Some((own.estimate? - own.exact?) / own.mcse.filter(|error| *error > 0.0)?);
    let row = |own: &EstimateRecord| {
        let mut row: Vec<String> = own.cells.iter().map(|cell| cell.to_string()).collect();
        row.extend([&own.estimand, &own.at].map(|text| text.to_string()));
        row.extend([own.estimate, own.mcse, own.df, own.exact].map(number));
        row.push(off(own).map(|off| format!("{off:.2}")).unwrap_or_default());
        row.extend([number(own.reference), own.reference_name.to_string()]);
        row.extend([own.replicates, own.failed].map(|count| count.to_string()));
        row.push(own.note.to_string());
        row
    };
    (header, records.iter().map(row).collect())
}

/// The claims as a Markdown table.
pub fn claims_markdown(records: &[ClaimRecord]) -> String {
    let (header, rows) = claims_rows(records);
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    markdown(&names, &rows)
}

/// What one replicate is: what standard errors speak of.
pub(super) fn units(experiment: &Experiment) -> &'static str {
    let first = experiment.scenarios.first();
    first.map_or("", |scenario| scenario.study.spec().unit)
}

/// How many replicates scenarios have: one number, or from which to which.
pub(super) fn drawn(scenarios: &[ScenarioRecord]) -> String {
    let replicates = || scenarios.iter().map(|own| own.replicates);
    match (replicates().min(), replicates().max()) {
        (Some(least), Some(most)) if least < most => format!("{least} to {most} replicates"),
        (_, most) => format!("{} replicates", most.unwrap_or(0)),
    }
}

/// That some of what the experiment asks for is not there.
fn partial(scenarios: &[ScenarioRecord]) -> &'static str {
    match scenarios.iter().any(|own| own.missing > 0) {
        true => {
            "**A partial result**: some shares had not finished. Its numbers are of the blocks that were there, and no claim is judged; \
             `merge` without `--partial` makes the whole.\n\n"
        }
        false => "",
    }
}

/// The generated page of a result from its rows and claims. `figures` are the names of its SVG files without ending.
pub fn page(
    experiment: &Experiment,
    file: &str,
    scenarios: &[ScenarioRecord],
    estimates: &[EstimateRecord],
    claims: &[ClaimRecord],
    figures: &[String],
) -> String {
    let mut out = format!(
        "<!-- Generated by `mode-lottery`; do not edit: change the experiment and run it again. -->\n\n# {}\n\n",
        experiment.title
    );
    if !experiment.about.is_empty() {
        out += &format!("{}\n\n", experiment.about);
    }
    out += &format!(
        "Made by `{}`: {} scenario{}, {} each. One replicate is {}.\n\n",
        command(experiment, file),
        experiment.scenarios.len(),
        if experiment.scenarios.len() == 1 { "" } else { "s" },
        drawn(scenarios),
        units(experiment),
    );
    out += partial(scenarios);
    for figure in figures {
        out += &format!("![{}]({}.svg)\n\n", alternative(figure), address(figure));
    }
    out += &about_draws(experiment);
    out += &beside_numbers(experiment, estimates);
    out += &about_failures(experiment, estimates);
    if !claims.is_empty() {
        out += &format!(
            "## Claims\n\n{}\n\n{}\n",
            about_numbers(claims),
            claims_markdown(claims)
        );
    }
    out += "Every number with its Monte Carlo standard error, and its exact value where theory has one: [estimates.csv](estimates.csv). \
            Verdicts: [claims.csv](claims.csv). How to redo it: [manifest.json](manifest.json).\n";
    out
}

/// The command that makes a result of an experiment from its file.
pub(super) fn command(experiment: &Experiment, file: &str) -> String {
    let sets = experiment.sets.iter().map(|set| format!(" --set {}", shell_word(set)));
    format!("mode-lottery run {}{}", shell_word(file), sets.collect::<String>())
}

/// What must be known beside the numbers: fits that had not converged, what conditional estimands leave out.
fn beside_numbers(experiment: &Experiment, estimates: &[EstimateRecord]) -> String {
    let told = notes(experiment, estimates);
    if told.is_empty() {
        return String::new();
    }
    let lines: String = told.iter().map(|line| format!("- {line}\n")).collect();
    format!("## Beside the numbers\n\n{lines}\n")
}

/// The same, a sentence each.
pub(super) fn notes(experiment: &Experiment, estimates: &[EstimateRecord]) -> Vec<String> {
    let mut told = remarks::noticed(experiment, estimates);
    told.extend(remarks::left_out(experiment, estimates));
    told
}

/// Where that is stored which figures show of single replicates.
fn about_draws(experiment: &Experiment) -> String {
    let line = |(figure, draws): (&str, Draws<'_>)| {
        let file = draws_file(figure);
        let holds = match draws {
            Draws::Pool(view) => format!(
                "the candidates of prompt {} in replicate {}, both counted from 0, as drawn",
                view.prompt, view.replicate
            ),
            Draws::Zip(_) => "the mean of each part of the run, its standard error, and the exact value".to_owned(),
        };
        format!(
            "[{file}]({}): {holds}.\n\n",
            file.split('/').map(address).collect::<Vec<_>>().join("/")
        )
    };
    experiment.draws().map(line).collect()
}

/// Arms of which replicates failed: every number of theirs leaves these out.
fn about_failures(experiment: &Experiment, estimates: &[EstimateRecord]) -> String {
    /// Who has read of three arms knows what is wrong.
    const SHOWN: usize = 3;
    let of = |row: RowRef| (row.scenario, experiment.estimand(row).of.arms());
    let rows = experiment.rows().zip(estimates).filter(|(_, own)| own.failed > 0);
    let mut failing: Vec<_> = rows.map(|(row, own)| (of(row), own)).collect();
    // Those of several arms say nothing new, but where their arms have no numbers of their own.
    if failing.iter().any(|((_, arms), _)| arms.len() == 1) {
        failing.retain(|((_, arms), _)| arms.len() == 1);
    }
    failing.dedup_by(|a, b| a.0 == b.0);
    failing.sort_by_key(|(.., own)| std::cmp::Reverse(own.failed));
    let Some((.., worst)) = failing.first() else {
        return String::new();
    };
    let drawn = worst.failed + worst.replicates + worst.left_out;
    let told = |((scenario, arms), own): &((usize, Vec<usize>), &EstimateRecord)| {
        let arms = arms.iter().map(|&arm| experiment.describe_arm(*scenario, arm));
        format!("{} in {}", arms.collect::<Vec<_>>().join(" against "), own.failed)
    };
    let shown: Vec<String> = failing.iter().take(SHOWN).map(told).collect();
    let more = match failing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more arms"),
    };
    format!(
        "**Failed replicates**, of {drawn}, are left out of every number of their arm: {}{more}.\n\n",
        shown.join("; ")
    )
}

/// What the numbers in the table of claims are: a sentence on each scale that stands in it.
pub(super) fn about_numbers(claims: &[ClaimRecord]) -> String {
    let stands = |(word, _): &(&str, &str)| claims.iter().any(|own| own.scale == *word);
    let told: Vec<&str> = SCALES.into_iter().filter(stands).map(|(_, text)| text).collect();
    format!(
        "The estimate is that of the cell that decides: the worst one of a confirmation, one that fails of a refutation. Its scale: {}. \
         p is adjusted for the other claims of the file (Holm); it is empty where there was no test.",
        told.join("; ")
    )
}

/// A name as the text that stands for an image.
fn alternative(name: &str) -> String {
    let marks = ['[', ']', '`', '*', '_', '\\', '<'];
    let escaped = |c: char| {
        if marks.contains(&c) {
            format!("\\{c}")
        } else {
            c.to_string()
        }
    };
    name.chars().map(escaped).collect()
}

/// A file's name as a link to it: what a link cannot hold is written as its bytes.
fn address(name: &str) -> String {
    let plain = |c: &u8| c.is_ascii_alphanumeric() || b"-._~".contains(c);
    let byte = |c: u8| {
        if plain(&c) {
            (c as char).to_string()
        } else {
            format!("%{c:02X}")
        }
    };
    name.bytes().map(byte).collect()
}

/// A text as one word of a shell, quoted only where it has to be.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=+/:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
