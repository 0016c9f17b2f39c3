//! Owns the keys of the study's files.

use super::{Law, MEASURES, Measure, NAME, SAMPLES, Stopping, StoppingArm};
use crate::engine::{FIRST_BATCHES, Goal, Looks};
use crate::format::keys::{File, Integer, Number, Range, Read, Table, Variant, Words, key};
use crate::study::Question;
use crate::study::goal::GoalKeys;
use crate::study::kind::{Site, StudyKind, made, setting};
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "coverage, bias and cost of runs that stop when their standard error is small enough",
    symbols: "a run draws samples of mean mu and standard deviation sigma until the standard error of their average is at most the target T",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

/// Past this, squares of samples leave the range in which sums of them keep their digits.
const LARGEST: f64 = 1e6;

/// Samples of a run where none are stated, and the most that may be.
const AT_MOST: [i64; 2] = [100_000, 10_000_000];

const MEAN: &str = "Mean of a sample, which a run estimates.";

const NORMAL: Variant<Law> = Variant {
    name: "normal",
    about: "normal samples",
    read: |world| {
        let mean = world.get(key("mean", MEAN, Number(Range::between(-LARGEST, LARGEST))).or(1.0));
        let positive = Number(Range::above(0.0).up_to(LARGEST));
        let deviation = world.get(key("deviation", "Standard deviation of a sample.", positive).or(1.0));
        let own = world.end()?;
        Ok(Law::Normal {
            mean: mean.take(&own),
            deviation: deviation.take(&own),
        })
    },
};

const EXPONENTIAL: Variant<Law> = Variant {
    name: "exponential",
    about: "exponential samples, whose standard deviation is their mean",
    read: |world| {
        let positive = Number(Range::above(0.0).up_to(LARGEST));
        let mean = world.get(key("mean", MEAN, positive).or(1.0));
        let own = world.end()?;
        Ok(Law::Exponential { mean: mean.take(&own) })
    },
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let ask = |file: &mut File<'_>| file.world_of("samples", "law of the samples", &[&NORMAL, &EXPONENTIAL]);
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    site.reserve(&own, Measure::ALL.len(), setting.arms.len())?;
    made(&own, Stopping::read(setting))
}

fn arm(keys: &mut Table<'_>, law: Option<&Law>) -> Read<StoppingArm> {
    let looks = Words(&[Looks::Rounds, Looks::TwoStage, Looks::EveryBlock]);
    let about = "When a simulated run decides whether it is precise enough.";
    let looks = keys.get(key("looks", about, looks).or(Looks::Rounds));
    let groups = Integer(2, i64::from(StoppingArm::MOST_GROUPS));
    let about = "Groups before the first look: batches of 8 samples.";
    let groups = key("groups", about, groups).or(FIRST_BATCHES as i64);
    let groups = keys.get(groups.symbol("groups", "groups before the first look"));
    let goal = GoalKeys::ask(keys);
    // A single batch has no standard error.
    let [stated, most] = AT_MOST;
    let about = "Samples after which a simulated run ends all the same, rounded up to whole batches of 8.";
    let at_most = keys.get(key("at-most", about, Integer(2 * SAMPLES as i64, most)).or(stated));
    let own = keys.end()?;
    let arm = StoppingArm {
        looks: looks.take(&own),
        groups: groups.take(&own) as u32,
        goal: goal.settle(&own)?,
        at_most: at_most.take(&own) as u64,
    };
    let key = match arm.goal {
        Goal::Relative(_) => "relative",
        Goal::Absolute(_) => "absolute",
    };
    // What the keys allow can only fail by its target.
    match law.map_or(Ok(()), |law| arm.check(law)) {
        Ok(()) => Ok(arm),
        Err(what) => own.refuse(own.fault(key, what)),
    }
}
