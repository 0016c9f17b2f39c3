//! Owns what theory says of fits to what selectors keep: what many prompts tend to, and which modes are seen.
//!
//! A converged fit is the share f of kept responses by mode, whose mean q over prompts is that of one prompt's exact law. With many
//! prompts f tends to q, and every measure to that of q: the reference `many prompts`. KL(pi || f) is convex in f, so that the
//! excess NLL lies above its limit for any number of prompts (Jensen).

use super::FitArm;
use super::measures::Statistic;
use super::seen::{MANY_MODES, Seen};
use crate::engine::{Exact, ExactBudget, ExactCache, ExactJob, Key, NeededJob, Reference};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::text::{float, floats};
use crate::select::Selector;
use crate::study::laws::{KnownLaws, Law, Laws};
use crate::theory::missing::{MOST_MODES_ENUMERATED, missing_share_of_sets, modes_seen_of_sets};
use crate::theory::selected::{Avoided, PoolLaw};
use crate::world::World;

/// What the limit of many prompts is called.
const MANY: &str = "many prompts";

/// One term of the probability that a set of modes is avoided, in nanoseconds.
const PER_TERM: u64 = 2;

/// The longest that the sets of modes of an arm may take, in nanoseconds of one core.
const LONGEST: u64 = 90_000_000_000;

/// What is asked of theory about the arms of a scenario.
#[derive(Debug)]
pub(super) struct Selected {
    laws: Laws,
    seen: Vec<ModesSeen>,
}

impl Selected {
    /// Of these arms.
    pub fn new(world: &dyn World, arms: &[FitArm], exact_budget: &mut ExactBudget) -> Self {
        let chosen = arms.iter().filter(|arm| !keeps_at_random(arm));
        let asked = chosen.map(|arm| arm.pool.asked());
        let laws = Laws::new(world, asked, exact_budget);
        let seen = arms.iter().map(|arm| ModesSeen::of(world, arm, exact_budget));
        Self {
            laws,
            seen: seen.collect(),
        }
    }

    /// What it rests on that is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        let seen = self.seen.iter().filter_map(|own| match own {
            ModesSeen::ByJob(needed) => needed.deferred(),
            _ => None,
        });
        self.laws.jobs().chain(seen)
    }

    /// As far as it is known; nothing is before anything is worked out.
    pub fn known(&self, world: &dyn World, arms: &[FitArm], known: Option<&ExactCache>) -> KnownSelected<'_> {
        let laws = known.map_or_else(|| self.laws.pending(), |known| self.laws.known(known));
        let seen = arms.iter().zip(&self.seen);
        let seen = seen.map(|(arm, own)| own.seen(world, &laws, arm, known)).collect();
        KnownSelected { laws, seen }
    }
}

/// What is known of it.
pub(super) struct KnownSelected<'a> {
    laws: KnownLaws<'a>,
    seen: Vec<Seen>,
}

impl KnownSelected<'_> {
    /// Which modes the arm at `index` has seen.
    pub fn seen(&self, index: usize) -> &Seen {
        &self.seen[index]
    }

    /// The same of an arm that no scenario has, where that is quick: a point of a curve.
    pub fn seen_by(&self, world: &dyn World, arm: &FitArm) -> Seen {
        // What is short is done on the spot, and nothing else.
        let asked = ModesSeen::of(world, arm, &mut ExactBudget::default());
        asked.seen(world, &self.laws, arm, Some(&ExactCache::empty()))
    }

    /// What a measure of an arm tends to with many prompts; a value that is no number where the law of what is kept has not been
    /// worked out yet.
    pub fn many_prompts(&self, world: &dyn World, arm: &FitArm, own: &Statistic) -> Option<Reference> {
        if arm.descent.ridge > 0.0 {
            return None;
        }
        let reference = |value| Reference { value, name: MANY };
        let limit = |q: &[f64]| {
            (own.limit)(world, &arm.smoothed(q))
                .filter(|value| value.is_finite())
                .map(reference)
        };
        if keeps_at_random(arm) {
            return limit(world.mean());
        }
        match self.laws.of_arm(world, &arm.pool) {
            Law::None(_) => None,
            Law::Is(law) => limit(&law.mean),
            Law::Pending => limit(world.mean()).map(|_| reference(f64::NAN)),
        }
    }
}

/// Whether what is kept has the law of random responses: also where the whole pool is kept, each with the same weight.
fn keeps_at_random(arm: &FitArm) -> bool {
    let whole = arm.pool.responses == arm.pool.depth() && !arm.pool.choice.rule.selector.weighted();
    arm.pool.choice.is_random() || whole
}

/// How it is known which modes an arm's data sets have seen.
#[derive(Debug)]
enum ModesSeen {
    /// At once, or not at all.
    Stated(Seen),
    /// By the law of the one response kept.
    OfOne,
    /// By two numbers that take long.
    ByJob(NeededJob),
}

impl ModesSeen {
    fn of(world: &dyn World, arm: &FitArm, exact_budget: &mut ExactBudget) -> Self {
        if keeps_at_random(arm) {
            return Self::Stated(Seen::at_random(
                world,
                u64::from(arm.pool.prompts),
                u64::from(arm.pool.responses),
            ));
        }
        if world.mean().len() > MOST_MODES_ENUMERATED {
            return Self::Stated(Seen::none(MANY_MODES));
        }
        if arm.pool.responses == 1 {
            return Self::OfOne;
        }
        match best_job(world, arm) {
            Err(why) => Self::Stated(Seen::none(why)),
            Ok(job) => Self::ByJob(exact_budget.need(job)),
        }
    }

    fn seen(&self, world: &dyn World, laws: &KnownLaws<'_>, arm: &FitArm, known: Option<&ExactCache>) -> Seen {
        match self {
            Self::Stated(seen) => *seen,
            Self::OfOne => match laws.of_arm(world, &arm.pool) {
                Law::None(why) => Seen::none(why),
                Law::Pending => Seen::PENDING,
                Law::Is(law) => of_one(&law.mean, u64::from(arm.pool.prompts)),
            },
            Self::ByJob(needed) => match known.and_then(|known| needed.numbers(known)).as_deref() {
                Some(&[missing, seen]) => Seen {
                    missing: Exact::Is(missing),
                    seen: Exact::Is(seen),
                },
                // Numbers of another count would be a fault of whoever knows them: better none.
                _ => Seen::PENDING,
            },
        }
    }
}

/// The one response kept is of mode m with probability q_m.
fn of_one(q: &[f64], prompts: u64) -> Seen {
    let mass = |set: u32| (0..q.len()).filter(|m| set >> m & 1 == 1).map(|m| q[m]).sum::<f64>();
    Seen::of_sets(q.len(), prompts, |set| (1.0 - mass(set)).max(0.0))
}

/// The two numbers of Best-K-of-N as a unit of work, or why theory does not have them.
fn best_job(world: &dyn World, arm: &FitArm) -> Result<ExactJob, &'static str> {
    const NOT_BEST: &str =
        "of K above 1 it is known for responses kept at random, and for the best of rewards without noise or ties";
    let attributes = world.attributes().filter(|own| own.rewards.noise == 0.0);
    let attributes = attributes
        .filter(|_| arm.pool.choice.rule.selector == Selector::Best)
        .ok_or(NOT_BEST)?;
    // Also where responses may be wrong there is none.
    let concentration = world.concentration().ok_or(NOT_BEST)?;
    let pool = PoolLaw::new(world.mean().to_vec(), concentration, arm.pool.depth()).map_err(|_| NOT_BEST)?;
    let avoided = Avoided::best(&pool, &attributes.rewards.values, arm.pool.responses);
    let avoided = avoided.ok().flatten().ok_or(NOT_BEST)?;
    let (modes, prompts) = (world.mean().len(), u64::from(arm.pool.prompts));
    let terms = modes as u64 * u64::from(arm.pool.responses) * u64::from(arm.pool.depth());
    let nanoseconds = (PER_TERM * terms).saturating_mul(1 << modes);
    if nanoseconds > LONGEST {
        return Err("working it out would take minutes: fewer modes or candidates take less");
    }
    let key = format!(
        "modes seen of best 1 numerics {NUMERICS_VERSION}\nweights {}\nconcentration {}\nrewards {}\nprompts {prompts} \
         responses {} candidates {}",
        floats(world.mean()),
        float(concentration),
        floats(&attributes.rewards.values),
        arm.pool.responses,
        arm.pool.depth()
    );
    Ok(ExactJob::new(Key::new(key), 2, nanoseconds, move || {
        let of = |set: u32| avoided.probability(set);
        let missing = missing_share_of_sets(modes, prompts, of).unwrap_or(f64::NAN);
        vec![missing, modes_seen_of_sets(modes, prompts, of)]
    }))
}
