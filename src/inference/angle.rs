//! The angle between two mean vectors: its cosine, and 1 - cosine.
//!
//! # Model
//!
//! `u` and `g` are vectors of means, close to normal together. With `w = sqrt(|u||g|) (u/|u| - g/|g|)`,
//!
//! ```text
//! |w|^2/2 = |u||g| - u.g        so        1 - cos = (|w|^2/2)/(|u||g|)
//! ```
//!
//! at every angle: a squared norm, at its boundary where the two agree, over a number that is positive by its nature. It is judged as such a
//! [`quotient`](super::quotient), 'cos > k' being 'the norm is below `(1 - k)|u||g|`'. Beyond a right angle the vector of the
//! sum, `u/|u| + g/|g|`, takes its place, whose boundary is cos = -1. The norm is debiased by the jackknife, since `w` is itself curved.
//!
//! Where either vector is within four times the root mean square of its noise of no length, the direction is that of the noise: there is
//! no estimate, and of all that could be said only the sign of the cosine is judged. It is the sign of the inner product, which has no
//! denominator and is judged as a quadratic form of both vectors ([`Skewed::of_product`]), however short they are.

use super::common::dot;
use super::estimate::{Estimate, Interval};
use super::groups::{Groups, Means};
use super::jackknife::joint;
use super::quotient::{Quotient, Upper};
use super::score::SquaredNorm;
use super::skewed::Skewed;

/// What is told of an angle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AngleOf {
    /// Its cosine, from -1 to 1.
    Cosine,
    /// 1 - cosine, from 0 to 2.
    Misalignment,
}

/// An angle, estimated from joint group sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Angle {
    of: AngleOf,
    /// 1 - cos, or 1 + cos where the angle is obtuse.
    quotient: Quotient,
    obtuse: bool,
    product: Skewed,
    drowned: bool,
}

impl Angle {
    /// Of the two halves that `vectors` writes, `len` numbers each.
    #[must_use]
    pub fn of(groups: &Groups, len: usize, vectors: impl Fn(&Means<'_>, &mut [f64]), of: AngleOf) -> Self {
        let mut whole = vec![f64::NAN; 2 * len];
        vectors(&groups.means(), &mut whole);
        let obtuse = dot(&whole[..len], &whole[len..]) < 0.0;
        let sign = if obtuse { 1.0 } else { -1.0 };
        let joint = joint(groups, 3 * len + 2, |means, out| {
            let (pair, rest) = out.split_at_mut(2 * len);
            vectors(means, pair);
            chord(pair, sign, rest);
        });
        let norm = |half: usize| SquaredNorm::of(&joint.part(half * len..(half + 1) * len));
        let last = 3 * len + 1;
        Self {
            of,
            quotient: Quotient::of(&joint.part(2 * len..last), 0.5, Upper::Norm)
                .debiased_by(joint.values()[last] - joint.corrected()[last]),
            obtuse,
            product: Skewed::of_product(&joint.part(0..2 * len)),
            drowned: norm(0).is_drowned() || norm(1).is_drowned(),
        }
    }

    /// The same on so many degrees of freedom.
    #[must_use]
    pub(super) fn on(self, df: f64) -> Self {
        Self {
            quotient: self.quotient.on(df),
            product: self.product.on(df),
            ..self
        }
    }

    /// The smallest and the largest value that it can have.
    pub(super) fn range(&self) -> (f64, f64) {
        match self.of {
            AngleOf::Cosine => (-1.0, 1.0),
            AngleOf::Misalignment => (0.0, 2.0),
        }
    }

    /// Whether either vector is too short to have a direction.
    #[must_use]
    pub fn is_drowned(&self) -> bool {
        self.drowned
    }

    /// Whether it stands near an end of its range.
    #[must_use]
    pub fn is_near_boundary(&self) -> bool {
        self.quotient.is_near_boundary()
    }

    /// Whether it has no value below 0 by its nature.
    pub(super) fn is_never_negative(&self) -> bool {
        self.of == AngleOf::Misalignment
    }

    /// The debiased estimate; where it is drowned, numbers that mean nothing.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        let estimate = self.quotient.estimate();
        estimate.at(self.told(self.of_quotient(estimate.value)))
    }

    /// Whether 'above or below `c`' can be judged: always, but of a drowned angle only at the sign of the cosine and beyond its range.
    #[must_use]
    pub fn knows(&self, c: f64) -> bool {
        let k = self.told(c);
        !self.drowned || k == 0.0 || k.abs() > 1.0
    }

    /// Small where the truth is above `c`.
    #[must_use]
    pub fn p_above(&self, c: f64) -> f64 {
        match self.of {
            AngleOf::Cosine => self.cosine_above(c),
            AngleOf::Misalignment => self.cosine_below(1.0 - c),
        }
    }

    /// Small where the truth is below `c`.
    #[must_use]
    pub fn p_below(&self, c: f64) -> f64 {
        match self.of {
            AngleOf::Cosine => self.cosine_below(c),
            AngleOf::Misalignment => self.cosine_above(1.0 - c),
        }
    }

    fn cosine_above(&self, k: f64) -> f64 {
        match self.drowned {
            _ if k > 1.0 => 1.0,
            _ if k < -1.0 => 0.0,
            true => self.product.p_above(0.0),
            false if self.obtuse => self.quotient.p_above(1.0 + k),
            false => self.quotient.p_below(1.0 - k),
        }
    }

    fn cosine_below(&self, k: f64) -> f64 {
        match self.drowned {
            _ if k > 1.0 => 0.0,
            _ if k < -1.0 => 1.0,
            true => self.product.p_below(0.0),
            false if self.obtuse => self.quotient.p_below(1.0 + k),
            false => self.quotient.p_above(1.0 - k),
        }
    }

    /// The interval of equal tails; the whole range of a drowned angle.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let inner = self.quotient.interval(level);
        let cut = |end: f64| if end > 2.0 { 2.0 } else { end };
        let ends = match self.drowned {
            true => [-1.0, 1.0],
            false => [cut(inner.low), cut(inner.high)].map(|end| self.of_quotient(end)),
        };
        let [one, other] = ends.map(|end| self.told(end));
        Interval {
            low: if one < other { one } else { other },
            high: if one < other { other } else { one },
            level,
        }
    }

    /// The cosine for a value of the quotient.
    fn of_quotient(&self, value: f64) -> f64 {
        if self.obtuse { value - 1.0 } else { 1.0 - value }
    }

    /// What is told for a cosine, and the cosine for what is told: each is the other's inverse.
    fn told(&self, x: f64) -> f64 {
        match self.of {
            AngleOf::Cosine => x,
            AngleOf::Misalignment => 1.0 - x,
        }
    }
}

/// Writes `sqrt(|u||g|) (u/|u| + sign g/|g|)`, `|u||g|` and half the squared norm of the first.
fn chord(pair: &[f64], sign: f64, out: &mut [f64]) {
    let (u, g) = pair.split_at(pair.len() / 2);
    let ratio = (dot(g, g) / dot(u, u)).sqrt().sqrt();
    for (out, (u, g)) in out.iter_mut().zip(u.iter().zip(g)) {
        *out = u * ratio + sign * g / ratio;
    }
    out[u.len()] = (dot(u, u) * dot(g, g)).sqrt();
    out[u.len() + 1] = 0.5 * dot(&out[..u.len()], &out[..u.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::testing::{SplitMix, grouped};

    /// Two vectors of two coordinates with noise of a fifth in each mean.
    fn drawn(u: [f64; 2], g: [f64; 2], of: AngleOf) -> Angle {
        let mut rng = SplitMix::new(81);
        let groups = grouped(64, 1, 4, |out| {
            out.iter_mut().for_each(|x| *x = 1.6 * rng.normal());
            for at in 0..2 {
                out[at] += u[at];
                out[2 + at] += g[at];
            }
        });
        Angle::of(
            &groups,
            2,
            |means, out| (0..4).for_each(|slot| out[slot] = means.mean(slot)),
            of,
        )
    }

    #[test]
    fn cosine_and_misalignment_say_the_same() {
        let of = |of| drawn([9.0, 3.0], [8.0, -2.0], of);
        let (cosine, misalignment) = (of(AngleOf::Cosine), of(AngleOf::Misalignment));
        // 66/sqrt(90 * 68) = .8437, with an error of some .03.
        assert!((cosine.estimate().value - 0.8437).abs() < 0.1, "{cosine:?}");
        assert!((cosine.estimate().value + misalignment.estimate().value - 1.0).abs() < 1e-12);
        assert_eq!(cosine.p_above(0.8), misalignment.p_below(1.0 - 0.8));
        let (one, other) = (cosine.interval(0.9), misalignment.interval(0.9));
        assert!((one.low + other.high - 1.0).abs() < 1e-12 && one.low < one.high);
        assert!(one.contains(cosine.estimate().value));
    }

    #[test]
    fn beyond_a_right_angle_it_is_the_mirror_image() {
        let acute = drawn([9.0, 3.0], [8.0, -2.0], AngleOf::Cosine);
        let mut rng = SplitMix::new(81);
        let groups = grouped(64, 1, 4, |out| {
            out.iter_mut().for_each(|x| *x = 1.6 * rng.normal());
            (out[0], out[1]) = (out[0] + 9.0, out[1] + 3.0);
            (out[2], out[3]) = (-8.0 - out[2], 2.0 - out[3]);
        });
        let slots = |means: &Means<'_>, out: &mut [f64]| (0..4).for_each(|slot| out[slot] = means.mean(slot));
        let obtuse = Angle::of(&groups, 2, slots, AngleOf::Cosine);
        assert!((acute.estimate().value + obtuse.estimate().value).abs() < 1e-12);
        assert!((acute.p_above(0.8) - obtuse.p_below(-0.8)).abs() < 1e-12);
    }

    /// Of a vector shorter than its noise the sign alone is judged.
    #[test]
    fn of_noise_only_the_sign_is_judged() {
        let drowned = drawn([9.0, 3.0], [0.1, 0.1], AngleOf::Cosine);
        assert!(drowned.is_drowned() && drowned.knows(0.0) && drowned.knows(1.01) && !drowned.knows(0.5));
        assert!(drowned.p_below(0.0) > 0.01);
        assert_eq!((drowned.interval(0.9).low, drowned.interval(0.9).high), (-1.0, 1.0));
        let known = drawn([9.0, 3.0], [-9.0, -3.0], AngleOf::Cosine);
        assert!(!known.is_drowned() && known.p_below(0.0) < 1e-6);
    }
}
