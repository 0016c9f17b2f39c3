//! Owns the command `replay`: one replicate of a scenario, through the kernels of a run, with all that there is to see.

use super::{CliError, print};
use crate::engine::{self, Row};
use crate::experiment::{self, Experiment, RowRef, VERSUS};
use crate::inference::groups::{Group, Groups};
use crate::numerics::text::float;
use crate::report::table::plain;
use crate::study::Question;
use std::path::PathBuf;

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Experiment file
    file: PathBuf,
    /// Which scenario, counted from 0 as in the results
    #[arg(long, default_value_t = 0)]
    scenario: usize,
    /// Which replicate, counted from 0
    #[arg(long)]
    replicate: u64,
    /// Prompts to show, the first ones
    #[arg(long, default_value_t = 2)]
    prompts: u32,
    /// Lay a value over the file: a dotted key and a TOML value
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

/// A replicate beyond this has no stream of its own.
const MOST: u64 = 1 << 62;

/// Prints draws, selections, fits and measures.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let experiment = experiment::load(&args.file, &args.sets).map_err(CliError::input)?;
    let Some(scenario) = experiment.scenarios.get(args.scenario) else {
        let what = format!(
            "--scenario {}: {} has scenarios 0 to {}",
            args.scenario,
            args.file.display(),
            experiment.scenarios.len() - 1
        );
        return Err(CliError::Input(what));
    };
    if args.replicate >= MOST {
        return Err(CliError::Input(format!(
            "--replicate {}: at most {} are told apart",
            args.replicate, MOST
        )));
    }
    let study = scenario.study.as_ref();
    let alone = engine::replay(study, args.replicate).map_err(CliError::run)?;
    print(&format!(
        "{}, scenario {}, replicate {} (block {})\n\n{}",
        experiment.name,
        args.scenario,
        args.replicate,
        args.replicate / study.spec().block_replicates(),
        arms(&experiment, args.scenario, &alone)
    ))?;
    for table in study.trace(args.replicate, args.prompts) {
        print(&format!("{}\n{}\n", table.title, plain(&table.header, &table.rows)))?;
    }
    print(&format!(
        "What this replicate alone would give\n{}",
        measures(&experiment, args.scenario, study, alone)
    ))
}

/// The arms by number, with their settings, and whether they failed.
fn arms(experiment: &Experiment, scenario: usize, alone: &Group) -> String {
    let columns = experiment.columns.iter().filter(|column| column.key != VERSUS);
    let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    let header = [&["arm"], &names[..], &[""]].concat();
    let row = |(arm, cells): (usize, &Vec<experiment::Cell>)| {
        let mut row = vec![arm.to_string()];
        row.extend(cells.iter().take(names.len()).map(|cell| cell.text.to_string()));
        row.push(if alone.valid[arm] == 0 { "failed" } else { "" }.to_owned());
        row
    };
    let rows: Vec<Vec<String>> = experiment.scenarios[scenario]
        .cells
        .iter()
        .enumerate()
        .map(row)
        .collect();
    format!("Arms\n{}\n", plain(&header, &rows))
}

/// Every estimand of each arm from this replicate alone; those of failed arms have none.
fn measures(experiment: &Experiment, scenario: usize, study: &dyn Question, alone: Group) -> String {
    let spec = study.spec();
    let groups = Groups::new(spec.layout.clone(), vec![alone]);
    let row = |row: &Row| {
        let estimand = experiment.estimand(RowRef {
            scenario,
            estimand: row.estimand,
        });
        let value = row.measured.as_ref()?.estimate().value;
        let arm = estimand.of.shown().map_or_else(String::new, |arm| arm.to_string());
        let value = if value.is_nan() { String::new() } else { float(value) };
        Some(vec![arm, estimand.name().to_owned(), estimand.at.to_string(), value])
    };
    let rows: Vec<Vec<String>> = engine::estimate(spec, &groups).iter().filter_map(row).collect();
    plain(&["arm", "estimand", "at", "value"], &rows)
}
