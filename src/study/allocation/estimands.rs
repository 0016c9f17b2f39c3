//! Owns what the study estimates of data sets, with the exact values that theory has.

use super::measures::{Entry, How, Measure};
use super::truth::Truth;
use super::{AllocationArm, Rule};
use crate::engine::{Estimand, Exact, Functional, MeanOf, Moments, Of};
use crate::inference::groups::Means;

/// Why a value is not known.
const NO_LAW: &str = "it is known of prompts with a Dirichlet distribution and independent responses";

/// What is known of rows.
pub(super) struct Told<'a> {
    pub arms: &'a [AllocationArm],
    pub truths: &'a [Truth],
    /// pi: mean shares of modes.
    pub base: &'a [f64],
}

impl Told<'_> {
    /// Every estimand, arm by arm.
    pub fn estimands(&self, measures: &[Measure]) -> Vec<Estimand> {
        let mut found = Vec::new();
        for arm in 0..self.arms.len() {
            for measure in measures {
                for entry in measure.entries() {
                    let places = match entry.asked.how {
                        How::Bias => self.base.len(),
                        _ => 1,
                    };
                    found.extend((0..places).filter_map(|place| self.estimand(arm, entry, place)));
                }
            }
        }
        found
    }

    /// Where the slots of an arm begin.
    fn first(&self, arm: usize) -> usize {
        arm * (self.base.len() + 2)
    }

    fn moments(&self, arm: usize) -> Moments {
        let (first, modes) = (self.first(arm), self.base.len());
        Moments {
            deviation: first..first + modes,
            square: first + modes,
            unit: 1.0,
        }
    }

    /// N_o variance x price, as a function of means.
    fn product(&self, arm: usize) -> impl Fn(&Means<'_>) -> f64 + Send + Sync + 'static {
        let (moments, open) = (self.moments(arm), f64::from(self.arms[arm].open()));
        let price = moments.square + 1;
        move |means| open * moments.variance(means) * means.mean(price)
    }

    fn estimand(&self, arm: usize, entry: &'static Entry, place: usize) -> Option<Estimand> {
        let (truth, moments) = (&self.truths[arm], self.moments(arm));
        let known = |value: Option<f64>| Exact::or_none(value, NO_LAW);
        let (of, functional, exact) = match entry.asked.how {
            How::Bias => {
                let root = self.base[place].sqrt();
                let mean = MeanOf {
                    unit: 1.0 / root,
                    ..MeanOf::slot(moments.deviation.start + place)
                };
                let own = truth.bias.as_ref().map(|bias| bias[place]);
                (Of::Arm(arm), Functional::Mean(mean), known(own))
            }
            How::Bias2 => (
                Of::Arm(arm),
                Functional::SquaredNorm(moments.deviation),
                known(truth.bias2),
            ),
            How::Variance => (
                Of::Arm(arm),
                Functional::Variance { moments, factor: 1.0 },
                known(truth.variance),
            ),
            How::Emse => {
                let own = truth
                    .variance
                    .zip(truth.bias2)
                    .map(|(variance, bias2)| variance + bias2);
                (Of::Arm(arm), Functional::Mean(MeanOf::slot(moments.square)), known(own))
            }
            How::Product => (
                Of::Arm(arm),
                Functional::smooth(self.product(arm)),
                known(truth.product),
            ),
            How::Gain => return self.gain(arm, entry),
            How::Price => {
                let price = MeanOf::slot(moments.square + 1);
                (Of::Arm(arm), Functional::Mean(price), known(truth.price))
            }
        };
        let at = entry.kind.at.map_or(String::new(), |_| place.to_string());
        Some(Estimand {
            at: at.into(),
            ..Estimand::new(&entry.kind, of, functional, exact)
        })
    }

    /// Of every arm but the one that it is measured by.
    fn gain(&self, arm: usize, entry: &'static Entry) -> Option<Estimand> {
        let versus = self.best_constant(arm).filter(|versus| *versus != arm)?;
        let (own, other) = (self.product(arm), self.product(versus));
        let exact = self.truths[versus]
            .product
            .zip(self.truths[arm].product)
            .map(|(other, own)| other / own);
        Some(Estimand::new(
            &entry.kind,
            Of::Contrast { arm, versus },
            Functional::smooth(move |means| other(means) / own(means)),
            Exact::or_none(exact, NO_LAW),
        ))
    }

    /// The arm of the least exact product in which all prompts have as many responses, of those that differ in nothing else.
    fn best_constant(&self, arm: usize) -> Option<usize> {
        let own = &self.arms[arm];
        let beside = |other: &AllocationArm| {
            other.rule == Rule::Constant
                && other.prompts == own.prompts
                && other.open_share == own.open_share
                && other.cost_ratio == own.cost_ratio
        };
        let product = |&index: &usize| self.truths[index].product.unwrap_or(f64::INFINITY);
        let found = (0..self.arms.len()).filter(|&index| beside(&self.arms[index]));
        found.min_by(|a, b| product(a).total_cmp(&product(b)))
    }
}
