//! Owns the shares of errors beyond which arms that keep by rewards are right: which there are, and the jobs that they rest on.

use super::question::Question;
use super::{Asked, Crossings, Laws, Ranked, of_ranked, threshold};
use crate::engine::{Exact, ExactBudget, ExactCache, ExactJob, Key, NeededJob};
use crate::theory::selected::crossing_share;
use crate::world::World;
use std::collections::BTreeMap;

/// About how many laws one takes.
const STEPS: u64 = 16;

/// The longest that one may take, in nanoseconds of one core.
const LONGEST: u64 = 30_000_000_000;

const NO_ERRORS: &str = "no response is wrong in this world";
pub(super) const NOT_RANKED: &str = "theory has it for best and filter";
const RUNS_LONG: &str = "working it out would take more than half a minute";
const NEVER: &str = "random is better at every share of errors";

impl Laws {
    /// Asks for those of these arms too.
    pub fn ask_crossings(
        &mut self,
        world: &dyn World,
        arms: impl Iterator<Item = Asked>,
        exact_budget: &mut ExactBudget,
    ) {
        for (choice, candidates, keep) in arms {
            let Some(threshold) = threshold(&choice) else { continue };
            let ranked = (threshold.to_bits(), candidates, keep);
            self.crossings
                .entry(ranked)
                .or_insert_with(|| Ok(exact_budget.need(job(of_ranked(world, ranked)?)?)));
        }
    }
}

/// The one number as a unit of work; no number where there is no such share.
fn job(question: Question) -> Result<ExactJob, &'static str> {
    let at_none = question.pool.with_share(0.0).ok_or(NO_ERRORS)?;
    let nanoseconds = question.nanoseconds().saturating_mul(STEPS);
    if nanoseconds > LONGEST {
        return Err(RUNS_LONG);
    }
    let at = move |pool| Question {
        pool,
        about: question.about.clone(),
    };
    let key = format!("crossing share 1\n{}", at(at_none).key().text());
    let law = question.pool.clone();
    Ok(ExactJob::new(Key::new(key), 1, nanoseconds, move || {
        let mean = |pool: &_| at(Clone::clone(pool)).mean();
        vec![crossing_share(&law, mean).unwrap_or(f64::NAN)]
    }))
}

/// What is known of them.
pub(super) fn known(crossings: &Crossings, known: Option<&ExactCache>) -> BTreeMap<Ranked, Exact> {
    let number = |needed: &NeededJob| match known.and_then(|known| needed.numbers(known)).as_deref() {
        Some(&[share]) => Exact::or_none(Some(share).filter(|share| share.is_finite()), NEVER),
        // Numbers of another count would be a fault of whoever knows them: better none.
        _ => Exact::Pending,
    };
    let exact = |job: &Result<NeededJob, &'static str>| match job {
        Ok(needed) => number(needed),
        Err(why) => Exact::None(why),
    };
    crossings.iter().map(|(asked, job)| (*asked, exact(job))).collect()
}
