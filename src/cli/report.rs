//! Owns the command `report`: everything that people read, again from stored records.

use super::composed::{self, Stored};
use super::journal;
use super::paths::below;
use super::rows::{Beside, RunParts};
use super::{CliError, print, replaced, results};
use crate::experiment::{self, Experiment};
use crate::record::journal::Kept;
use crate::record::{
    ClaimRecord, EstimateRecord, Manifest, OutputDigest, ScenarioRecord, digest, parse_claims, parse_curves,
    parse_estimates, read, replace,
};
use crate::report::plot::Records;
use crate::report::{Listed, generated, html, page, table};
use std::path::{Path, PathBuf};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Result folders, or folders of result folders
    #[arg(required = true)]
    directories: Vec<PathBuf>,
    /// Also fill what stands between the markers of this Markdown file: its list of experiments, table of all claims, or statements
    /// of papers; may be given several times
    #[arg(long = "readme", value_name = "FILE")]
    pages: Vec<PathBuf>,
    /// Also write `report.html` into each result folder: one page that needs nothing else, with tables that sort and figures that show
    /// the numbers behind a point
    #[arg(long)]
    html: bool,
    /// How claims are printed
    #[arg(long, value_enum, default_value_t = Format::Plain)]
    format: Format,
    /// Also print every row of the estimates
    #[arg(long)]
    estimates: bool,
}

/// How tables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For a terminal.
    Plain,
    /// For Markdown pages.
    Markdown,
    /// For papers: `tabular` with the rules of the package booktabs.
    Latex,
}

impl Format {
    fn table(self, (header, rows): &(Vec<String>, Vec<Vec<String>>)) -> String {
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        match self {
            Format::Plain => table::plain(&header, rows),
            Format::Markdown => table::markdown(&header, rows),
            Format::Latex => table::latex(&header, rows),
        }
    }
}

/// The page of one result that needs nothing else.
const HTML: &str = "report.html";

/// Redoes tables, figures and pages. It computes nothing, and judges nothing anew: that is `run`'s.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let (mut reported, mut experiments) = (Vec::new(), Vec::new());
    for directory in find_all(&args.directories)? {
        let Told {
            experiment,
            records,
            claims,
        } = report_one(&directory)?;
        print(&printed(args, &experiment, &records.estimates, &claims))?;
        if args.html {
            write_html(&directory, &experiment, &records, &claims)?;
        }
        reported.push(Listed {
            name: experiment.name.clone(),
            title: experiment.title.clone(),
            link: String::new(),
            claims,
        });
        experiments.push((directory, experiment));
    }
    for given in &args.directories {
        compose(given, &experiments)?;
    }
    for page in &args.pages {
        for (own, (directory, _)) in reported.iter_mut().zip(&experiments) {
            own.link = link(page, &directory.join("README.md"))?;
        }
        fill(page, &reported)?;
    }
    Ok(())
}

/// What is printed of a result.
fn printed(args: &Args, experiment: &Experiment, estimates: &[EstimateRecord], claims: &[ClaimRecord]) -> String {
    let (name, title) = (&experiment.name, &experiment.title);
    let heading = match args.format {
        Format::Plain => format!("{name}: {title}\n"),
        Format::Markdown => format!("## {name}: {title}\n\n"),
        Format::Latex => format!("% {name}: {title}\n"),
    };
    let of_claims = match (args.format, claims) {
        (_, []) => String::new(),
        (Format::Plain, claims) => page::claims_plain(claims),
        (format, claims) => format.table(&page::claims_rows(claims)),
    };
    let of_estimates = match args.estimates {
        true => args.format.table(&page::estimates_rows(experiment, estimates)) + "\n",
        false => String::new(),
    };
    format!("{heading}{of_claims}\n{of_estimates}")
}

/// Writes the page of a result that needs nothing else, over one of this program's at most.
fn write_html(
    directory: &Path,
    experiment: &Experiment,
    records: &Records,
    claims: &[ClaimRecord],
) -> Result<(), CliError> {
    let path = directory.join(HTML);
    replaced::refuse_unmarked(&path, html::MARK, "or report without --html")?;
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let text = |file: &str| {
        let path = directory.join(file);
        let text = std::fs::read_to_string(&path).map_err(CliError::input_at(&path))?;
        Ok((file.to_owned(), text))
    };
    let files = ["estimates.csv", "claims.csv", "manifest.json"].map(text);
    let files: Vec<(String, String)> = files.into_iter().collect::<Result<_, CliError>>()?;
    let stored = html::Stored {
        experiment,
        manifest: &manifest,
        records,
        claims,
        files: &files,
        engine: Some(super::page::engine()),
    };
    let page = html::html(&stored).map_err(|error| CliError::Run(format!("{}: {error}", path.display())))?;
    replace(&path, page.as_bytes()).map_err(CliError::run)
}

/// Composed figures of a folder of results, from the experiments right below it.
fn compose(given: &Path, experiments: &[(PathBuf, Experiment)]) -> Result<(), CliError> {
    if given.join("manifest.json").is_file() {
        return Ok(());
    }
    let below = experiments
        .iter()
        .filter(|(directory, _)| directory.parent() == Some(given));
    let stored: Vec<Stored<'_>> = below
        .map(|(directory, experiment)| (experiment, directory.clone()))
        .collect();
    composed::rewrite(given, &stored)
}

/// Fills the generated parts of a page. A file that one of its markers names lies beside it.
fn fill(path: &Path, reported: &[Listed]) -> Result<(), CliError> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let text = read(path).map_err(CliError::Input)?;
    let beside = |name: &str| read(&path.with_file_name(name));
    let text = generated::splice(&text, reported, &beside)
        .map_err(|error| CliError::Input(format!("{}: {error}", path.display())))?;
    replace(path, text.as_bytes()).map_err(CliError::run)
}

/// How a page links to another file: the way from the folder of the one to the other.
fn link(page: &Path, to: &Path) -> Result<String, CliError> {
    let real = |path: &Path| {
        let real = path.canonicalize();
        real.map_err(|error| CliError::Input(format!("{}: {error}", path.display())))
    };
    let (page, to) = (real(page)?, real(to)?);
    let folder = page.parent().unwrap_or(&page);
    let shared = folder
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = to
        .components()
        .skip(shared)
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// Folders that hold a manifest: those given, or those one level below, by name.
pub(super) fn find_all(given: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for directory in given {
        if directory.join("manifest.json").is_file() {
            found.push(directory.clone());
            continue;
        }
        let mut below = below(directory)?;
        below.retain(|path| path.join("manifest.json").is_file());
        if below.is_empty() {
            return Err(CliError::Input(format!(
                "{}: no manifest.json here or one level below, so no result",
                directory.display()
            )));
        }
        found.extend(below);
    }
    Ok(found)
}

/// A result, read and told again.
struct Told {
    experiment: Experiment,
    records: Records,
    claims: Vec<ClaimRecord>,
}

fn report_one(directory: &Path) -> Result<Told, CliError> {
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let (file, outputs, provenance) = (
        manifest.file.clone(),
        manifest.outputs.clone(),
        manifest.provenance.clone(),
    );
    let (experiment, scenarios) = stored_experiment(directory, manifest)?;
    let intact = |file: &str| intact(directory, file, &outputs);
    let records = Records {
        estimates: stored_estimates(&intact("estimates.csv")?, &experiment)?,
        curves: read(&intact("curves.csv")?, parse_curves).map_err(CliError::input)?,
        draws: results::stored_draws(&experiment, &intact)?,
    };
    let claims = read(&intact("claims.csv")?, parse_claims).map_err(CliError::input)?;
    let parts = RunParts {
        scenarios,
        beside: Beside::stay(&outputs),
    };
    results::write(directory, &experiment, &file, parts, &records, &claims, |_| provenance)?;
    Ok(Told {
        experiment,
        records,
        claims,
    })
}

/// The experiment that a manifest holds, and what it says of each scenario. Refused where this program would name its
/// scenarios otherwise: then it means something else by the same file.
pub(super) fn stored_experiment(
    directory: &Path,
    manifest: Manifest,
) -> Result<(Experiment, Vec<ScenarioRecord>), CliError> {
    let shown = format!("{} (as stored in {})", manifest.file, directory.display());
    let experiment = experiment::parse(&manifest.experiment, &shown, manifest.text, &manifest.set);
    let experiment = experiment.map_err(CliError::input)?;
    let keys = manifest
        .scenarios
        .iter()
        .map(|own| (own.draws.clone(), own.work.clone()));
    let specs = experiment.scenarios.iter().map(|own| own.study.spec());
    if !keys.eq(specs.map(|spec| (spec.draws.digest(), spec.work.digest()))) {
        return Err(CliError::Input(format!(
            "{}: its keys are not those of the experiment that it holds, by this version of the program; \
             run the experiment again",
            directory.join("manifest.json").display()
        )));
    }
    Ok((experiment, manifest.scenarios))
}

/// The blocks in the journal beside a result. Says what is damaged.
pub(super) fn stored_blocks(directory: &Path) -> Result<Kept, CliError> {
    let kept = Kept::of_folder(&directory.join(journal::FOLDER)).map_err(CliError::input)?;
    journal::warn(&kept);
    Ok(kept)
}

/// The path of an output, if it is as it was written.
fn intact(directory: &Path, file: &str, outputs: &[OutputDigest]) -> Result<PathBuf, CliError> {
    let path = directory.join(file);
    let bytes = std::fs::read(&path).map_err(CliError::input_at(&path))?;
    if outputs.contains(&digest(file, &bytes)) {
        return Ok(path);
    }
    Err(CliError::Input(format!(
        "{}: not the file that the manifest names: it was changed or damaged; run the experiment again",
        path.display()
    )))
}

/// The stored rows, if they are those of the experiment.
fn stored_estimates(path: &Path, experiment: &Experiment) -> Result<Vec<EstimateRecord>, CliError> {
    let (_, records) = read(path, parse_estimates).map_err(CliError::input)?;
    let fits = records.len() == experiment.rows().count()
        && experiment
            .rows()
            .zip(&records)
            .all(|(row, record)| experiment.estimand(row).name() == &*record.estimand);
    if !fits {
        return Err(CliError::Input(format!(
            "{}: its rows are not those of the stored experiment; run it again",
            path.display()
        )));
    }
    Ok(records)
}
