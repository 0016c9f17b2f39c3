//! Owns the exact means of fits in which every mode was seen, or to smoothed labels: which arms have one, and the jobs that they rest on.
//!
//! Worlds whose responses have attributes draw modes as World A does, and what is kept at random has its law; responses that
//! copy each other do not.

use super::FitArm;
use crate::engine::{Exact, ExactBudget, ExactCache, ExactJob, Key, NeededJob};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::text::{float, floats};
use crate::theory::complete::{CompleteFits, NoMean};
use crate::theory::smoothing::SmoothedFits;
use crate::world::World;
use std::collections::HashMap;

/// The probability that a fit sees every mode, where theory knows it.
pub(super) fn complete_share(world: &dyn World, arm: &FitArm) -> Option<f64> {
    let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
    let missing = world
        .missing_mode_share(np, k)
        .filter(|_| arm.pool.choice.is_random())?;
    Some(1.0 - missing)
}

/// The longest that the mean of an arm may take, in nanoseconds of one core: about a minute and a half.
const LONGEST: u64 = 90_000_000_000;

/// The longest that a point of a curve between arms may take, in nanoseconds.
const POINT: u64 = 20_000_000;

/// The exact mean excess NLL over complete fits, or over all where labels are smoothed, arm by arm: what is asked of theory.
#[derive(Debug, Default)]
pub(super) struct ExactMeans {
    of_arm: Vec<Result<usize, &'static str>>,
    needed: Vec<NeededJob>,
}

impl ExactMeans {
    /// Those of these arms. Arms that differ in what they fit and not in what they keep share one.
    pub fn new(world: &dyn World, arms: &[FitArm], exact_budget: &mut ExactBudget) -> Self {
        let mut own = Self::default();
        let mut asked: HashMap<(u32, u32, u64), Result<usize, &str>> = HashMap::new();
        for arm in arms {
            let place = match refused(world, arm) {
                Some(why) => Err(why),
                None => *asked
                    .entry((arm.pool.prompts, arm.pool.responses, arm.smoothing.to_bits()))
                    .or_insert_with(|| own.ask(world, arm, exact_budget)),
            };
            own.of_arm.push(place);
        }
        own
    }

    /// That of each arm, as far as it is known; none is before anything is worked out.
    pub fn known(&self, known: Option<&ExactCache>) -> Vec<Exact> {
        let numbers = |own: &NeededJob| own.numbers(known?);
        // Numbers of another count would be a fault of whoever knows them: better none.
        let value = |own: &NeededJob| numbers(own)?.first().copied();
        let values: Vec<Exact> = self
            .needed
            .iter()
            .map(|own| value(own).map_or(Exact::Pending, Exact::Is))
            .collect();
        let of = |place: &Result<usize, &'static str>| place.map_or_else(Exact::None, |index| values[index]);
        self.of_arm.iter().map(of).collect()
    }

    /// What they rest on that is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        self.needed.iter().filter_map(NeededJob::deferred)
    }

    fn ask(&mut self, world: &dyn World, arm: &FitArm, exact_budget: &mut ExactBudget) -> Result<usize, &'static str> {
        let fits = Fits::new(world, arm)?;
        let nanoseconds = fits.nanoseconds();
        if nanoseconds > LONGEST {
            return Err("working it out would take minutes: fewer modes, or more responses in all, take less");
        }
        let job = ExactJob::new(key(world, arm), 1, nanoseconds, move || vec![fits.excess_nll()]);
        self.needed.push(exact_budget.need(job));
        Ok(self.needed.len() - 1)
    }
}

/// The exact mean of an arm that no scenario has, where that is quick: a point of a curve.
pub(super) fn at_once(world: &dyn World, arm: &FitArm) -> Option<f64> {
    let fits = Fits::new(world, arm).ok().filter(|_| refused(world, arm).is_none())?;
    (fits.nanoseconds() <= POINT).then(|| fits.excess_nll())
}

/// Why theory has no mean of such fits, however many prompts and responses: a clause that can stand after 'no exact value: '.
fn refused(world: &dyn World, arm: &FitArm) -> Option<&'static str> {
    if !arm.pool.choice.is_random() {
        return Some("theory has it for responses kept at random only");
    }
    if arm.pseudo_count > 0.0 {
        return Some("a pseudo-count moves fits away from the shares of modes, by an amount that theory does not have");
    }
    if arm.descent.ridge > 0.0 {
        return Some("a ridge moves fits away from the shares of modes, by an amount that theory does not have");
    }
    match (world.concentration(), world.response_correlation() > 0.0) {
        (Some(_), _) => None,
        (None, true) => Some("of responses that copy each other theory has the first order only"),
        (None, false) => Some("theory has it of Dirichlet prompts only"),
    }
}

/// The fits whose mean theory has: those that saw every mode, or all where labels are smoothed.
enum Fits {
    Complete(CompleteFits),
    Smoothed(SmoothedFits),
}

impl Fits {
    /// Those of an arm, or why theory has no mean of so many prompts and responses.
    fn new(world: &dyn World, arm: &FitArm) -> Result<Self, &'static str> {
        const MANY_RESPONSES: &str = "it is worked out for up to 4096 responses per prompt";
        let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
        let concentration = world.concentration().unwrap_or(f64::NAN);
        if arm.smoothing > 0.0 {
            let fits = SmoothedFits::new(world.mean(), concentration, np, k, arm.smoothing);
            return fits.map(Self::Smoothed).ok_or(MANY_RESPONSES);
        }
        let fits = CompleteFits::new(world.mean(), concentration, np, k);
        fits.map(Self::Complete).map_err(|why| match why {
            NoMean::ManyModes => "it is worked out for up to 16 modes",
            NoMean::ManyResponses => MANY_RESPONSES,
            NoMean::FewComplete => "fewer than one fit in a thousand sees every mode",
        })
    }

    fn nanoseconds(&self) -> u64 {
        match self {
            Self::Complete(own) => own.nanoseconds(),
            Self::Smoothed(own) => own.nanoseconds(),
        }
    }

    fn excess_nll(&self) -> f64 {
        match self {
            Self::Complete(own) => own.excess_nll(),
            Self::Smoothed(own) => own.excess_nll(),
        }
    }
}

/// All that the mean depends on. The version of the law rises when its bits move.
fn key(world: &dyn World, arm: &FitArm) -> Key {
    let concentration = world.concentration().unwrap_or(f64::NAN);
    let fits = match arm.smoothing {
        0.0 => "complete fits 1".to_owned(),
        s => format!("fits smoothed by {} 1", float(s)),
    };
    Key::new(format!(
        "{fits} numerics {NUMERICS_VERSION}\nweights {}\nconcentration {}\nprompts {} responses {}",
        floats(world.mean()),
        float(concentration),
        arm.pool.prompts,
        arm.pool.responses
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Descent;
    use crate::study::pools::PoolArm;
    use crate::world::{BaseWeights, Copies, Dirichlet};

    #[test]
    fn copies_are_blamed_where_responses_copy_and_nowhere_else() {
        let arm = FitArm {
            pool: PoolArm::all(100, 4),
            descent: Descent::USUAL,
            smoothing: 0.0,
            pseudo_count: 0.0,
        };
        let prompts = || Dirichlet::new(BaseWeights::uniform(2).unwrap(), 4.0);
        let why = |probability| refused(&Copies::new(prompts(), probability), &arm).map(|why| why.contains("copy"));
        assert_eq!(refused(&prompts(), &arm), None);
        assert_eq!([why(0.5), why(0.0)], [Some(true), Some(false)]);
    }
}
