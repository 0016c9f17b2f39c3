//! Owns the command `select`: K of each prompt's candidates, of pools that a user brings.

mod arguments;
mod options;
mod out;
mod packed;
mod told;

use super::options::pool;
use super::{CliError, count, eprint};
use crate::data::{
    Bytes, Fault, Format, Input, Kept, KeptWriter, Order, OwnKeep, Pools, Prompt, Stock, StreamError, keep_all,
    take_stock,
};
use crate::theory::neyman::spread;
pub use arguments::Args;
use out::Out;
use packed::Packed;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Instant;

/// Keeps K of every prompt's candidates; rows go out only when all is well.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let start = Instant::now();
    let (wanted, mut keeping) = (args.wanted()?, args.keeping());
    out::check(&args.out, &args.files)?;
    Packed::check(&args.out)?;
    let names = args.input_names();
    let refused = |fault: Fault| CliError::Input(fault.in_files(&names));
    let order = if args.unsorted { Order::Any } else { Order::Grouped };
    let open = || {
        let inputs = args.files.iter().map(|file| input(file, args.format)).collect();
        Pools::open(inputs, &wanted, order).map_err(refused)
    };
    if let Some(total) = args.total {
        refuse_unrepeatable(args)?;
        let stock = pool(args.threads)?.install(|| {
            take_stock(&mut open()?, &keeping).map_err(|error| match error {
                StreamError::Input(fault) => refused(fault),
                StreamError::Output(error) => CliError::run(error),
            })
        })?;
        keeping.own = Some(shared_out(stock, total)?);
    }
    let mut pools = open()?;
    let format = written(args, pools.formats()[0].0)?;
    let failed = |error: io::Error| out::failed(&args.out, &error);
    let out = Packed::new(&args.out, Out::create(&args.out, &names.join(", "))?);
    let (label, response) = (args.reward_label(), args.response_column());
    let mut writer = KeptWriter::new(out, format, args.content(), &pools, &label, Some(response)).map_err(refused)?;
    let mut pairs = args.pairs.then_some(0);
    let mut sink = |prompt: &Prompt, kept: &Kept| {
        pairs = pairs.map(|pairs| pairs + u64::from(kept.ends().is_some()));
        writer.write(prompt, kept)
    };
    let done = pool(args.threads)?.install(|| keep_all(&mut pools, &keeping, &mut sink));
    let summary = match done.and_then(|summary| Ok((summary, writer.finish().and_then(Packed::finish)?))) {
        Ok((summary, out)) => out.finish().map(|()| summary)?,
        Err(StreamError::Output(error)) => return Err(failed(error)),
        Err(StreamError::Input(fault)) => return Err(refused(fault)),
    };
    if !args.quiet {
        told::guesses(args, &names, &pools)
            .iter()
            .for_each(|guess| eprint(guess));
        eprint(&told::summary(
            &names,
            &keeping,
            &summary,
            pairs,
            start.elapsed().as_secs_f64(),
        ));
    }
    if args.report {
        eprint(&told::report(args, &keeping, &summary));
    }
    Ok(())
}

/// A total is shared out before anything is kept: the input is read twice.
fn refuse_unrepeatable(args: &Args) -> Result<(), CliError> {
    match args.files.iter().any(|file| file == Path::new("-")) {
        false => Ok(()),
        true => {
            let what =
                "--total reads the input twice, which standard input cannot be: write it to a file, and name that";
            Err(CliError::Input(what.to_owned()))
        }
    }
}

/// How many are kept of each prompt if `total` are of all: at least one and at most as many as there are, as proportional as whole numbers can
/// be to the numbers of a column, or as equal. With root variances in the column that is Neyman allocation.
fn shared_out(stock: Stock, total: u64) -> Result<OwnKeep, CliError> {
    let squares: Vec<f64> = stock.numbers.iter().map(|number| number * number).collect();
    if let Some(numbers) = spread(&squares, &stock.candidates, total) {
        return Ok(stock.keep(&numbers));
    }
    let prompts = count(stock.candidates.len(), "prompt");
    let there: u64 = stock.candidates.iter().sum();
    Err(CliError::Input(match total < stock.candidates.len() as u64 {
        true => format!("--total {total} is less than one of each of {prompts}: raise it, or give fewer prompts"),
        false => format!("--total {total} is more than the {there} candidates of {prompts}: lower it"),
    }))
}

/// The format of the output: the input's, unless its name tells another. Rows that are carried keep theirs.
fn written(args: &Args, format: Format) -> Result<Format, CliError> {
    let written = Format::of(&args.out).unwrap_or(format);
    let alike = written == format || (written.is_json() && format.is_json());
    match args.carry && !alike {
        false => Ok(written),
        true => Err(CliError::Input(format!(
            "--out {}: --carry writes rows as they stand, which are {}: name a file that ends in .{}",
            args.out.display(),
            format.name(),
            format.name()
        ))),
    }
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
