//! Owns what single replicates say of an experiment: the rows of `rows.csv`, drawn piece by piece in bounded memory.

use super::error::SessionError;
use super::observer::Observer;
use crate::engine::{Alone, Replicates, RunError, Series};
use crate::experiment::{Experiment, RowRef};
use crate::numerics::threads;
use crate::record::{RowValue, SeriesRecord};
use std::ops::Range;

/// Numbers that are held of a piece, as far as it has more replicates than [`LEAST`].
const PIECE: usize = 1 << 13;

/// Fewest replicates of a piece: whole sets of lanes, so that none is run twice.
const LEAST: usize = 16;

/// Numbers that are held of all pieces under way: with their text some 100 bytes each, 26 MB of them.
const WAVE: usize = 1 << 18;

/// Most pieces under way.
const MOST_PIECES: usize = 64;

/// What a scenario's replicates say.
pub struct ScenarioSeries {
    scenario: usize,
    /// What the rows of each series share.
    pub records: Vec<SeriesRecord>,
}

/// Consecutive replicates, and what each says of every series.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Which replicates.
    pub replicates: Range<u64>,
    /// Replicate by replicate, the values of all series in order.
    pub values: Vec<RowValue>,
}

impl ScenarioSeries {
    /// The series of a scenario of an experiment, settled as far as its exact jobs are done.
    pub fn new(experiment: &Experiment, scenario: usize) -> Self {
        let spec = experiment.scenarios[scenario].study.spec();
        let record = |own: &Series| record(experiment, scenario, own);
        Self {
            scenario,
            records: spec.series().iter().map(record).collect(),
        }
    }

    /// Draws the first `replicates` again, hands each piece to `make` on whichever thread drew it, and what comes of it to `take`, in
    /// order. What they say depends on the experiment alone: not on threads, or on how many replicates are drawn.
    ///
    /// # Errors
    ///
    /// Those of [`SessionError`], and of `take`.
    pub fn draw<R: Send, E: From<SessionError>>(
        &self,
        experiment: &Experiment,
        replicates: u64,
        observer: &dyn Observer,
        make: &(dyn Fn(Piece) -> R + Sync),
        take: &mut dyn FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let study = experiment.scenarios[self.scenario].study.as_ref();
        let drawn =
            Replicates::new(study, &experiment.known).map_err(|error| SessionError::from(RunError::from(error)))?;
        let series = self.records.len().max(1);
        let each = (PIECE / series / LEAST * LEAST).clamp(LEAST, 1024);
        let wave = (WAVE / (each * series)).clamp(2, MOST_PIECES) as u64 * each as u64;
        let mut next = 0;
        while next < replicates {
            let end = replicates.min(next + wave);
            let pieces: Vec<Range<u64>> = (next..end)
                .step_by(each)
                .map(|first| first..end.min(first + each as u64))
                .collect();
            let one = |(): &mut (), range: &Range<u64>| {
                if observer.cancelled() {
                    return Err(SessionError::from(RunError::Interrupted));
                }
                let values = drawn.run(range.clone()).into_iter().map(value).collect();
                Ok(make(Piece {
                    replicates: range.clone(),
                    values,
                }))
            };
            for made in threads::try_map(&pieces, || (), one)? {
                take(made)?;
            }
            next = end;
        }
        Ok(())
    }
}

/// The estimands of an experiment of which no replicate says anything, each once, in the order of its rows.
pub fn without_series(experiment: &Experiment) -> Vec<&'static str> {
    let mut names = Vec::new();
    for own in &experiment.scenarios {
        let spec = own.study.spec();
        for index in spec.without_series() {
            let name = spec.estimands[index].name();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn value(own: Alone) -> RowValue {
    match own {
        Alone::Is(x) => RowValue::Is(x),
        Alone::Failed => RowValue::Failed,
        Alone::LeftOut => RowValue::LeftOut,
    }
}

fn record(experiment: &Experiment, scenario: usize, own: &Series) -> SeriesRecord {
    let row = RowRef {
        scenario,
        estimand: own.estimand,
    };
    let estimand = experiment.estimand(row);
    let (name, at, exact) = match own.coordinate {
        None => (
            estimand.name().to_owned(),
            estimand.at.to_string(),
            experiment.exact(row).value(),
        ),
        // A coordinate is the statistic less its truth.
        Some(at) => (
            format!("{}.deviation", estimand.kind.measure()),
            at.to_string(),
            Some(0.0),
        ),
    };
    SeriesRecord {
        scenario: scenario as u64,
        cells: experiment.cells(row).iter().map(|cell| cell.text.to_string()).collect(),
        estimand: name,
        at,
        exact,
    }
}
