//! Owns what theory says of fits to what selectors keep: what many prompts tend to, and which modes are seen.
//!
//! A converged fit is the share f of kept responses by mode, whose mean q over prompts is that of one prompt's exact law. With many
//! prompts f tends to q, and every measure to that of q: the reference `many prompts`. KL(pi || f) is convex in f, so that the
//! excess NLL lies above its limit for any number of prompts (Jensen).

use super::{FitArm, Measure};
use crate::engine::{Exact, ExactBudget, ExactCache, ExactJob, Key, NeededJob, Reference};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::elementary::ln;
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

/// Which modes a data set of an arm has seen.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// The probability that one is missing.
    missing: Exact,
    /// The expected number.
    seen: Exact,
}

impl Seen {
    /// Theory does not know, and why.
    const fn none(why: &'static str) -> Self {
        let none = Exact::None(why);
        Self {
            missing: none,
            seen: none,
        }
    }

    const PENDING: Self = Self {
        missing: Exact::Pending,
        seen: Exact::Pending,
    };

    /// That of a measure.
    fn of(&self, measure: Measure) -> Exact {
        match measure {
            Measure::ModesSeen => self.seen,
            _ => self.missing,
        }
    }

    /// From the probability that one prompt's kept responses avoid a set of modes.
    fn of_sets(modes: usize, prompts: u64, avoided: impl Fn(u32) -> f64) -> Self {
        Self {
            missing: Exact::or_none(missing_share_of_sets(modes, prompts, &avoided), MANY_MODES),
            seen: Exact::Is(modes_seen_of_sets(modes, prompts, avoided)),
        }
    }

    /// Of what is kept at random.
    fn at_random(world: &dyn World, prompts: u64, responses: u64) -> Self {
        const LIMITS: &str = "it is worked out for up to 16 modes, and with copies for up to 128 responses per prompt";
        Self {
            missing: Exact::or_none(world.missing_mode_share(prompts, responses), LIMITS),
            seen: Exact::or_none(world.modes_seen(prompts, responses), LIMITS),
        }
    }
}

const MANY_MODES: &str = "it is worked out for up to 16 modes";

impl Selected {
    /// Of these arms.
    pub fn new(world: &dyn World, arms: &[FitArm], exact_budget: &mut ExactBudget) -> Self {
        let chosen = arms.iter().filter(|arm| !keeps_at_random(arm));
        let asked = chosen.map(|arm| (arm.pool.choice, arm.pool.depth(), arm.pool.responses));
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
    /// The exact share of fits with a missing mode, or the exact mean number of modes seen, of the arm at `index`.
    pub fn exact(&self, index: usize, measure: Measure) -> Exact {
        self.seen[index].of(measure)
    }

    /// The same of an arm that no scenario has, where that is quick: a point of a curve.
    pub fn exact_at(&self, world: &dyn World, arm: &FitArm, measure: Measure) -> Exact {
        // What is short is done on the spot, and nothing else.
        let asked = ModesSeen::of(world, arm, &mut ExactBudget::default());
        asked
            .seen(world, &self.laws, arm, Some(&ExactCache::empty()))
            .of(measure)
    }

    /// What a measure of an arm tends to with many prompts; a value that is no number where the law of what is kept has not been
    /// worked out yet.
    pub fn many_prompts(&self, world: &dyn World, arm: &FitArm, measure: Measure) -> Option<Reference> {
        if arm.descent.ridge > 0.0 {
            return None;
        }
        let reference = |value| Reference { value, name: MANY };
        if keeps_at_random(arm) {
            return limit(world, world.mean(), measure).map(reference);
        }
        match self
            .laws
            .of(world, &arm.pool.choice, arm.pool.depth(), arm.pool.responses)
        {
            Law::None(_) => None,
            Law::Is(law) => limit(world, &law.mean, measure).map(reference),
            Law::Pending => limit(world, world.mean(), measure).map(|_| reference(f64::NAN)),
        }
    }
}

/// Whether what is kept has the law of random responses: also where the whole pool is kept, each with the same weight.
fn keeps_at_random(arm: &FitArm) -> bool {
    let whole = arm.pool.responses == arm.pool.depth() && !arm.pool.choice.rule.selector.weighted();
    arm.pool.choice.is_random() || whole
}

/// The measure of the policy q; none where it has no finite value or does not look at the policy.
fn limit(world: &dyn World, q: &[f64], measure: Measure) -> Option<f64> {
    let truth = world.mean();
    let sum = |term: &dyn Fn(f64, f64) -> f64| truth.iter().zip(q).map(|(&p, &q)| term(p, q)).sum::<f64>();
    let log = |x: f64| if x > 0.0 { ln(x) } else { f64::NEG_INFINITY };
    let weighed = |by: f64, of: f64| if by > 0.0 { by * of } else { 0.0 };
    let value = match measure {
        Measure::ExcessNll => sum(&|p, q| p * (ln(p) - log(q))),
        Measure::TestNll => sum(&|p, q| -p * log(q)),
        Measure::ReverseKl => sum(&|p, q| weighed(q, log(q) - ln(p))),
        Measure::TotalVariation => sum(&|p, q| 0.5 * (q - p).abs()),
        Measure::Entropy => sum(&|_, q| -weighed(q, log(q))),
        Measure::ExpectedReward => {
            let rewards = &world.attributes()?.rewards.values;
            q.iter().zip(rewards).map(|(q, r)| q * r).sum()
        }
        Measure::MissingMode | Measure::ModesSeen | Measure::Unconverged | Measure::Steps => return None,
    };
    Some(value).filter(|value| value.is_finite())
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
            Self::OfOne => match laws.of(world, &arm.pool.choice, arm.pool.depth(), 1) {
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
