//! Owns the expected excess NLL of a converged shared fit given that every mode was seen: exact, in World A.
//!
//! A converged fit without a ridge is the shares of modes among the n = N_p K responses kept at random, so its excess NLL over
//! the best shared policy is KL(pi || s/n) with s the counts: infinite where some mode is missing, and else the sum over modes
//! of pi_m ln(n pi_m / s_m). Its mean over fits in which every mode was seen needs E[ln s_m; all seen] and P(all seen).
//!
//! By inclusion and exclusion over the sets A of other modes that may be absent, E[z^s_m; all seen] is the sum of
//! (-1)^|A| (G(z)^N_p - G(0)^N_p), where G(z) sums over c the probability that a prompt keeps c responses of mode m and none of
//! A, times z^c: a beta-binomial law. Instead of powers of polynomials in n coefficients, ln is an integral (Frullani),
//! ln(s/x) = integral over t > 0 of (e^(-xt) - e^(-st))/t, which takes G at z = e^(-t) alone. So the cost does not grow with
//! N_p, and no coefficient is lost among larger ones.
//!
//! In ln t the trapezoid rule of step h errs by no more than some e^(-pi^2/h), since the transform of exp(-e^x) is the gamma
//! function on the imaginary axis: 1e-17 at h = 1/4. What remains is the rounding of terms of size 1, so that the result errs
//! by some 1e-15 in nats, and by as much over P(all seen) where that is small.

use super::missing::missing_share;
use crate::numerics::elementary::{exp, exp_m1, ln, ln_1p};

/// The least P(all seen) for which a mean is given: below it rounding is no longer small beside the terms' sum, and what is left
/// of the fits is no picture of them.
pub const LEAST_COMPLETE: f64 = 1e-3;

/// The most responses per prompt of which a mean is given: the work grows with them.
pub const MOST_RESPONSES: u64 = 4096;

/// Step of the trapezoid rule in ln t.
const STEP: f64 = 0.25;

/// Where the rule begins, in ln(n t): what is left out is below e^-42 of n t, which bounds the terms there.
const FIRST: f64 = -42.0;

/// Where it ends, in t times 1, the least count, or the least expected count where that is below: what is left out is below 1e-19.
const LAST: f64 = 45.0;

/// Sets that occur with less probability than e^-50, each over the number of all sets, are left out.
const RARE_SET: f64 = -50.0;

/// A coefficient of G below which it and all later ones are left out.
const SMALL_TAIL: f64 = 1e-40;

/// What one set takes at one node, in nanoseconds, and how much more each coefficient.
const PER_NODE: f64 = 60.0;
const PER_COEFFICIENT: f64 = 0.7;

/// Why no mean is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMean {
    /// More than [`MOST_MODES_ENUMERATED`](super::missing::MOST_MODES_ENUMERATED).
    ManyModes,
    /// More than [`MOST_RESPONSES`].
    ManyResponses,
    /// P(all seen) is below [`LEAST_COMPLETE`].
    FewComplete,
}

/// Fits to `responses` kept at random of each of `prompts` fresh prompts, with pi(x) ~ Dirichlet(`concentration` * `base`).
#[derive(Debug, Clone, PartialEq)]
pub struct CompleteFits {
    base: Vec<f64>,
    concentration: f64,
    prompts: u64,
    responses: u64,
    /// P(all seen): the share of fits in which every mode has a response. From [`LEAST_COMPLETE`] to 1.
    all_seen: f64,
    /// A mass from which on sets are too rare to count.
    most_absent: f64,
}

impl CompleteFits {
    /// `concentration` may be infinite: then all prompts are alike. At least one prompt and one response.
    ///
    /// # Errors
    ///
    /// Where no mean is given: see [`NoMean`].
    pub fn new(base: &[f64], concentration: f64, prompts: u64, responses: u64) -> Result<Self, NoMean> {
        // Beyond this bound nothing changes any more, and an infinite concentration would divide itself.
        let concentration = concentration.min(1e100);
        let missing = missing_share(base, concentration, prompts, responses).ok_or(NoMean::ManyModes)?;
        if responses > MOST_RESPONSES {
            return Err(NoMean::ManyResponses);
        }
        let all_seen = 1.0 - missing;
        if all_seen < LEAST_COMPLETE {
            return Err(NoMean::FewComplete);
        }
        let fits = Self {
            base: base.to_vec(),
            concentration,
            prompts,
            responses,
            all_seen,
            most_absent: 1.0,
        };
        Ok(Self {
            most_absent: fits.most_absent(),
            ..fits
        })
    }

    /// About how many nanoseconds of one core [`excess_nll`](Self::excess_nll) takes.
    pub fn nanoseconds(&self) -> u64 {
        let classes = classes(&self.base);
        let mut kept = 0_usize;
        self.sets(&classes, |_| kept += 1);
        let nodes = self.nodes() as f64;
        let each = PER_NODE + PER_COEFFICIENT * self.responses as f64;
        (kept as f64 * classes.len() as f64 * nodes * each) as u64
    }

    /// The mean of KL(pi || s/n) over fits in which every mode was seen, in nats.
    pub fn excess_nll(&self) -> f64 {
        let times = self.times();
        let classes = classes(&self.base);
        let of_class = |(place, class): (usize, &Class)| {
            let mut others = classes.clone();
            others[place].modes -= 1;
            class.modes as f64 * class.mass * self.log_ratio(class.mass, &others, &times)
        };
        let sum: f64 = classes.iter().enumerate().map(of_class).sum();
        sum / self.all_seen
    }

    /// E[ln(n pi / s); all seen] of a mode of mass pi beside `others`.
    fn log_ratio(&self, mass: f64, others: &[Class], times: &[Time]) -> f64 {
        let mut seen = vec![0.0; times.len()];
        let mut scratch = vec![0.0; times.len()];
        self.sets(others, |set| {
            let law = self.law(mass, set);
            law.add(times, self.prompts as f64, set.sign, &mut scratch, &mut seen);
        });
        let expected = self.total() * mass;
        let terms = times.iter().zip(&seen);
        // The other sign than in the integral of ln(s/x).
        terms
            .map(|(time, seen)| seen - self.all_seen * exp(-expected * time.t))
            .sum::<f64>()
            * STEP
    }

    /// N_p K.
    fn total(&self) -> f64 {
        self.prompts as f64 * self.responses as f64
    }

    fn nodes(&self) -> usize {
        let rarest = self.base.iter().copied().fold(1.0, f64::min);
        let least = f64::min(1.0, self.total() * rarest);
        ((ln(self.total()) + ln(LAST / least) - FIRST) / STEP) as usize + 2
    }

    fn times(&self) -> Vec<Time> {
        let first = FIRST - ln(self.total());
        let of_node = |node: usize| {
            let t = exp(first + STEP * node as f64);
            Time {
                t,
                power: exp(-t),
                rest: -exp_m1(-t),
            }
        };
        (0..self.nodes()).map(of_node).collect()
    }

    /// Hands on every set of modes of these classes that may be absent with a probability that counts; sets with as many modes
    /// of each class are one.
    fn sets(&self, classes: &[Class], mut each: impl FnMut(&Absent)) {
        Absent::NONE.with(classes, self.most_absent, &mut each);
    }

    /// A mass from which on sets are too rare to count, found by halving: their probability falls with their mass.
    fn most_absent(&self) -> f64 {
        let least = RARE_SET - self.base.len() as f64 * std::f64::consts::LN_2;
        let (mut counts, mut negligible) = (0.0, 1.0);
        for _ in 0..24 {
            let middle = 0.5 * (counts + negligible);
            match self.prompts as f64 * ln_1p(-self.some_of(middle).min(1.0)) < least {
                true => negligible = middle,
                false => counts = middle,
            }
        }
        negligible
    }

    /// The probability that some response of a prompt lies in modes of this mass: sums of positive terms, whatever it is.
    fn some_of(&self, mass: f64) -> f64 {
        let mut some = 0.0;
        for earlier in 0..self.responses {
            let next = self.concentration * mass / (self.concentration + earlier as f64);
            some += (1.0 - some) * next;
            if some == 1.0 {
                break;
            }
        }
        some
    }

    /// What a prompt keeps of a mode of this mass, given that it keeps nothing of a set.
    fn law(&self, mass: f64, set: &Absent) -> Law {
        let some = self.some_of(set.mass);
        let (own, other) = (self.concentration * mass, self.concentration * set.left);
        let tails = tails(own, other, self.responses, 1.0 - some);
        Law { some, tails }
    }
}

/// Modes of one mass.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Class {
    mass: f64,
    modes: u32,
}

impl Class {
    /// The mass of each.
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// How many there are.
    pub fn modes(&self) -> u32 {
        self.modes
    }
}

/// Modes by falling mass, those of equal mass together: what is expected of one is expected of each.
pub(super) fn classes(base: &[f64]) -> Vec<Class> {
    let mut masses = base.to_vec();
    masses.sort_by(|a, b| b.total_cmp(a));
    let mut classes: Vec<Class> = Vec::new();
    for mass in masses {
        match classes.last_mut() {
            Some(class) if class.mass == mass => class.modes += 1,
            _ => classes.push(Class { mass, modes: 1 }),
        }
    }
    classes
}

/// All sets of absent modes with so many of each class.
#[derive(Debug, Clone, Copy)]
struct Absent {
    /// How many sets these are, negative where they have an odd number of modes.
    sign: f64,
    /// Their mass.
    mass: f64,
    /// The mass of the modes of these classes that are not among them.
    left: f64,
}

impl Absent {
    /// The set of no mode, before any class is looked at.
    const NONE: Absent = Absent {
        sign: 1.0,
        mass: 0.0,
        left: 0.0,
    };

    /// Hands on these sets with every number of modes of the `classes` that are still to be looked at, up to a mass.
    fn with(self, classes: &[Class], most: f64, each: &mut impl FnMut(&Absent)) {
        let Some((class, others)) = classes.split_first() else {
            return each(&self);
        };
        let mut sign = self.sign;
        for count in 0..=class.modes {
            let mass = self.mass + f64::from(count) * class.mass;
            if mass > most {
                return;
            }
            // A sum and no difference, so that it is 0 where no mode is left.
            let left = self.left + f64::from(class.modes - count) * class.mass;
            Absent { sign, mass, left }.with(others, most, each);
            sign *= -f64::from(class.modes - count) / f64::from(count + 1);
        }
    }
}

/// One node of the rule: t, e^-t and 1 - e^-t.
struct Time {
    t: f64,
    power: f64,
    rest: f64,
}

/// How many responses of one mode a prompt keeps and none of a set of others: 1 - G(z) = `some` + (1 - z) sum of
/// `tails[c]` z^c, all terms positive, so that the power of G is right however near 1 it is.
struct Law {
    /// The probability that the prompt keeps some response of the set.
    some: f64,
    /// The probability of more than c responses of the mode, and none of the set.
    tails: Vec<f64>,
}

impl Law {
    /// Adds sign (G(e^-t)^N_p - G(0)^N_p) to `sums` at each time.
    fn add(&self, times: &[Time], prompts: f64, sign: f64, scratch: &mut [f64], sums: &mut [f64]) {
        let power = |off: f64| exp(prompts * ln_1p(-off.min(1.0)));
        scratch.fill(0.0);
        for tail in self.tails.iter().rev() {
            for (sum, time) in scratch.iter_mut().zip(times) {
                *sum = *sum * time.power + tail;
            }
        }
        let never = power(self.some + self.tails.first().unwrap_or(&0.0));
        for ((sum, polynomial), time) in sums.iter_mut().zip(scratch.iter()).zip(times) {
            *sum += sign * (power(self.some + time.rest * polynomial) - never);
        }
    }
}

/// `total` times the probability that more than c of `count` draws of an urn lie in a part of weight `own`, and the others in one of weight
/// `other`: c = 0 .. `count` - 1, as far as it counts.
pub(super) fn tails(own: f64, other: f64, count: u64, total: f64) -> Vec<f64> {
    let mut tails = shares(own, other, count);
    let mut sum = 0.0;
    for tail in tails.iter_mut().rev() {
        sum += *tail;
        *tail = sum;
    }
    let scale = total / sum;
    tails.iter_mut().for_each(|tail| *tail *= scale);
    // The first is of all counts; those of c or more follow, c = 1 .. K.
    tails.remove(0);
    while tails.last().is_some_and(|&last| last < SMALL_TAIL) {
        tails.pop();
    }
    tails
}

/// Numbers proportional to the probabilities that c of `count` draws of an urn lie in a part of weight `own`, and the others in
/// one of weight `other`: c = 0 .. `count`.
fn shares(own: f64, other: f64, count: u64) -> Vec<f64> {
    /// A share that grows beyond this is scaled down, with those before it: none of them counts beside it.
    const LARGE: f64 = 1e100;
    let k = count as f64;
    if other == 0.0 {
        return (0..=count).map(|c| if c == count { 1.0 } else { 0.0 }).collect();
    }
    let mut shares = vec![1.0];
    let mut last = 1.0;
    for c in 0..count {
        let c = c as f64;
        last *= (k - c) / (c + 1.0) * ((own + c) / (other + (k - c - 1.0)));
        if last > LARGE {
            shares.iter_mut().for_each(|share| *share /= last);
            last = 1.0;
        }
        shares.push(last);
    }
    shares
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
