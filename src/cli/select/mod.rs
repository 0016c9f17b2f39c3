//! Owns the command `select`: K of each prompt's candidates, of pools that a user brings.

mod arguments;
mod options;
mod out;

use super::options::pool;
use super::{CliError, count, eprint, short_2};
use crate::data::{Format, Keeping, Kept, KeptWriter, Order, Pools, Prompt, StreamError, Summary, keep_all};
use crate::numerics::text::short;
pub use arguments::Args;
use out::Out;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Instant;

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
    let mut sink = |prompt: &Prompt, kept: &Kept| writer.write(prompt, kept);
    let done = pool(args.threads)?.install(|| keep_all(&mut pools, &keeping, &mut sink));
    let summary = match done.and_then(|summary| Ok((summary, writer.finish().map_err(StreamError::Output)?))) {
        Ok((summary, out)) => out.finish().map(|()| summary)?,
        Err(StreamError::Output(error)) => return Err(failed(error)),
        Err(StreamError::Input(fault)) => return Err(CliError::Input(fault.in_file(&name))),
    };
    if !args.quiet {
        eprint(&told(&name, &keeping, &summary, start.elapsed().as_secs_f64()));
    }
    Ok(())
}

type Input = Box<dyn Read + Send>;

fn open(path: &Path) -> Result<Input, CliError> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).map_err(CliError::input_at(path))?;
    Ok(Box::new(file))
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
