//! From the cells of a claim to its p-values, and from the claims of a file to their verdicts.
//!
//! Within a claim that needs every cell, confirming is an intersection-union test (Berger 1982): its p-value is the largest over cells,
//! with no correction. Refuting needs one cell that fails, so its p-value is the smallest after Holm. Both are cases of 'at least k of m
//! cells hold' ([`at_least`]): confirmed by k cells that hold, refuted by m - k + 1 that do not.
//!
//! Between the claims of a family, Holm's procedure is applied to the confirming and to the refuting p-values, each at `alpha`: the
//! chance of any false confirmation in the family is at most `alpha`, and so is that of any false refutation. Controls (claims that are
//! expected to be refuted) form a family of their own: they test the harness, not the theory, and must not weaken it.
//!
//! A cell that could not be judged holds neither way. It keeps a claim that needs it from being confirmed, and not from being refuted.

use super::cell::{Cell, NoVerdict};
use super::estimate::{Estimate, Interval};
use super::multiplicity::{at_least, holm};

/// What a claim came out as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to be true.
    Confirmed,
    /// Shown to be false.
    Refuted,
    /// Neither: more replicates may tell.
    Inconclusive,
}

/// A p-value of a claim and the cell that decides it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The p-value, cells combined.
    pub p: f64,
    /// Index of the deciding cell.
    pub cell: usize,
}

/// A claim before its family is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Evidence for: small where the claim is shown to be true. Its cell is the worst of those that had to hold.
    pub confirm: Evidence,
    /// Evidence against: small where the claim is shown to be false. Its cell is the one that fails.
    pub refute: Evidence,
    cells: Vec<Result<Cell, NoVerdict>>,
}

impl Claim {
    /// The claim that at least `needed` of the cells hold; `needed = cells.len()` claims all of them.
    ///
    /// # Panics
    ///
    /// When there are no cells, or `needed` is not in `1..=cells.len()`: an experiment file that says so is rejected earlier.
    #[must_use]
    pub fn new(cells: Vec<Result<Cell, NoVerdict>>, needed: usize) -> Self {
        // NaN marks a missing test, which `at_least` counts and never lets reject.
        let side =
            |p: fn(&Cell) -> f64| -> Vec<f64> { cells.iter().map(|cell| cell.as_ref().map_or(f64::NAN, p)).collect() };
        let combine = |needed: usize, p: &[f64]| {
            let (p, cell) = at_least(needed, p);
            Evidence { p, cell }
        };
        let confirm = combine(needed, &side(|cell| cell.p_confirm));
        let refute = combine(cells.len() + 1 - needed, &side(|cell| cell.p_refute));
        Self { confirm, refute, cells }
    }

    /// The cells.
    pub fn cells(&self) -> &[Result<Cell, NoVerdict>] {
        &self.cells
    }
}

/// A claim as it stands in the table of claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The p-value of the side that the verdict speaks of (confirming, unless refuted), cells combined.
    pub p: f64,
    /// The same after Holm over the claims of the family.
    pub p_adjusted: f64,
    /// How many cells the claim has.
    pub cells: usize,
    /// The cell that decides: the worst for a confirmation, the failing one for a refutation, one that could not be judged where that
    /// stands in the way.
    pub cell: usize,
    /// The estimate and interval of that cell, or why it has none.
    pub evidence: Result<(Estimate, Interval), NoVerdict>,
    /// Some cell had no noise at all: see [`Cell::exact`].
    pub exact: bool,
}

/// Judges the claims of one family together.
#[must_use]
pub fn judge(family: &[Claim], alpha: f64) -> Vec<Outcome> {
    let confirm = holm(&family.iter().map(|claim| claim.confirm.p).collect::<Vec<f64>>());
    let refute = holm(&family.iter().map(|claim| claim.refute.p).collect::<Vec<f64>>());
    let adjusted = confirm.into_iter().zip(refute);
    family
        .iter()
        .zip(adjusted)
        .map(|(claim, adjusted)| outcome(claim, adjusted, alpha))
        .collect()
}

fn outcome(claim: &Claim, (confirm, refute): (f64, f64), alpha: f64) -> Outcome {
    let (verdict, side, p_adjusted) = match (confirm <= alpha, refute <= alpha) {
        (true, false) => (Verdict::Confirmed, claim.confirm, confirm),
        (false, true) => (Verdict::Refuted, claim.refute, refute),
        // Both at once needs alpha above 1/2, and then neither is shown.
        _ => (Verdict::Inconclusive, claim.confirm, confirm),
    };
    let judged = |cell: usize| claim.cells[cell].map(|cell| (cell.estimate, cell.interval));
    Outcome {
        verdict,
        p: side.p,
        p_adjusted,
        cells: claim.cells.len(),
        cell: side.cell,
        evidence: judged(side.cell),
        exact: claim.cells.iter().flatten().any(|cell| cell.exact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(p_confirm: f64, p_refute: f64) -> Result<Cell, NoVerdict> {
        Ok(Cell {
            p_confirm,
            p_refute,
            estimate: Estimate {
                value: p_confirm,
                mcse: 1.0,
                df: 63.0,
                replicates: 64,
            },
            interval: Interval {
                low: 0.0,
                high: 1.0,
                level: 0.9,
            },
            exact: false,
        })
    }

    fn all(cells: Vec<Result<Cell, NoVerdict>>) -> Claim {
        let needed = cells.len();
        Claim::new(cells, needed)
    }

    #[test]
    fn a_claim_over_all_cells_is_as_strong_as_its_weakest() {
        let claim = all(vec![cell(0.01, 0.9), cell(0.04, 0.8), cell(0.02, 0.7)]);
        assert_eq!(claim.confirm, Evidence { p: 0.04, cell: 1 });
        let outcome = judge(&[claim], 0.05)[0];
        assert_eq!(
            (outcome.verdict, outcome.cell, outcome.cells),
            (Verdict::Confirmed, 1, 3)
        );
        assert_eq!(outcome.evidence.expect("judged").0.value, 0.04);
    }

    #[test]
    fn one_failing_cell_refutes_after_holm_over_cells() {
        let claim = |p_refute| all(vec![cell(0.01, 0.9), cell(0.99, p_refute), cell(0.02, 0.7)]);
        let refuted = judge(&[claim(0.016)], 0.05)[0];
        assert_eq!(
            (refuted.verdict, refuted.cell, refuted.p),
            (Verdict::Refuted, 1, 3.0 * 0.016)
        );
        let unsure = judge(&[claim(0.02)], 0.05)[0];
        assert_eq!(
            (unsure.verdict, unsure.cell, unsure.p),
            (Verdict::Inconclusive, 1, 0.99)
        );
    }

    #[test]
    fn six_of_seven_may_miss_one_and_not_two() {
        let family = |bad: usize| {
            let mut cells = vec![cell(0.001, 0.999); 7 - bad];
            cells.extend(vec![cell(0.999, 0.001); bad]);
            judge(&[Claim::new(cells, 6)], 0.05)[0].verdict
        };
        assert_eq!(
            [family(0), family(1), family(2)],
            [Verdict::Confirmed, Verdict::Confirmed, Verdict::Refuted]
        );
    }

    #[test]
    fn an_unjudged_cell_bars_confirmation_and_not_refutation() {
        let missing = Err(NoVerdict::TooFewGroups);
        let claim = all(vec![cell(0.001, 0.9), missing]);
        assert_eq!(claim.cells()[1], Err(NoVerdict::TooFewGroups));
        let outcome = judge(&[claim], 0.05)[0];
        assert_eq!((outcome.verdict, outcome.cell), (Verdict::Inconclusive, 1));
        assert_eq!(outcome.evidence, Err(NoVerdict::TooFewGroups));
        let refuted = judge(&[all(vec![cell(0.9, 0.001), missing])], 0.05)[0];
        assert_eq!((refuted.verdict, refuted.cell), (Verdict::Refuted, 0));
        // Five of six needs only the judged ones.
        let mut cells = vec![cell(0.001, 0.9); 5];
        cells.push(missing);
        assert_eq!(judge(&[Claim::new(cells, 5)], 0.05)[0].verdict, Verdict::Confirmed);
    }

    #[test]
    fn claims_of_a_family_pay_for_each_other() {
        let family = [all(vec![cell(0.03, 0.97)]), all(vec![cell(0.02, 0.98)])];
        let alone = judge(&family[..1], 0.05)[0];
        assert_eq!((alone.verdict, alone.p_adjusted), (Verdict::Confirmed, 0.03));
        // Holm: 2 * 0.02 <= 0.05 lets the second through, and then 1 * 0.03 the first.
        let both = judge(&family, 0.05);
        assert_eq!(both.iter().map(|o| o.p_adjusted).collect::<Vec<f64>>(), [0.04, 0.04]);
        let third = [family[0].clone(), family[1].clone(), all(vec![cell(0.5, 0.5)])];
        let verdicts: Vec<Verdict> = judge(&third, 0.05).iter().map(|o| o.verdict).collect();
        assert_eq!(
            verdicts,
            [Verdict::Inconclusive; 3],
            "3 * 0.02 > 0.05 stops the procedure"
        );
    }
}
