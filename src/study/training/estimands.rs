//! Owns what the study estimates of fits, and what theory says of it.

use super::FitArm;
use super::complete::{self, ExactMeans};
use super::measures::{Entry, How, Mean, Measure, Slots, Statistic};
use super::optimum::BestFit;
use super::selected::{KnownSelected, Selected};
use crate::engine::{Estimand, Exact, ExactCache, Functional, MeanOf, Of, Reference};
use crate::study::entry::RowOf;
use crate::theory::smoothing::{chi_square_from_uniform, smoothed_first_order};
use crate::world::World;
use std::sync::Arc;

/// A row of a scenario. Of a best K the place is among these, and the arm is of no account.
pub(super) type Row = RowOf<Measure, How>;

/// What is asked of theory about a scenario.
#[derive(Debug)]
pub(super) struct Asked {
    pub selected: Selected,
    pub means: ExactMeans,
    pub best: Vec<Arc<BestFit>>,
}

/// What is known of it.
pub(super) struct Known<'a> {
    world: &'a dyn World,
    arms: &'a [FitArm],
    asked: &'a Asked,
    selected: KnownSelected<'a>,
    means: Vec<Exact>,
}

impl<'a> Known<'a> {
    /// As far as exact jobs are known; none is before anything is worked out.
    pub fn new(world: &'a dyn World, arms: &'a [FitArm], asked: &'a Asked, known: Option<&ExactCache>) -> Self {
        Self {
            world,
            arms,
            asked,
            selected: asked.selected.known(world, arms, known),
            means: asked.means.known(known),
        }
    }

    /// Every row, in order, and what is estimated there.
    pub fn rows(&self, measures: &[Measure]) -> Vec<(Row, Estimand)> {
        let slots = Slots::of_measures(measures);
        let mut found = Vec::new();
        for arm in 0..self.arms.len() {
            for (index, &measure) in measures.iter().enumerate() {
                for entry in measure.entries() {
                    let rows = Row::at(arm, measure, entry, 1);
                    let estimand = |row: Row| Some((self.estimand(&row, slots, slots.of(arm, index))?, row));
                    found.extend(rows.filter_map(estimand).map(|(own, row)| (row, own)));
                }
            }
        }
        for (place, best) in self.asked.best.iter().enumerate() {
            let row = Row {
                arm: 0,
                measure: Measure::ExcessNll,
                entry: best.entry,
                place,
            };
            found.push((row, best.estimand(&self.means, slots)));
        }
        found
    }

    /// What is estimated of one arm; none of a quantity of several.
    fn estimand(&self, row: &Row, slots: Slots, slot: usize) -> Option<Estimand> {
        let (own, offset) = (row.measure.own(), row.measure.own().offset(self.world));
        let (count, sum) = (slots.complete(row.arm), slots.complete_excess(row.arm));
        let mean = |slot, given| {
            Functional::Mean(MeanOf {
                shift: offset,
                given,
                ..MeanOf::slot(slot)
            })
        };
        let (functional, given) = match row.entry.asked.how {
            How::Mean if own.event => (Functional::Proportion(slot), None),
            How::Mean => (mean(slot, None), None),
            How::Complete => (mean(sum, Some(count)), Some(count)),
            How::Best { .. } => return None,
        };
        Some(Estimand {
            given,
            reference: self.reference(row.entry, own, &self.arms[row.arm]),
            ..Estimand::new(&row.entry.kind, Of::Arm(row.arm), functional, self.exact(row))
        })
    }

    /// The exact value of a row.
    pub fn exact(&self, row: &Row) -> Exact {
        let own = row.measure.own();
        let smoothed = self.arms[row.arm].smoothing > 0.0;
        match (&row.entry.asked.how, &own.mean) {
            (How::Best { .. }, _) => self.asked.best[row.place].exact(&self.means),
            (How::Complete, _) if smoothed => Exact::None("of smoothed fits theory has the mean over all: see `mean`"),
            (How::Complete, _) => self.nll(own, row.arm),
            (How::Mean, Mean::Nll(_)) if smoothed => self.nll(own, row.arm),
            (How::Mean, Mean::Seen(of)) => of(self.selected.seen(row.arm)),
            (How::Mean, _) => Exact::None(own.why_no_mean(&self.arms[row.arm])),
        }
    }

    /// A NLL by the exact mean excess of an arm.
    fn nll(&self, own: &Statistic, arm: usize) -> Exact {
        match self.means[arm] {
            Exact::Is(excess) => Exact::Is(own.offset(self.world) + excess),
            other => other,
        }
    }

    /// The same of an arm that no scenario has, where that is quick: a point of a curve.
    pub fn exact_at(&self, row: &Row, arm: &FitArm) -> Option<f64> {
        let (own, smoothed) = (row.measure.own(), arm.smoothing > 0.0);
        match (&row.entry.asked.how, &own.mean) {
            (How::Complete, _) if smoothed => None,
            (How::Mean, Mean::Nll(_)) if !smoothed => None,
            (How::Complete, _) | (How::Mean, Mean::Nll(_)) => {
                Some(own.offset(self.world) + complete::at_once(self.world, arm)?)
            }
            (How::Mean, Mean::Seen(of)) => of(&self.selected.seen_by(self.world, arm)).value(),
            _ => None,
        }
    }

    /// The value to compare an estimand of an arm with that is not exact.
    pub fn reference(&self, entry: &Entry, own: &Statistic, arm: &FitArm) -> Option<Reference> {
        let of_many = || match entry.asked.how {
            How::Mean => self.selected.many_prompts(self.world, arm, own),
            How::Complete | How::Best { .. } => None,
        };
        own.first_order(self.world, arm).or_else(of_many)
    }
}

impl Statistic {
    /// What is left out of its slot.
    fn offset(&self, world: &dyn World) -> f64 {
        match self.mean {
            Mean::Nll(offset) => offset(world),
            _ => 0.0,
        }
    }

    /// The first order of a NLL under random selection.
    fn first_order(&self, world: &dyn World, arm: &FitArm) -> Option<Reference> {
        let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
        let nll = matches!(self.mean, Mean::Nll(_)) && arm.pool.choice.is_random() && arm.pseudo_count == 0.0;
        let excess = world.excess_nll_first_order(np, k).filter(|_| nll)?;
        let excess = match arm.smoothing {
            0.0 => excess,
            s => smoothed_first_order(s, 2.0 * excess, chi_square_from_uniform(world.mean())),
        };
        Some(Reference {
            value: self.offset(world) + excess,
            name: "first order",
        })
    }

    /// Why the mean over all fits has no exact value.
    fn why_no_mean(&self, arm: &FitArm) -> &'static str {
        match self.mean {
            Mean::Nll(_) if arm.pseudo_count > 0.0 => "of fits with a pseudo-count theory has none",
            Mean::Nll(_) if arm.descent.ridge > 0.0 => "of fits with a ridge theory has the first order at most",
            Mean::Nll(_) => {
                "without a ridge a fit that misses a mode has infinite excess but for its steps; `complete` leaves such fits out"
            }
            Mean::Steps => "how long a descent takes is not known by theory",
            Mean::Policy | Mean::Seen(_) => "theory has none for this measure",
        }
    }
}
