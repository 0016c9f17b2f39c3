//! What is drawn by a session depends on nothing but the experiment: not on pieces, on ends in between, or on what was kept.

use super::*;
use crate::engine::{self, BlockSource, BlockStore, ExactCache, ExactJob, KeepError, NoStore, RunError, Spec, Tally};
use crate::experiment::{Experiment, parse};
use crate::inference::groups::Group;
use crate::record::EstimateRecord;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const FILE: &str = r#"title = "Two scenarios"
study = "selection"
seed = 11
measures = ["mode-mass"]
world = { kind = "embedded", base = [0.4, 0.3, 0.2, 0.1], concentration = 2.0, reward = [0.3, 0.9, 0.1, 0.6] }
arms = { prompts = 3, candidates = 6, grid = { selector = ["random", "best", "diverse"], responses = [1, 2] } }
sweep.grid = { "world.concentration" = [1.0, 4.0] }
"#;

const FIXED: &str = "run.replicates = 20_000\n";

const PRECISE: &str = "run = { precision = [{ estimand = \"mode-mass.emse\", relative = 0.02 }], at-most = 200_000 }\n";

fn read(run: &str) -> Experiment {
    parse("x", "x.toml", format!("{FILE}{run}"), &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at_once(file: &str) -> Vec<EstimateRecord> {
    run(read(file)).unwrap().estimates
}

/// The run that the engine itself makes of each scenario.
#[test]
fn a_session_gives_what_the_engine_gives() {
    let own = read(FIXED).settle(engine::ExactCache::on_demand()).unwrap();
    let of = |scenario: &crate::experiment::Scenario| {
        let groups = engine::run(scenario.study.as_ref(), 20_000).unwrap();
        scenario.estimate(&groups)
    };
    let rows = own.scenarios.iter().map(of).collect();
    assert_eq!(at_once(FIXED), estimates(&own, rows));
}

/// Ends after so many blocks.
struct After {
    seen: AtomicU64,
    most: u64,
}

impl Observer for After {
    fn block(&self, _: usize, _: BlockSource) {
        self.seen.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.most
    }
}

#[test]
fn ends_in_between_change_no_bit() {
    for file in [FIXED, PRECISE] {
        let mut session = Session::new(read(file));
        let mut ends = 0;
        for most in [0, 1, 40, 300, 700, u64::MAX] {
            let observer = After {
                seen: AtomicU64::new(0),
                most,
            };
            let (before, _) = session.blocks();
            match session.run(&NoStore, &observer) {
                Ok(()) => break,
                Err(SessionError::Run(RunError::Interrupted)) => ends += 1,
                Err(other) => panic!("{other}"),
            }
            assert!(session.blocks().0 >= before, "what is drawn stands");
        }
        assert!(ends >= 3, "{ends}");
        let (drawn, of) = session.blocks();
        assert_eq!(drawn, of);
        assert_eq!(session.outcome().estimates, at_once(file), "{file}");
    }
}

/// The negative control: what is estimated by half of the blocks is something else.
#[test]
fn estimates_are_there_at_any_time() {
    let mut session = Session::new(read(FIXED));
    session.settle(&NoStore, &()).unwrap();
    assert!(session.advance(&NoStore, &()).unwrap());
    let (drawn, of) = session.blocks();
    assert!(0 < drawn && drawn < of, "{drawn} of {of}");
    let early = session.rows(0)[0].measured.unwrap().estimate();
    while session.advance(&NoStore, &()).unwrap() {}
    let late = session.rows(0)[0].measured.unwrap().estimate();
    assert!(
        early.mcse > 1.2 * late.mcse && early.replicates < late.replicates,
        "{early:?} {late:?}"
    );
}

/// Keeps blocks in memory.
#[derive(Default)]
struct Memory {
    blocks: Mutex<BTreeMap<(usize, u64), Vec<Group>>>,
    jobs: Mutex<BTreeMap<String, Vec<f64>>>,
}

struct OfScenario<'a>(&'a Memory, usize);

impl BlockStore for OfScenario<'_> {
    fn get(&self, block: u64) -> Option<Vec<Group>> {
        self.0.blocks.lock().unwrap().get(&(self.1, block)).cloned()
    }

    fn indices(&self) -> Vec<u64> {
        let blocks = self.0.blocks.lock().unwrap();
        blocks
            .keys()
            .filter(|(own, _)| *own == self.1)
            .map(|(_, block)| *block)
            .collect()
    }

    fn put(&self, block: u64, batches: &[Group]) -> Result<(), KeepError> {
        self.0.blocks.lock().unwrap().insert((self.1, block), batches.to_vec());
        Ok(())
    }
}

impl Store for Memory {
    fn blocks<'a>(&'a self, scenario: usize, _: &'a Spec) -> Box<dyn BlockStore + 'a> {
        Box::new(OfScenario(self, scenario))
    }

    fn numbers(&self, job: &ExactJob) -> Option<Vec<f64>> {
        self.jobs.lock().unwrap().get(job.key.text()).cloned()
    }

    fn keep(&self, job: &ExactJob, numbers: &[f64]) -> Result<(), KeepError> {
        self.jobs
            .lock()
            .unwrap()
            .insert(job.key.text().to_owned(), numbers.to_vec());
        Ok(())
    }
}

/// Sixteen candidates of eight modes: what is kept of them is a job.
fn long() -> Experiment {
    let text = format!("{FILE}{FIXED}")
        .replace("[0.4, 0.3, 0.2, 0.1]", "[0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05]")
        .replace("[0.3, 0.9, 0.1, 0.6]", "[0.3, 0.9, 0.1, 0.6, 0.2, 0.8, 0.5, 0.4]")
        .replace("candidates = 6", "candidates = 16")
        .replace("20_000", "320");
    parse("x", "x.toml", text, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Counts what is worked out and computed.
#[derive(Default)]
struct Counted {
    jobs: AtomicU64,
    computed: AtomicU64,
}

impl Observer for Counted {
    fn job(&self, done: u64, of: u64) {
        assert!(1 <= done && done <= of);
        self.jobs.fetch_add(1, Ordering::Relaxed);
    }

    fn block(&self, _: usize, source: BlockSource) {
        let computed = u64::from(source == BlockSource::Computed);
        self.computed.fetch_add(computed, Ordering::Relaxed);
    }
}

#[test]
fn what_is_kept_is_not_done_again() {
    let store = Memory::default();
    let run = || {
        let observer = Counted::default();
        let mut session = Session::new(long());
        session.run(&store, &observer).unwrap();
        let counts = [&observer.jobs, &observer.computed].map(|own| own.load(Ordering::Relaxed));
        (counts, session.outcome().estimates)
    };
    let (first, second) = (run(), run());
    assert_eq!(first.0, [2, 20]);
    assert_eq!(second.0, [0, 0]);
    assert_eq!(first.1, second.1);
    assert!(
        first
            .1
            .iter()
            .any(|row| row.exact.is_some() && row.cells.contains(&"diverse".into()))
    );
}

#[test]
fn a_run_that_is_ended_begins_no_job() {
    let ended = After {
        seen: AtomicU64::new(0),
        most: 0,
    };
    let store = Memory::default();
    let mut session = Session::new(long());
    assert!(session.run(&store, &ended).is_err());
    assert!(store.jobs.lock().unwrap().is_empty() && store.blocks.lock().unwrap().is_empty());
    session.run(&store, &()).unwrap();
    assert_eq!(session.outcome().estimates, run(long()).unwrap().estimates);
}

/// A replicate alone adds what it adds to its batch.
#[test]
fn a_replicate_is_replayed() {
    let session = Session::new(read(FIXED));
    let spec = session.experiment().scenarios[1].study.spec();
    let mut sum = Group::empty(&spec.layout);
    for replicate in 0..spec.batch {
        let own = session.replay(1, replicate).unwrap();
        sum.replicates += own.replicates;
        sum.valid.iter_mut().zip(&own.valid).for_each(|(sum, own)| *sum += own);
        sum.sums.iter_mut().zip(&own.sums).for_each(|(sum, own)| *sum += own);
    }
    let store = Memory::default();
    let mut drawing = Drawing::new(session.experiment());
    while drawing.blocks().0 < 700 && drawing.advance(session.experiment(), &store, &()).unwrap() {}
    let kept = store.blocks.lock().unwrap();
    let batch = &kept[&(1, 0)][0];
    assert_eq!((sum.replicates, &sum.valid), (batch.replicates, &batch.valid));
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
    assert!(sum.sums.iter().zip(&batch.sums).all(near));
}

/// The studies that run eight replicates at a time ask between two sets of these.
#[test]
fn a_block_of_lanes_is_left_when_it_is_told_to_end() {
    let own = read(FIXED);
    let study = own.scenarios[0].study.as_ref();
    let prepared = study.prepare(&ExactCache::empty()).unwrap();
    let drawn = |raised: bool| -> u64 {
        let stop = AtomicBool::new(raised);
        let mut tally = Tally::new(study.spec(), 0..32).until(&stop);
        prepared.worker().run(0..32, &mut tally);
        tally.into_batches().iter().map(|batch| batch.replicates).sum()
    };
    assert_eq!((drawn(true), drawn(false)), (0, 32));
}

/// Whoever divides two means of the table finds the ratio that a claim speaks of: neither is corrected for a bias that it has not.
#[test]
fn a_ratio_of_means_is_that_of_the_table() {
    let text = r#"title = "Two arms"
study = "training"
seed = 5
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 4, concentration = 4.0 }
training = { steps = 20 }
arms = { prompts = 16, grid = { responses = [1, 4] } }
run.replicates = 2_048
[[claims]]
kind = "ordering"
name = "below"
statement = "s"
estimand = "excess-nll.mean"
where = { responses = 4 }
versus = { responses = 1 }
direction = "below"
factor = 0.9
"#;
    let outcome = run(parse("x", "x.toml", text.to_owned(), &[]).unwrap()).unwrap();
    let means: Vec<f64> = outcome
        .estimates
        .iter()
        .filter(|own| &*own.estimand == "excess-nll.mean")
        .filter_map(|own| own.estimate)
        .collect();
    let [one, four] = means[..] else { panic!("{means:?}") };
    let claimed = outcome.claims[0].record.estimate.unwrap();
    // Claims are written to six digits; the jackknife's correction would be ten times that.
    assert!(
        (claimed / (four / one) - 1.0).abs() < 2e-6,
        "{claimed} is not {four}/{one}"
    );
}
