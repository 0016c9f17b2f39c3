//! Owns how many responses each prompt should have where prompts differ in how much their responses vary: Neyman allocation between the
//! units of a two-stage sample (Neyman 1934; Cochran 1977, sections 5.5 and 10.10).
//!
//! Prompt x has K(x) responses, fixed before they are drawn, of variance v(x) each at the price C_r(x); prompts count equally, so a
//! response counts 1/K(x). The variance of the mean over N_p independent prompts and its expected cost are
//!
//! ```text
//! Var = [V_x + E v(x)/K(x)] / N_p         cost = N_p [C_p + E C_r(x) K(x)]
//! ```
//!
//! Their product is what a budget divides. It is least at K(x) = sqrt(v(x)/V_x C_p/C_r(x)), where it is
//! (sqrt(C_p V_x) + E sqrt(C_r v))^2 (Cauchy and Schwarz). Over the best K that is the same for all prompts that gains
//! [(1 + kappa)/(1 + kappa c_v)]^2 with kappa = sqrt(C_r V_{y|x}/(C_p V_x)) and c_v = E sqrt(v)/sqrt(E v): never more than 1/c_v^2, and next
//! to nothing where prompts are dear.
//!
//! A list of all responses in which each counts the same is no such mean: it tends to E[K mu]/E K, mu(x) what is expected of a response, and
//! is unbiased only where K and mu are not correlated, as for a constant K.
//!
//! - [`Allocation`]: the best K for each kind of prompt, in real numbers, with bounds, and rounded.
//! - [`spread`]: the best whole numbers of responses for prompts that are there, of so many in all.
//! - [`OpenShare`]: closed and open prompts side by side.
//! - [`two_stage`]: what a pilot does that says which prompts shall have more.
//! - [`acceptance`]: where only some of the responses that are made are kept.

pub mod acceptance;
mod fixed;
pub mod two_stage;

pub use fixed::spread;

use super::budget::Costs;
use super::variance_law::Components;

/// Prompts of one kind: a share of all, or one prompt of a population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kind {
    /// Which share of prompts is of it; shares sum to 1.
    pub share: f64,
    /// v: the variance of a response given such a prompt, 0 or more.
    pub variance: f64,
    /// C_r: the price of a response, above 0.
    pub price: f64,
}

/// Kinds of prompts among which responses are to be allocated.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// V_x: the variance between prompts, of all kinds; above 0.
    pub between: f64,
    /// C_p: the price of a prompt; above 0.
    pub prompt_price: f64,
    /// The kinds, at least one.
    pub kinds: Vec<Kind>,
}

/// Halvings of the range in which the scale of the best allocation lies: as many as a double has bits, twice over.
const HALVINGS: usize = 128;

impl Allocation {
    /// Prompts of a population, each as likely as another, with one price of a response.
    pub fn of_prompts(between: f64, costs: &Costs, variances: &[f64]) -> Self {
        let share = 1.0 / variances.len() as f64;
        let kind = |&variance: &f64| Kind {
            share,
            variance,
            price: costs.response,
        };
        Self {
            between,
            prompt_price: costs.prompt,
            kinds: variances.iter().map(kind).collect(),
        }
    }

    /// The mean over prompts.
    fn mean(&self, of: impl Fn(&Kind) -> f64) -> f64 {
        self.kinds.iter().map(|kind| kind.share * of(kind)).sum()
    }

    /// E v and E C_r: what a constant number of responses sees of the kinds.
    fn pooled(&self) -> (Components, Costs) {
        let components = Components {
            prompt: self.between,
            response: self.mean(|kind| kind.variance),
        };
        let costs = Costs {
            prompt: self.prompt_price,
            response: self.mean(|kind| kind.price),
        };
        (components, costs)
    }

    /// K*: the best number, in real numbers, that is the same for all prompts.
    pub fn best_constant(&self) -> f64 {
        let (components, costs) = self.pooled();
        costs.best_responses(&components)
    }

    /// V_x + E v/K with so many responses of each kind: N_p times the variance of the mean. Infinite where a kind with a variance has none.
    pub fn variance(&self, responses: &[f64]) -> f64 {
        let of_kind = |(kind, k): (&Kind, &f64)| match kind.variance > 0.0 {
            true => kind.share * kind.variance / k,
            false => 0.0,
        };
        self.between + self.kinds.iter().zip(responses).map(of_kind).sum::<f64>()
    }

    /// C_p + E C_r K: what a prompt costs with its responses.
    pub fn price(&self, responses: &[f64]) -> f64 {
        let prices = self.kinds.iter().zip(responses);
        self.prompt_price + prices.map(|(kind, k)| kind.share * kind.price * k).sum::<f64>()
    }

    /// Variance times cost, what a budget divides: [`variance`](Self::variance) times [`price`](Self::price).
    pub fn product(&self, responses: &[f64]) -> f64 {
        self.variance(responses) * self.price(responses)
    }

    /// The same of one number for all kinds.
    pub fn product_of_constant(&self, responses: f64) -> f64 {
        self.product(&vec![responses; self.kinds.len()])
    }

    /// K(x) = sqrt(v/V_x C_p/C_r): the best numbers without bounds; 0 for a kind whose responses are alike.
    pub fn best(&self) -> Vec<f64> {
        let of_kind = |kind: &Kind| (kind.variance / self.between * self.prompt_price / kind.price).sqrt();
        self.kinds.iter().map(of_kind).collect()
    }

    /// (sqrt(C_p V_x) + E sqrt(C_r v))^2: the least product without bounds.
    pub fn least_product(&self) -> f64 {
        let root = (self.prompt_price * self.between).sqrt() + self.mean(|kind| (kind.price * kind.variance).sqrt());
        root * root
    }

    /// c_v = E sqrt(C_r v)/sqrt(E v E C_r), at most 1: how unequal prompts are in what their responses vary.
    pub fn evenness(&self) -> f64 {
        let (components, costs) = self.pooled();
        self.mean(|kind| (kind.price * kind.variance).sqrt()) / (components.response * costs.response).sqrt()
    }

    /// kappa = sqrt(C_r V_{y|x}/(C_p V_x)) = C_r K*/C_p: what responses cost beside prompts at the best constant K.
    pub fn response_weight(&self) -> f64 {
        let (components, costs) = self.pooled();
        (costs.response * components.response / (costs.prompt * components.prompt)).sqrt()
    }

    /// The best numbers from `low` to `high`, both above 0: K(x) = s sqrt(v/C_r) cut to them. s^2 is what prompts cost over what they vary,
    /// with all kinds that stand at a bound counted to the prompts; the one s for which that holds is where a rising function crosses 0.
    pub fn within(&self, low: f64, high: f64) -> Vec<f64> {
        let root = |kind: &Kind| (kind.variance / kind.price).sqrt();
        let at = |scale: f64| -> Vec<f64> {
            let all = self.kinds.iter();
            all.map(|kind| (scale * root(kind)).clamp(low, high)).collect()
        };
        let bound = |scale: f64| {
            let mut sums = (self.prompt_price, self.between);
            for (kind, k) in self.kinds.iter().zip(at(scale)) {
                if k <= low || k >= high {
                    sums.0 += kind.share * kind.price * k;
                    sums.1 += kind.share * kind.variance / k;
                }
            }
            sums
        };
        let excess = |scale: f64| {
            let (price, variance) = bound(scale);
            scale * scale * variance - price
        };
        let most = self.kinds.iter().map(root).fold(0.0, f64::max);
        if most == 0.0 {
            return vec![low; self.kinds.len()];
        }
        // Above the first every kind with a variance that is not next to nothing stands at the upper bound, below the second all at the lower.
        let least = self.kinds.iter().map(root).filter(|r| *r > 0.0).fold(most, f64::min);
        let (mut below, mut above) = (low / most, high / least);
        for _ in 0..HALVINGS {
            // At equal ratios: the two ends may lie orders of magnitude apart.
            let middle = (below * above).sqrt();
            match excess(middle) < 0.0 {
                true => below = middle,
                false => above = middle,
            }
        }
        at(above)
    }

    /// The nearest whole numbers to those [`within`](Self::within).
    pub fn whole_within(&self, low: f64, high: f64) -> Vec<f64> {
        self.within(low, high).into_iter().map(f64::round).collect()
    }

    /// What so many responses of each kind gain over the best constant number from 1 on: the ratio of the two products.
    pub fn gain(&self, responses: &[f64]) -> f64 {
        self.product_of_constant(self.best_constant().max(1.0)) / self.product(responses)
    }
}

/// [(1 + kappa)/(1 + kappa c_v)]^2: what K(x) without bounds gains over the best constant number.
pub fn gain(response_weight: f64, evenness: f64) -> f64 {
    let root = (1.0 + response_weight) / (1.0 + response_weight * evenness);
    root * root
}

/// Closed and open prompts: a known share is open, the others have one known answer each, of which one response is enough, and say
/// nothing of the open ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenShare {
    /// The share of open prompts, above 0 and up to 1.
    pub share: f64,
    /// V_x and V_{y|x} among open prompts.
    pub components: Components,
    /// C_p and C_r.
    pub costs: Costs,
}

impl OpenShare {
    /// sqrt(V_{y|x}/V_x [C_p + C_r (1 - share)]/(share C_r)): the best number for open prompts if closed ones have one each.
    pub fn best_open(&self) -> f64 {
        let Costs { prompt, response } = self.costs;
        let fixed = prompt + response * (1.0 - self.share);
        (self.components.response / self.components.prompt * fixed / (self.share * response)).sqrt()
    }

    /// Variance times cost, of one open prompt and one prompt: with so many responses of open and of closed prompts.
    pub fn product(&self, open: f64, closed: f64) -> f64 {
        let mean = self.share * open + (1.0 - self.share) * closed;
        (self.components.prompt + self.components.response / open) * (self.costs.prompt + self.costs.response * mean)
    }

    /// The same as an [`Allocation`] of two kinds, open ones first. Its products are `share` times those here.
    pub fn allocation(&self) -> Allocation {
        let kind = |share: f64, variance: f64| Kind {
            share,
            variance,
            price: self.costs.response,
        };
        Allocation {
            between: self.share * self.components.prompt,
            prompt_price: self.costs.prompt,
            kinds: vec![kind(self.share, self.components.response), kind(1.0 - self.share, 0.0)],
        }
    }
}

#[cfg(test)]
mod tests;
