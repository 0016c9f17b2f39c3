//! Owns what single replicates say of estimands: a series of numbers, one per replicate, whose mean or moments an estimand is.
//!
//! An estimand that is a mean has one series, that of its own numbers. A variance or a squared norm is a function of the moments of a
//! vector, and has one series for each coordinate of it. What is a function of several means, such as a ratio of two, has none: one
//! replicate says nothing of it.

use super::exact::ExactCache;
use super::functional::{Functional, MeanOf};
use super::spec::{Prepared, Spec, Study, StudyError};
use crate::inference::groups::{Group, Layout};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// The numbers of one estimand, or of one coordinate of the vector that it is a function of, replicate by replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Index of the estimand in [`Spec::estimands`]; of a coordinate that several share, the first.
    pub estimand: usize,
    /// Which coordinate, from 0: a statistic less a constant, its truth where theory knows it. None of an estimand's own numbers.
    pub coordinate: Option<usize>,
    number: MeanOf,
}

/// What one replicate says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Alone {
    /// Its number.
    Is(f64),
    /// Nothing, because its arm failed.
    Failed,
    /// Nothing, because it does not meet the condition of the estimand.
    LeftOut,
}

impl Series {
    /// What a replicate says, from its slots alone.
    pub fn of(&self, alone: &Group, layout: &Layout) -> Alone {
        let own = &self.number;
        if alone.valid[layout.arm_of(own.slot)] == 0 {
            return Alone::Failed;
        }
        match own.given.map(|given| alone.sums[given]) {
            Some(0.0) => Alone::LeftOut,
            _ => Alone::Is(own.shift + alone.sums[own.slot] / own.unit),
        }
    }
}

impl Spec {
    /// Every series of the scenario, in the order of its estimands. A coordinate that is some estimand's own number is not told twice.
    pub fn series(&self) -> Vec<Series> {
        let numbers = self.estimands.iter().enumerate().filter_map(|(estimand, own)| {
            let number = own.functional.number()?;
            Some(Series {
                estimand,
                coordinate: None,
                number: MeanOf {
                    given: own.given,
                    ..number
                },
            })
        });
        let mut found: Vec<Series> = numbers.collect();
        let mut told: HashSet<usize> = found.iter().map(|own| own.number.slot).collect();
        for (estimand, own) in self.estimands.iter().enumerate() {
            let (slots, unit) = own.functional.vector();
            let coordinates = slots.enumerate().filter(|(_, slot)| told.insert(*slot));
            found.extend(coordinates.map(|(at, slot)| Series {
                estimand,
                coordinate: Some(at),
                number: MeanOf {
                    unit,
                    ..MeanOf::slot(slot)
                },
            }));
        }
        found.sort_by_key(|own| (own.estimand, own.coordinate));
        found
    }

    /// Indices of the estimands that are functions of several means: of those no replicate says anything.
    pub fn without_series(&self) -> Vec<usize> {
        let all = self.estimands.iter().enumerate();
        let lacks = all.filter(|(_, own)| matches!(own.functional, Functional::Smooth(_) | Functional::Difference(..)));
        lacks.map(|(index, _)| index).collect()
    }
}

impl Functional {
    /// The number of each replicate that it is the mean of; none of other forms.
    fn number(&self) -> Option<MeanOf> {
        match *self {
            Functional::Mean(own) => Some(own),
            Functional::Proportion(slot) => Some(MeanOf::slot(slot)),
            Functional::Mass { slot, most, .. } => Some(MeanOf {
                unit: most,
                ..MeanOf::slot(slot)
            }),
            _ => None,
        }
    }

    /// The slots of the vector that it is a function of, and what they are divided by; an empty range without one.
    fn vector(&self) -> (Range<usize>, f64) {
        match self {
            Functional::Variance { moments, .. } => (moments.deviation.clone(), moments.unit),
            Functional::SquaredNorm(slots)
            | Functional::SquaredNormShare { slots, .. }
            | Functional::OverSquaredNorm { slots, .. }
            | Functional::SquaredNormOf { slots, .. }
            | Functional::Norm { slots, .. }
            | Functional::Angle { slots, .. } => (slots.clone(), 1.0),
            _ => (0..0, 1.0),
        }
    }
}

/// A scenario whose replicates are looked at one by one.
pub struct Replicates<'a> {
    study: &'a dyn Study,
    prepared: Arc<dyn Prepared>,
    series: Vec<Series>,
}

impl<'a> Replicates<'a> {
    /// Prepares a scenario, with the numbers of exact jobs as far as they are known.
    ///
    /// # Errors
    ///
    /// Where it cannot be prepared.
    pub fn new(study: &'a dyn Study, known: &ExactCache) -> Result<Self, StudyError> {
        Ok(Self {
            study,
            prepared: study.prepare(known)?,
            series: study.spec().series(),
        })
    }

    /// Its series.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// What these replicates say: of one after the other, every series. The same whichever others are looked at.
    pub fn run(&self, replicates: Range<u64>) -> Vec<Alone> {
        let layout = &self.study.spec().layout;
        let count = (replicates.end - replicates.start) as usize;
        let mut told = Vec::with_capacity(count * self.series.len());
        let mut alone = Group::empty(layout);
        self.prepared.worker().each(replicates, &mut alone, &mut |alone| {
            told.extend(self.series.iter().map(|own| own.of(alone, layout)));
        });
        told
    }
}
