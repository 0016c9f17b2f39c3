//! Owns the keys of the study's files.

use super::arm::{Answer, Copied, Evaluation, How, Judge, Source};
use super::model_keys::{ModelKeys, temperature, verification};
use super::worlds::WORLDS;
use super::{Aft, AftArm, Asked, MEASURES, Measure, NAME};
use crate::format::keys::{File, Got, Integer, Number, Own, Range, Read, Table, Words, key, named};
use crate::study::Question;
use crate::study::kind::{Site, StudyKind, made, setting};
use crate::theory::aggregation::compute;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "models that propose drafts and aggregate them, against the same models without, trained on the same queries",
    symbols: "a query has T slots of M modes, V of them right; N drafts a layer, L layers, tau the temperature; d, h and kappa as the world has \
              them; pi the answer's probabilities; F the cost of one generation",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let ask = |file: &mut File<'_>| file.world_of("queries", "kind of queries", WORLDS);
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    site.reserve(&own, setting.measures.len(), setting.arms.len())?;
    made(&own, Aft::read(setting))
}

named!(Source {
    Source::Own => "own": "the model itself",
    Source::Uniform => "uniform": "every mode as likely",
    Source::AnotherQuery => "another-query": "the model itself, of another query",
    Source::AllWrong => "all-wrong": "the model itself, its right modes left out",
    Source::AllRight => "all-right": "the model itself, its wrong modes left out",
    Source::Others => "others": "the other models, one draft each, in turn",
    Source::Misleading => "misleading": "the model that misleads",
    Source::Right(_) => "right",
});

named!(Copied {
    Copied::First => "first": "the first",
    Copied::All => "all": "all",
});

named!(Judge {
    Judge::Reward => "reward": "a reward model: the true reward, and `noise`",
    Judge::Evidence => "evidence": "what the model itself finds when it checks each slot, on average",
    Judge::Bayes => "bayes": "all evidence of a perfect aggregator: d phi + kappa s, on average over slots",
});

named!(Evaluation {
    Evaluation::Drawn => "drawn": "drafts are drawn, and the probabilities of the answer scored",
    Evaluation::Chain => "chain": "the chain of counts of votes, layer by layer: nothing is drawn but queries",
});

/// The procedures.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Procedure {
    Aggregate,
    BestOf,
}

named!(Procedure {
    Procedure::Aggregate => "aggregate": "`depth` layers of `width` drafts, then an answer to the last layer",
    Procedure::BestOf => "best-of": "the best of `candidates` answers without drafts, by `judge`",
});

/// The widest layer and the deepest stack.
const MOST: i64 = 64;

/// The most candidates.
const MOST_CANDIDATES: i64 = 1024;

fn arm(keys: &mut Table<'_>, asked: Option<&Asked>) -> Read<AftArm> {
    let model = ModelKeys::ask(keys);
    let answer = AnswerKeys::ask(keys);
    let own = keys.end()?;
    let (answer, spent) = answer.settle(&own)?;
    let arm = AftArm {
        model: model.take(&own),
        answer,
    };
    if let Some(Err((key, what))) = asked.map(|asked| arm.check(&asked.world)) {
        return own.refuse(own.fault(key, what));
    }
    if let Some(spent) = spent {
        keys.derive("compute", spent);
    }
    Ok(arm)
}

struct AnswerKeys {
    procedure: Got<Procedure>,
    width: Got<i64>,
    depth: Got<Option<i64>>,
    subset: Got<Option<i64>>,
    candidates: Got<Option<i64>>,
    compute: Got<Option<i64>>,
    judge: Got<Judge>,
    noise: Got<f64>,
    temperature: Got<f64>,
    source: Got<Source>,
    right: Got<Option<i64>>,
    copying: Got<f64>,
    copied: Got<Copied>,
    verification: Got<Option<f64>>,
    evaluation: Got<Evaluation>,
}

impl AnswerKeys {
    fn ask(keys: &mut Table<'_>) -> Self {
        let procedure = key(
            "answer",
            "How a query is answered.",
            Words(&[Procedure::Aggregate, Procedure::BestOf]),
        );
        let width = key("width", "N: drafts of a layer.", Integer(1, MOST));
        let depth = key(
            "depth",
            "L: layers of drafts, the first of which sees none. 0 answers at once; the answer itself is no layer.",
            Integer(0, MOST),
        );
        let subset = key(
            "subset",
            "Drafts that each pass sees of the layer before, drawn at random for each.",
            Integer(1, MOST),
        );
        let candidates = key(
            "candidates",
            "n: answers of which best-of takes the best.",
            Integer(1, MOST_CANDIDATES),
        );
        let compute = key(
            "compute",
            "What an answer costs, in units F of one generation: 2LN + 1, or 2n of best-of. Instead of `depth` or `candidates`.",
            Integer(1, 1 << 20),
        );
        let judge = key(
            "judge",
            "Who says which candidate is best.",
            Words(&[Judge::Reward, Judge::Evidence, Judge::Bayes]),
        );
        let noise = key(
            "noise",
            "sigma: standard deviation of a reward model's noise, anew for each candidate.",
            Number(Range::between(0.0, 100.0)),
        );
        let source = key(
            "drafts",
            "Whose drafts the first layer has.",
            Words(&[
                Source::Own,
                Source::Uniform,
                Source::AnotherQuery,
                Source::AllWrong,
                Source::AllRight,
                Source::Others,
                Source::Misleading,
            ]),
        );
        let right = key(
            "right-drafts",
            "So many drafts of the first layer are right in each slot, the model's own otherwise. Instead of `drafts`.",
            Integer(0, MOST),
        );
        let copying = key(
            "copying",
            "rho_c: the probability that a draft's slot copies a draw that all drafts of its layer share.",
            Number(Range::between(0.0, 1.0)),
        );
        let copied = key(
            "copied",
            "Layers whose drafts copy so.",
            Words(&[Copied::First, Copied::All]),
        );
        let evaluation = key(
            "evaluation",
            "How the expected reward of answers is worked out.",
            Words(&[Evaluation::Drawn, Evaluation::Chain]),
        );
        Self {
            procedure: keys.get(procedure.symbol("answer", "answer").or(Procedure::Aggregate)),
            width: keys.get(width.symbol("$N$", "drafts a layer $N$").or(5)),
            depth: keys.find(depth.symbol("$L$", "layers $L$"), "2, or what `compute` pays for"),
            subset: keys.find(subset, "all"),
            candidates: keys.find(
                candidates.symbol("$n$", "candidates $n$"),
                "11, or what `compute` pays for",
            ),
            compute: keys.find(compute.symbol("$F$", "compute $F$"), "what is stated otherwise costs"),
            judge: keys.get(judge.symbol("judge", "judge").or(Judge::Reward)),
            noise: keys.get(noise.symbol("$\\sigma$", "noise of the reward model $\\sigma$").or(0.0)),
            temperature: temperature(keys),
            source: keys.get(source.symbol("drafts", "drafts of the first layer").or(Source::Own)),
            right: keys.find(right.symbol("right drafts", "right drafts"), "as `drafts` says"),
            copying: keys.get(copying.symbol("$\\rho_c$", "copying $\\rho_c$").or(0.0)),
            copied: keys.get(copied.or(Copied::First)),
            verification: verification(keys),
            evaluation: keys.get(evaluation.symbol("evaluation", "evaluation").or(Evaluation::Drawn)),
        }
    }

    /// The answer, and what it costs where the file does not say so.
    fn settle(self, own: &Own<'_, '_>) -> Read<(Answer, Option<f64>)> {
        let compute = self.compute.take(own).map(|spent| spent as u32);
        let (depth, candidates) = (self.depth.take(own), self.candidates.take(own));
        let (width, subset) = (self.width.take(own) as u32, self.subset.take(own));
        let (judge, noise) = (self.judge.take(own), self.noise.take(own));
        let procedure = self.procedure.take(own);
        for (stated, key) in [(depth.is_some(), "depth"), (candidates.is_some(), "candidates")] {
            if stated && compute.is_some() {
                let fault = own.fault(
                    "compute",
                    format!("is set, but `{key}` is too: one of them is expected"),
                );
                return own.refuse(fault.and(&own.place(key), "the other one"));
            }
        }
        let how = match procedure {
            Procedure::Aggregate => How::Aggregate {
                width,
                depth: match compute {
                    None => depth.unwrap_or(2) as u32,
                    Some(spent) => {
                        affordable(own, compute::depth_of(spent, width), spent, &format!("2 {width} L + 1"))?
                    }
                },
                subset: subset.map(|kept| kept as u32),
            },
            Procedure::BestOf => How::BestOf {
                candidates: match compute {
                    None => candidates.unwrap_or(11) as u32,
                    Some(spent) => affordable(own, compute::candidates_of(spent), spent, "2 n")?,
                },
                judge,
                noise,
            },
        };
        let source = match self.right.take(own) {
            Some(right) => Source::Right(right as u32),
            None => self.source.take(own),
        };
        let answer = Answer {
            how,
            temperature: self.temperature.take(own),
            source,
            copying: self.copying.take(own),
            copied: self.copied.take(own),
            verification: self.verification.take(own),
            evaluation: self.evaluation.take(own),
        };
        Ok((answer, compute.is_none().then(|| answer.compute())))
    }
}

/// What this compute pays for, exactly.
fn affordable(own: &Own<'_, '_>, bought: Option<u32>, spent: u32, cost: &str) -> Read<u32> {
    match bought {
        Some(bought) => Ok(bought),
        None => own.refuse(own.fault(
            "compute",
            format!("{spent} F buy no whole number: {cost} is what an answer costs"),
        )),
    }
}
