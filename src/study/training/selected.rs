//! Owns what theory says of fits to what selectors keep: what many prompts tend to, and which modes are seen.
//!
//! A converged fit is the share f of kept responses by mode, whose mean q over prompts is that of one prompt's exact law. With many
//! prompts f tends to q, and every measure to that of q: the reference `many prompts`. KL(pi || f) is convex in f, so that the
//! excess NLL lies above its limit for any number of prompts (Jensen).

use super::{FitArm, Measure};
use crate::engine::{Exact, ExactBudget, ExactJob, Key, Numbers, Reference, Resolved};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::elementary::ln;
use crate::numerics::text::{float, floats};
use crate::select::Selector;
use crate::study::laws::{Law, Laws};
use crate::theory::missing::{MOST_MODES_ENUMERATED, missing_share_of_sets, modes_seen_of_sets};
use crate::theory::selected::{Avoided, PoolLaw};
use crate::world::World;

/// What the limit of many prompts is called.
const MANY: &str = "many prompts";

/// One term of the probability that a set of modes is avoided, in nanoseconds.
const PER_TERM: u64 = 2;

/// The longest that the sets of modes of an arm may take, in nanoseconds of one core.
const LONGEST: u64 = 90_000_000_000;

/// The longest that a point of a curve between arms may take, in nanoseconds.
const POINT: u64 = 20_000_000;

/// What theory says of the arms of a scenario.
#[derive(Debug)]
pub(super) struct Selected {
    laws: Laws,
    seen: Vec<Seen>,
    jobs: Vec<ExactJob>,
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
    /// Of these arms: at once, or as jobs, as the budget says.
    pub fn new(world: &dyn World, arms: &[FitArm], exact_budget: &mut ExactBudget) -> Self {
        let chosen = arms.iter().filter(|arm| !keeps_at_random(arm));
        let asked = chosen.map(|arm| (arm.choice, arm.candidates, arm.responses));
        let laws = Laws::new(world, asked, exact_budget);
        let mut jobs = laws.jobs().to_vec();
        let seen = arms
            .iter()
            .map(|arm| {
                seen(world, &laws, arm, &mut |job| {
                    let numbers = match exact_budget.resolve(job) {
                        Resolved::Now(numbers) => return Some(numbers),
                        Resolved::Deferred(numbers) => numbers,
                    };
                    if !jobs.iter().any(|own| own.key == job.key) {
                        jobs.push(job.clone());
                    }
                    numbers
                })
            })
            .collect();
        Self { laws, seen, jobs }
    }

    /// What it rests on that takes long, known or not.
    pub fn jobs(&self) -> &[ExactJob] {
        &self.jobs
    }

    /// The exact share of fits with a missing mode, or the exact mean number of modes seen, of the arm at `index`.
    pub fn exact(&self, index: usize, measure: Measure) -> Exact {
        match measure {
            Measure::ModesSeen => self.seen[index].seen,
            _ => self.seen[index].missing,
        }
    }

    /// The same of an arm that no scenario has, where that is quick: a point of a curve.
    pub fn exact_at(&self, world: &dyn World, arm: &FitArm, measure: Measure) -> Exact {
        let mut at_once = |job: &ExactJob| (job.nanoseconds <= POINT).then(|| job.work_out().into());
        let seen = seen(world, &self.laws, arm, &mut at_once);
        match measure {
            Measure::ModesSeen => seen.seen,
            _ => seen.missing,
        }
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
        match self.laws.of(world, &arm.choice, arm.candidates, arm.responses) {
            Law::None(_) => None,
            Law::Is(law) => limit(world, &law.mean, measure).map(reference),
            Law::Pending => limit(world, world.mean(), measure).map(|_| reference(f64::NAN)),
        }
    }
}

/// Whether what is kept has the law of random responses: also where the whole pool is kept, each with the same weight.
fn keeps_at_random(arm: &FitArm) -> bool {
    let whole = arm.responses == arm.candidates && !arm.choice.rule.selector.weighted();
    arm.choice.is_random() || whole
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

/// Which modes an arm's data sets have seen. `meet` gives the numbers of a job, as far as they are known.
fn seen(world: &dyn World, laws: &Laws, arm: &FitArm, meet: &mut dyn FnMut(&ExactJob) -> Option<Numbers>) -> Seen {
    let (modes, prompts) = (world.mean().len(), u64::from(arm.prompts));
    if keeps_at_random(arm) {
        return Seen::at_random(world, prompts, u64::from(arm.responses));
    }
    if modes > MOST_MODES_ENUMERATED {
        return Seen::none(MANY_MODES);
    }
    if arm.responses == 1 {
        // The one response kept is of mode m with probability q_m.
        return match laws.of(world, &arm.choice, arm.candidates, 1) {
            Law::None(why) => Seen::none(why),
            Law::Pending => Seen::PENDING,
            Law::Is(law) => {
                let mass = |set: u32| {
                    (0..modes)
                        .filter(|m| set >> m & 1 == 1)
                        .map(|m| law.mean[m])
                        .sum::<f64>()
                };
                Seen::of_sets(modes, prompts, |set| (1.0 - mass(set)).max(0.0))
            }
        };
    }
    match best_job(world, arm) {
        Err(why) => Seen::none(why),
        Ok(job) => match meet(&job).as_deref() {
            Some(&[missing, seen]) => Seen {
                missing: Exact::Is(missing),
                seen: Exact::Is(seen),
            },
            // Numbers of another count would be a fault of whoever knows them: better none.
            _ => Seen::PENDING,
        },
    }
}

/// The two numbers of Best-K-of-N as a unit of work, or why theory does not have them.
fn best_job(world: &dyn World, arm: &FitArm) -> Result<ExactJob, &'static str> {
    const NOT_BEST: &str =
        "of K above 1 it is known for responses kept at random, and for the best of rewards without noise or ties";
    let attributes = world.attributes().filter(|own| own.rewards.noise == 0.0);
    let attributes = attributes
        .filter(|_| arm.choice.rule.selector == Selector::Best)
        .ok_or(NOT_BEST)?;
    let concentration = world.concentration().ok_or(NOT_BEST)?;
    let pool = PoolLaw::new(world.mean().to_vec(), concentration, arm.candidates).map_err(|_| NOT_BEST)?;
    let avoided = Avoided::best(&pool, &attributes.rewards.values, arm.responses);
    let avoided = avoided.ok().flatten().ok_or(NOT_BEST)?;
    let (modes, prompts) = (world.mean().len(), u64::from(arm.prompts));
    let terms = modes as u64 * u64::from(arm.responses) * u64::from(arm.candidates);
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
        arm.responses,
        arm.candidates
    );
    Ok(ExactJob::new(Key::new(key), 2, nanoseconds, move || {
        let of = |set: u32| avoided.probability(set);
        let missing = missing_share_of_sets(modes, prompts, of).unwrap_or(f64::NAN);
        vec![missing, modes_seen_of_sets(modes, prompts, of)]
    }))
}
