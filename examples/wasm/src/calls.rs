//! Owns what the module answers: one function per word of a request.

use mode_lottery::engine::{ExactCache, NoStore};
use mode_lottery::report::answer::{self, Guess, Mark, NamedBytes};
use mode_lottery::session::Observer;
use mode_lottery::{Experiment, Session, experiment, session};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::error::Error;

type Answer = Result<Vec<NamedBytes>, Box<dyn Error>>;

thread_local! {
    /// The run under way, and whether its exact values are worked out.
    static RUN: RefCell<Option<(Session, bool)>> = const { RefCell::new(None) };
    /// What blocks that are drawn again rest on, worked out when it is first asked for.
    static KNOWN: ExactCache = ExactCache::on_demand();
}

/// Tells the caller of exact values.
struct Told;

impl Observer for Told {
    fn job(&self, done: u64, of: u64) {
        #[link(wasm_import_module = "page")]
        unsafe extern "C" {
            safe fn told(done: u32, of: u32);
        }
        told(done as u32, of as u32);
    }
}

/// The answer to a request.
pub fn answer(request: &[String]) -> Answer {
    let words: Vec<&str> = request.iter().map(String::as_str).collect();
    match words[..] {
        ["version"] => Ok(vec![
            named("version", answer::version()),
            named("sources", option_env!("MODE_LOTTERY_SOURCES").unwrap_or("")),
        ]),
        ["begin", name, text, ..] => begin(parsed(name, text, &request[3..])?),
        ["advance"] => running(advance),
        ["answer"] => running(|session, _| files(session, None)),
        ["answer", figure, ref at @ ..] => {
            let guess = guess(figure, at)?;
            running(|session, _| files(session, Some(&guess)))
        }
        ["replay", name, text, scenario, replicate, prompts, ..] => {
            let experiment = parsed(name, text, &request[6..])?;
            replay(&experiment, scenario.parse()?, replicate.parse()?, prompts.parse()?)
        }
        ["again", name, text, scenario, block, ..] => {
            let experiment = parsed(name, text, &request[5..])?;
            again(&experiment, scenario.parse()?, block.parse()?)
        }
        ["written", text, ..] => Ok(vec![named("text", experiment::written(text, &request[2..])?)]),
        _ => Err(format!("no such request: {}", words.first().unwrap_or(&"")).into()),
    }
}

fn named(name: &str, content: impl Into<Vec<u8>>) -> NamedBytes {
    (name.to_owned(), content.into())
}

fn told(name: &str, value: Value) -> Vec<NamedBytes> {
    vec![named(name, value.to_string())]
}

fn parsed(name: &str, text: &str, sets: &[String]) -> Result<Experiment, Box<dyn Error>> {
    Ok(experiment::parse(name, &format!("{name}.toml"), text.to_owned(), sets)?)
}

fn begin(experiment: Experiment) -> Answer {
    let plan = json!({
        "scenarios": experiment.scenarios.len(),
        "replicates": experiment.most_replicates(),
        "jobs": experiment.exact_jobs().len(),
    });
    RUN.with(|run| *run.borrow_mut() = Some((Session::new(experiment), false)));
    Ok(told("plan", plan))
}

fn running(go: impl FnOnce(&mut Session, &mut bool) -> Answer) -> Answer {
    RUN.with(|run| {
        let mut run = run.borrow_mut();
        let (session, settled) = run.as_mut().ok_or("no run has begun")?;
        go(session, settled)
    })
}

fn advance(session: &mut Session, settled: &mut bool) -> Answer {
    if !*settled {
        session.settle(&NoStore, &Told)?;
        *settled = true;
    }
    let more = session.advance(&NoStore, &Told)?;
    let (done, of) = session.blocks();
    Ok(told("progress", json!({ "done": done, "of": of, "more": more && done < of })))
}

fn files(session: &mut Session, guess: Option<&Guess>) -> Answer {
    let outcome = session.outcome();
    Ok(answer::files(session.experiment(), outcome, guess)?)
}

fn guess(figure: &str, at: &[&str]) -> Result<Guess, Box<dyn Error>> {
    let mark = match at {
        [x] => Mark::Place { x: x.parse()? },
        [x, y] => Mark::Point {
            x: x.parse()?,
            y: y.parse()?,
        },
        _ => return Err("a guess is a place, or a place and a value".into()),
    };
    Ok(Guess {
        figure: figure.to_owned(),
        mark,
    })
}

fn again(experiment: &Experiment, scenario: usize, block: u64) -> Answer {
    let own = experiment.scenarios.get(scenario).ok_or("there is no such scenario")?;
    let drawn = KNOWN.with(|known| session::draw_again(own.study.as_ref(), &[block], known))?;
    Ok(drawn.iter().map(|digest| named("digest", digest.to_string())).collect())
}

fn replay(experiment: &Experiment, scenario: usize, replicate: u64, prompts: u32) -> Answer {
    let own = experiment.scenarios.get(scenario).ok_or("there is no such scenario")?;
    let tables = own.study.trace(replicate, prompts).into_iter();
    let tables: Vec<Value> = tables
        .map(|table| json!({ "title": table.title, "header": table.header, "rows": table.rows }))
        .collect();
    Ok(told("replay", tables.into()))
}
