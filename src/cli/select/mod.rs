//! Owns the command `select`: K of each prompt's candidates, of pools that a user brings.

mod options;
mod out;

use super::{CliError, count, say, short_2};
use crate::data::{Format, Keeping, KeptWriter, Order, Pools, StreamError, Summary, keep_all};
use crate::numerics::text::short;
use crate::select::{Selector, Similarity};
use out::Out;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Arguments of `select`.
#[derive(Debug, clap::Args)]
#[command(after_help = options::HELP)]
pub struct Args {
    /// Candidates, as CSV with a header row or as JSONL, the rows of a prompt together; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How candidates are kept; `mode-lottery list` says what each does
    #[arg(long, value_name = "NAME", value_parser = options::selector())]
    selector: Selector,
    /// Candidates kept of each prompt
    #[arg(long = "k", value_name = "K", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    keep: u32,
    /// File of what is kept; - for standard output. Written whole, or not at all
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// Format of the input, where its name does not tell
    #[arg(long, value_parser = options::format())]
    format: Option<Format>,
    /// Decides ties and what random keeps
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Column of prompt ids
    #[arg(long, value_name = "COLUMN", default_value = "prompt")]
    prompt: String,
    /// Column of candidate ids
    #[arg(long, value_name = "COLUMN", default_value = "candidate")]
    candidate: String,
    /// Column of rewards
    #[arg(long, value_name = "COLUMN", default_value = "reward")]
    reward: String,
    /// Column of embeddings as lists, or the name before 0, 1, ... of one column per number [default: embedding, else e]
    #[arg(long, value_name = "COLUMN")]
    embedding: Option<String>,
    /// The same of similarities to the prompt's candidates, in the order of its rows [default: similarity, else s]
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["embedding", "similarity"])]
    similarity_columns: Option<String>,
    /// How alike two embeddings are: cosine (negative ones count 0), raw-cosine, or rbf=H with bandwidth H [default: cosine]
    #[arg(long, value_name = "KIND", value_parser = options::similarity)]
    similarity: Option<Similarity>,
    /// Share of rewards against coverage in diverse-best, from 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = options::share)]
    reward_share: Option<f64>,
    /// Scale of a prompt's rewards in diverse-best [default: min-max]
    #[arg(long, value_name = "SCALE", value_parser = options::scale())]
    reward_scale: Option<crate::select::RewardScale>,
    /// Whether rewards and coverage are sums or means [default: sums]
    #[arg(long, value_name = "KIND", value_parser = options::balance())]
    balance: Option<crate::select::Balance>,
    /// Of weighted selectors: whether a candidate as similar to several kept ones adds to the weight of all in equal parts, or to
    /// that of the first [default: split]
    #[arg(long, value_name = "RULE", value_parser = options::ties())]
    ties: Option<crate::select::CoverageTies>,
    /// Leave out prompts of fewer than K candidates
    #[arg(long)]
    skip_short: bool,
    /// Rows of a prompt may stand apart; holds the whole file in memory
    #[arg(long)]
    unsorted: bool,
    /// Threads; what is kept does not depend on it [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Keeps K of every prompt's candidates; rows go out only when all is well.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let start = Instant::now();
    let wanted = args.wanted()?;
    let keeping = args.keeping();
    let format = args.input_format()?;
    out::check(&args.out, &args.file)?;
    let name = args.input_name();
    let order = if args.unsorted { Order::Any } else { Order::Grouped };
    let mut pools = Pools::open(open(&args.file)?, format, &wanted, order)
        .map_err(|fault| CliError::Input(fault.in_file(&name)))?;
    let written = Format::of(&args.out).unwrap_or(format);
    let failed = |error: io::Error| out::failed(&args.out, &error);
    let out = Out::create(&args.out, &name)?;
    let mut writer = KeptWriter::new(out, written, &wanted);
    let done = threads(args.threads)?.install(|| keep(&mut pools, &keeping, &mut writer));
    let summary = match done.and_then(|summary| Ok((summary, writer.finish().map_err(StreamError::Output)?))) {
        Ok((summary, out)) => out.finish().map(|()| summary)?,
        Err(StreamError::Output(error)) => return Err(failed(error)),
        Err(StreamError::Input(fault)) => return Err(CliError::Input(fault.in_file(&name))),
    };
    if !args.quiet {
        say(&told(&name, &keeping, &summary, start.elapsed().as_secs_f64()));
    }
    Ok(())
}

type Input = Box<dyn Read + Send>;

fn keep<W: Write + Send>(
    pools: &mut Pools<Input>,
    keeping: &Keeping,
    writer: &mut KeptWriter<W>,
) -> Result<Summary, StreamError> {
    keep_all(pools, keeping, &mut |prompt, kept| writer.write(prompt, kept))
}

fn open(path: &Path) -> Result<Input, CliError> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(CliError::Input(format!("{}: {error}", path.display()))),
    }
}

fn threads(wanted: Option<u16>) -> Result<rayon::ThreadPool, CliError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(wanted.map_or(0, usize::from))
        .build()
        .map_err(CliError::run)
}

/// One line for a person.
fn told(name: &str, keeping: &Keeping, summary: &Summary, seconds: f64) -> String {
    let mut out = format!(
        "{name}: {}, {}; {} kept",
        count(summary.prompts as usize, "prompt"),
        count(summary.candidates as usize, "candidate"),
        summary.kept
    );
    if summary.skipped > 0 {
        let (skipped, keep) = (count(summary.skipped as usize, "prompt"), keeping.keep);
        out += &format!("; {skipped} of fewer than {keep} candidates skipped");
    }
    if let (Some(before), Some(after)) = (summary.before, summary.after) {
        out += &format!("; mean reward {} before, {} after", short(before), short(after));
    }
    format!("{out}; {} s", short_2(seconds))
}
