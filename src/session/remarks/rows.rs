//! Owns what people are told of the replicates of rows: those of which a study gives notice, and those that failed or that conditional
//! estimands leave out.

use super::{MOST_LISTED, WORTH_TELLING, share};
use crate::engine::Notice;
use crate::experiment::{Experiment, RowRef};
use crate::numerics::text::{Text, count, short};
use crate::record::EstimateRecord;
use crate::study::LeftOut;

/// One sentence for each of the worst arms of which a study gives notice, one for what to do.
pub fn noticed(experiment: &Experiment, records: &[EstimateRecord]) -> Vec<String> {
    let mut found = Vec::new();
    let mut first = 0;
    for (scenario, own) in experiment.scenarios.iter().enumerate() {
        for notice in own.study.notices() {
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

/// What conditional estimands leave out, one sentence for each where it is worth telling somewhere.
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
fn share_left_out(record: &EstimateRecord) -> f64 {
    share(record.left_out, record.replicates)
}

/// The share of replicates that failed.
fn share_failed(record: &EstimateRecord) -> f64 {
    share(record.failed, record.left_out + record.replicates)
}

/// What the rows that a figure shows do not rest on, a sentence for the worst row of each kind, where that is worth telling.
pub fn below_figure(experiment: &Experiment, rows: &[(RowRef, &EstimateRecord)]) -> Vec<String> {
    let worst = |share: fn(&EstimateRecord) -> f64| {
        let beyond = rows.iter().filter(|(_, record)| share(record) > WORTH_TELLING);
        beyond.max_by(|a, b| share(a.1).total_cmp(&share(b.1)))
    };
    let conditional = worst(share_left_out).and_then(|&(row, record)| {
        let words = experiment.scenarios[row.scenario].study.left_out(row.estimand)?;
        let share = percent(share_left_out(record));
        Some(format!(
            "{} leaves out {}, up to {share} of all: {}.",
            record.estimand, words.who, words.remark
        ))
    });
    let failed = worst(share_failed).map(|(_, record)| {
        let share = percent(share_failed(record));
        format!("Up to {share} of replicates failed and are left out.")
    });
    conditional.into_iter().chain(failed).collect()
}

/// A share with one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// What one estimand leaves out, over all its rows.
struct Omission {
    estimand: Text,
    words: LeftOut,
    rows: usize,
    worst: RowRef,
    share: f64,
}

impl Omission {
    fn sentence(&self, experiment: &Experiment) -> String {
        format!(
            "{} leaves out {}: more than {}% of all in {}, at most {}% (scenario {}, {}); {}",
            self.estimand,
            self.words.who,
            short(100.0 * WORTH_TELLING),
            count(self.rows, "row"),
            short((1000.0 * self.share).round() / 10.0),
            self.worst.scenario,
            experiment.describe(self.worst),
            self.words.remark
        )
    }
}
