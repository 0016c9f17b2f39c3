//! Owns the command `check`: what a run would do, from the specification and one block through the real path.

use super::foretell::{self, Planned};
use super::journal::Plan;
use super::options::amount;
use super::trial::Trial;
use super::{CliError, count, exact, memory, print, report, results, short_2};
use crate::engine::{self, Share, Stop, Stopping};
use crate::experiment::{self, Experiment, Scenario};
use crate::inference::groups::MOST_GROUPS;
use crate::numerics::text::short;
use crate::policy::SharedSoftmax;
use crate::record::journal::Kept;
use crate::study::Question;
use crate::world::World;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Experiment files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Lay a value over the file: a dotted key and a TOML value
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Folder of results, whose finished blocks a run would use
    #[arg(long, default_value = "results")]
    out: PathBuf,
    /// Say what there is to do without a look at journals, exact laws or a block: at once, whatever the file asks
    #[arg(long)]
    plan: bool,
    /// Seconds of one core that blocks and a pilot may take
    #[arg(long = "try", value_name = "SECONDS", default_value_t = 1.0, value_parser = amount)]
    most: f64,
}

/// Validates every file, expands it, and runs one block of each scenario.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    for path in &args.files {
        let experiment = experiment::load(path, &args.sets).map_err(CliError::input)?;
        if args.plan {
            print(&format!(
                "{}: valid\n{}",
                experiment.source.name,
                planned_only(&experiment)?
            ))?;
            continue;
        }
        let kept = report::stored_blocks(&args.out.join(&experiment.name))?;
        let experiment = exact::with_kept(&kept, experiment)?;
        let lacking = match experiment.pending_jobs().is_empty() {
            true => results::drawn_ahead(&experiment, path)?.1,
            false => Vec::new(),
        };
        let lacking: String = lacking.iter().map(|line| format!("  {line}\n")).collect();
        let text = describe(&experiment, args.most)?;
        print(&format!(
            "{}: valid\n{text}{lacking}{}",
            experiment.source.name,
            plan(&experiment, &kept)
        ))?;
    }
    Ok(())
}

/// What a run would do as far as the file says it.
fn planned_only(experiment: &Experiment) -> Result<String, CliError> {
    let first_round = |study: &dyn Question| Ok((Stopping::new(&experiment.stop, study.spec()).blocks(), 0.0));
    let (mut out, planned) = scenarios(experiment, "in its first round ", &first_round)?;
    let exact = experiment.exact_jobs();
    if !exact.is_empty() {
        out += &format!("  {}\n", exact::sentence(&exact));
    }
    Ok(out + &counts(experiment) + &format!("  memory: {}\n", memory(experiment, &planned)))
}

/// How many blocks a scenario has, and the seconds of one.
type LookUp<'a> = dyn Fn(&dyn Question) -> Result<(u64, f64), CliError> + 'a;

/// The title, and each scenario with its blocks and the seconds of one, as they are looked up.
fn scenarios(
    experiment: &Experiment,
    in_rounds: &str,
    look_up: &LookUp<'_>,
) -> Result<(String, Vec<Planned>), CliError> {
    let said = match &experiment.stop {
        Stop::Replicates(_) => "",
        Stop::Precise(_) => in_rounds,
    };
    let (mut out, mut planned) = (format!("  {}\n", experiment.title), Vec::new());
    for (index, scenario) in experiment.scenarios.iter().enumerate() {
        let study = scenario.study.as_ref();
        let (blocks, seconds) = look_up(study)?;
        out += &truth(index, experiment, study, (said, blocks));
        let replicates = blocks * study.spec().block_replicates();
        planned.push(Planned { replicates, seconds });
    }
    Ok((out, planned))
}

/// How much there is of what is asked, and what claims leave out.
fn counts(experiment: &Experiment) -> String {
    let cells: usize = experiment.claims.iter().map(|claim| claim.cells.len()).sum();
    let mut out = format!(
        "  {} over {}, {}, {}; nothing was written\n",
        count(experiment.claims.len(), "claim"),
        count(cells, "cell"),
        count(experiment.figures.len(), "figure"),
        count(experiment.rows().count(), "row")
    );
    for (claim, left_out) in experiment.claims.iter().filter_map(|own| Some((own, own.left_out?))) {
        out += &format!("  claim {}: {left_out}\n", claim.name);
    }
    out
}

fn describe(experiment: &Experiment, most: f64) -> Result<String, CliError> {
    let trial = Trial::new(most, experiment.scenarios.len());
    let by_a_block = |study: &dyn Question| {
        let seconds = trial.one_block(study)?;
        Ok((blocks(experiment, study, seconds, most)?, seconds))
    };
    let (mut out, planned) = scenarios(experiment, "by its first round about ", &by_a_block)?;
    let of_scenario =
        |(scenario, own): (&Scenario, &Planned)| own.seconds * scenario.study.spec().blocks(own.replicates) as f64;
    let seconds: f64 = experiment.scenarios.iter().zip(&planned).map(of_scenario).sum();
    let exact = experiment.exact_jobs();
    // Cannot fail because writing to a String never does.
    if let (pending, false) = (experiment.pending_jobs(), exact.is_empty()) {
        let said = match pending.is_empty() {
            true => format!("{} known from earlier runs", count(exact.len(), "exact law")),
            false => format!(
                "{}; claims and figures that rest on them are checked then",
                exact::sentence(&pending)
            ),
        };
        let _ = writeln!(out, "  {said}");
    }
    let threads = rayon::current_num_threads();
    out += &counts(experiment);
    for line in foretell::lines(experiment, &planned, most)? {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(
        out,
        "  cost: {} s of one core by its {}, {} s on {threads} threads; memory: {}",
        if trial.is_guess() {
            format!("some {}", short_2(seconds))
        } else {
            format!("about {}", short_2(seconds))
        },
        if trial.is_guess() {
            "random words, for a block would take longer than --try"
        } else {
            "first block"
        },
        short_2(seconds / threads as f64),
        memory(experiment, &planned)
    );
    Ok(out)
}

/// What is exact about a scenario, and what it draws.
fn truth(index: usize, experiment: &Experiment, study: &dyn Question, (said, blocks): (&str, u64)) -> String {
    let spec = study.spec();
    let swept: Vec<String> = experiment
        .columns
        .iter()
        .zip(&experiment.scenarios[index].cells[0])
        .filter(|(column, _)| column.key == "seed" || column.key.starts_with("world."))
        .map(|(column, cell)| format!(" {} = {}", column.name, cell.text))
        .collect();
    format!(
        "  scenario {index}{}{}{}{}\n    {} arms; {said}{} replicates in {} blocks of {}, {} random words each\n",
        if swept.is_empty() { "" } else { "," },
        swept.join(","),
        study.world().map_or_else(String::new, about_world),
        study
            .optimum("responses")
            .map_or_else(String::new, |best| format!("; K* = {}", short(best))),
        study.spec().layout.arms(),
        blocks * spec.block_replicates(),
        blocks,
        spec.block_replicates(),
        spec.words,
    )
}

fn about_world(world: &dyn World) -> String {
    let components = world.trace_components();
    // A mode of wrong responses has no weight where none is wrong.
    let mean: Vec<f64> = world.mean().iter().copied().filter(|p| *p > 0.0).collect();
    let entropy = SharedSoftmax::from_probabilities(&mean).nll(&mean);
    format!(
        ": {} modes, V_x = {}, V_{{y|x}} = {}, ICC = {}; entropy of the mean {} nats, given the prompt {} nats",
        world.mean().len(),
        short(components.prompt),
        short(components.response),
        short(components.icc()),
        short(entropy),
        world
            .conditional_entropy()
            .map_or("an unknown number of".to_owned(), short),
    )
}

/// Blocks that a scenario takes: as stated, or as its first round foretells, if that may be tried.
fn blocks(experiment: &Experiment, study: &dyn Question, seconds: f64, most: f64) -> Result<u64, CliError> {
    let spec = study.spec();
    let stopping = Stopping::new(&experiment.stop, spec);
    let Stop::Precise(precision) = &experiment.stop else {
        return Ok(stopping.blocks());
    };
    if seconds * stopping.blocks() as f64 > most / experiment.scenarios.len() as f64 {
        return Ok(stopping.blocks());
    }
    let first = engine::run(study, stopping.blocks() * spec.block_replicates()).map_err(CliError::run)?;
    let refused = |error| CliError::Input(format!("{}: {error}", experiment.source.name));
    let foretold = stopping.foretold(precision, spec, &first).map_err(refused)?;
    Ok(spec.blocks(foretold))
}

/// What a run would find in a folder.
fn plan(experiment: &Experiment, kept: &Kept) -> String {
    let plan = Plan::new(kept, experiment, |spec| {
        Share::all(Stopping::new(&experiment.stop, spec).blocks())
    });
    plan.lines().iter().map(|line| format!("  {line}\n")).collect()
}

/// What a run takes at its worst: once all groups stand, however many replicates there are.
fn memory(experiment: &Experiment, planned: &[Planned]) -> String {
    let megabytes = memory::foretold(experiment, planned).div_ceil(1_000_000);
    let stands =
        |(scenario, own): (&Scenario, &Planned)| own.replicates / scenario.study.spec().batch >= MOST_GROUPS as u64;
    match experiment.scenarios.iter().zip(planned).all(stands) {
        true => format!("about {megabytes} MB however many replicates"),
        false => format!("about {megabytes} MB"),
    }
}
