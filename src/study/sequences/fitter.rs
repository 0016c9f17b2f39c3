//! Owns the fits of eight policies at once, whichever they are: from how often responses go through cells to ln p of each cell.

use super::SequencePolicy;
use super::arm::Seen;
use super::reading::Reading;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::{FitReport, NetFitter, PrefixFeatures, SequenceFitter, Training};
use crate::theory::sequences::Contexts;
use crate::world::PlanWorld;

/// One worker's scratch.
pub(super) enum Fitter {
    /// By the states that a log-linear policy sees.
    States(Box<SequenceFitter>),
    /// One distribution of increments, and one of going on or ending.
    Ending(Box<[SequenceFitter; 2]>, usize),
    /// A net.
    Net(Box<NetFitter>),
}

impl Fitter {
    /// That of a policy which reads responses so.
    pub fn new(reading: &Reading, tokens: usize, seen: &Seen, training: Training) -> Self {
        if let (SequencePolicy::Net(net), Some(fit)) = (seen.policy, &seen.net) {
            let size = (tokens, seen.length as usize);
            return Self::Net(Box::new(NetFitter::new(net, size, fit.start, fit.training)));
        }
        match reading {
            Reading::States(contexts) => Self::States(Box::new(SequenceFitter::new(contexts, training))),
            Reading::Kinds(_) => {
                let one = |kinds| SequenceFitter::new(&Contexts::tied(kinds, 1), training);
                Self::Ending(Box::new([one(tokens), one(2)]), tokens)
            }
        }
    }

    /// About what it takes, in bytes.
    pub fn memory(world: &PlanWorld, seen: &Seen, training: Training) -> u64 {
        let tokens = world.plans().tokens();
        let of = |features, tokens, length: u32| SequenceFitter::memory(features, tokens, length as usize, training);
        match (world.hazards(), seen.policy) {
            (_, SequencePolicy::Net(net)) => NetFitter::memory(net, (tokens, seen.length as usize)),
            ([], _) => of(seen.policy.features(), tokens, seen.length),
            (_, _) => of(PrefixFeatures::Tied, tokens, 1) + of(PrefixFeatures::Tied, 2, 1),
        }
    }

    /// Fits eight policies to cells: how often a response goes through each on average. Left when `stop` says so.
    pub fn fit(&mut self, cells: &[Lanes<f64>], stop: &mut dyn FnMut() -> bool) -> FitReport {
        match self {
            Self::States(own) => own.fit(cells, stop),
            Self::Ending(own, tokens) => {
                let [increments, ends] = own.as_mut();
                let (made, ended) = cells.split_at(*tokens);
                both(increments.fit(made, stop), ends.fit(ended, stop))
            }
            Self::Net(own) => {
                own.fit(cells, stop);
                // It ends after so many steps, and nobody asks where it is then.
                FitReport {
                    steps: [f64::NAN; LANES],
                    gradient: [f64::NAN; LANES],
                    converged: [1.0; LANES],
                }
            }
        }
    }

    /// Writes ln p of each cell under the last fits.
    pub fn log_probabilities(&mut self, out: &mut [Lanes<f64>]) {
        match self {
            Self::States(own) => own.log_probabilities(out),
            Self::Ending(own, tokens) => {
                let (made, ended) = out.split_at_mut(*tokens);
                own[0].log_probabilities(made);
                own[1].log_probabilities(ended);
            }
            Self::Net(own) => own.log_probabilities(out),
        }
    }
}

/// How two parts of a fit went together.
fn both(a: FitReport, b: FitReport) -> FitReport {
    let each = |of: fn(f64, f64) -> f64, a: Lanes<f64>, b: Lanes<f64>| {
        std::array::from_fn::<f64, LANES, _>(|l| of(a[l], b[l]))
    };
    FitReport {
        steps: each(f64::max, a.steps, b.steps),
        // NaN of a part that failed is NaN of the whole.
        gradient: each(|a, b| if a >= b || a.is_nan() { a } else { b }, a.gradient, b.gradient),
        converged: each(f64::min, a.converged, b.converged),
    }
}
