//! Owns the keys of the study's files.

use super::{MEASURES, Measure, NAME, PilotArm, PilotSizes, Pilots};
use crate::format::keys::{File, Integer, Number, Range, Read, Table, Words, key};
use crate::inference::pilot::DRAWS;
use crate::study::Question;
use crate::study::kind::{Site, StudyKind, made, setting};
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "what small pilots tell of V_x, V_{y|x} and K*, and how often their verdict gives false alarm",
    symbols: "V_x and V_{y|x} of one-hot responses, rho = V_x/V_{y|x}, n prompts of a pilot with k responses each, C_p and C_r costs, \
              K* = sqrt((V_{y|x}/V_x)(C_p/C_r))",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let registry = site.registry;
    let (own, setting) = setting(
        file,
        Measure::ALL,
        |file| file.world(&registry.worlds),
        |keys, _| arm(keys),
    )?;
    site.reserve(&own, Measure::ALL.len(), setting.arms.len())?;
    made(&own, Pilots::read(setting))
}

fn arm(keys: &mut Table<'_>) -> Read<PilotArm> {
    let prompts = Integer(2, i64::from(PilotArm::MOST_PROMPTS));
    let prompts = key("prompts", "n: prompts of a pilot.", prompts);
    let prompts = keys.get(prompts.symbol("$n$", "prompts of a pilot $n$"));
    let about = "k: responses of each prompt of a pilot, or their expected number. Tests of the model take 3 or more.";
    let responses = key("responses", about, Integer(2, i64::from(PilotArm::MOST_RESPONSES)));
    let responses = keys.get(responses.symbol("$k$", "responses of a prompt $k$"));
    let about = "How unequal prompts of a pilot are in their number of responses.";
    let sizes = key("sizes", about, Words(&[PilotSizes::Equal, PilotSizes::Unequal]));
    let sizes = keys.get(sizes.or(PilotSizes::Equal));
    let about = "C_p/C_r: what a prompt costs, in responses.";
    let cost_ratio = key("cost-ratio", about, Number(Range::between(1e-6, 1e6))).or(1.0);
    let cost_ratio = keys.get(cost_ratio.symbol("$C_p/C_r$", "cost of a prompt in responses $C_p/C_r$"));
    let about = "The most responses of a prompt that a design may have: a larger K*, or one without end, is cut to it.";
    let most_responses = keys.get(key("most-responses", about, Integer(1, 1 << 20)).or(64));
    let about = "Permutations, and pilots drawn from the fitted law, that each test of the model rests on.";
    let test_draws = key(
        "test-draws",
        about,
        Integer(i64::from(PilotArm::FEWEST_DRAWS), 1_000_000),
    );
    let test_draws = keys.get(test_draws.or(i64::from(DRAWS)));
    let own = keys.end()?;
    Ok(PilotArm {
        prompts: prompts.take(&own) as u32,
        responses: responses.take(&own) as u32,
        sizes: sizes.take(&own),
        cost_ratio: cost_ratio.take(&own),
        most_responses: most_responses.take(&own) as u32,
        test_draws: test_draws.take(&own) as u32,
    })
}
