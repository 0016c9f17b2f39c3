//! Owns the step from a stored pool to the candidates of a picture.

use super::data::{Data, Drawn};
use crate::experiment::PoolView;
use crate::numerics::scale::extent;
use crate::record::{CandidateRecord, DrawsRecord, PoolRecord};
use crate::report::figure::{Candidate, Label, PoolPanel};
use crate::report::plane::{Plane, plane};

pub(super) fn panels(data: &Data<'_>, _: &PoolView) -> Vec<Drawn> {
    // Cannot be absent because whoever hands over records hands over a pool for each such figure.
    let Some(DrawsRecord::Pool(pool)) = data.draws() else {
        return Vec::new();
    };
    let embeddings: Vec<&[f64]> = pool.candidates.iter().map(|one| one.embedding.as_slice()).collect();
    // The same for every selection.
    let plane = plane(&embeddings);
    let selections = 0..data.panels.len();
    selections.map(|at| Drawn::new(panel(pool, &plane, at), &[])).collect()
}

/// The panel of one selection: its place among the pool's.
fn panel(pool: &PoolRecord, plane: &Plane, selection: usize) -> PoolPanel {
    let rewards = pool.candidates.iter().map(|one| one.reward);
    let (low, high) = extent(rewards).unwrap_or_default();
    let candidate = |(one, at): (&CandidateRecord, &[f64; 2])| Candidate {
        x: at[0],
        y: at[1],
        size: if high > low {
            (one.reward - low) / (high - low)
        } else {
            0.5
        },
        group: one.mode as usize,
        kept: one.ranks.get(selection).copied().flatten().map(|rank| rank as usize),
    };
    let axis = |name: &str, share: f64| Label::plain(&format!("{name} ({:.0}%)", 100.0 * share));
    PoolPanel {
        x_label: axis("first principal axis", plane.shares[0]),
        y_label: axis("second", plane.shares[1]),
        candidates: pool.candidates.iter().zip(&plane.points).map(candidate).collect(),
        groups_label: Label::plain("mode"),
        groups: modes(pool),
        size: Label::plain(&format!("reward, {}", ends(low, high).join(" to "))),
    }
}

/// Names of the modes up to the last that is there; those that are not there have none.
fn modes(pool: &PoolRecord) -> Vec<Label> {
    let count = pool
        .candidates
        .iter()
        .map(|one| one.mode as usize + 1)
        .max()
        .unwrap_or(0);
    let mut names = vec![Label::plain(""); count];
    for one in &pool.candidates {
        names[one.mode as usize] = Label::plain(&one.mode.to_string());
    }
    names
}

/// Both ends of a range, with as many decimals as tell a tenth of it.
fn ends(low: f64, high: f64) -> [String; 2] {
    // The exponent of the range, by its text: no logarithm is needed.
    let span = format!("{:e}", high - low);
    let exponent: i32 = span.rsplit('e').next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let decimals = usize::try_from(1 - exponent).unwrap_or(0).min(6);
    [low, high].map(|x| format!("{x:.decimals$}").replace('-', "\u{2212}"))
}
