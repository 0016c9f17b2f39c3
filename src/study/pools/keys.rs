//! Owns the method keys that arms of prompts and responses share: how many, which are kept, and the budget that buys them.

use super::arm::{ArmError, PoolArm, Trained};
use super::objective;
use crate::format::keys::{Got, Integer, Key, Number, Own, Range, Read, Table, Words, key, named};
use crate::select::{Objective, Rule, Selector, Similarity};
use crate::study::Choice;
use crate::theory::budget::Budget;
use crate::theory::prices::Prices;
use crate::world::World;

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

named!(Trained {
    Trained::Every => "every": "each response kept",
    Trained::OnePerMode => "one-per-mode": "one of each mode, weighted by its share of those kept: fewer to train on, with the same share by mode",
});

/// A budget as files state it: what it buys depends on what is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stated {
    total: f64,
    prices: Prices,
    /// Whether all three are stated.
    parts: bool,
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
    budget: Got<Option<Stated>>,
    trained: Option<Got<Trained>>,
}

impl DesignKeys {
    /// Asks for the keys that stand in `[arms]`, and the budget beside it.
    pub fn ask(keys: &mut Table<'_>) -> Self {
        let (prompts, responses) = counts(keys, "K: responses per prompt.");
        Self {
            prompts,
            responses,
            budget: find_budget(keys),
            trained: Some(train(keys)),
        }
    }

    /// All responses of so many prompts.
    pub fn settle(self, own: &Own<'_, '_>) -> Read<PoolArm> {
        let responses = self.responses.take(own);
        let (stated, budget) = (self.prompts.take(own), self.budget.take(own));
        let trained = self.trained.map_or(Trained::Every, |got| got.take(own));
        if trained == Trained::OnePerMode && budget.is_some() {
            let fault = own.fault(
                "train",
                "\"one-per-mode\" has no price here: state `prompts` instead of a budget",
            );
            return own.refuse(fault.and(&own.place("budget"), "the budget"));
        }
        let arm = PoolArm {
            trained,
            ..PoolArm::all(1, responses as u32)
        };
        let arm = bought(own, arm, (stated, budget), None)?;
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

fn train(keys: &mut Table<'_>) -> Got<Trained> {
    let about = "Which of the responses kept at random are trained on. One of each mode costs the training of as many, and no more.";
    let known = Words(&[Trained::Every, Trained::OnePerMode]);
    keys.get(
        key("train", about, known)
            .or(Trained::Every)
            .symbol("train", "trained on"),
    )
}

fn find_budget(keys: &mut Table<'_>) -> Got<Option<Stated>> {
    keys.find_table(
        "budget",
        "Each arm has as many prompts as the budget buys, N_p = floor(B/(C_p + K C_r)), instead of `prompts`.",
        "absent",
        budget,
    )
}

impl PoolKeys {
    /// Asks for the keys that stand in `[arms]`, and the tables beside it. `selectors` are those that files may name.
    /// `modes` says whether responses are all that their modes are, so that one of each may be trained on.
    pub fn ask(keys: &mut Table<'_>, selectors: &[Selector], modes: bool) -> Self {
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
                trained: modes.then(|| train(keys)),
            },
        }
    }

    /// What they say together, in a world or any; other studies' worlds say with `attributes` whether they have them.
    pub fn settle(self, own: &Own<'_, '_>, world: Option<&dyn World>) -> Read<PoolArm> {
        let responses = self.design.responses.take(own);
        let (stated, budget) = (self.design.prompts.take(own), self.design.budget.take(own));
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
        let trained = self.design.trained.map_or(Trained::Every, |got| got.take(own));
        let arm = PoolArm {
            choice,
            candidates: candidates.map(|n| n as u32),
            trained,
            ..PoolArm::all(1, responses as u32)
        };
        let arm = bought(own, arm, (stated, budget), world)?;
        arm.check(world.map(|own| own.attributes().is_some()))
            .or_else(|error| refuse(own, &error))?;
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
        ArmError::NotAtRandom => ("train", None),
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

/// The arm with N_p prompts: stated, or as many as the budget buys.
fn bought(
    own: &Own<'_, '_>,
    arm: PoolArm,
    from: (Option<i64>, Option<Stated>),
    world: Option<&dyn World>,
) -> Read<PoolArm> {
    match from {
        (Some(_), Some(_)) => {
            let fault = own.fault("prompts", "is set, but the budget decides how many prompts there are");
            own.refuse(fault.and(&own.place("budget"), "the budget"))
        }
        (Some(prompts), None) => Ok(PoolArm {
            prompts: prompts as u32,
            ..arm
        }),
        (None, None) => {
            let what = "neither `prompts` nor a [budget] says how many prompts there are";
            own.refuse(own.fault_here(what))
        }
        (None, Some(stated)) => buy(own, arm, stated, world),
    }
}

fn buy(own: &Own<'_, '_>, arm: PoolArm, stated: Stated, world: Option<&dyn World>) -> Read<PoolArm> {
    let Some(costs) = arm.costs(&stated.prices, world) else {
        let what = "the world does not say how many modes a prompt's responses have, and so not what one of each costs";
        return own.refuse(own.fault("train", what));
    };
    let (total, responses) = (stated.total, u64::from(arm.responses));
    let bought = costs.prompts(total, responses);
    if (1..=u64::from(u32::MAX)).contains(&bought) {
        return Ok(PoolArm {
            prompts: bought as u32,
            budget: Some(Budget { total, costs }),
            prices: stated.parts.then_some(stated.prices),
            ..arm
        });
    }
    let price = costs.of_prompt(responses);
    let what = if bought == 0 {
        format!("{total} buys no prompt: one with its responses costs {price}")
    } else {
        format!(
            "{total} buys more than {} prompts, at {price} each with its responses",
            u32::MAX
        )
    };
    let fault = own.fault("budget.total", what);
    own.refuse(fault.and(&own.place("responses"), format!("responses = {responses}")))
}

/// The table `[budget]`.
fn budget(table: &mut Table<'_>) -> Read<Stated> {
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
    let response = response.symbol("$C_r$", "cost of a response $C_r$");
    let response = table.find(response, "required, or `generation-cost` and `training-cost`");
    let generated = key(
        "generation-cost",
        "C_g: the cost of a candidate. Of responses kept at random no others are generated, and C_r = C_g + C_t; other selectors pay for all of \
         their pool, C_p + N C_g + K C_t a prompt.",
        Number(sizes.or_zero()),
    );
    let generated = generated.symbol("$C_g$", "cost of a candidate $C_g$");
    let generated = table.find(generated, "with `training-cost` in place of `response-cost`");
    let trained = key(
        "training-cost",
        "C_t: the cost of a response that is trained on.",
        Number(sizes.or_zero()),
    );
    let trained = trained.symbol("$C_t$", "cost of a response trained on $C_t$");
    let trained = table.find(trained, "with `generation-cost` in place of `response-cost`");
    let own = table.end()?;
    let (response, generated, trained) = (response.take(&own), generated.take(&own), trained.take(&own));
    let (total, prompt) = (total.take(&own), prompt.take(&own));
    let prices = |generated, trained| Prices {
        prompt,
        generated,
        trained,
    };
    let (prices, parts) = match (response, generated, trained) {
        (Some(response), None, None) => (prices(0.0, response), false),
        (None, Some(generated), Some(trained)) => (prices(generated, trained), true),
        (Some(_), ..) => {
            let part = if generated.is_some() {
                "generation-cost"
            } else {
                "training-cost"
            };
            let fault = own.fault(
                "response-cost",
                "is the sum of the costs of generation and training: state it, or both of them",
            );
            return own.refuse(fault.and(&own.place(part), part));
        }
        (None, Some(_), None) => {
            return own.refuse(own.fault(
                "generation-cost",
                "is set, but no `training-cost`: set that too, 0 if training is free",
            ));
        }
        (None, None, Some(_)) => {
            return own.refuse(own.fault(
                "training-cost",
                "is set, but no `generation-cost`: set that too, 0 if candidates are free",
            ));
        }
        (None, None, None) => {
            return own.refuse(own.fault_here(
                "no `response-cost` says what a response costs, nor do `generation-cost` and `training-cost`",
            ));
        }
    };
    if prices.prompt + prices.generated + prices.trained == 0.0 {
        let what = "prompts and responses are both free, so the budget buys any number of them: give one of them a cost above 0";
        let last = if parts { "training-cost" } else { "response-cost" };
        let fault = own.fault("prompt-cost", what);
        return own.refuse(fault.and(&own.place(last), format!("{last} = 0")));
    }
    Ok(Stated { total, prices, parts })
}
