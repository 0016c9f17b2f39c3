//! Owns the keys of worlds of queries with slots.

use super::Asked;
use crate::format::keys::{Got, Integer, List, Number, Own, Range, Read, Table, Variant, key};
use crate::policy::MOST_MODES;
use crate::world::{SlotWorld, Teacher};

/// The kinds of this study.
pub(super) const WORLDS: &[&Variant<Asked>] = &[&SLOTS];

/// The most slots and features: rows of lanes grow with both.
const MOST: i64 = 64;

/// Evidence beyond this tells right from wrong without fail.
const MOST_EVIDENCE: f64 = 20.0;

const NAME: &str = "slots";
const ABOUT: &str =
    "responses that fill slots with modes, some of which are right; checking a draft tells more than making one";

const SLOTS: Variant<Asked> = Variant {
    name: NAME,
    about: ABOUT,
    read: |table| {
        let world = WorldKeys::ask(table);
        let queries = key(
            "queries",
            "Queries that answers are scored on, other ones in each replicate.",
            Integer(1, 1 << 17),
        );
        let queries = table.get(queries.symbol("queries", "queries").or(500));
        let own = table.end()?;
        Ok(Asked {
            world: world.settle(&own)?,
            queries: queries.take(&own) as u32,
        })
    },
};

/// The same where a replicate is one query.
pub(super) const ONE_QUERY: Variant<SlotWorld> = Variant {
    name: NAME,
    about: ABOUT,
    read: |table| {
        let world = WorldKeys::ask(table);
        let own = table.end()?;
        world.settle(&own)
    },
};

struct WorldKeys {
    sizes: Sizes,
    evidence: Evidence,
}

impl WorldKeys {
    fn ask(table: &mut Table<'_>) -> Self {
        Self {
            sizes: Sizes::ask(table),
            evidence: Evidence::ask(table),
        }
    }

    fn settle(self, own: &Own<'_, '_>) -> Read<SlotWorld> {
        let [slots, modes, valid, features] = self.sizes.settle(own)?;
        let evidence = self.evidence;
        let shift = evidence.shift.take(own);
        Ok(SlotWorld {
            slots,
            modes,
            valid,
            features,
            discriminability: evidence.discriminability.take(own),
            verification: evidence.verification.take(own),
            lapse: evidence.lapse.take(own),
            others: evidence
                .others
                .take(own)
                .into_iter()
                .map(|strength| strength + shift)
                .collect(),
            adversary: evidence.misleading.take(own),
            others_lapse: evidence.others_lapse.take(own),
            correlation: evidence.correlation.take(own),
            teacher: Teacher {
                discriminability: evidence.teacher.take(own),
                verification: evidence.teacher_verification.take(own),
                votes: evidence.teacher_votes.take(own),
            },
        })
    }
}

struct Sizes {
    slots: Got<i64>,
    modes: Got<i64>,
    valid: Got<i64>,
    features: Got<i64>,
}

impl Sizes {
    fn ask(world: &mut Table<'_>) -> Self {
        let slots = key(
            "slots",
            "T: slots of a response; 1 is a single choice.",
            Integer(1, MOST),
        )
        .or(8);
        let modes = key("modes", "M: modes of a slot.", Integer(2, MOST_MODES as i64)).or(8);
        let valid = key(
            "valid",
            "V: modes of a slot that are right.",
            Integer(1, MOST_MODES as i64),
        )
        .or(3);
        let features = key(
            "features",
            "D: features of a mode. The first tells right from wrong, the second feeds what the base model gets wrong.",
            Integer(2, MOST),
        );
        Self {
            slots: world.get(slots.symbol("$T$", "slots $T$")),
            modes: world.get(modes.symbol("$M$", "modes of a slot $M$")),
            valid: world.get(valid.symbol("$V$", "right modes $V$")),
            features: world.get(features.or(6)),
        }
    }

    fn settle(self, own: &Own<'_, '_>) -> Read<[usize; 4]> {
        let all = [self.slots, self.modes, self.valid, self.features];
        let [slots, modes, valid, features] = all.map(|size| size.take(own) as usize);
        if valid >= modes {
            let fault = own.fault(
                "valid",
                format!("{valid} right modes of {modes}: some mode has to be wrong"),
            );
            return own.refuse(fault.and(&own.place("modes"), format!("modes = {modes}")));
        }
        Ok([slots, modes, valid, features])
    }
}

struct Evidence {
    discriminability: Got<f64>,
    lapse: Got<f64>,
    verification: Got<f64>,
    others: Got<Vec<f64>>,
    shift: Got<f64>,
    misleading: Got<f64>,
    others_lapse: Got<f64>,
    correlation: Got<f64>,
    teacher: Got<f64>,
    teacher_verification: Got<f64>,
    teacher_votes: Got<f64>,
}

impl Evidence {
    fn ask(world: &mut Table<'_>) -> Self {
        let size = || Number(Range::between(0.0, MOST_EVIDENCE));
        let share = || Number(Range::between(0.0, 1.0));
        let signed = || Number(Range::between(-MOST_EVIDENCE, MOST_EVIDENCE));
        let discriminability = key(
            "discriminability",
            "d: how far the first feature of right modes lies above that of wrong ones, in standard deviations.",
            size(),
        );
        let lapse = key(
            "lapse",
            "h: the probability that a pass does not recall the features of a slot.",
            share(),
        );
        let verification = key(
            "verification",
            "kappa: how far right modes stand out when a draft that shows them is checked, in standard deviations.",
            signed(),
        );
        let others = key(
            "others",
            "d_i: strengths of other models, one draft each.",
            List::of(signed()),
        );
        let shift = key("others-shift", "What is added to each of them.", signed());
        let misleading = key(
            "misleading",
            "d_i of the model that misleads.",
            Number(Range::between(-MOST_EVIDENCE, 0.0)),
        );
        let others_lapse = key(
            "others-lapse",
            "h_off: the probability that another model's choice is blind.",
            share(),
        );
        let correlation = key(
            "correlation",
            "rho: correlation of the other models' evidence with the student's.",
            share(),
        );
        let teacher = key(
            "teacher",
            "d_T: how far right modes stand out to the teacher, and what it makes of that.",
            size(),
        );
        let teacher_verification = key(
            "teacher-verification",
            "kappa_T: how far right modes stand out when the teacher checks a draft.",
            size(),
        );
        let teacher_votes = key("teacher-votes", "beta_T: the teacher's weight of votes.", size());
        Self {
            discriminability: world.get(discriminability.symbol("$d$", "discriminability $d$").or(1.5)),
            lapse: world.get(lapse.symbol("$h$", "lapses $h$").or(0.25)),
            verification: world.get(verification.symbol("$\\kappa$", "verification $\\kappa$").or(1.5)),
            others: world.get(others.or(vec![0.6, 0.8, 1.0, 1.2, 1.4])),
            shift: world.get(
                shift
                    .symbol("shift", "strength of other models beyond the usual")
                    .or(0.0),
            ),
            misleading: world.get(misleading.or(-1.5)),
            others_lapse: world.get(others_lapse.or(0.25)),
            correlation: world.get(correlation.or(0.3)),
            teacher: world.get(teacher.symbol("$d_T$", "teacher $d_T$").or(2.5)),
            teacher_verification: world.get(teacher_verification.or(2.5)),
            teacher_votes: world.get(teacher_votes.or(1.0)),
        }
    }
}
