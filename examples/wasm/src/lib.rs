//! The library as a WebAssembly module: [`alloc`] gives room for the text of an experiment file, [`run`] takes it and answers with
//! the bytes of its `estimates.csv` and figures. `run.mjs` beside it calls both, as a page would.

use mode_lottery::engine::NoStore;
use mode_lottery::report::plot::{self, Records};
use mode_lottery::{Session, experiment, record, report};
use std::cell::RefCell;
use std::error::Error;

thread_local! {
    /// The last answer: it stays where it is until the next call.
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for a text of `length` bytes, which [`run`] gives back.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Runs an experiment for so many replicates of each scenario.
///
/// The answer is a list of strings, each behind its length (u32, little-endian), with an empty one at its end: name and content
/// of each file in turn, or `error` and what is wrong.
///
/// # Safety
///
/// `text` comes from [`alloc`] for this `length`, was filled with UTF-8, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(text: *mut u8, length: usize, replicates: u64) -> *const u8 {
    // SAFETY: the caller hands over what `alloc` made, by the contract above.
    let text = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(text, length)) };
    let files = files(text.into(), replicates)
        .unwrap_or_else(|error| vec![("error".to_owned(), error.to_string().into_bytes())]);
    let strings = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    let mut answer = Vec::new();
    for string in strings.chain([&[][..]]) {
        answer.extend((string.len() as u32).to_le_bytes());
        answer.extend(string);
    }
    ANSWER.with(|own| {
        *own.borrow_mut() = answer;
        own.borrow().as_ptr()
    })
}

/// The files of a result: name and bytes.
fn files(text: Vec<u8>, replicates: u64) -> Result<Vec<(String, Vec<u8>)>, Box<dyn Error>> {
    let sets = [format!("run.replicates={replicates}")];
    let experiment = experiment::parse("experiment", "experiment.toml", String::from_utf8(text)?, &sets)?;
    let mut session = Session::new(experiment);
    session.run(&NoStore, &())?;
    let outcome = session.outcome();
    let experiment = session.experiment();
    let records = Records {
        estimates: outcome.estimates,
        curves: outcome.curves,
        draws: Vec::new(),
    };
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let estimates = record::write_estimates(&keys, &records.estimates);
    let mut files = vec![("estimates.csv".to_owned(), estimates)];
    for spec in &experiment.figures {
        let svg = report::figure::render(&plot::figure(experiment, &records, spec))?;
        files.push((format!("{}.svg", spec.name), svg.into_bytes()));
    }
    Ok(files)
}
