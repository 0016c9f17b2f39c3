//! Owns the command `slurm`: an array job of shares and the job that merges them, as scripts for sbatch or submitted.
//!
//! Slurm schedules, starts again and counts; nothing here waits for a job or looks after one.

mod script;

use super::foretell::Planned;
use super::input::Input;
use super::{CliError, drawing, eprint, input, journal, memory, merge, print, results};
use crate::engine::Stopping;
use crate::experiment::{self, Experiment};
use crate::record::journal::Kept;
use crate::record::replace;
use crate::report::page::shell_word;
use crate::session::Drawing;
use script::Job;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Arguments of `slurm`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Experiment files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Elements of the array, one share of the blocks each: 1 to 1001
    #[arg(long, value_name = "N")]
    shards: u32,
    /// Folder that gets one folder per experiment; every node must see it
    #[arg(long, default_value = "results")]
    out: PathBuf,
    /// Replicates per scenario, instead of the file's
    #[arg(long)]
    replicates: Option<u64>,
    /// Lay a value over the file: a dotted key and a TOML value
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Partition, as sbatch takes it
    #[arg(long, value_name = "P")]
    partition: Option<String>,
    /// Account, as sbatch takes it
    #[arg(long, value_name = "A")]
    account: Option<String>,
    /// Time limit of each element, as sbatch takes it
    #[arg(long, value_name = "T")]
    time: Option<String>,
    /// Memory of each element, as sbatch takes it [default: twice what `check` foretells]
    #[arg(long, value_name = "M")]
    mem: Option<String>,
    /// Start an element that reaches its time limit again, at most this often
    #[arg(long, value_name = "R", default_value_t = 10)]
    restarts: u32,
    /// Cores of each element; the results do not depend on it
    #[arg(long, value_name = "C", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    cpus_per_task: u16,
    /// Run at most this many elements at a time
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..))]
    throttle: Option<u32>,
    /// Folder for the scripts and logs [default: slurm/EXPERIMENT in that of --out]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Submit both jobs by sbatch instead of telling how
    #[arg(long)]
    submit: bool,
}

/// What Slurm takes as one array unless a site has raised its MaxArraySize. More shares would gain little: each reads the
/// journals of all the others when it starts, and uses any number of cores itself.
const MOST_SHARDS: u32 = 1001;

/// Validates every file, writes both scripts, and tells how to submit them or does it.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    if !(1..=MOST_SHARDS).contains(&args.shards) {
        return Err(CliError::Input(format!(
            "--shards {}: from 1 to {MOST_SHARDS}, the longest array that most sites take; \
             more cores for each share (--cpus-per-task) do the same",
            args.shards
        )));
    }
    let mut sets = args.sets.clone();
    sets.extend(args.replicates.map(|n| format!("run.replicates={n}")));
    if args.files.iter().any(|file| file == Path::new("-")) {
        return Err(CliError::Input(
            "-: the elements of an array read the file when they start, so it needs a name".to_owned(),
        ));
    }
    let experiments = input::load_all(&args.files, &|path| experiment::load(path, &sets))?;
    let job = job(args, &experiments)?;
    for Input { file, experiment, .. } in &experiments {
        let directory = args.out.join(&experiment.name);
        results::prepare(&directory)?;
        drawing::refuse_rounds(experiment)?;
        can_be_merged(&directory, experiment, file, args.shards)?;
    }
    write(&job)?;
    print(&format!(
        "{}: {} shares of {} blocks; scripts in {}\n",
        job.name,
        job.shards,
        blocks(&experiments),
        job.folder
    ))?;
    match args.submit {
        true => submit(&job),
        false => print(&format!("submit them by\n\n{}\n{}", job.commands(None), again(&job))),
    }
}

/// The blocks of all scenarios, as far as they are known before anything is drawn.
fn blocks(experiments: &[Input]) -> u64 {
    let needed = |own: &Input| Drawing::new(&own.experiment).blocks().1;
    experiments.iter().map(needed).sum()
}

/// What the scripts are about, in texts that they can hold.
fn job(args: &Args, experiments: &[Input]) -> Result<Job, CliError> {
    let name = name(experiments);
    let program =
        std::env::current_exe().map_err(|error| CliError::run(format!("the path of this program: {error}")))?;
    let files: Result<Vec<String>, CliError> = args.files.iter().map(|path| absolute(path)).collect();
    let out = absolute(&args.out)?;
    let job = Job {
        program: absolute(&program)?,
        files: files?,
        results: experiments
            .iter()
            .map(|own| format!("{out}/{}", own.experiment.name))
            .collect(),
        out,
        folder: folder(args, &name)?,
        sets: args.sets.clone(),
        replicates: args.replicates,
        shards: args.shards,
        throttle: args.throttle,
        cpus: args.cpus_per_task,
        restarts: args.restarts,
        asked: asked(args, experiments)?,
        name,
    };
    let texts = job
        .files
        .iter()
        .chain(&job.sets)
        .chain([&job.program, &job.out, &job.folder]);
    texts.into_iter().try_for_each(|text| one_line(text, text))?;
    Ok(job)
}

/// What the array is called.
fn name(experiments: &[Input]) -> String {
    match experiments {
        [] => String::new(),
        [one] => one.experiment.name.clone(),
        [first, more @ ..] => format!("{}-and-{}-more", first.experiment.name, more.len()),
    }
}

/// The folder of scripts and logs.
fn folder(args: &Args, name: &str) -> Result<String, CliError> {
    let given = args.folder.clone();
    let folder = absolute(&given.unwrap_or_else(|| args.out.join("slurm").join(name)))?;
    match folder.contains('\\') {
        // In names of log files Slurm takes it for a sign of its own.
        true => Err(CliError::Input(format!(
            "{folder}: Slurm takes no backslash in the path of a log; give another --folder"
        ))),
        false => Ok(folder),
    }
}

/// Options that are passed on to sbatch as given, and the memory where it is not.
fn asked(args: &Args, experiments: &[Input]) -> Result<Vec<(&'static str, String)>, CliError> {
    let mem = args
        .mem
        .clone()
        .unwrap_or_else(|| format!("{}M", megabytes(experiments)));
    let all = [
        ("partition", args.partition.clone()),
        ("account", args.account.clone()),
        ("time", args.time.clone()),
        ("mem", Some(mem)),
    ];
    let given = all.into_iter().filter_map(|(option, value)| Some((option, value?)));
    given
        .map(|(option, value)| {
            if value.is_empty() {
                return Err(CliError::Input(format!("--{option}: its value is empty")));
            }
            one_line(&format!("--{option} {value}"), &value)?;
            Ok((option, value))
        })
        .collect()
}

/// Twice what `check` foretells of the experiment that takes most: its forecast is within a factor of two.
fn megabytes(experiments: &[Input]) -> u64 {
    let of = |own: &Input| {
        let planned = own.experiment.scenarios.iter().map(|scenario| {
            let spec = scenario.study.spec();
            Planned {
                replicates: Stopping::new(&own.experiment.stop, spec).blocks() * spec.block_replicates(),
                seconds: 0.0,
            }
        });
        let planned: Vec<Planned> = planned.collect();
        (2 * memory::foretold(&own.experiment, &planned)).div_ceil(1 << 20)
    };
    experiments.iter().map(of).max().unwrap_or(0)
}

/// A path as the nodes of a cluster see it: links stay, since what they lead to here may be called otherwise there.
fn absolute(path: &Path) -> Result<String, CliError> {
    let shown = path.display();
    let absolute = std::path::absolute(path).map_err(CliError::input_at(path))?;
    match absolute.to_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(CliError::Input(format!(
            "{shown}: a script can hold paths of UTF-8 text only"
        ))),
    }
}

/// Refuses what would end a line of a script.
fn one_line(what: &str, text: &str) -> Result<(), CliError> {
    match text.contains(char::is_control) {
        true => Err(CliError::Input(format!(
            "{what:?}: a script can hold no line breaks or other control characters"
        ))),
        false => Ok(()),
    }
}

/// Refuses a folder in which the shares could be computed and then not merged: with journals of another run.
fn can_be_merged(directory: &Path, experiment: &Experiment, file: &str, shards: u32) -> Result<(), CliError> {
    let kept = Kept::of_folder(&directory.join(journal::FOLDER)).map_err(CliError::input)?;
    let own = journal::record(experiment, file);
    let ending = format!("-of-{shards}");
    for (path, record) in merge::last_records(&kept) {
        // A share that is run again says anew what it is of.
        let rewritten = path
            .file_stem()
            .is_some_and(|stem| stem.to_string_lossy().ends_with(&ending));
        if !rewritten && *record != own {
            return Err(CliError::Input(format!(
                "{}: a journal of another run, which could not be merged with this one: {}; give another --out, or remove it",
                path.display(),
                merge::difference(record, &own)
            )));
        }
    }
    Ok(())
}

fn write(job: &Job) -> Result<(), CliError> {
    std::fs::create_dir_all(&job.folder).map_err(CliError::run_at(Path::new(&job.folder)))?;
    let scripts = [(job.array_path(), job.array()), (job.merge_path(), job.merge())];
    for (path, _) in &scripts {
        let own = |text: String| text.contains(script::WRITTEN);
        if Path::new(path).exists() && !std::fs::read_to_string(path).is_ok_and(own) {
            return Err(CliError::Input(format!(
                "{path}: it is there and no script of this program; give another --folder"
            )));
        }
    }
    for (path, text) in scripts {
        replace(Path::new(&path), text.as_bytes()).map_err(CliError::run)?;
    }
    Ok(())
}

/// What to do about an element that failed.
fn again(job: &Job) -> String {
    let last = job.shards - 1;
    let commands = job.commands(Some(last));
    format!("if a share fails, say {last}, it goes on where it stopped by\n\n{commands}")
}

/// Submits the array, and the merge behind it.
fn submit(job: &Job) -> Result<(), CliError> {
    let array = sbatch(&["--parsable", &job.array_path()])?;
    let after = format!("--dependency=afterok:{array}");
    let merge = sbatch(&["--parsable", &after, &job.merge_path()]).map_err(|error| {
        CliError::Run(format!(
            "{error}\nthe array is submitted as job {array}, its merge is not: `sbatch {after} {}`, or `scancel {array}`",
            shell_word(&job.merge_path())
        ))
    })?;
    print(&format!(
        "submitted: array {array} of {} elements, and merge {merge} after it\n{}",
        job.shards,
        again(job)
    ))
}

/// Runs sbatch and returns the number of the job.
fn sbatch(args: &[&str]) -> Result<String, CliError> {
    let shown = format!(
        "sbatch {}",
        args.iter().map(|arg| shell_word(arg)).collect::<Vec<_>>().join(" ")
    );
    let output = Command::new("sbatch")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            CliError::Run(format!(
                "{shown}: {error}; the scripts are written: submit them where Slurm is"
            ))
        })?;
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    if !output.status.success() {
        return Err(CliError::Run(format!("{shown}: {}: {err}", output.status)));
    }
    if !err.is_empty() {
        eprint(&err);
    }
    // With several clusters it is `number;cluster`.
    let number = out.split(';').next().unwrap_or_default();
    match !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(number.to_owned()),
        false => Err(CliError::Run(format!(
            "{shown}: it printed {out:?}, which is no job number"
        ))),
    }
}
