//! Owns one question to theory about what is kept: what it costs, what names it, and its answer as numbers.

use super::why;
use crate::engine::{ExactJob, Key};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::text::{float, floats};
use crate::theory::selected::{
    Ask, PoolLaw, Rule, Scaling, Selected, Weights, best, best_noisy, by_counts, enumerate, filter_noisy,
    filter_noisy_mean,
};
use std::sync::Arc;

/// What one vector of counts takes in an enumeration, in nanoseconds: for each rule that treats all modes alike, each answer
/// of such a rule, and each of another.
const PER_VECTOR: [u64; 3] = [150, 80, 350];

/// One term of the closed forms, in nanoseconds.
const PER_TERM: u64 = 10;

/// Nodes of the trapezoid rules that an answer with noisy rewards takes together.
const NODES: u64 = 1024;

/// What is known of the law of the share by mode that an arm keeps.
#[derive(Debug, Clone)]
pub(in crate::study) enum Law {
    /// Theory has none, and why: a clause that can stand after 'no exact value: '.
    None(&'static str),
    /// Its moments.
    Is(Arc<Selected>),
    /// It takes long and has not been worked out yet.
    Pending,
}

impl Law {
    fn of(found: Option<Selected>, why_none: &'static str) -> Self {
        found.map_or(Law::None(why_none), |law| Law::Is(Arc::new(law)))
    }
}

/// A question about one pool.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub pool: PoolLaw,
    pub about: About,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) enum About {
    /// K by rewards, each the mode's own plus normal noise: at random of those above a threshold, else the highest.
    Ranked {
        rewards: Vec<f64>,
        noise: f64,
        threshold: f64,
        keep: u32,
    },
    /// Functions of counts: one pass through all vectors of counts answers all of them.
    Counts(Vec<Ask>),
}

impl Question {
    /// About how many nanoseconds of one core the answer takes.
    pub fn nanoseconds(&self) -> u64 {
        let modes = self.pool.modes() as u64;
        let candidates = self.pool.candidates();
        let (each, times) = match &self.about {
            // At each node and mode a series of K N terms from one another, and for every other mode again as many.
            About::Ranked { noise, keep, .. } if *noise > 0.0 && !self.alike() => {
                let terms = u64::from(candidates) * u64::from(*keep);
                (modes * (terms * terms / 4 + PER_TERM * modes * terms), NODES)
            }
            // At each node and mode, three normal integrals for every mode, and binomial tails of N.
            About::Ranked { noise, .. } if *noise > 0.0 => {
                (PER_TERM * modes * (3 * modes + 2 * u64::from(candidates)), NODES)
            }
            // At each of N/2 nodes per mode, a binomial tail of N.
            About::Ranked { .. } if self.pool.concentration().is_infinite() => {
                (PER_TERM * modes * u64::from(candidates), u64::from(candidates / 2))
            }
            // The rivals of each mode, by how many beat it and how many it ties with.
            About::Ranked { keep, .. } => (PER_TERM * modes * u64::from(candidates), u64::from(*keep)),
            About::Counts(asks) => (
                self.per_vector(asks),
                enumerate::count_vectors(candidates, self.pool.modes()),
            ),
        };
        each.saturating_mul(times)
    }

    /// Whether prompts are all alike and no response is wrong or filtered.
    fn alike(&self) -> bool {
        let best = matches!(self.about, About::Ranked { threshold, .. } if threshold == f64::INFINITY);
        best && self.pool.wrong().is_none() && self.pool.concentration().is_infinite()
    }

    fn per_vector(&self, asks: &[Ask]) -> u64 {
        let [rule, alike, other] = PER_VECTOR;
        let symmetric = asks.iter().filter(|ask| ask.rule.is_symmetric());
        let rules = [Rule::Diverse, Rule::DiverseMaxMin];
        let rules = rules
            .iter()
            .filter(|rule| asks.iter().any(|ask| ask.rule == **rule))
            .count() as u64;
        let symmetric = symmetric.count() as u64;
        self.pool.modes() as u64 + rule * rules + alike * symmetric + other * (asks.len() as u64 - symmetric)
    }

    /// The first answer, at once.
    pub fn law(&self) -> Law {
        Law::of(self.answer().swap_remove(0), self.why_none())
    }

    fn why_none(&self) -> &'static str {
        why::of_job(matches!(self.about, About::Ranked { noise, .. } if noise > 0.0))
    }

    /// The answers, in the order of what is asked, from the numbers of its job, as far as they are known.
    pub fn known(&self, numbers: Option<&[f64]>) -> Vec<Law> {
        let size = self.pool.modes() * (1 + self.pool.modes());
        match numbers {
            // Numbers of another count would be a fault of whoever knows them: better none.
            Some(numbers) if numbers.len() == self.answers() * size => numbers
                .chunks_exact(size)
                .map(|own| Law::of(self.read(own), self.why_none()))
                .collect(),
            _ => vec![Law::Pending; self.answers()],
        }
    }

    /// How many there are: at least one.
    pub fn answers(&self) -> usize {
        match &self.about {
            About::Ranked { .. } => 1,
            About::Counts(asks) => asks.len(),
        }
    }

    /// None where theory has no answer.
    pub fn answer(&self) -> Vec<Option<Selected>> {
        match &self.about {
            About::Ranked {
                rewards,
                noise,
                threshold,
                keep,
            } => vec![match (*threshold == f64::INFINITY, *noise > 0.0) {
                (true, true) => best_noisy(&self.pool, rewards, *noise, *keep).ok(),
                (true, false) => best(&self.pool, rewards, *keep).ok(),
                (false, _) => filter_noisy(&self.pool, rewards, *noise, *threshold, *keep).ok(),
            }],
            About::Counts(asks) => match by_counts(&self.pool, asks) {
                Ok(found) => found.into_iter().map(Some).collect(),
                Err(_) => vec![None; asks.len()],
            },
        }
    }

    /// The mean of the first answer; none where theory has none. Of noisy rewards it is quick beside the whole answer.
    pub fn mean(&self) -> Option<Vec<f64>> {
        match &self.about {
            About::Ranked {
                rewards,
                noise,
                threshold,
                keep,
            } if *noise > 0.0 && !self.alike() => {
                filter_noisy_mean(&self.pool, rewards, *noise, *threshold, *keep).ok()
            }
            _ => Some(self.answer().swap_remove(0)?.mean),
        }
    }

    /// The answers as a unit of work.
    pub fn job(&self) -> ExactJob {
        let modes = self.pool.modes();
        let size = modes * (1 + modes);
        let own = self.clone();
        let work = move || {
            let numbers = |law: Option<Selected>| match law {
                Some(law) => [law.mean, law.second].concat(),
                None => vec![f64::NAN; size],
            };
            own.answer().into_iter().flat_map(numbers).collect()
        };
        ExactJob::new(self.key(), self.answers() * size, self.nanoseconds(), work)
    }

    /// The moments that a job's numbers hold.
    fn read(&self, numbers: &[f64]) -> Option<Selected> {
        let (mean, second) = numbers.split_at(self.pool.modes());
        let law = || Selected {
            mean: mean.to_vec(),
            second: second.to_vec(),
        };
        (!mean[0].is_nan()).then(law)
    }

    /// All that the answer depends on. The version of a law rises when its bits move.
    pub fn key(&self) -> Key {
        let mut lines = vec![
            format!("law 1 numerics {NUMERICS_VERSION}"),
            format!("weights {}", floats(self.pool.weights())),
            format!("concentration {}", float(self.pool.concentration())),
            format!("candidates {}", self.pool.candidates()),
        ];
        if let Some(wrong) = self.pool.wrong() {
            let (share, clustering) = (float(wrong.share), float(wrong.clustering));
            lines.push(format!(
                "wrong {share} of {} modes clustering {clustering}",
                wrong.modes
            ));
        }
        match &self.about {
            About::Ranked {
                rewards,
                noise,
                threshold,
                keep,
            } => {
                let name = match *threshold == f64::INFINITY {
                    true => "best".to_owned(),
                    false => format!("filter above {}", float(*threshold)),
                };
                lines.push(format!(
                    "ask {name} keep {keep} noise {} rewards {}",
                    float(*noise),
                    floats(rewards)
                ));
            }
            About::Counts(asks) => lines.extend(asks.iter().map(asked)),
        }
        Key::new(lines.join("\n"))
    }
}

/// An ask in words: two are the same exactly if their texts are.
pub(super) fn asked(ask: &Ask) -> String {
    let rule = match &ask.rule {
        Rule::DiverseBest {
            rewards,
            lambda,
            scaling,
        } => {
            let scaling = match scaling {
                Scaling::Raw => "raw",
                Scaling::InPool => "in-pool",
            };
            format!(
                " lambda {} scaling {scaling} rewards {}",
                float(*lambda),
                floats(rewards)
            )
        }
        Rule::Best { rewards } => format!(" rewards {}", floats(rewards)),
        Rule::Filter { rewards, threshold } => format!(" above {} rewards {}", float(*threshold), floats(rewards)),
        Rule::Random | Rule::Diverse | Rule::DiverseMaxMin => String::new(),
    };
    let weights = match ask.weights {
        Weights::Equal => "",
        Weights::SplitCoverage => " weighted split",
        Weights::FirstCoverage => " weighted",
    };
    format!("ask {} keep {}{weights}{rule}", ask.rule.name(), ask.keep)
}
