//! Owns what people are told of replicates beside estimates: those of which a study gives notice, and those that conditional
//! estimands leave out. It reads records, so that terminals, pages and later reports say the same.

use crate::engine::Notice;
use crate::experiment::{Experiment, RowRef};
use crate::numerics::text::short;
use crate::record::EstimateRecord;
use crate::study::LeftOut;

/// Who has read of three arms knows what is wrong.
const MOST_LISTED: usize = 3;

/// The share of left out replicates from which on it is told: below it no figure would change.
pub const WORTH_TELLING: f64 = 0.01;

/// One sentence for each of the worst arms of which a study gives notice, one for what to do.
pub fn noticed(experiment: &Experiment, records: &[EstimateRecord]) -> Vec<String> {
    let mut found = Vec::new();
    let mut first = 0;
    for (scenario, own) in experiment.scenarios.iter().enumerate() {
        for notice in own.study.as_study().notices() {
            found.extend(Noticed::of(scenario, notice, &records[first + notice.estimand]));
        }
        first += own.study.estimands().len();
    }
    // The worst first; equally bad ones stay in the order of rows.
    found.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let mut lines: Vec<String> = found
        .iter()
        .take(MOST_LISTED)
        .map(|own| own.sentence(experiment))
        .collect();
    if found.len() > MOST_LISTED {
        lines.push(format!("and so in {} more arms", found.len() - MOST_LISTED));
    }
    lines.extend(found.first().map(|own| format!("what to do: {}", own.notice.advice)));
    lines
}

/// An arm with some replicates of which notice is given.
struct Noticed<'a> {
    scenario: usize,
    notice: &'a Notice,
    count: f64,
    of: u64,
}

impl<'a> Noticed<'a> {
    fn of(scenario: usize, notice: &'a Notice, record: &EstimateRecord) -> Option<Self> {
        let count = (record.estimate? * record.replicates as f64).round();
        (count > 0.0).then_some(Self {
            scenario,
            notice,
            count,
            of: record.replicates,
        })
    }

    fn share(&self) -> f64 {
        self.count / self.of as f64
    }

    fn sentence(&self, experiment: &Experiment) -> String {
        let row = RowRef {
            scenario: self.scenario,
            estimand: self.notice.estimand,
        };
        format!(
            "scenario {}, {}: {} of {} {}",
            self.scenario,
            experiment.describe(row),
            self.count,
            self.of,
            self.notice.words
        )
    }
}

/// What conditional estimands leave out, one sentence for each where it is more than [`WORTH_TELLING`] somewhere.
pub fn left_out(experiment: &Experiment, records: &[EstimateRecord]) -> Vec<String> {
    let mut found: Vec<Omission> = Vec::new();
    for (row, record) in experiment.rows().zip(records) {
        let study = &experiment.scenarios[row.scenario].study;
        let share = share_left_out(record);
        let Some(words) = study.left_out(row.estimand).filter(|_| share > WORTH_TELLING) else {
            continue;
        };
        match found.iter_mut().find(|own| own.estimand == record.estimand) {
            None => found.push(Omission {
                estimand: record.estimand.clone(),
                words,
                rows: 1,
                worst: row,
                share,
            }),
            Some(own) => {
                own.rows += 1;
                if share > own.share {
                    (own.worst, own.share) = (row, share);
                }
            }
        }
    }
    found.iter().map(|own| own.sentence(experiment)).collect()
}

/// The share of an arm's valid replicates that an estimand leaves out.
pub fn share_left_out(record: &EstimateRecord) -> f64 {
    match record.left_out {
        0 => 0.0,
        left_out => left_out as f64 / (left_out + record.replicates) as f64,
    }
}

/// What one estimand leaves out, over all its rows.
struct Omission {
    estimand: String,
    words: LeftOut,
    rows: usize,
    worst: RowRef,
    share: f64,
}

impl Omission {
    fn sentence(&self, experiment: &Experiment) -> String {
        let rows = match self.rows {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        };
        format!(
            "{} leaves out {}: more than {}% of all in {rows}, at most {}% (scenario {}, {}); {}",
            self.estimand,
            self.words.who,
            short(100.0 * WORTH_TELLING),
            short((1000.0 * self.share).round() / 10.0),
            self.worst.scenario,
            experiment.describe(self.worst),
            self.words.remark
        )
    }
}
