//! Owns the keys of the study's files.

use super::{Family, Greedy, GreedyArm, MEASURES, Measure, NAME};
use crate::format::keys::{File, Integer, Number, Range, Read, Table, Variant, Words, key};
use crate::select::{MOST_SEARCHED, Rule, Selector, Similarity};
use crate::study::kind::{Site, StudyKind, made, setting};
use crate::study::pools::{self, objective};
use crate::study::{Choice, Question};
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "how close greedy picks come to the best set of the same size",
    symbols: "F the objective, N candidates, K of them kept, A and B sets of candidates, x a candidate",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

/// Sums that an arm keeps, at most: those of both measures.
const SUMS: usize = 16;

/// The most coordinates of an embedding.
const MOST_COORDINATES: i64 = 256;

const DIMENSION: &str = "Coordinates of an embedding.";

const SPHERE: Variant<Family> = Variant {
    name: "sphere",
    about: "embeddings in random directions",
    read: |world| {
        let dimension = world.get(key("dimension", DIMENSION, Integer(1, MOST_COORDINATES)).or(8));
        let own = world.end()?;
        Ok(Family::Sphere {
            dimension: dimension.take(&own) as usize,
        })
    },
};

const CLUSTERS: Variant<Family> = Variant {
    name: "clusters",
    about: "embeddings near orthonormal centres",
    read: |world| {
        let about = "Number of centres, of which each candidate has one at random.";
        let clusters = world.get(key("clusters", about, Integer(1, MOST_COORDINATES)).or(4));
        let dimension = key("dimension", DIMENSION, Integer(1, MOST_COORDINATES));
        let dimension = world.find(dimension, "as many as there are clusters, which are the fewest");
        let noise = Number(Range::between(0.0, pools::LARGEST));
        let about = "Standard deviation of each coordinate of a candidate's embedding about its centre.";
        let noise = key("embedding-noise", about, noise).or(0.3);
        let noise = world.get(noise.symbol("embedding noise", "s.d. of a coordinate's noise"));
        let own = world.end()?;
        let clusters = clusters.take(&own);
        let dimension = dimension.take(&own).unwrap_or(clusters);
        if dimension < clusters {
            let what = format!(
                "{dimension} is out of range: an integer from {clusters} to {MOST_COORDINATES} is expected, \
                 since there are {clusters} clusters"
            );
            return own.refuse(own.fault("dimension", what));
        }
        Ok(Family::Clusters {
            clusters: clusters as usize,
            dimension: dimension as usize,
            noise: noise.take(&own),
        })
    },
};

const UNIFORM: Variant<Family> = Variant {
    name: "uniform",
    about: "symmetric uniform similarities",
    read: |world| world.end().map(|_| Family::Uniform),
};

const BINARY: Variant<Family> = Variant {
    name: "binary",
    about: "similarities 0 or 1, not symmetric",
    read: |world| {
        let density = density(world);
        let own = world.end()?;
        Ok(Family::Binary {
            density: density.take(&own),
        })
    },
};

const ADVERSARIAL: Variant<Family> = Variant {
    name: "adversarial",
    about: "as binary, then made worse for greedy picks",
    read: |world| {
        let density = density(world);
        let about = "Entries of the similarities that the adversary tries, one by one and for each arm; a flip that raises the \
                     ratio of greedy to the best is taken back.";
        let steps = world.get(key("steps", about, Integer(0, 100_000)).or(200));
        let own = world.end()?;
        Ok(Family::Adversarial {
            density: density.take(&own),
            steps: steps.take(&own) as u32,
        })
    },
};

fn density(world: &mut Table<'_>) -> crate::format::keys::Got<f64> {
    let about = "Probability that a candidate represents another.";
    world.get(key("density", about, Number(Range::between(0.0, 1.0))).or(0.3))
}

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let ask = |file: &mut File<'_>| file.world(&[&SPHERE, &CLUSTERS, &UNIFORM, &BINARY, &ADVERSARIAL]);
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    site.reserve(&own, SUMS, setting.arms.len())?;
    made(&own, Greedy::read(setting))
}

fn arm(keys: &mut Table<'_>, family: Option<&Family>) -> Read<GreedyArm> {
    let most = MOST_SEARCHED as i64;
    let responses = key(
        "responses",
        "K: candidates kept, at most `candidates`.",
        Integer(1, most),
    );
    let responses = keys.get(responses.symbol("$K$", "responses kept per prompt $K$"));
    let about = "N: candidates of a pool. Every set of K of them is tried.";
    let candidates = keys.get(key("candidates", about, Integer(2, most)).symbol("$N$", "candidates per prompt $N$"));
    // Those whose picks have a guarantee.
    let selectors = Words(&[Selector::Diverse, Selector::DiverseBest]);
    let selector = keys.get(key("selector", "How K of the N candidates are picked.", selectors));
    let maximised = keys.table("objective", objective::ABOUT, |table| objective::read(table, false));
    let own = keys.end()?;
    let (responses, candidates) = (responses.take(&own), candidates.take(&own));
    let (objective, similarity) = maximised.take(&own);
    let rule = Rule {
        selector: selector.take(&own),
        objective,
    };
    let arm = GreedyArm {
        choice: Choice { rule, similarity },
        responses: responses as u32,
        candidates: candidates as u32,
    };
    arm.check().or_else(|error| pools::refuse(&own, &error))?;
    // Only embeddings can be compared in several ways.
    if let Some(family) = family.filter(|family| !family.embedded() && similarity != Similarity::Cosine) {
        let what = format!(
            "compares embeddings, which world.kind = {:?} does not have: leave it out, or take \"sphere\" or \"clusters\"",
            family.name()
        );
        return own.refuse(own.fault("objective.similarity", what));
    }
    Ok(arm)
}
