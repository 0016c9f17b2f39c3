//! Owns the method keys that arms of prompts and responses share: how many, which are kept, and the budget that buys them.

use super::arm::{ArmError, PoolArm};
use super::objective;
use crate::format::keys::{Got, Integer, Key, Number, Own, Range, Read, Table, Words, key};
use crate::select::{Objective, Rule, Selector, Similarity};
use crate::study::Choice;
use crate::theory::budget::{Budget, Costs};

/// The deepest pool: beyond it a prompt's responses no longer fit into a core's cache, let alone a budget.
const DEEPEST_POOL: i64 = 1 << 20;

/// The deepest pool that is chosen from: its similarities are a matrix.
const MOST_CANDIDATES: u32 = 1024;

/// s of label smoothing.
pub(in crate::study) fn smoothing() -> Key<Number> {
    let smoothing = key(
        "smoothing",
        "s: policies are fitted to (1 - s) times the labels and s/M of each of the M modes.",
        Number(Range::between(0.0, 1.0).below(1.0)),
    );
    smoothing.symbol("$s$", "label smoothing $s$").or(0.0)
}

/// The keys, as they were asked for.
pub(in crate::study) struct PoolKeys {
    design: DesignKeys,
    candidates: Got<Option<i64>>,
    selector: Got<Selector>,
    objective: Got<(Objective, Similarity)>,
}

/// How many prompts and responses, and the budget that buys them: of studies that keep all responses.
pub(in crate::study) struct DesignKeys {
    prompts: Got<Option<i64>>,
    responses: Got<i64>,
    budget: Got<Option<Budget>>,
}

impl DesignKeys {
    /// Asks for the keys that stand in `[arms]`, and the budget beside it.
    pub fn ask(keys: &mut Table<'_>) -> Self {
        let (prompts, responses) = counts(keys, "K: responses per prompt.");
        Self {
            prompts,
            responses,
            budget: find_budget(keys),
        }
    }

    /// All responses of so many prompts.
    pub fn settle(self, own: &Own<'_, '_>) -> Read<PoolArm> {
        let responses = self.responses.take(own);
        let budget = self.budget.take(own);
        let prompts = prompts(own, self.prompts.take(own), budget, responses)?;
        let arm = PoolArm {
            budget,
            ..PoolArm::all(prompts as u32, responses as u32)
        };
        arm.check(None).or_else(|error| refuse(own, &error))?;
        Ok(arm)
    }
}

/// N_p and K.
fn counts(keys: &mut Table<'_>, about: &'static str) -> (Got<Option<i64>>, Got<i64>) {
    let prompts = key(
        "prompts",
        "N_p: training prompts. N_p times the depth of the pool stays below 2^32.",
        Integer(1, i64::from(u32::MAX)),
    );
    let prompts = prompts.symbol("$N_p$", "training prompts $N_p$");
    let responses = key("responses", about, Integer(1, DEEPEST_POOL));
    (
        keys.find(prompts, "required, unless a budget buys them"),
        keys.get(responses.symbol("$K$", "responses kept per prompt $K$")),
    )
}

fn find_budget(keys: &mut Table<'_>) -> Got<Option<Budget>> {
    keys.find_table(
        "budget",
        "Each arm has as many prompts as the budget buys, N_p = floor(B/(C_p + K C_r)), instead of `prompts`.",
        "absent",
        budget,
    )
}

impl PoolKeys {
    /// Asks for the keys that stand in `[arms]`, and the tables beside it. `selectors` are those that files may name.
    pub fn ask(keys: &mut Table<'_>, selectors: &[Selector]) -> Self {
        let (prompts, responses) = counts(keys, "K: responses kept per prompt, at most `candidates`.");
        let candidates = key(
            "candidates",
            "N: candidates in a prompt's pool, at least K. With it, the variance given the pools is estimated too.",
            Integer(1, DEEPEST_POOL),
        );
        let candidates = candidates.symbol("$N$", "candidates per prompt $N$");
        let selector = key(
            "selector",
            "Which K of the N candidates are kept. All but random need a world of kind embedded, and `candidates`.",
            Words(selectors),
        );
        let candidates = keys.find(candidates, "as many as are kept");
        let selector = keys.get(selector.or(Selector::Random));
        let objective = keys.table("objective", objective::ABOUT, |table| objective::read(table, true));
        Self {
            candidates,
            selector,
            objective,
            design: DesignKeys {
                prompts,
                responses,
                budget: find_budget(keys),
            },
        }
    }

    /// What they say together, in a world with or without attributes.
    pub fn settle(self, own: &Own<'_, '_>, attributes: Option<bool>) -> Read<PoolArm> {
        let responses = self.design.responses.take(own);
        let budget = self.design.budget.take(own);
        let prompts = prompts(own, self.design.prompts.take(own), budget, responses)?;
        let candidates = self.candidates.take(own);
        let (objective, similarity) = self.objective.take(own);
        let selector = self.selector.take(own);
        let choice = match selector {
            Selector::Random | Selector::Own(_) => Choice::of(selector),
            selector => Choice {
                rule: Rule { selector, objective },
                similarity,
            },
        };
        let arm = PoolArm {
            choice,
            prompts: prompts as u32,
            responses: responses as u32,
            candidates: candidates.map(|n| n as u32),
            budget,
        };
        arm.check(attributes).or_else(|error| refuse(own, &error))?;
        refuse_without_pool(own, &arm)?;
        Ok(arm)
    }
}

impl PoolArm {
    /// Says how many prompts a budget bought, for columns.
    pub(in crate::study) fn derive(&self, keys: &mut Table<'_>) {
        if self.budget.is_some() {
            keys.derive("prompts", f64::from(self.prompts));
        }
    }
}

/// Refuses an arm at the keys that make it one that cannot be.
pub(in crate::study) fn refuse<T>(own: &Own<'_, '_>, error: &ArmError) -> Read<T> {
    let pool = if own.has("candidates") {
        "candidates"
    } else {
        "responses"
    };
    let (key, beside) = match *error {
        ArmError::Empty { .. } | ArmError::Unsearchable { .. } => ("responses", None),
        ArmError::TooFew { candidates, .. } => ("responses", Some((pool, candidates))),
        ArmError::NoAttributes(_) | ArmError::NoGuarantee(_) => ("selector", None),
        ArmError::Uncountable { depth, .. } => {
            let many = if own.has("prompts") { "prompts" } else { "budget.total" };
            (many, Some((pool, depth)))
        }
    };
    let fault = own.fault(key, error.to_string());
    own.refuse(match beside {
        Some((key, value)) => fault.and(&own.place(key), format!("{key} = {value}")),
        None => fault,
    })
}

/// Everything but `random` looks at more candidates than it keeps.
fn refuse_without_pool(own: &Own<'_, '_>, arm: &PoolArm) -> Read<()> {
    let name = arm.choice.rule.selector.name();
    match arm.candidates {
        _ if arm.choice.is_random() => Ok(()),
        None => {
            let what = format!("{name:?} chooses among candidates: set `candidates`, how many a prompt has");
            own.refuse(own.fault("selector", what))
        }
        Some(n) if n > MOST_CANDIDATES => {
            let what = format!("{name:?} chooses among at most {MOST_CANDIDATES} candidates, not {n}");
            let fault = own.fault("candidates", what);
            own.refuse(fault.and(&own.place("selector"), format!("selector = {name:?}")))
        }
        Some(_) => Ok(()),
    }
}

/// N_p: stated, or as many as the budget buys.
fn prompts(own: &Own<'_, '_>, stated: Option<i64>, budget: Option<Budget>, responses: i64) -> Read<i64> {
    match (stated, budget) {
        (Some(_), Some(_)) => {
            let fault = own.fault("prompts", "is set, but the budget decides how many prompts there are");
            own.refuse(fault.and(&own.place("budget"), "the budget"))
        }
        (Some(prompts), None) => Ok(prompts),
        (None, None) => {
            let what = "neither `prompts` nor a [budget] says how many prompts there are";
            own.refuse(own.fault_here(what))
        }
        (None, Some(budget)) => bought(own, budget, responses),
    }
}

fn bought(own: &Own<'_, '_>, budget: Budget, responses: i64) -> Read<i64> {
    let bought = budget.costs.prompts(budget.total, responses as u64);
    if (1..=u64::from(u32::MAX)).contains(&bought) {
        return Ok(bought as i64);
    }
    let price = budget.costs.of_prompt(responses as u64);
    let what = if bought == 0 {
        format!("{} buys no prompt: one with its responses costs {price}", budget.total)
    } else {
        format!(
            "{} buys more than {} prompts, at {price} each with its responses",
            budget.total,
            u32::MAX
        )
    };
    let fault = own.fault("budget.total", what);
    own.refuse(fault.and(&own.place("responses"), format!("responses = {responses}")))
}

/// The table `[budget]`.
fn budget(table: &mut Table<'_>) -> Read<Budget> {
    // Beyond this, products of costs and counts leave the range of a double; far below, the sum of two costs is one of them.
    let sizes = Range::between(1e-100, 1e100);
    let total = key("total", "B: the budget, in the currency of the costs.", Number(sizes));
    let total = table.get(total.symbol("$B$", "budget $B$"));
    let prompt = key(
        "prompt-cost",
        "C_p: the cost of a prompt. With 0 the budget is a number of responses in all.",
        Number(sizes.or_zero()),
    );
    let prompt = table.get(prompt.symbol("$C_p$", "cost of a prompt $C_p$"));
    let response = key(
        "response-cost",
        "C_r: the cost of a response kept. With 0 the budget is a number of prompts.",
        Number(sizes.or_zero()),
    );
    let response = table.get(response.symbol("$C_r$", "cost of a response $C_r$"));
    let own = table.end()?;
    let costs = Costs {
        prompt: prompt.take(&own),
        response: response.take(&own),
    };
    if costs.prompt + costs.response == 0.0 {
        let what = "prompts and responses are both free, so the budget buys any number of them: give one of them a cost above 0";
        let fault = own.fault("prompt-cost", what);
        return own.refuse(fault.and(&own.place("response-cost"), "response-cost = 0"));
    }
    Ok(Budget {
        total: total.take(&own),
        costs,
    })
}
