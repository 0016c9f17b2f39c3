//! Owns the command `select`: K of each prompt's candidates, of pools that a user brings.

mod arguments;
mod options;
mod out;

use super::options::pool;
use super::{CliError, count, eprint, short_2};
use crate::data::{
    Bytes, Column, Fault, Format, Input, Keeping, Kept, KeptWriter, Order, Pools, Prompt, StreamError, Summary,
    keep_all,
};
use crate::numerics::text::short;
pub use arguments::Args;
use out::Out;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Instant;

/// Keeps K of every prompt's candidates; rows go out only when all is well.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let start = Instant::now();
    let wanted = args.wanted()?;
    let keeping = args.keeping();
    out::check(&args.out, &args.file)?;
    let name = args.input_name();
    let refused = |fault: Fault| CliError::Input(fault.in_files(&[&name]));
    let order = if args.unsorted { Order::Any } else { Order::Grouped };
    let mut pools = Pools::open(vec![input(&args.file, args.format)], &wanted, order).map_err(refused)?;
    let format = pools.formats()[0].0;
    let written = Format::of(&args.out).unwrap_or(format);
    let failed = |error: io::Error| out::failed(&args.out, &error);
    let out = Out::create(&args.out, &name)?;
    let names = [&wanted.prompt, &wanted.candidate, &wanted.values[0]];
    let mut writer = KeptWriter::new(out, written, names.map(Column::name));
    let mut sink = |prompt: &Prompt, kept: &Kept| writer.write(prompt, kept);
    let done = pool(args.threads)?.install(|| keep_all(&mut pools, &keeping, &mut sink));
    let summary = match done.and_then(|summary| Ok((summary, writer.finish().map_err(StreamError::Output)?))) {
        Ok((summary, out)) => out.finish().map(|()| summary)?,
        Err(StreamError::Output(error)) => return Err(failed(error)),
        Err(StreamError::Input(fault)) => return Err(refused(fault)),
    };
    if !args.quiet {
        guesses(&name, pools.formats()).for_each(|guess| eprint(&guess));
        eprint(&told(&name, &keeping, &summary, start.elapsed().as_secs_f64()));
    }
    Ok(())
}

/// A file, or standard input; opened when its turn has come.
pub(in crate::cli) fn input(path: &Path, format: Option<Format>) -> Input<'static> {
    let named = format.or_else(|| Format::of(path));
    let own = path.to_owned();
    let open = move || -> io::Result<Bytes<'static>> {
        match own == Path::new("-") {
            true => Ok(Box::new(io::stdin())),
            false => Ok(Box::new(File::open(&own)?)),
        }
    };
    match format {
        Some(format) => Input::written(open, format),
        None => Input::new(named, open),
    }
}

/// What only the bytes of inputs have told.
fn guesses<'a>(name: &'a str, formats: &'a [(Format, bool)]) -> impl Iterator<Item = String> + 'a {
    let guessed = formats.iter().filter(|(_, guessed)| *guessed);
    guessed.map(move |(format, _)| {
        format!(
            "{name}: read as {}, by how it begins; --format says otherwise",
            format.name()
        )
    })
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
        let (skipped, keep) = (count(summary.skipped as usize, "prompt"), keeping.keep.unwrap_or(1));
        out += &format!("; {skipped} of fewer than {keep} candidates skipped");
    }
    if let (Some(before), Some(after)) = (summary.before, summary.after) {
        out += &format!("; mean reward {} before, {} after", short(before), short(after));
    }
    format!("{out}; {} s", short_2(seconds))
}
