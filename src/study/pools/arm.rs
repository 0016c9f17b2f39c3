//! Owns what the arms of studies of pools share: what is kept of how many prompts, and the budget that bought them.

use crate::select::MOST_SEARCHED;
use crate::study::chosen::Choice;
use crate::theory::budget::{Budget, Costs};
use crate::theory::prices::Prices;
use crate::world::World;

/// Which of the responses kept are trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trained {
    /// Each of them.
    Every,
    /// One of each mode among them, weighted by the mode's share of them: the share by mode is that of all, at the price of fewer.
    OnePerMode,
}

/// What an arm keeps of how many prompts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolArm {
    /// Which K of the pool are kept. Other selectors than `random` need a world whose responses have attributes.
    pub choice: Choice,
    /// N_p, at least 1; with a budget, what it buys.
    pub prompts: u32,
    /// K, at least 1.
    pub responses: u32,
    /// N, at least K; none where a pool has as many as are kept. Random-K-of-N has the same marginal law for every N.
    pub candidates: Option<u32>,
    /// The budget that bought the prompts, at the costs of this arm's prompts and responses.
    pub budget: Option<Budget>,
    /// What those costs are made of, where three parts are stated.
    pub prices: Option<Prices>,
    /// Which of them are trained on, of all candidates kept at random.
    pub trained: Trained,
}

/// Why there is no such arm.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::study) enum ArmError {
    /// Nothing is kept.
    #[error("{prompts} prompts of {responses} responses each: there must be at least one of both")]
    Empty { prompts: u32, responses: u32 },
    /// K > N.
    #[error("K = {responses} responses cannot be kept of N = {candidates} candidates")]
    TooFew { responses: u32, candidates: u32 },
    /// Responses are counted in 32 bits.
    #[error("{prompts} prompts of {depth} candidates are {} responses; a replicate has fewer than 2^32", u64::from(*prompts) * u64::from(*depth))]
    Uncountable { prompts: u32, depth: u32 },
    /// The selector has nothing to look at.
    #[error("{0:?} looks at rewards or embeddings, which only world.kind = \"embedded\" has")]
    NoAttributes(&'static str),
    /// One of each mode represents the others only where nothing was chosen.
    #[error("\"one-per-mode\" trains on one response of each mode of those kept at random: set selector = \"random\"")]
    NotAtRandom,
    /// Too few or too many for a search among every set.
    #[error(
        "K = {responses} of N = {candidates} candidates: every set of K is tried, of 2 to {MOST_SEARCHED} candidates"
    )]
    Unsearchable { responses: u32, candidates: u32 },
    /// Picks of this selector have none.
    #[error("{0:?} has no guarantee: take \"diverse\" or \"diverse-best\"")]
    NoGuarantee(&'static str),
}

impl PoolArm {
    /// All of `responses` responses to each of `prompts` prompts.
    pub const fn all(prompts: u32, responses: u32) -> Self {
        Self {
            choice: Choice::RANDOM,
            prompts,
            responses,
            candidates: None,
            budget: None,
            prices: None,
            trained: Trained::Every,
        }
    }

    /// How deep a prompt's pool is drawn: N, or K.
    pub fn depth(&self) -> u32 {
        self.candidates.unwrap_or(self.responses)
    }

    /// What theory is asked of what it keeps: the choice, N and K.
    pub(in crate::study) fn asked(&self) -> (Choice, u32, u32) {
        (self.choice, self.depth(), self.responses)
    }

    /// What its prompts and responses cost: two numbers, the price of K responses being as many times the second. None where the world does not
    /// say how many modes a prompt's responses have, which are to be trained on.
    pub(in crate::study) fn costs(&self, prices: &Prices, world: Option<&dyn World>) -> Option<Costs> {
        let kept = u64::from(self.responses);
        match (self.trained, world) {
            (Trained::OnePerMode, Some(world)) => Some(Costs {
                prompt: prices.of_prompt(kept, world.modes_seen(1, kept)?),
                response: 0.0,
            }),
            // Nothing is bought of an unknown world.
            (Trained::OnePerMode, None) | (Trained::Every, _) if self.choice.is_random() => Some(prices.at_random()),
            _ => Some(prices.of_pool(u64::from(self.depth()))),
        }
    }

    /// What responses kept at random would cost under its budget.
    pub(in crate::study) fn random_costs(&self) -> Option<Costs> {
        let budget = self.budget?;
        Some(self.prices.map_or(budget.costs, |prices| prices.at_random()))
    }

    /// N_p (C_p + K C_r): what the arm really spends; none without a budget.
    pub fn cost(&self) -> Option<f64> {
        let price = self.budget?.costs.of_prompt(u64::from(self.responses));
        Some(f64::from(self.prompts) * price)
    }

    /// Whether a replicate has fewer than 2^32 responses.
    pub fn countable(&self) -> bool {
        u64::from(self.prompts) * u64::from(self.depth()) <= u64::from(u32::MAX)
    }

    /// An error where there is no such arm in a world with or without attributes, or in any.
    pub(in crate::study) fn check(&self, attributes: Option<bool>) -> Result<(), ArmError> {
        let (prompts, responses, depth) = (self.prompts, self.responses, self.depth());
        if prompts == 0 || responses == 0 {
            return Err(ArmError::Empty { prompts, responses });
        }
        if responses > depth {
            let candidates = depth;
            return Err(ArmError::TooFew { responses, candidates });
        }
        if !self.choice.is_random() && attributes == Some(false) {
            return Err(ArmError::NoAttributes(self.choice.rule.selector.name()));
        }
        if self.trained == Trained::OnePerMode && !self.choice.is_random() {
            return Err(ArmError::NotAtRandom);
        }
        match self.countable() {
            true => Ok(()),
            false => Err(ArmError::Uncountable { prompts, depth }),
        }
    }

    /// The arm with another number of `prompts`, `responses` or `candidates`, and of as many prompts as its budget then buys.
    /// None where there can be no such arm.
    pub(in crate::study) fn with(&self, key: &str, value: u32) -> Option<Self> {
        let mut arm = *self;
        // How many modes more responses have is the world's to say.
        if self.trained == Trained::OnePerMode && self.budget.is_some() {
            return None;
        }
        match (key, self.budget) {
            ("prompts", None) => arm.prompts = value,
            ("responses", None) => arm.responses = value,
            ("responses", Some(budget)) => (arm.responses, arm.prompts) = (value, budget.prompts(value)?),
            ("candidates", None) => arm.candidates = Some(value),
            ("candidates", Some(budget)) => {
                arm.candidates = Some(value);
                let costs = match self.prices {
                    Some(prices) => arm.costs(&prices, None)?,
                    None => budget.costs,
                };
                let budget = Budget { costs, ..budget };
                (arm.budget, arm.prompts) = (Some(budget), budget.prompts(self.responses)?);
            }
            _ => return None,
        }
        match arm.check(None) {
            // Exact values need no count.
            Ok(()) | Err(ArmError::Uncountable { .. }) => Some(arm),
            Err(_) => None,
        }
    }

    /// The canonical text: part of the work key. What is kept at random does not depend on how many there were.
    pub(in crate::study) fn canonical(&self) -> String {
        match self.choice.is_random() {
            true => self.kept(),
            false => format!("{} candidates {}", self.kept(), self.depth()),
        }
    }

    /// That of studies which look at the pool beside what is kept.
    pub(in crate::study) fn canonical_with_pool(&self) -> String {
        let pool = self.candidates.map_or("as kept".to_owned(), |n| n.to_string());
        format!("{} candidates {pool}", self.kept())
    }

    fn kept(&self) -> String {
        let (prompts, responses) = (self.prompts, self.responses);
        format!("{} prompts {prompts} responses {responses}", self.choice.canonical())
    }
}
