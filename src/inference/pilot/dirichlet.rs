//! Owns the test of the Dirichlet-multinomial law of labels, by the third and fourth moments that it implies.
//!
//! # Model
//!
//! Prompt i has p_i ~ Dirichlet(a), a = alpha base, and its k_i labels are drawn from p_i (World A; Minka 2000, Estimating a Dirichlet
//! distribution). alpha = V_y|x/V_x and base = pooled shares, by moments: it is the alpha of the K* that is reported, exists also where
//! V_x <= 0 (alpha infinite), and is refitted to every draw in no time, which maximum likelihood by Minka's fixed point is not.
//!
//! The fit takes up the rate at which two labels of a prompt agree. With (x)_r rising factorials, the next rates are
//!
//! ```text
//! q3  = P(y1 = y2 = y3)        = sum_m (a_m)_3/(alpha)_3
//! q4  = P(y1 = y2 = y3 = y4)   = sum_m (a_m)_4/(alpha)_4
//! q22 = P(y1 = y2 and y3 = y4) = q4 + [ (sum_m (a_m)_2)^2 - sum_m (a_m)_2^2 ]/(alpha)_4  = E (sum_m p_m^2)^2
//! ```
//!
//! q22 is how unlike prompts are in how often their labels agree: closed and open questions side by side raise it. The statistics are the
//! mean rates in the data (over all triples and quadruples of a prompt, prompts weighted by k-2 and k-3) less those of the fit. Their law
//! is by parametric bootstrap, with a refit of every draw. All together are judged by how far out the data lie among the draws: by the
//! leverage, which is Mahalanobis' distance with the covariance over the draws and the data alike.
//!
//! What the test cannot see: copies of a common draw, in any order, make prompts whose shares are mixtures of a Dirichlet law and a
//! single mode, and these are nearly Dirichlet with a smaller alpha. Copies of a neighbour are seen by
//! [`exchangeability`](super::Pilot::exchangeability).

use super::responses::Refusal;
use super::sample::Reservoir;
use super::tested::Tested;
use crate::numerics::stream::Stream;
use std::collections::BTreeMap;

/// Beyond these alpha is as good as infinite, or 0: there the rates no longer move.
const ALPHAS: (f64, f64) = (1e-9, 1e12);

/// How the labels of a pilot agree with the Dirichlet-multinomial law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DirichletFit {
    /// alpha = V_y|x/V_x of the responses looked at; 1e12 stands for infinity.
    pub alpha: f64,
    /// Coefficient of variation between prompts of the variance 1 - sum p^2 that the fit implies: beside
    /// [`Diagnostics::spread`](super::Diagnostics::spread).
    pub spread: f64,
    /// Prompts with three labels or more that were looked at.
    pub prompts: u64,
    /// The rate at which three labels of a prompt agree, less that of the fit.
    pub triples: Tested,
    /// The same of four labels.
    pub quadruples: Tested,
    /// The rate at which two labels of a prompt agree and two others do, less that of the fit: above 0 where prompts are more unlike than in the fit.
    pub pairs_of_pairs: Tested,
    /// Of all together, a probability: small where the law does not hold.
    pub p: f64,
}

/// P(y1 = y2), q3, q4 and q22 of the law with these base shares.
fn rates(alpha: f64, base: &[f64]) -> [f64; 4] {
    let rising = |x: f64, from: u32, to: u32| (from..to).map(|i| x + f64::from(i)).product::<f64>();
    let (mut two, mut three, mut four, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for share in base {
        let a = alpha * share;
        let pair = rising(a, 0, 2);
        two += pair;
        three += rising(a, 0, 3);
        four += rising(a, 0, 4);
        squares += pair * pair;
    }
    let by = |r: u32| rising(alpha, 0, r);
    [
        two / by(2),
        three / by(3),
        four / by(4),
        (four + two * two - squares) / by(4),
    ]
}

/// The coefficient of variation of 1 - sum p^2, p ~ Dirichlet(`alpha` `base`): in World A .54, .21 and .09 at alpha 1, 4 and 16.
/// `alpha` above 0, `base` of shares that sum to 1.
#[must_use]
pub fn implied_spread(alpha: f64, base: &[f64]) -> f64 {
    let [two, _, _, pairs] = rates(alpha, base);
    let variance = pairs - two * two;
    if variance > 0.0 {
        variance.sqrt() / (1.0 - two)
    } else {
        0.0
    }
}

/// Labels of prompts one after the other, as numbers from 0.
struct Table {
    sizes: Vec<usize>,
    labels: Vec<u32>,
    modes: usize,
}

impl Table {
    fn of(kept: &Reservoir) -> Self {
        let mut names: BTreeMap<u32, u32> = BTreeMap::new();
        let mut labels = Vec::new();
        for label in kept.prompts().iter().flat_map(|prompt| prompt.labels()) {
            let next = names.len() as u32;
            labels.push(*names.entry(*label).or_insert(next));
        }
        Self {
            sizes: kept.prompts().iter().map(|prompt| prompt.kept).collect(),
            labels,
            modes: names.len(),
        }
    }

    /// The fit, and by how much the rates depart from it.
    fn fitted(&self) -> Fitted {
        let mut sums = Sums {
            pooled: vec![0.0; self.modes],
            ..Sums::default()
        };
        let mut counts = vec![0_u32; self.modes];
        let mut from = 0;
        for &size in &self.sizes {
            sums.add(&self.labels[from..from + size], &mut counts);
            from += size;
        }
        sums.fitted()
    }

    /// Draws all labels anew, by the urn of Blackwell and MacQueen (1973): a label is of the base with probability alpha/(alpha + j),
    /// or else that of one of the j before it.
    fn draw(&mut self, alpha: f64, cumulative: &[f64], stream: &mut Stream) {
        let mut from = 0;
        for &size in &self.sizes {
            for at in 0..size {
                let place = stream.uniform() * (alpha + at as f64);
                self.labels[from + at] = if place < at as f64 {
                    self.labels[from + place as usize]
                } else {
                    let u = stream.uniform();
                    cumulative.partition_point(|&sum| sum <= u).min(self.modes - 1) as u32
                };
            }
            from += size;
        }
    }
}

/// Of triples, of quadruples, and of pairs of pairs.
type Departures = [f64; 3];

struct Fitted {
    alpha: f64,
    base: Vec<f64>,
    departures: Departures,
}

/// Sums over prompts.
#[derive(Default)]
struct Sums {
    pooled: Vec<f64>,
    prompts: f64,
    responses: f64,
    squares: f64,
    within: f64,
    own: f64,
    /// Weighted rates of triples, of quadruples and of pairs of pairs, with their weights.
    rates: Departures,
    weights: Departures,
}

impl Sums {
    /// Adds a prompt; `counts` is all 0 before and after.
    fn add(&mut self, labels: &[u32], counts: &mut [u32]) {
        labels.iter().for_each(|&label| counts[label as usize] += 1);
        let (mut square, mut pairs, mut triples, mut fours, mut squared_pairs) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for &label in labels {
            // Each label is taken once.
            let c = f64::from(std::mem::take(&mut counts[label as usize]));
            self.pooled[label as usize] += c;
            let pair = c * (c - 1.0);
            square += c * c;
            pairs += pair;
            triples += pair * (c - 2.0);
            fours += pair * (c - 2.0) * (c - 3.0);
            squared_pairs += pair * pair;
        }
        let k = labels.len() as f64;
        self.prompts += 1.0;
        self.responses += k;
        self.squares += k * k;
        self.own += square / k;
        self.within += k - square / k;
        // sum over triples of their rate, with weight k-2, and so on.
        if labels.len() >= 3 {
            self.rates[0] += triples / (k * (k - 1.0));
            self.weights[0] += k - 2.0;
        }
        if labels.len() >= 4 {
            let choices = k * (k - 1.0) * (k - 2.0);
            self.rates[1] += fours / choices;
            self.rates[2] += (fours + pairs * pairs - squared_pairs) / choices;
            self.weights[1] += k - 3.0;
            self.weights[2] += k - 3.0;
        }
    }

    fn fitted(self) -> Fitted {
        let (n, all) = (self.prompts, self.responses);
        let base: Vec<f64> = self.pooled.iter().map(|count| count / all).collect();
        let response = self.within / (all - n);
        let between = self.own - all * base.iter().map(|share| share * share).sum::<f64>();
        let prompt = (between / (n - 1.0) - response) * (n - 1.0) / (all - self.squares / all);
        let alpha = if prompt > 0.0 { response / prompt } else { f64::INFINITY };
        let alpha = alpha.clamp(ALPHAS.0, ALPHAS.1);
        let [_, implied @ ..] = rates(alpha, &base);
        let departure = |at: usize| match self.weights[at] > 0.0 {
            true => self.rates[at] / self.weights[at] - implied[at],
            false => 0.0,
        };
        Fitted {
            departures: [0, 1, 2].map(departure),
            alpha,
            base,
        }
    }
}

/// Tests the fit by `draws` pilots drawn from it.
pub(super) fn of(kept: &Reservoir, draws: usize, stream: &mut Stream) -> Result<DirichletFit, Refusal> {
    let mut table = Table::of(kept);
    let prompts = table.sizes.iter().filter(|&&size| size >= 3).count() as u64;
    if prompts < 2 {
        return Err(Refusal::TooFewPrompts {
            prompts,
            responses: 3,
            needed: 2,
        });
    }
    let own = table.fitted();
    let mut all = vec![own.departures];
    all.extend(drawn(&mut table, &own, draws, stream));
    let out = leverages(&all);
    let as_far = out.iter().filter(|&&far| far >= out[0] * (1.0 - 1e-12)).count();
    let tested = |at: usize| Tested {
        value: own.departures[at],
        p: two_sided(&all, at),
    };
    Ok(DirichletFit {
        alpha: own.alpha,
        spread: implied_spread(own.alpha, &own.base),
        prompts,
        triples: tested(0),
        quadruples: tested(1),
        pairs_of_pairs: tested(2),
        p: as_far as f64 / all.len() as f64,
    })
}

/// The departures of `draws` pilots drawn from a fit, each from its own.
fn drawn<'a>(
    table: &'a mut Table,
    from: &Fitted,
    draws: usize,
    stream: &'a mut Stream,
) -> impl Iterator<Item = Departures> + use<'a> {
    let mut cumulative = from.base.clone();
    (1..cumulative.len()).for_each(|at| cumulative[at] += cumulative[at - 1]);
    let alpha = from.alpha;
    (0..draws).map(move |_| {
        table.draw(alpha, &cumulative, stream);
        table.fitted().departures
    })
}

/// How many of the numbers at `at` are as far out as the first on its side, doubled, as a share of all.
fn two_sided(all: &[Departures], at: usize) -> f64 {
    let own = all[0][at];
    let below = all.iter().filter(|other| other[at] <= own).count();
    let above = all.iter().filter(|other| other[at] >= own).count();
    (2.0 * below.min(above) as f64 / all.len() as f64).min(1.0)
}

/// How far out each row lies: the squares of the rows of the centred columns, made orthonormal one after the other (Gram and Schmidt).
fn leverages(all: &[Departures]) -> Vec<f64> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for at in 0..3 {
        let mean = all.iter().map(|row| row[at]).sum::<f64>() / all.len() as f64;
        let mut column: Vec<f64> = all.iter().map(|row| row[at] - mean).collect();
        let before = product(&column, &column);
        for other in &columns {
            let along = product(&column, other);
            column.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
        }
        let left = product(&column, &column);
        // A column that says nothing new, such as quadruples where all prompts have three labels, is rounding.
        if left > 1e-9 * before {
            column.iter_mut().for_each(|x| *x /= left.sqrt());
            columns.push(column);
        }
    }
    (0..all.len())
        .map(|row| columns.iter().map(|column| column[row] * column[row]).sum())
        .collect()
}

#[cfg(test)]
#[path = "dirichlet_tests.rs"]
mod tests;
