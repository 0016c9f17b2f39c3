//! Owns the keys of the study's files.

use super::{AllocationArm, Allocations, MEASURES, Measure, NAME, Rule};
use crate::format::keys::{File, Integer, Number, Range, Read, Table, Words, key};
use crate::study::Question;
use crate::study::kind::{Site, StudyKind, made, pool_setting};
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "open and closed prompts side by side: what per-prompt numbers of responses gain, and what a pilot costs that sets them",
    symbols: "pi the mean response distribution of open prompts, pi_m its mode m, V_x and V_{y|x} among them, N_p prompts of which N_o are open, K \
              responses of one, C_p and C_r costs",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let (own, setting) = pool_setting(file, site, Measure::ALL, |keys, _, _| arm(keys))?;
    made(&own, Allocations::read(setting))
}

fn arm(keys: &mut Table<'_>) -> Read<AllocationArm> {
    let prompts = Integer(1, i64::from(AllocationArm::MOST_PROMPTS));
    let prompts = key("prompts", "N_p: prompts of both kinds.", prompts);
    let prompts = keys.get(prompts.symbol("$N_p$", "prompts $N_p$"));
    let about = "phi: which share of prompts is open; their number is the nearest whole one, at least 1.";
    let open_share = key("open-share", about, Number(Range::above(0.0).up_to(1.0)));
    let open_share = keys.get(open_share.symbol("$\\varphi$", "share of open prompts $\\varphi$"));
    let about = "How it is decided how many responses a prompt has.";
    let rules = [Rule::Constant, Rule::Known, Rule::Reused, Rule::Weighted];
    let rule = keys.get(key("rule", about, Words(&rules)).symbol("rule", "rule"));
    let about = "K: responses of every prompt; where prompts have different numbers, of one that is open as far as the rule knows, its pilot included.";
    let responses = key("responses", about, Integer(1, i64::from(AllocationArm::MOST_RESPONSES)));
    let responses = keys.get(responses.symbol("$K$", "responses of an open prompt $K$"));
    let about = "k_0: responses of a pilot, of all prompts.";
    let pilot = key("pilot", about, Integer(2, i64::from(AllocationArm::MOST_RESPONSES)));
    let pilot = keys.get(pilot.symbol("$k_0$", "responses of a pilot $k_0$").or(3));
    let about = "Responses after the pilot of a prompt whose pilot agrees.";
    let later = key("later", about, Integer(0, i64::from(AllocationArm::MOST_RESPONSES)));
    let later = keys.find(later, "0 for reused-pilot, 1 for weighted-pilot");
    let about =
        "a: what the mean of the pilot counts in a prompt's estimate, if weights are fixed; 0 leaves the pilot out.";
    let pilot_weight = key("pilot-weight", about, Number(Range::between(0.0, 1.0)));
    let pilot_weight = keys.get(pilot_weight.symbol("$a$", "weight of the pilot $a$").or(0.3));
    let about = "C_p/C_r: what a prompt costs, in responses.";
    let cost_ratio = key("cost-ratio", about, Number(Range::between(1e-6, 1e6))).or(1.0);
    let cost_ratio = keys.get(cost_ratio.symbol("$C_p/C_r$", "cost of a prompt in responses $C_p/C_r$"));
    let own = keys.end()?;
    let rule = rule.take(&own);
    let arm = AllocationArm {
        prompts: prompts.take(&own) as u32,
        open_share: open_share.take(&own),
        rule,
        responses: responses.take(&own) as u32,
        pilot: pilot.take(&own) as u32,
        later: later.take(&own).unwrap_or(i64::from(rule == Rule::Weighted)) as u32,
        pilot_weight: pilot_weight.take(&own),
        cost_ratio: cost_ratio.take(&own),
    };
    match arm.check() {
        Ok(()) => Ok(arm),
        Err((key, what)) => own.refuse(own.fault(key, what)),
    }
}
