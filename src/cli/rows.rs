//! Owns `run --rows`: what every replicate says, written beside the estimates in bounded memory, and what follows from it.

use super::output::Output;
use super::signals::STOP;
use super::{CliError, eprint, shortened};
use crate::experiment::Experiment;
use crate::inference::order::Ordered;
use crate::record::rows::{ROWS, SUMMARY};
use crate::record::{OutputDigest, RowValue, RowWriter, ScenarioRecord, Settled, rows_header, write_summary};
use crate::session::{Observer, Piece, ScenarioSeries, SessionError, without_series};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

/// Most rows that are written where nobody says otherwise: a file of about a gigabyte.
pub(super) const MOST: u64 = 10_000_000;

/// The files that rows are written to.
pub(super) const FILES: [&str; 2] = [ROWS, SUMMARY];

/// Files that are whole and have yet to take their names.
pub(super) type Whole = Vec<(OutputDigest, Settled)>;

/// What stands in a result and is not made of its records.
pub(super) struct RunParts {
    /// What the manifest says of each scenario.
    pub scenarios: Vec<ScenarioRecord>,
    /// The rows of single replicates.
    pub beside: Beside,
}

/// Files that are too long to be made anew with a result.
pub(super) enum Beside {
    /// They have just been written, and take their names with the others.
    Written(Whole),
    /// They stay as they are.
    Stay(Vec<OutputDigest>),
}

impl Beside {
    /// Those of a result whose manifest names these outputs.
    pub fn stay(outputs: &[OutputDigest]) -> Self {
        let own = outputs.iter().filter(|own| FILES.contains(&own.file.as_str()));
        Self::Stay(own.cloned().collect())
    }

    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Written(files) => files.iter().map(|(digest, _)| digest.file.clone()).collect(),
            Self::Stay(files) => files.iter().map(|digest| digest.file.clone()).collect(),
        }
    }
}

/// Refuses an experiment whose rows are more than `most` when each of its scenarios has so many replicates, or that has none.
pub(super) fn refuse(experiment: &Experiment, replicates: &[u64], most: u64) -> Result<(), CliError> {
    let series = |scenario| ScenarioSeries::new(experiment, scenario).records.len() as u64;
    let rows = replicates.iter().enumerate();
    let rows: u64 = rows.fold(0, |sum, (scenario, &own)| sum + series(scenario).saturating_mul(own));
    if rows == 0 {
        let lacks: Vec<String> = without_series(experiment).into_iter().map(str::to_owned).collect();
        return Err(CliError::Input(format!(
            "{}: --rows: no replicate says anything of its estimands: each is a function of several means ({})",
            experiment.name,
            shortened(&lacks, 4)
        )));
    }
    if rows > most {
        return Err(CliError::Input(format!(
            "{}: --rows would write {rows} rows, more than {most}: run fewer --replicates, or give --rows-limit {rows}",
            experiment.name
        )));
    }
    Ok(())
}

/// Writes the rows of an experiment of which so many replicates of each scenario were drawn, and their summary.
pub(super) fn write(
    experiment: &Experiment,
    directory: &Path,
    replicates: &[u64],
    quiet: bool,
) -> Result<Whole, CliError> {
    let lacks = without_series(experiment);
    if !quiet && !lacks.is_empty() {
        eprint(&format!(
            "{}: {ROWS} has no rows of {}, which are functions of several means",
            experiment.name,
            lacks.join(", ")
        ));
    }
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let mut rows = Output::create(directory, ROWS)?;
    rows.put(&rows_header(&keys))?;
    let mut summaries = Vec::new();
    for (scenario, &replicates) in replicates.iter().enumerate() {
        let series = ScenarioSeries::new(experiment, scenario);
        let mut columns = Columns::new(directory, series.records.len())?;
        let writers: Vec<RowWriter> = series.records.iter().map(|own| own.writer()).collect();
        let make = |piece: Piece| (lines(&piece, &writers), by_series(&piece, writers.len()));
        series.draw(experiment, replicates, &Watching, &make, &mut |(text, numbers)| {
            rows.put(&text)?;
            columns.push(numbers)
        })?;
        for (index, own) in series.records.iter().enumerate() {
            summaries.push(own.summary(Ordered::new(columns.read(index)?).as_ref()));
        }
    }
    let mut summary = Output::create(directory, SUMMARY)?;
    summary.put(&write_summary(&keys, summaries))?;
    Ok(vec![rows.finish()?, summary.finish()?])
}

/// Ends where a signal says so.
pub(super) struct Watching;

impl Observer for Watching {
    fn cancelled(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}

impl From<SessionError> for CliError {
    fn from(error: SessionError) -> Self {
        CliError::Run(format!("{ROWS}: {error}"))
    }
}

/// The text of a piece.
fn lines(piece: &Piece, writers: &[RowWriter]) -> Vec<u8> {
    let mut text = Vec::new();
    for (replicate, values) in piece.replicates.clone().zip(piece.values.chunks(writers.len().max(1))) {
        for (writer, &value) in writers.iter().zip(values) {
            writer.write(replicate, value, &mut text);
        }
    }
    text
}

/// The numbers of a piece, series by series; of those that have none, none.
fn by_series(piece: &Piece, series: usize) -> Vec<Vec<f64>> {
    let number = |value: &RowValue| match value {
        RowValue::Is(x) => Some(*x),
        RowValue::Failed | RowValue::LeftOut => None,
    };
    (0..series)
        .map(|index| {
            piece
                .values
                .iter()
                .skip(index)
                .step_by(series)
                .filter_map(number)
                .collect()
        })
        .collect()
}

/// The numbers of each series of a scenario, on the disk until they are asked for: a quantile needs all of one, and no more.
struct Columns {
    file: File,
    /// Where the numbers of each series stand in the file: place and count, piece by piece.
    places: Vec<Vec<(u64, usize)>>,
    end: u64,
}

/// Bytes of a number.
const SIZE: usize = size_of::<f64>();

impl Columns {
    fn new(directory: &Path, series: usize) -> Result<Self, CliError> {
        Ok(Self {
            file: tempfile::tempfile_in(directory).map_err(CliError::run_at(directory))?,
            places: vec![Vec::new(); series],
            end: 0,
        })
    }

    fn push(&mut self, piece: Vec<Vec<f64>>) -> Result<(), CliError> {
        let mut bytes = Vec::new();
        for (places, own) in self.places.iter_mut().zip(&piece) {
            places.push((self.end + bytes.len() as u64, own.len()));
            own.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes()));
        }
        self.end += bytes.len() as u64;
        self.file
            .write_all(&bytes)
            .map_err(CliError::run_at(Path::new(SUMMARY)))
    }

    fn read(&mut self, series: usize) -> Result<Vec<f64>, CliError> {
        let mut numbers = Vec::new();
        for &(place, count) in &self.places[series] {
            let mut bytes = vec![0; count * SIZE];
            let read = self.file.seek(SeekFrom::Start(place));
            let read = read.and_then(|_| self.file.read_exact(&mut bytes));
            read.map_err(CliError::run_at(Path::new(SUMMARY)))?;
            let number = |own: &[u8]| f64::from_le_bytes(std::array::from_fn(|at| own[at]));
            numbers.extend(bytes.chunks_exact(SIZE).map(number));
        }
        Ok(numbers)
    }
}
