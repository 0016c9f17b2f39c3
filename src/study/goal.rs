//! Owns the keys that say which standard error has to be reached: of a run, and of simulated runs.

use crate::engine::{Goal, Looks};
use crate::format::keys::{Got, Number, Own, Range, Read, Table, key, named};

named!(Looks {
    Looks::Rounds => "rounds": "after rounds that grow by half",
    Looks::TwoStage => "two-stage": "once, after the first round, which says how many replicates there will be (and a tenth more)",
    Looks::EveryBlock => "every-block": "after every block, as no run should",
});

/// A standard error of more than a quarter of the estimate is no precision, and of a millionth no simulation's.
const RELATIVE: Range = Range::between(1e-6, 0.25);

/// The two ways to state a target.
pub struct GoalKeys {
    relative: Got<Option<f64>>,
    absolute: Got<Option<f64>>,
}

impl GoalKeys {
    /// Asks for both, of which one is set.
    pub fn ask(table: &mut Table<'_>) -> Self {
        let relative = key(
            "relative",
            "The standard error to reach, as a share of the estimate. Refused where the estimate is 0 within its error.",
            Number(RELATIVE),
        );
        let absolute = key(
            "absolute",
            "The standard error to reach, in the unit of what is estimated.",
            Number(Range::above(0.0)),
        );
        Self {
            relative: table.find(
                relative.symbol("$T/|\\mu|$", "target standard error $T/|\\mu|$"),
                "required, or `absolute`",
            ),
            absolute: table.find(
                absolute.symbol("$T$", "target standard error $T$"),
                "required, or `relative`",
            ),
        }
    }

    /// The one that is set.
    pub fn settle(self, own: &Own<'_, '_>) -> Read<Goal> {
        match (self.relative.take(own), self.absolute.take(own)) {
            (Some(share), None) => Ok(Goal::Relative(share)),
            (None, Some(error)) => Ok(Goal::Absolute(error)),
            (None, None) => own.refuse(own.fault_here("one of `relative` and `absolute` is expected")),
            (Some(_), Some(_)) => {
                let what = "is set, but `relative` is too: one of them is expected";
                own.refuse(own.fault("absolute", what).and(&own.place("relative"), "the other one"))
            }
        }
    }
}
