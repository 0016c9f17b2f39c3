//! Identities of answers on small worlds, each beside a case where it has to fail.

use super::arm::*;
use super::bench::{Bench, BenchStreams};
use super::scored::Case;
use super::worker::Plan;
use super::*;
use crate::engine::{self, Prepared, Study, Tally};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::softmax::softmax;
use crate::numerics::stream::Streams;
use crate::policy::Schedule;
use crate::policy::aggregator::{Descent, Proposer, SlotRows, Weights};
use crate::theory::aggregation::{ScoredSlot, best_of_scored};
use crate::world::Teacher;
use std::cell::Cell;

/// Three slots of four modes, two of them right.
fn world() -> SlotWorld {
    SlotWorld {
        slots: 3,
        modes: 4,
        valid: 2,
        features: 3,
        discriminability: 1.5,
        lapse: 0.25,
        verification: 1.5,
        others: vec![0.6, 1.0],
        adversary: -1.5,
        others_lapse: 0.25,
        correlation: 0.3,
        teacher: Teacher {
            discriminability: 2.5,
            verification: 2.5,
            votes: 1.0,
        },
    }
}

fn model(kind: Kind) -> Model {
    Model {
        kind,
        base: BaseModel {
            informative: 0.6,
            nuisance: 0.6,
            copy: 0.4,
            votes: 0.4,
            evidence: 0.0,
        },
        descent: Descent {
            rate: 0.3,
            steps: 40,
            schedule: Schedule::Cosine,
            minibatch: Some(16),
        },
        queries: 40,
        drafts: 3,
    }
}

/// An untrained model that votes and checks.
fn checking() -> Model {
    let own = model(Kind::Base);
    Model {
        base: BaseModel {
            evidence: 0.5,
            ..own.base
        },
        ..own
    }
}

fn layered(model: Model, width: u32, depth: u32) -> AftArm {
    AftArm {
        model,
        answer: Answer {
            how: How::Aggregate {
                width,
                depth,
                subset: None,
            },
            temperature: 0.7,
            source: Source::Own,
            copying: 0.0,
            copied: Copied::First,
            verification: None,
            evaluation: Evaluation::Drawn,
        },
    }
}

fn best_of(model: Model, candidates: u32, judge: Judge, noise: f64) -> AftArm {
    let mut own = layered(model, 1, 0);
    own.answer.how = How::BestOf {
        candidates,
        judge,
        noise,
    };
    own
}

fn chained(model: Model, width: u32, depth: u32) -> AftArm {
    let mut own = layered(model, width, depth);
    own.answer.evaluation = Evaluation::Chain;
    own
}

fn study_of(world: SlotWorld, queries: u32, arms: &[AftArm], measures: &[Measure]) -> Aft {
    Aft::new(5, Asked { world, queries }, arms.to_vec(), measures.to_vec()).unwrap()
}

fn study(arms: &[AftArm], measures: &[Measure]) -> Aft {
    study_of(world(), 20, arms, measures)
}

/// What a replicate has of each arm and measure.
fn found(study: &Aft, replicate: u64) -> Vec<f64> {
    engine::replay(study, replicate).unwrap().sums
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// Of each replicate the first arm's value less the second's: the mean and its error.
fn margin(study: &Aft, replicates: u64) -> (f64, f64) {
    let each: Vec<f64> = (0..replicates)
        .map(|replicate| {
            let found = found(study, replicate);
            found[0] - found[1]
        })
        .collect();
    mean_and_error(&each)
}

fn mean_and_error(each: &[f64]) -> (f64, f64) {
    let n = each.len() as f64;
    let mean = each.iter().sum::<f64>() / n;
    let spread = each.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    (mean, (spread / (n * (n - 1.0))).sqrt())
}

/// The probabilities of all modes of a slot.
fn of_slot(world: &SlotWorld, p: &[Lanes<f64>], query: usize, slot: usize) -> Vec<f64> {
    let first = (query * world.groups() + slot / LANES) * world.modes;
    p[first..][..world.modes].iter().map(|p| p[slot % LANES]).collect()
}

/// What an arm's model answers at given votes of all slots, or without any, and what checking finds.
fn policy(case: &Case<'_, '_>, votes: Option<&[f64]>) -> (Vec<Lanes<f64>>, Vec<Lanes<f64>>) {
    let (bench, arm) = (case.bench, case.arm);
    let rows = bench.queries.rows();
    let prior = rows::prior(&bench.queries, &arm.model.base, rows);
    let evidence = bench.queries.evidence(bench.world.verification);
    let slots = SlotRows {
        modes: bench.world.modes,
        features: &bench.queries.features,
        prior: &prior,
        evidence: &evidence,
    };
    let proposer = Proposer::new(&case.model.ended.weights, arm.model.pass(bench.world), slots);
    let mut p = vec![[0.0; LANES]; rows];
    match votes {
        None => proposer.direct(arm.answer.temperature, &mut p),
        Some(votes) => {
            let counts: Vec<Lanes<f64>> = (0..rows).map(|row| [votes[row % votes.len()]; LANES]).collect();
            let width = votes.iter().sum::<f64>() as u32;
            proposer.aggregate(&counts, width, arm.answer.temperature, &mut p);
        }
    }
    (p, evidence)
}

/// A worker that goes on from replicate to replicate has of each what one for it alone has.
#[test]
fn a_replicate_alone_has_the_bits_of_its_block() {
    let arms = [
        layered(model(Kind::AftOn), 3, 2),
        best_of(model(Kind::Sft), 3, Judge::Reward, 0.1),
    ];
    let study = study(&arms, &[Measure::Score, Measure::TrainingLoss]);
    let plan = Plan::new(&study);
    let mut tally = Tally::new(Study::spec(&study), 0..3);
    plan.worker().run(0..3, &mut tally);
    let together: Vec<Vec<u64>> = tally.into_batches().iter().map(|own| bits(&own.sums)).collect();
    let alone: Vec<Vec<u64>> = (0..3).map(|replicate| bits(&found(&study, replicate))).collect();
    assert_eq!(together, alone);
    // The control: replicates differ.
    assert_ne!(alone[0], alone[1]);
}

/// Neither others nor their order move an arm, though they train on more, and have more drafts, layers and candidates.
#[test]
fn an_arm_has_the_same_bits_beside_others_in_any_order() {
    let larger = Model {
        queries: 70,
        drafts: 6,
        ..model(Kind::AftOn)
    };
    let mut copying = layered(model(Kind::AftOff), 2, 2);
    (copying.answer.copying, copying.answer.copied) = (0.5, Copied::All);
    let mut pairs = layered(model(Kind::Shuffled), 3, 3);
    pairs.answer.how = How::Aggregate {
        width: 3,
        depth: 3,
        subset: Some(2),
    };
    let mut misled = layered(model(Kind::AftMisled), 2, 1);
    misled.answer.source = Source::Misleading;
    let mut wider = misled.clone();
    wider.answer.how = layered(larger, 5, 2).answer.how;
    let arms = [
        layered(model(Kind::AftOn), 2, 1),
        copying,
        pairs,
        misled,
        best_of(model(Kind::Sft), 2, Judge::Evidence, 0.0),
        layered(larger, 6, 5),
        wider,
        best_of(larger, 9, Judge::Evidence, 0.0),
    ];
    let measures = [Measure::Score, Measure::TrainingLoss];
    let together = found(&study(&arms, &measures), 1);
    let mut turned = arms.to_vec();
    turned.reverse();
    let reversed = found(&study(&turned, &measures), 1);
    for (index, arm) in arms.iter().enumerate() {
        let alone = found(&study(std::slice::from_ref(arm), &measures), 1);
        let last = 2 * (arms.len() - 1 - index);
        assert_eq!(bits(&alone), bits(&together[2 * index..][..2]), "{index}");
        assert_eq!(bits(&alone), bits(&reversed[last..][..2]), "{index} in reverse");
    }
}

/// Fewer queries are the first of more, with the same drafts.
#[test]
fn queries_are_a_prefix() {
    let (world, arms) = (world(), [layered(model(Kind::Base), 3, 2)]);
    let streams = BenchStreams::new(&Streams::new("prefix"), &arms);
    let [few, more] = [5, 9].map(|count| Bench::new(&world, count, &streams, 0, &arms));
    let same = |few: &[Lanes<f64>], more: &[Lanes<f64>]| few == &more[..few.len()] && few.len() < more.len();
    assert!(same(&few.queries.features, &more.queries.features));
    assert!(same(&few.queries.valid, &more.queries.valid));
    assert!(same(&few.queries.noise, &more.queries.noise));
    for layer in 0..2 {
        assert!(same(&few.uniforms(layer).all, &more.uniforms(layer).all), "{layer}");
    }
    // The control: layers differ.
    assert_ne!(few.uniforms(0).all, few.uniforms(1).all);
}

/// Copies of drafts at their shares are right as often as drafts (Wright 1931), but for the votes that every mode is given.
#[test]
fn copying_alone_neither_gains_nor_loses() {
    let at = |model: Model, depth: u32| {
        let mut own = chained(model, 3, depth);
        own.answer.temperature = 1.0;
        own
    };
    let arms = [
        at(model(Kind::Copy), 1),
        at(model(Kind::Copy), 4),
        at(model(Kind::AftOn), 1),
        at(model(Kind::AftOn), 4),
    ];
    let gains = found(&study(&arms, &[Measure::Gain]), 0);
    let given = 4.0 * Model::PSEUDO_VOTES_OF_COPY / 3.0;
    assert!(gains[0].abs() <= given + 1e-14, "{}", gains[0]);
    assert!(gains[1].abs() <= 4.0 * given + 1e-14, "{}", gains[1]);
    assert!(gains[2] > 0.01 && gains[3] > gains[2], "{gains:?}");
}

/// Whoever minds neither votes nor checks answers drafts as if there were none.
#[test]
fn a_model_that_does_not_copy_gains_nothing_at_all() {
    let own = model(Kind::Sft);
    let base = BaseModel {
        copy: 0.0,
        votes: 0.0,
        ..own.base
    };
    let arms = [
        layered(Model { base, ..own }, 3, 3),
        chained(Model { base, ..own }, 2, 2),
        layered(own, 3, 3),
    ];
    let gains = found(&study(&arms, &[Measure::Gain]), 0);
    assert_eq!(gains[0], 0.0);
    assert!(gains[1].abs() < 1e-15, "{}", gains[1]);
    assert!(gains[2].abs() > 1e-4, "{}", gains[2]);
}

/// With one draft a layer, layers are a chain on modes: the row of a mode is what is answered to one vote for it.
#[test]
fn one_draft_a_layer_is_sequential_revision() {
    let world = world();
    for depth in [1, 2, 5] {
        let study = study(&[chained(checking(), 1, depth)], &[Measure::Score]);
        let mut scores = (0.0, 0.0);
        Plan::new(&study).each(0, &|| false, |_, case| {
            let vote = |m: usize| -> Vec<f64> { (0..world.modes).map(|k| f64::from(u8::from(k == m))).collect() };
            let (direct, _) = policy(case, None);
            let to_vote: Vec<_> = (0..world.modes).map(|m| policy(case, Some(&vote(m))).0).collect();
            let mut by_hand = 0.0;
            for (query, slot) in (0..20).flat_map(|query| (0..world.slots).map(move |slot| (query, slot))) {
                let mut p = of_slot(&world, &direct, query, slot);
                for _ in 0..depth {
                    let rows = to_vote.iter().map(|own| of_slot(&world, own, query, slot));
                    p = rows.zip(p).fold(vec![0.0; world.modes], |sum, (row, own)| {
                        sum.iter().zip(row).map(|(sum, to)| sum + own * to).collect()
                    });
                }
                let valid = of_slot(&world, &case.bench.queries.valid, query, slot);
                by_hand += p.iter().zip(valid).map(|(p, valid)| p * valid).sum::<f64>();
            }
            scores = (case.score(), by_hand / (20 * world.slots) as f64);
        });
        let (chain, by_hand) = scores;
        assert!((chain - by_hand).abs() < 1e-13, "{depth}: {chain} {by_hand}");
    }
}

/// Drawn layers are right as often as the chain of votes says; a single layer is told apart.
#[test]
fn drawn_layers_agree_with_the_chain_of_votes() {
    for (width, depth) in [(1, 2), (1, 5), (3, 2), (2, 4)] {
        let of = |chain: AftArm| study(&[layered(checking(), width, depth), chain], &[Measure::Score]);
        let (mean, error) = margin(&of(chained(checking(), width, depth)), 300);
        assert!(mean.abs() < 4.0 * error, "{width} {depth}: {mean} {error}");
        let (mean, error) = margin(&of(chained(checking(), width, 1)), 300);
        assert!(mean > 4.0 * error, "{width} {depth}: {mean} {error}");
    }
}

#[test]
fn the_best_of_one_is_a_direct_answer() {
    for noise in [0.0, 0.1, 2.0] {
        let arms = [1, 2].map(|candidates| best_of(model(Kind::Sft), candidates, Judge::Reward, noise));
        let gains = found(&study(&arms, &[Measure::Gain]), 0);
        assert!(gains[0].abs() < 1e-12, "{noise}: {}", gains[0]);
        assert!(gains[1] > 0.01, "{noise}: {}", gains[1]);
    }
}

/// The best of three by evidence, beside all answers enumerated; the best of two is told apart.
#[test]
fn the_best_by_evidence_agrees_with_enumeration() {
    let world = SlotWorld {
        slots: 2,
        modes: 3,
        valid: 1,
        ..world()
    };
    for judge in [Judge::Evidence, Judge::Bayes] {
        let study = study_of(
            world.clone(),
            200,
            &[best_of(model(Kind::Base), 3, judge, 0.0)],
            &[Measure::Score],
        );
        let plan = Plan::new(&study);
        let (mut drawn, mut fewer) = (Vec::new(), Vec::new());
        for replicate in 0..40 {
            plan.each(replicate, &|| false, |_, case| {
                let [three, two] = enumerated(case, judge, [3, 2]);
                let score = case.score();
                drawn.push(score - three);
                fewer.push(score - two);
            });
        }
        let (mean, error) = mean_and_error(&drawn);
        assert!(mean.abs() < 4.0 * error, "{judge:?}: {mean} {error}");
        let (mean, error) = mean_and_error(&fewer);
        assert!(mean > 4.0 * error, "the control, {judge:?}: {mean} {error}");
    }
}

/// The exact rewards of the best of so many answers, mean over queries.
fn enumerated<const N: usize>(case: &Case<'_, '_>, judge: Judge, candidates: [u32; N]) -> [f64; N] {
    let (bench, world) = (case.bench, case.bench.world);
    let (p, evidence) = policy(case, None);
    let slot_of = |query: usize, slot: usize| {
        let checked = of_slot(world, &evidence, query, slot);
        let phi = |m: usize| bench.queries.features[(query * world.modes + m) * world.features][slot];
        let seen = |m: usize| match judge {
            Judge::Bayes => world.discriminability * phi(m) + world.verification * checked[m],
            _ => checked[m],
        };
        ScoredSlot {
            p: of_slot(world, &p, query, slot),
            score: (0..world.modes).map(seen).collect(),
            reward: of_slot(world, &bench.queries.valid, query, slot),
        }
    };
    let mut sums = [0.0; N];
    for query in 0..bench.count() {
        let slots: Vec<ScoredSlot> = (0..world.slots).map(|slot| slot_of(query, slot)).collect();
        for (sum, n) in sums.iter_mut().zip(candidates) {
            *sum += best_of_scored(&slots, n).unwrap();
        }
    }
    sums.map(|sum| sum / bench.count() as f64)
}

/// One slot, no lapses and a feature for each mode: a query is a prompt, and drafts are draws of its softmax.
#[test]
fn drafts_of_one_choice_are_draws_of_a_softmax() {
    let world = SlotWorld {
        slots: 1,
        features: 4,
        lapse: 0.0,
        ..world()
    };
    let (arms, queries) = ([layered(model(Kind::Base), 5, 1)], 4000);
    let streams = BenchStreams::new(&Streams::new("choice"), &arms);
    let mut bench = Bench::new(&world, queries, &streams, 0, &arms);
    for (at, own) in bench.queries.features.iter_mut().enumerate() {
        *own = [f64::from(u8::from(at % 4 == at / 4 % 4)); LANES];
    }
    let logits = [0.8, -0.4, 0.1, 1.5];
    let (weights, rows) = (Weights::new(&logits, [0.0; 4]), bench.queries.rows());
    let flat = vec![[0.0; LANES]; rows];
    let slots = SlotRows {
        modes: 4,
        features: &bench.queries.features,
        prior: &flat,
        evidence: &flat,
    };
    let proposer = Proposer::new(&weights, arms[0].model.pass(&world), slots);
    let answered = answering::aggregate(&bench, &proposer, &arms[0].answer);
    let counts = answered.first.unwrap().counts;
    let n = 5.0 * f64::from(queries);
    let worst = |temperature: f64| {
        let mut p = logits.map(|own| own / temperature);
        softmax(&mut p);
        let z = |m: usize| {
            let share = counts.iter().skip(m).step_by(4).map(|own| own[0]).sum::<f64>() / n;
            (share - p[m]).abs() / (p[m] * (1.0 - p[m]) / n).sqrt()
        };
        (0..4).map(z).fold(0.0, f64::max)
    };
    assert!(worst(0.7) < 4.5, "{}", worst(0.7));
    assert!(worst(0.75) > 4.5, "the control: {}", worst(0.75));
}

/// Right modes are drawn anew in each slot: drafts of another query are worth no more than any.
#[test]
fn drafts_of_another_query_are_worse() {
    let mut other = layered(model(Kind::Copy), 3, 1);
    other.answer.source = Source::AnotherQuery;
    let mut uniform = other.clone();
    uniform.answer.source = Source::Uniform;
    let own = layered(model(Kind::Copy), 3, 1);
    let (mean, error) = margin(&study(&[own, other.clone()], &[Measure::Score]), 100);
    assert!(mean > 4.0 * error, "{mean} {error}");
    let (mean, error) = margin(&study(&[other, uniform], &[Measure::Score]), 100);
    assert!(mean.abs() < 4.0 * error, "beside uniform ones: {mean} {error}");
}

/// Neither a step nor an arm once somebody stops it.
#[test]
fn a_training_that_is_stopped_leaves_at_once() {
    let mut own = model(Kind::AftOn);
    own.descent.steps = 100_000;
    let study = study(&[layered(own, 3, 2)], &[Measure::Score]);
    let run = |steps: u32| {
        let (asked, arms) = (Cell::new(0), Cell::new(0));
        let stopped = || asked.replace(asked.get() + 1) >= steps;
        Plan::new(&study).each(0, &stopped, |_, _| arms.set(arms.get() + 1));
        (asked.get(), arms.get())
    };
    // It asks before each step and before each arm.
    assert_eq!(run(0), (2, 0));
    assert_eq!(run(7), (9, 0));
    // The control: nobody stops it.
    assert_eq!(run(u32::MAX), (100_001, 1));
}
