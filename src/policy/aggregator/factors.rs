//! Owns the arithmetic of answers to drafts by products.
//!
//! Of an answer to drafts only the votes change from layer to layer, and they are small integers. So the powers of e of which a softmax is made
//! are products of [`Factors`] that are worked out once; lanes whose factors may leave the range of a double take the highest logit off first.

use super::answers::{REACH, voted};
use super::kernels::MOST_MODES;
use crate::numerics::elementary::exp2_kernel;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use crate::policy::family::kernels::anew;
use std::f64::consts::LOG2_E;

/// Factors of the powers of e of passes that see drafts, at one temperature T. Those of a pass that lapses are e^{beta g/T}, and at modes that
/// some draft shows `checked` times that; of one that recalls they are `recalled` times as much.
#[derive(Debug, Clone)]
pub(super) struct Factors {
    /// e^{(w phi + alpha w_0 phi)/T}, by row.
    pub recalled: Vec<Lanes<f64>>,
    /// e^{(gamma s + eta)/T}, by row.
    pub checked: Vec<Lanes<f64>>,
    /// By group, the most that the logarithm of a factor to base 2 is away from 0. What is no number makes factors that are none, and
    /// answers too.
    pub reach: Vec<Lanes<f64>>,
}

impl Factors {
    /// Whether some lane's are out of [`REACH`].
    pub fn is_far(&self) -> bool {
        let mut farthest = [0.0; LANES];
        self.reach.iter().for_each(|own| reach(&mut farthest, own));
        farthest.iter().any(|far| *far > REACH)
    }
}

/// The larger in absolute value.
#[inline(always)]
fn reach(reach: &mut Lanes<f64>, x: &Lanes<f64>) {
    for l in 0..LANES {
        let size = x[l].abs();
        reach[l] = if reach[l] > size { reach[l] } else { size };
    }
}

/// Works out factors but for those of votes: by opinions, the prior's and what checking finds, and alpha, gamma and eta.
#[inline(always)]
fn factors_kernel(
    [own, prior, evidence]: [&[Lanes<f64>]; 3],
    [alpha, gamma, eta]: [f64; 3],
    cold: f64,
    modes: usize,
    out: &mut Factors,
) {
    let cold = cold * LOG2_E;
    for (group, of_group) in out.reach.iter_mut().enumerate() {
        let rows = group * modes..(group + 1) * modes;
        let seen = own[rows.clone()]
            .iter()
            .zip(&prior[rows.clone()])
            .zip(&evidence[rows.clone()]);
        let out = out.recalled[rows.clone()].iter_mut().zip(&mut out.checked[rows]);
        let mut farthest = [0.0; LANES];
        for (((own, prior), evidence), (recalled, checked)) in seen.zip(out) {
            let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
            for l in 0..LANES {
                x[l] = (own[l] + alpha * prior[l]) * cold;
            }
            for l in 0..LANES {
                y[l] = (gamma * evidence[l] + eta) * cold;
            }
            reach(&mut farthest, &x);
            reach(&mut farthest, &y);
            for l in 0..LANES {
                recalled[l] = exp2_kernel(x[l]);
            }
            for l in 0..LANES {
                checked[l] = exp2_kernel(y[l]);
            }
        }
        *of_group = farthest;
    }
}

dispatch!(pub(super) mod factors = factors_kernel(
    seen: [&[Lanes<f64>]; 3],
    weights: [f64; 3],
    cold: f64,
    modes: usize,
    out: &mut Factors,
));

/// e^{beta g/T} by votes.
#[derive(Debug, Clone)]
pub(super) struct Votes {
    all: Vec<f64>,
    /// The first of them.
    few: [u64; Self::FEW],
}

impl Votes {
    /// So many are chosen from in lanes, by the bits of the numbers of votes.
    const FEW: usize = 8;

    /// From beta g by votes and 1/T; none where one is out of reach.
    pub fn new(table: &[f64], cold: f64) -> Option<Self> {
        let power = |x: &f64| {
            let x = x * (cold * LOG2_E);
            (x.abs() <= REACH).then(|| exp2_kernel(x))
        };
        let all: Vec<f64> = table.iter().map(power).collect::<Option<_>>()?;
        let mut few = [0; Self::FEW];
        few.iter_mut().zip(&all).for_each(|(few, power)| *few = power.to_bits());
        Some(Self { all, few })
    }

    /// At numbers of votes, where they are few.
    #[inline(always)]
    fn among_few(&self, counts: &Lanes<f64>) -> Lanes<f64> {
        /// Adding it leaves an integer in the low bits.
        const ROUND: f64 = 4_503_599_627_370_496.0;
        let few = &self.few;
        let mut found = [0.0; LANES];
        for l in 0..LANES {
            let n = (counts[l] + ROUND).to_bits();
            let [one, two, four] = [n & 1, (n >> 1) & 1, (n >> 2) & 1].map(|bit| bit.wrapping_neg());
            let low = chosen(chosen(few[0], few[1], one), chosen(few[2], few[3], one), two);
            let high = chosen(chosen(few[4], few[5], one), chosen(few[6], few[7], one), two);
            found[l] = f64::from_bits(chosen(low, high, four));
        }
        found
    }
}

/// What a pass answers to drafts by products of factors, of which the last are those of votes.
#[inline(always)]
fn by_factors_kernel(
    factors: &Factors,
    votes: &Votes,
    counts: &[Lanes<f64>],
    modes: usize,
    lapse: f64,
    out: &mut [Lanes<f64>],
) {
    let mut lapsed = [[0.0; LANES]; MOST_MODES];
    let lapsed = &mut lapsed[..modes];
    for (group, out) in out.chunks_exact_mut(modes).enumerate() {
        let (first, rows) = (group * modes, [out, &mut *lapsed]);
        let counts = &counts[first..];
        if votes.all.len() <= Votes::FEW {
            group_by_factors(factors, first, counts, |counts| votes.among_few(counts), lapse, rows);
        } else {
            group_by_factors(factors, first, counts, |counts| voted(counts, &votes.all), lapse, rows);
        }
    }
}

dispatch!(pub(super) mod by_factors = by_factors_kernel(
    factors: &Factors,
    votes: &Votes,
    counts: &[Lanes<f64>],
    modes: usize,
    lapse: f64,
    out: &mut [Lanes<f64>],
));

/// The factor of a mode that some draft shows, 1 where none does. A choice between bits, because the compiler branches at one between numbers.
#[inline(always)]
fn where_shown(counts: &Lanes<f64>, factor: &Lanes<f64>) -> Lanes<f64> {
    let one = 1.0_f64.to_bits();
    let mut found = [0.0; LANES];
    for l in 0..LANES {
        let shown = u64::from(counts[l] > 0.0).wrapping_neg();
        found[l] = f64::from_bits(chosen(one, factor[l].to_bits(), shown));
    }
    found
}

/// The second where bits are set.
#[inline(always)]
fn chosen(a: u64, b: u64, bits: u64) -> u64 {
    a ^ ((a ^ b) & bits)
}

/// What is answered to the drafts of a group, by products of factors.
#[inline(always)]
fn group_by_factors(
    factors: &Factors,
    first: usize,
    counts: &[Lanes<f64>],
    votes: impl Fn(&Lanes<f64>) -> Lanes<f64>,
    lapse: f64,
    [out, lapsed]: [&mut [Lanes<f64>]; 2],
) {
    let modes = out.len();
    let own = factors.recalled[first..][..modes]
        .iter()
        .zip(&factors.checked[first..][..modes]);
    let (mut total, mut of_lapsed) = ([0.0; LANES], [0.0; LANES]);
    for (((recalled, checked), counts), (a, b)) in own.zip(counts).zip(out.iter_mut().zip(lapsed.iter_mut())) {
        let (mut read, shown) = (votes(counts), where_shown(counts, checked));
        for l in 0..LANES {
            read[l] *= shown[l];
        }
        for l in 0..LANES {
            a[l] = recalled[l] * read[l];
        }
        *b = read;
        add(&mut total, a);
        add(&mut of_lapsed, b);
    }
    let (scale, of_lapsed) = (
        total.map(|total| (1.0 - lapse) / total),
        of_lapsed.map(|total| lapse / total),
    );
    for (a, b) in out.iter_mut().zip(lapsed.iter()) {
        let (scale, of_lapsed) = (*anew(&scale), *anew(&of_lapsed));
        for l in 0..LANES {
            a[l] = a[l] * scale[l] + b[l] * of_lapsed[l];
        }
    }
}
