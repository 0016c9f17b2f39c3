//! Owns one arm: how many prompts, which share is open, and how many responses each has.

use crate::format::keys::named;
use crate::numerics::text::float;
use crate::theory::neyman::two_stage::{Pooling, TwoStage};
use crate::world::World;

/// One arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AllocationArm {
    /// N_p: prompts of both kinds.
    pub prompts: u32,
    /// Which share of them is open, above 0 and up to 1.
    pub open_share: f64,
    /// How it is decided how many responses a prompt has.
    pub rule: Rule,
    /// K: responses of every prompt; where prompts have different numbers, of one that is open as far as the rule knows.
    pub responses: u32,
    /// k_0: responses of a pilot.
    pub pilot: u32,
    /// Responses after the pilot of a prompt whose pilot agrees.
    pub later: u32,
    /// a: what the mean of the pilot counts, from 0 to below 1, where it is weighted.
    pub pilot_weight: f64,
    /// C_p/C_r: what a prompt costs, in responses; above 0.
    pub cost_ratio: f64,
}

/// How it is decided how many responses a prompt has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// All have as many.
    Constant,
    /// It is known which are open; closed ones have one.
    Known,
    /// A prompt whose pilot agrees has few; all responses count the same.
    Reused,
    /// The same, but pilot and later responses have fixed weights.
    Weighted,
}

named!(Rule {
    Rule::Constant => "constant": "all prompts have as many",
    Rule::Known => "known": "it is known which prompts are open; closed ones have one",
    Rule::Reused => "reused-pilot": "a prompt whose pilot agrees has `later` more, any other as many as `responses` in all; all count the same",
    Rule::Weighted => "weighted-pilot": "the same, but the mean of the pilot counts `pilot-weight`, and that of the later responses the rest",
});

impl Rule {
    /// Whether a pilot is what it goes by.
    pub fn has_pilot(self) -> bool {
        matches!(self, Self::Reused | Self::Weighted)
    }
}

impl AllocationArm {
    /// The most prompts.
    pub const MOST_PROMPTS: u32 = 1 << 20;

    /// The most responses of a prompt.
    pub const MOST_RESPONSES: u32 = 4096;

    /// Open prompts: the nearest whole number, at least one.
    pub fn open(&self) -> u32 {
        ((f64::from(self.prompts) * self.open_share).round() as u32).clamp(1, self.prompts)
    }

    /// The pilot and what follows from it; of rules without one a pilot that counts as all.
    pub(super) fn stage(&self) -> TwoStage {
        let all = u64::from(self.responses);
        let pilot = if self.rule.has_pilot() {
            u64::from(self.pilot)
        } else {
            all
        };
        TwoStage {
            pilot,
            agreed: match self.rule.has_pilot() {
                true => pilot + u64::from(self.later),
                false => all,
            },
            open: all,
            pooling: match self.rule {
                Rule::Weighted => Pooling::Weighted(self.pilot_weight),
                _ => Pooling::Reused,
            },
        }
    }

    /// Responses of a closed prompt, whose pilot always agrees.
    pub(super) fn closed_responses(&self) -> f64 {
        match self.rule {
            Rule::Known => 1.0,
            _ => self.stage().agreed as f64,
        }
    }

    /// The most responses of a prompt.
    pub(super) fn deepest(&self) -> usize {
        let stage = self.stage();
        stage.open.max(stage.agreed) as usize
    }

    /// What a prompt costs on average, in responses, if open ones have so many.
    pub(super) fn price(&self, open: f64) -> f64 {
        let (all, of_open) = (f64::from(self.prompts), f64::from(self.open()));
        self.cost_ratio + (of_open * open + (all - of_open) * self.closed_responses()) / all
    }

    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        let within = |key: &'static str, own: u32, low: u32, high: u32| match (low..=high).contains(&own) {
            true => Ok(()),
            false => Err((key, format!("{own}: there must be {low} to {high}"))),
        };
        within("prompts", self.prompts, 1, Self::MOST_PROMPTS)?;
        within("responses", self.responses, 1, Self::MOST_RESPONSES)?;
        if !(self.open_share > 0.0 && self.open_share <= 1.0) {
            return Err((
                "open-share",
                format!("{:e}: it must be above 0 and at most 1", self.open_share),
            ));
        }
        if !(self.cost_ratio > 0.0 && self.cost_ratio.is_finite()) {
            return Err(("cost-ratio", format!("{:e}: it must be above 0", self.cost_ratio)));
        }
        match self.rule.has_pilot() {
            true => self.check_pilot(),
            false => Ok(()),
        }
    }

    fn check_pilot(&self) -> Result<(), (&'static str, String)> {
        let (pilot, all) = (self.pilot, self.responses);
        if pilot < 2 || pilot > all {
            let what =
                format!("{pilot} responses: a pilot has 2 to {all}, as `responses` counts them with the later ones");
            return Err(("pilot", what));
        }
        if self.later > Self::MOST_RESPONSES {
            return Err(("later", format!("{}: at most {}", self.later, Self::MOST_RESPONSES)));
        }
        if self.rule != Rule::Weighted {
            return Ok(());
        }
        if !(0.0..1.0).contains(&self.pilot_weight) {
            return Err((
                "pilot-weight",
                format!("{:e}: it must be from 0 to below 1", self.pilot_weight),
            ));
        }
        match (pilot < all, self.later) {
            (true, 1..) => Ok(()),
            (true, 0) => Err((
                "later",
                "0: with fixed weights every prompt has later responses; take 1".to_owned(),
            )),
            (false, _) => Err((
                "responses",
                format!("{all}: with fixed weights it must be above the pilot's {pilot}"),
            )),
        }
    }

    /// About how many random words a data set takes.
    pub(super) fn words(&self, world: &dyn World) -> u64 {
        u64::from(self.open()) * world.words(self.deepest() as u64)
    }

    /// The canonical text: part of the work key. What a rule ignores is left out.
    pub(super) fn canonical(&self) -> String {
        let pilot = match self.rule {
            Rule::Constant => "constant".to_owned(),
            Rule::Known => "known".to_owned(),
            Rule::Reused => format!("reused pilot {} later {}", self.pilot, self.later),
            Rule::Weighted => {
                let weight = float(self.pilot_weight);
                format!("weighted pilot {} later {} weight {weight}", self.pilot, self.later)
            }
        };
        format!(
            "prompts {} open {} responses {} {pilot} cost-ratio {}",
            self.prompts,
            self.open(),
            self.responses,
            float(self.cost_ratio)
        )
    }
}
