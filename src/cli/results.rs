//! Owns the folder of one result: which files stand in it, written whole and the manifest last.

use super::drawn::Drawn;
use super::output::Output;
use super::rows::{self, Beside, RunParts};
use super::signals::WRITING;
use super::{CliError, journal, replaced};
use crate::experiment::{Experiment, Scenario};
use crate::inference::groups::Group;
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::lanes::Level;
use crate::numerics::text::Texts;
use crate::numerics::threads;
use crate::record::{
    BlockDigest, ClaimRecord, CurveRecord, DRAWS, DrawsRecord, EstimateRecord, MANIFEST_VERSION, Manifest,
    OutputDigest, Provenance, ScenarioRecord, Settled, draws_file, parse_draws, put_estimates, read, write_claims,
    write_curves, write_draws, written,
};
use crate::report::plot::Records;
use crate::report::{figure, page, plot};
use crate::session::{self, curves};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The endings of the files of a figure.
const PICTURES: &[&str] = &[
    "svg",
    #[cfg(feature = "png")]
    "png",
    #[cfg(feature = "pdf")]
    "pdf",
];

/// The endings that any program may have given them.
const ENDINGS: [&str; 3] = [".svg", ".png", ".pdf"];

/// Dots per inch of PNG figures at their print width.
#[cfg(feature = "png")]
const DPI: u32 = 300;

/// Makes the folder and proves that files can be written into it, before anything is drawn.
pub(super) fn prepare(directory: &Path) -> Result<(), CliError> {
    let refused =
        |error: std::io::Error| CliError::Run(format!("{}: cannot write results there: {error}", directory.display()));
    std::fs::create_dir_all(directory.join(journal::FOLDER)).map_err(refused)?;
    tempfile::tempfile_in(directory).map(drop).map_err(refused)
}

/// Draws every figure with exact values for estimates, so that none fails after a long run.
///
/// Their curves, which do not change with what is drawn.
pub(super) fn can_be_drawn(experiment: &Experiment, path: &Path) -> Result<Vec<CurveRecord>, CliError> {
    drawn_ahead(experiment, path).map(|(curves, _)| curves)
}

/// The same, and a sentence on each figure with signs that its font lacks.
pub(super) fn drawn_ahead(experiment: &Experiment, path: &Path) -> Result<(Vec<CurveRecord>, Vec<String>), CliError> {
    let curves = curves(experiment);
    if experiment.figures.is_empty() {
        return Ok((curves, Vec::new()));
    }
    let records = stand_in(experiment, curves)?;
    let mut lacking = Vec::new();
    for spec in &experiment.figures {
        let signs = figure::lacking(&plot::figure(experiment, &records, spec)).map_err(|error| {
            CliError::Input(format!(
                "{}: the figure {:?} cannot be drawn: {error}",
                path.display(),
                spec.name
            ))
        })?;
        let signs: Vec<String> = signs.iter().map(|sign| format!("{sign:?}")).collect();
        if !signs.is_empty() {
            let (name, signs) = (&spec.name, signs.join(", "));
            lacking.push(format!(
                "figure {name}: its font lacks {signs}: each is drawn as '\u{fffd}'"
            ));
        }
    }
    Ok((records.curves, lacking))
}

/// The rows of an experiment with exact values for estimates, and what its figures show of single replicates: no intervals, since nothing is drawn.
pub(super) fn stand_in(experiment: &Experiment, curves: Vec<CurveRecord>) -> Result<Records, CliError> {
    let mut texts = Texts::default();
    let stand_in = |row| EstimateRecord {
        estimate: experiment.exact(row).value(),
        mcse: Some(0.0),
        exact: experiment.exact(row).value(),
        reference: experiment.reference(row).map(|reference| reference.value),
        reference_name: texts.share(experiment.reference(row).map_or("", |reference| reference.name)),
        ..EstimateRecord::default()
    };
    let mut estimates = Vec::with_capacity(experiment.rows().count());
    estimates.extend(experiment.rows().map(stand_in));
    Ok(Records {
        draws: session::draws(experiment, &estimates, &()).map_err(CliError::run)?,
        estimates,
        curves,
    })
}

/// What the figures of a stored experiment show of single replicates: nothing else keeps it. `path` finds a file of the result.
pub(super) fn stored_draws(
    experiment: &Experiment,
    path: &dyn Fn(&str) -> Result<PathBuf, CliError>,
) -> Result<Vec<(String, DrawsRecord)>, CliError> {
    let stored = |(figure, draws): (&str, _)| {
        let kind = session::draws_kind(draws);
        let read = read(&path(&draws_file(figure))?, |path, bytes| {
            parse_draws(path, bytes, kind)
        });
        Ok((figure.to_owned(), read.map_err(CliError::input)?))
    };
    experiment.draws().map(stored).collect()
}

/// The circumstances of a run.
pub(super) fn provenance(drawn: &Drawn, judging: Duration, writing: Duration) -> Provenance {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Provenance {
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("MODE_LOTTERY_COMMIT").to_owned(),
        command: Some(command()),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        lanes: format!("{:?}", Level::current()).to_lowercase(),
        threads: rayon::current_num_threads(),
        seconds: milliseconds(drawn.seconds),
        exact_seconds: Some(milliseconds(drawn.exact_seconds)),
        judging_seconds: Some(milliseconds(judging.as_secs_f64())),
        writing_seconds: Some(milliseconds(writing.as_secs_f64())),
        blocks_computed: drawn.computed,
        blocks_kept: drawn.reused,
        unix_time: since_1970.map_or(0, |d| d.as_secs()),
    }
}

/// The command line of this process, as a shell would take it.
fn command() -> String {
    let words = std::env::args_os()
        .skip(1)
        .map(|word| page::shell_word(&word.to_string_lossy()));
    std::iter::once("mode-lottery".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Seconds to three digits: a clock says no more.
fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// Writes every file that people read: estimates, claims, draws, figures, page, manifest. Returns the folder's figures.
pub(super) fn write(
    directory: &Path,
    experiment: &Experiment,
    file: &str,
    parts: RunParts,
    records: &Records,
    claims: &[ClaimRecord],
    provenance: impl FnOnce(Duration) -> Provenance,
) -> Result<Vec<String>, CliError> {
    let _writing = Writing::begin();
    let started = Instant::now();
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let RunParts { scenarios, beside } = parts;
    let mut written = names(experiment);
    written.extend(beside.names());
    replaced::begin(directory, &written)?;
    let mut outputs = Outputs::new(directory, beside);
    outputs.put_by("estimates.csv", |out| put_estimates(&keys, &records.estimates, out))?;
    outputs.put("claims.csv", &write_claims(claims))?;
    outputs.put("curves.csv", &write_curves(&records.curves))?;
    for (figure, draws) in &records.draws {
        outputs.put(&draws_file(figure), &write_draws(draws))?;
    }
    // Rasters take longer than all else that is written.
    let drawn = threads::try_map(
        &experiment.figures,
        || (),
        |(), spec| pictures(&spec.name, &plot::figure(experiment, records, spec)),
    )?;
    for (picture, bytes) in drawn.into_iter().flatten() {
        outputs.put(&picture, &bytes)?;
    }
    let figures: Vec<String> = experiment.figures.iter().map(|spec| spec.name.clone()).collect();
    let text = page::page(experiment, file, &scenarios, &records.estimates, claims, &figures);
    outputs.put("README.md", text.as_bytes())?;
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        experiment: experiment.name.clone(),
        file: file.to_owned(),
        text: experiment.source.text.clone(),
        set: experiment.sets.clone(),
        numerics: NUMERICS_VERSION,
        scenarios,
        outputs: outputs.digests(),
        provenance: provenance(started.elapsed()),
    };
    outputs.finish(&manifest)?;
    Ok(figures)
}

/// Results are being written, until it goes.
struct Writing;

impl Writing {
    fn begin() -> Self {
        WRITING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        WRITING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The files of an experiment's result.
pub(super) fn names(experiment: &Experiment) -> Vec<String> {
    const ALWAYS: [&str; 5] = [
        "estimates.csv",
        "claims.csv",
        "curves.csv",
        "README.md",
        "manifest.json",
    ];
    let draws = experiment.draws().map(|(figure, _)| draws_file(figure));
    let figures = experiment
        .figures
        .iter()
        .flat_map(|spec| PICTURES.iter().map(|ending| format!("{}.{ending}", spec.name)));
    ALWAYS
        .into_iter()
        .map(str::to_owned)
        .chain(draws)
        .chain(figures)
        .collect()
}

/// The files of a figure: name and bytes.
pub(super) fn pictures(name: &str, drawn: &figure::Figure) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let svg = figure::render(drawn).map_err(|error| CliError::Run(format!("figure {name}: {error}")))?;
    let named = |ending: &&str| {
        let file = format!("{name}.{ending}");
        let bytes = picture(&svg, Path::new(&file))?;
        Ok((file, bytes))
    };
    PICTURES.iter().map(named).collect()
}

/// The bytes of a figure as the ending of a file's name says.
pub(super) fn picture(svg: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let bytes: Result<_, figure::FigureError> = match &*ending {
        "svg" => Ok(svg.as_bytes().to_vec()),
        #[cfg(feature = "png")]
        "png" => figure::png(svg, DPI),
        #[cfg(feature = "pdf")]
        "pdf" => figure::pdf(svg),
        _ => {
            let known = PICTURES.join(", ");
            return Err(CliError::Input(format!(
                "{}: figures are written as {known}",
                path.display()
            )));
        }
    };
    bytes.map_err(|error| CliError::Run(format!("figure {}: {error}", path.display())))
}

/// The files of a result, each written beside its name: they take their names one after the other, once all are on the disk. So what
/// goes wrong before leaves the result that was there.
struct Outputs<'a> {
    directory: &'a Path,
    files: Vec<(OutputDigest, Settled)>,
    stay: Vec<OutputDigest>,
}

impl<'a> Outputs<'a> {
    fn new(directory: &'a Path, beside: Beside) -> Self {
        let (files, stay) = match beside {
            Beside::Written(files) => (files, Vec::new()),
            Beside::Stay(stay) => (Vec::new(), stay),
        };
        Self { directory, files, stay }
    }

    fn put(&mut self, file: &str, bytes: &[u8]) -> Result<(), CliError> {
        self.put_by(file, |out| out.write_all(bytes))
    }

    /// Writes a file piece by piece, so that it is never whole in memory.
    fn put_by(&mut self, file: &str, write: impl FnOnce(&mut Output) -> io::Result<()>) -> Result<(), CliError> {
        if file.starts_with(DRAWS) {
            let below = self.directory.join(DRAWS);
            std::fs::create_dir_all(&below).map_err(CliError::run_at(&below))?;
        }
        let mut out = Output::create(self.directory, file)?;
        out.put_by(write)?;
        self.files.push(out.finish()?);
        Ok(())
    }

    fn digests(&self) -> Vec<OutputDigest> {
        let own = self.files.iter().map(|(digest, _)| digest);
        own.chain(&self.stay).cloned().collect()
    }

    /// The manifest is the last to take its name; what only the result before had goes then.
    fn finish(mut self, manifest: &Manifest) -> Result<(), CliError> {
        let now = self.digests();
        let before = written(&self.directory.join("manifest.json"));
        self.put_by("manifest.json", |out| manifest.write(out))?;
        let mut files = self.files.into_iter();
        files
            .try_for_each(|(_, settled)| settled.take_name())
            .map_err(CliError::run)?;
        remove_stale(self.directory, &before, &now);
        Ok(())
    }
}

/// Removes figures, what was drawn for them, and rows of replicates, that an earlier run of the experiment made and this one did not.
fn remove_stale(directory: &Path, before: &[String], now: &[OutputDigest]) {
    let is_file = |name: &str| PathBuf::from(name).file_name().is_some_and(|last| last == name);
    let own = |name: &str| match name.strip_prefix(DRAWS) {
        Some(file) => file.ends_with(".csv") && is_file(file),
        None => rows::FILES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending)) && is_file(name),
    };
    for file in before {
        if own(file) && !now.iter().any(|output| output.file == *file) {
            // A figure that cannot be removed is an old picture, not a wrong result.
            let _ = std::fs::remove_file(directory.join(file));
        }
    }
    if !now.iter().any(|output| output.file.starts_with(DRAWS)) {
        // Only an empty folder goes.
        let _ = std::fs::remove_dir(directory.join(DRAWS));
    }
}

/// What the manifest says of each scenario; the digests of blocks go there.
pub(super) fn scenario_records(experiment: &Experiment, drawn: &mut Drawn) -> Vec<ScenarioRecord> {
    let blocks = std::mem::take(&mut drawn.blocks);
    let drawn = drawn.findings.totals.iter().zip(blocks).zip(&drawn.missing);
    let record = |(scenario, ((total, blocks), &missing)): (&Scenario, ((&Group, Vec<BlockDigest>), &u64))| {
        let spec = scenario.study.spec();
        ScenarioRecord {
            draws: spec.draws.digest(),
            work: spec.work.digest(),
            replicates: total.replicates,
            blocks,
            missing,
        }
    };
    experiment.scenarios.iter().zip(drawn).map(record).collect()
}
