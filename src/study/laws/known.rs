//! Owns the laws of a scenario's arms as far as they are known.

use super::question::Law;
use super::{Laws, POINT, Place, Ranked, crossing, of_ranked, threshold, why};
use crate::engine::{Exact, ExactCache};
use crate::study::chosen::Choice;
use crate::study::pools::PoolArm;
use crate::world::World;
use std::collections::BTreeMap;

/// What is known of the laws that are asked for.
#[derive(Debug)]
pub(in crate::study) struct KnownLaws<'a> {
    laws: &'a Laws,
    /// One list per question.
    answers: Vec<Vec<Law>>,
    crossings: BTreeMap<Ranked, Exact>,
}

impl Laws {
    /// Those of which the numbers are known, and what takes no time.
    pub fn known(&self, known: &ExactCache) -> KnownLaws<'_> {
        let answers = self.questions.iter();
        let answers = answers.map(|(question, needed)| question.known(needed.numbers(known).as_deref()));
        KnownLaws {
            laws: self,
            answers: answers.collect(),
            crossings: crossing::known(&self.crossings, Some(known)),
        }
    }

    /// Before anything is worked out: which there are.
    pub fn pending(&self) -> KnownLaws<'_> {
        KnownLaws {
            laws: self,
            answers: self
                .questions
                .iter()
                .map(|(question, _)| question.known(None))
                .collect(),
            crossings: crossing::known(&self.crossings, None),
        }
    }
}

impl KnownLaws<'_> {
    /// The law of the share by mode that an arm keeps of a prompt.
    pub fn of_arm(&self, world: &dyn World, arm: &PoolArm) -> Law {
        let (choice, candidates, keep) = arm.asked();
        self.of(world, &choice, candidates, keep)
    }

    /// The law of the share by mode of the `keep` of `candidates` responses of a prompt that `choice` keeps; none where
    /// theory has no exact one, or it would be an enumeration for no arm of the scenario: it says why.
    pub fn of(&self, world: &dyn World, choice: &Choice, candidates: u32, keep: u32) -> Law {
        let Some(threshold) = threshold(choice) else {
            let own = self.laws.enumerated.get(&(choice.canonical(), candidates, keep));
            return own.map_or(Law::None(why::AT_THE_ARMS_ONLY), |&place| self.at(place));
        };
        let ranked = (threshold.to_bits(), candidates, keep);
        match self.laws.ranked.get(&ranked) {
            Some(&place) => self.at(place),
            None => match of_ranked(world, ranked) {
                Ok(question) if question.nanoseconds() <= POINT => question.law(),
                Ok(_) => Law::None(why::AT_THE_ARMS_ONLY),
                Err(why) => Law::None(why),
            },
        }
    }

    /// The share of wrong responses beyond which what an arm keeps costs fits of many prompts less than random responses.
    pub fn crossing(&self, arm: &PoolArm) -> Exact {
        let (choice, candidates, keep) = arm.asked();
        let asked = threshold(&choice).map(|threshold| (threshold.to_bits(), candidates, keep));
        let known = asked.and_then(|asked| self.crossings.get(&asked));
        known.copied().unwrap_or(Exact::None(crossing::NOT_RANKED))
    }

    fn at(&self, place: Place) -> Law {
        match place {
            Place::None(why) => Law::None(why),
            Place::Of { question, answer } => self.answers[question][answer].clone(),
        }
    }
}
