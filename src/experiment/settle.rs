//! Owns what of a file waits for its rows: precision, claims and figures. They are looked at when the rows are known, and again when the
//! exact values of these are.

use super::claim::{self, Claim, ClaimKeys};
use super::figure::{self, FigureKeys, FigureSpec};
use super::rows::Rows;
use super::run_length;
use super::table::RowRef;
use super::validated::{Asked, Experiment, Scenario};
use crate::engine::{self, Exact, ExactCache, Reference, Row};
use crate::format::Faults;
use crate::format::tree::{Node, Value};
use crate::inference::groups::Groups;
use crate::study::TheoryRow;
use std::sync::Arc;

/// What of a file waits for its rows, which stands in the tables of `root`.
pub(super) fn asked(mut root: Node, claims: Vec<ClaimKeys>, figures: Vec<FigureKeys>) -> Asked {
    if let Value::Table(entries) = &mut root.value {
        entries.retain(|entry| ["run", "claims", "figures"].contains(&entry.key.as_str()));
    }
    Asked(Arc::new(move |experiment| {
        resolve(&root, &claims, &figures, experiment)
    }))
}

/// Finds the rows of precision, claims and figures.
fn resolve(
    root: &Node,
    claims: &[ClaimKeys],
    figures: &[FigureKeys],
    experiment: &Experiment,
) -> Result<(Vec<Claim>, Vec<FigureSpec>), Faults> {
    let mut faults = Vec::new();
    faults.extend(run_length::refuse_unknown(root, experiment).err());
    let mut rows = Rows::new(experiment);
    let claims = claim::resolve(claims, root.items("claims"), experiment, &mut rows);
    let figures = figure::resolve(figures, root.items("figures"), experiment, &mut rows);
    match (claims, figures) {
        (Ok(claims), Ok(figures)) if faults.is_empty() => Ok((claims, figures)),
        (claims, figures) => {
            faults.extend(claims.err().into_iter().flatten());
            faults.extend(figures.err().into_iter().flatten());
            Err(Faults::new(faults))
        }
    }
}

impl Experiment {
    /// Finds the rows of claims and figures.
    pub(super) fn find_rows(&mut self) -> Result<(), Faults> {
        let Asked(asked) = self.asked.clone();
        (self.claims, self.figures) = asked(self)?;
        Ok(())
    }

    /// The same with the exact values that follow from what is `known`, and from jobs so short that they are done here; those that rest
    /// on others stay pending.
    ///
    /// # Errors
    ///
    /// Faults of claims and figures that turn out to make no sense, such as a ratio to an exact value of 0.
    pub fn settle(mut self, known: ExactCache) -> Result<Self, Faults> {
        self.know(known)?;
        Ok(self)
    }

    /// [`settle`](Self::settle) in place. After an error its claims and figures are those of before.
    ///
    /// # Errors
    ///
    /// As above.
    pub fn know(&mut self, known: ExactCache) -> Result<(), Faults> {
        let mut changed = false;
        for scenario in &mut self.scenarios {
            changed |= scenario.settle(&known);
        }
        self.known = known;
        match changed {
            true => self.find_rows(),
            false => Ok(()),
        }
    }

    /// What theory says of a row's exact value, as far as it is settled.
    pub fn exact(&self, row: RowRef) -> Exact {
        self.theory(row).exact
    }

    /// A value of theory to compare a row with that is not exact, as far as it is settled.
    pub fn reference(&self, row: RowRef) -> Option<Reference> {
        self.theory(row).reference
    }

    /// What theory says of a row, as far as it is settled.
    pub fn theory(&self, row: RowRef) -> TheoryRow {
        self.scenarios[row.scenario].theory(row.estimand)
    }
}

impl Scenario {
    /// What theory says of an estimand, as far as it is settled.
    pub fn theory(&self, estimand: usize) -> TheoryRow {
        match &self.settled {
            Some(settled) => settled[estimand],
            None => TheoryRow::stated(&self.study.estimands()[estimand]),
        }
    }

    /// Whether anything is known now that was not before.
    fn settle(&mut self, known: &ExactCache) -> bool {
        let mut theory = self.study.theory(known);
        let all = 0..self.study.estimands().len();
        let now: Box<[TheoryRow]> = all.clone().map(|estimand| theory.row(estimand)).collect();
        drop(theory);
        let changed = all.clone().any(|estimand| now[estimand] != self.theory(estimand));
        let stated = |estimand: usize| TheoryRow::stated(&self.study.estimands()[estimand]);
        self.settled = all
            .clone()
            .any(|estimand| now[estimand] != stated(estimand))
            .then_some(now);
        changed
    }

    /// Its rows from group sums. Of what does not exist by theory there is no estimate: it would be one of its own noise.
    pub fn estimate(&self, groups: &Groups) -> Vec<Row> {
        let mut rows = engine::estimate(self.study.spec(), groups);
        for row in &mut rows {
            if let Exact::Undefined(_) = self.theory(row.estimand).exact {
                row.measured = None;
            }
        }
        rows
    }
}
