//! Owns what figures show of single replicates: drawn again, as the run draws them.

use super::error::SessionError;
use super::observer::Observer;
use super::replicates::{Piece, ScenarioSeries};
use crate::experiment::{Draws, Experiment, PoolView, RowRef, Zip};
use crate::inference::order::Ordered;
use crate::record::{
    CandidateRecord, DrawsKind, DrawsRecord, EstimateRecord, IntervalsRecord, PartRecord, PoolRecord, RowValue,
};

/// Why what a figure shows could not be drawn again.
#[derive(Debug, thiserror::Error)]
pub enum DrawsError {
    /// Its scenario draws no such pool.
    #[error("figure {0}: no such pool is drawn")]
    NoPool(String),
    /// Its replicates could not be drawn, or were not to be drawn to the end.
    #[error("figure {0}: {1}")]
    Session(String, SessionError),
}

/// What each figure shows of single replicates, by the figure's name. `estimates` has a record per row of the experiment: of a row that rests
/// on no replicates there are no intervals.
///
/// # Errors
///
/// See [`DrawsError`].
pub fn draws(
    experiment: &Experiment,
    estimates: &[EstimateRecord],
    observer: &dyn Observer,
) -> Result<Vec<(String, DrawsRecord)>, DrawsError> {
    let drawn = |(figure, draws): (&str, Draws<'_>)| {
        let record = match draws {
            Draws::Pool(view) => pool(experiment, view)
                .map(DrawsRecord::Pool)
                .ok_or_else(|| DrawsError::NoPool(figure.to_owned()))?,
            Draws::Zip(zip) => intervals(experiment, zip, estimates, observer)
                .map(DrawsRecord::Intervals)
                .map_err(|error| DrawsError::Session(figure.to_owned(), error))?,
        };
        Ok((figure.to_owned(), record))
    };
    experiment.draws().map(drawn).collect()
}

/// How what a figure shows is stored.
pub fn draws_kind(draws: Draws<'_>) -> DrawsKind<'_> {
    match draws {
        Draws::Pool(view) => DrawsKind::Pool(&view.names),
        Draws::Zip(zip) => DrawsKind::Intervals(&zip.names),
    }
}

/// A row of a zip plot: its panel, how many replicates each of its parts has, and its exact value.
struct Zipped {
    panel: usize,
    row: RowRef,
    each: u64,
    exact: f64,
}

/// The intervals of each row of a zip plot, of as many replicates as the row rests on. A scenario is drawn once for all its rows.
fn intervals(
    experiment: &Experiment,
    zip: &Zip,
    estimates: &[EstimateRecord],
    observer: &dyn Observer,
) -> Result<IntervalsRecord, SessionError> {
    let of_row = |(panel, &row): (usize, &RowRef)| {
        let record = experiment.rows().zip(estimates).find(|(own, _)| *own == row);
        let drawn = record.map_or(0, |(_, own)| own.replicates + own.failed + own.left_out);
        let (each, exact) = (zip.each(drawn), experiment.exact(row).value()?);
        (each >= 2).then_some(Zipped {
            panel,
            row,
            each,
            exact,
        })
    };
    let mut rows: Vec<Zipped> = zip.rows.iter().enumerate().filter_map(of_row).collect();
    rows.sort_by_key(|own| own.row.scenario);
    let mut parts = Vec::new();
    for rows in rows.chunk_by(|a, b| a.row.scenario == b.row.scenario) {
        for (own, numbers) in rows.iter().zip(numbers(experiment, rows, zip.intervals, observer)?) {
            let part = |(part, values): (usize, &[Option<f64>])| part_of(own.panel, part as u64, values, own.exact);
            let numbers = numbers.chunks(own.each as usize).take(zip.intervals as usize);
            parts.extend(numbers.enumerate().map(part));
        }
    }
    parts.sort_by_key(|part| part.panel);
    Ok(IntervalsRecord {
        panels: zip.names.clone(),
        parts,
    })
}

/// What each of the first replicates says of rows of one scenario, as many as the longest of them needs for its parts; none where it
/// says nothing.
fn numbers(
    experiment: &Experiment,
    rows: &[Zipped],
    intervals: u64,
    observer: &dyn Observer,
) -> Result<Vec<Vec<Option<f64>>>, SessionError> {
    let replicates = intervals * rows.iter().map(|own| own.each).max().unwrap_or(0);
    let scenario = rows[0].row.scenario;
    let series = ScenarioSeries::new(experiment, scenario);
    let all = experiment.scenarios[scenario].study.spec().series();
    let place = |own: &Zipped| {
        all.iter()
            .position(|of| of.estimand == own.row.estimand && of.coordinate.is_none())
    };
    // None can be absent because a file that shows another row is refused.
    let places: Vec<usize> = rows.iter().filter_map(place).collect();
    let number = |value: &RowValue| match value {
        RowValue::Is(x) => Some(*x),
        RowValue::Failed | RowValue::LeftOut => None,
    };
    let make = |piece: Piece| -> Vec<Vec<Option<f64>>> {
        let of_place = |&at: &usize| {
            piece
                .values
                .chunks(all.len())
                .map(|values| number(&values[at]))
                .collect()
        };
        places.iter().map(of_place).collect()
    };
    let mut found = vec![Vec::with_capacity(replicates as usize); places.len()];
    series.draw(experiment, replicates, observer, &make, &mut |numbers| {
        found.iter_mut().zip(numbers).for_each(|(found, own)| found.extend(own));
        Ok::<(), SessionError>(())
    })?;
    Ok(found)
}

/// The record of one part.
fn part_of(panel: usize, part: u64, values: &[Option<f64>], exact: f64) -> PartRecord {
    let sample = Ordered::new(values.iter().copied().flatten().collect());
    let mean = sample.as_ref().map(Ordered::mean);
    PartRecord {
        panel,
        part,
        replicates: sample.map_or(0, |own| own.count() as u64),
        estimate: mean.map(|own| own.value),
        error: mean.and_then(|own| own.error),
        exact,
    }
}

/// The candidates of a pool.
fn pool(experiment: &Experiment, view: &PoolView) -> Option<PoolRecord> {
    let study = experiment.scenarios[view.scenario].study.pools()?;
    let drawn = study.pool(view.replicate, view.prompt, &view.arms)?;
    let rank = |kept: &Vec<usize>, index| kept.iter().position(|&own| own == index).map(|at| at as u64 + 1);
    let candidates = drawn
        .modes
        .iter()
        .zip(&drawn.rewards)
        .zip(drawn.embeddings.chunks_exact(drawn.dimension));
    Some(PoolRecord {
        scenario: view.scenario as u64,
        replicate: view.replicate,
        prompt: u64::from(view.prompt),
        selections: view.names.clone(),
        candidates: candidates
            .enumerate()
            .map(|(index, ((&mode, &reward), embedding))| CandidateRecord {
                mode: u64::from(mode),
                reward,
                embedding: embedding.to_vec(),
                ranks: drawn.kept.iter().map(|kept| rank(kept, index)).collect(),
            })
            .collect(),
    })
}
