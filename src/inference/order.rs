//! Order statistics of independent replicates: quantiles and trimmed means, each with its standard error.
//!
//! Assumption: the numbers are independent and identically distributed, as replicates of one arm are.
//!
//! - A quantile is that of Hyndman and Fan (1996), definition 7, the default of R and NumPy: the line through the order statistics.
//! - Its standard error is that of Maritz and Jarrett (1978, JASA 73, 194-196): the standard deviation of the order statistic
//!   `x_(a)`, `a = [n p + 1/2]`, of samples drawn from the sample itself, `sum w_i x_i^2 - (sum w_i x_i)^2` with
//!   `w_i = I_(i/n)(a, n - a + 1) - I_((i-1)/n)(a, n - a + 1)`. It is the bootstrap's with infinitely many samples, and asks for no density.
//! - A trimmed mean leaves out `[g n]` numbers at either end. Its standard error is that of Tukey and McLaughlin (1963, Sankhya A 25,
//!   331-352): `s_w / ((1 - 2 g) sqrt n)`, with the standard deviation `s_w` (over n - 1) of the numbers of which those left out are
//!   replaced by the nearest that is kept.
//!
//! Where all numbers that a standard error rests on are equal there is none: that nothing else was seen is no proof (law 5).

use crate::numerics::special::beta_inc;

/// Weights below which the rest of them no longer counts: the error of [`beta_inc`].
const NEGLIGIBLE: f64 = 1e-13;

/// A number of a sample and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// The number.
    pub value: f64,
    /// Its standard error; none where the sample says nothing of it.
    pub error: Option<f64>,
}

/// Numbers in ascending order, at least one and all of them finite.
#[derive(Debug, Clone)]
pub struct Ordered(Vec<f64>);

impl Ordered {
    /// Sorts a sample; none of an empty one or one with numbers that are not finite.
    pub fn new(mut sample: Vec<f64>) -> Option<Self> {
        if sample.is_empty() || !sample.iter().all(|x| x.is_finite()) {
            return None;
        }
        sample.sort_unstable_by(f64::total_cmp);
        Some(Self(sample))
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their mean, with the standard error `s / sqrt n`, s over n - 1.
    pub fn mean(&self) -> Location {
        let mean = mean(self.0.iter().copied());
        Location {
            value: mean,
            error: deviation(self.0.iter().copied(), mean).map(|s| s / (self.count() as f64).sqrt()),
        }
    }

    /// The quantile at `p`, which lies in (0, 1).
    pub fn quantile(&self, p: f64) -> Location {
        let place = (self.count() - 1) as f64 * p;
        let (below, share) = (place as usize, place - place.floor());
        let low = self.0[below];
        let value = match self.0.get(below + 1) {
            Some(high) => low + share * (high - low),
            None => low,
        };
        Location {
            value,
            error: self.maritz_jarrett(p),
        }
    }

    /// The mean without the share `trim` at either end, which lies in [0, 1/2).
    pub fn trimmed_mean(&self, trim: f64) -> Location {
        let n = self.count();
        // A hair above, so that a tenth of 10 is 1 however a tenth is rounded.
        let out = (trim * n as f64 * (1.0 + f64::EPSILON)) as usize;
        let kept = &self.0[out..n - out];
        let (low, high) = (kept[0], kept[kept.len() - 1]);
        let winsorized = || self.0.iter().map(|x| x.clamp(low, high));
        let deviation = deviation(winsorized(), mean(winsorized()));
        Location {
            value: mean(kept.iter().copied()),
            error: deviation.map(|s| s / ((1.0 - 2.0 * trim) * (n as f64).sqrt())),
        }
    }

    /// The standard error of a quantile. Weights are summed from the order statistic outwards, as far as they count.
    fn maritz_jarrett(&self, p: f64) -> Option<f64> {
        let n = self.count();
        let a = ((n as f64 * p + 0.5) as usize).clamp(1, n);
        let at = |i: usize| beta_inc(a as f64, (n - a + 1) as f64, i as f64 / n as f64);
        let centre = self.0[a - 1];
        let (mut first, mut second) = (0.0, 0.0);
        let mut add = |i: usize, weight: f64| {
            let x = self.0[i - 1] - centre;
            first += weight * x;
            second += weight * x * x;
        };
        let middle = at(a - 1);
        let mut below = middle;
        for i in (1..a).rev() {
            let next = at(i - 1);
            add(i, below - next);
            below = next;
            if below <= NEGLIGIBLE {
                break;
            }
        }
        let mut below = middle;
        for i in a..=n {
            let next = at(i);
            add(i, next - below);
            below = next;
            if below >= 1.0 - NEGLIGIBLE {
                break;
            }
        }
        let variance = second - first * first;
        (n > 1 && variance > 0.0).then(|| variance.sqrt())
    }
}

fn mean(xs: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = xs.fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
    sum / n
}

/// The standard deviation over n - 1; none of one number, or where all are equal.
fn deviation(xs: impl Iterator<Item = f64>, mean: f64) -> Option<f64> {
    let (mut squares, mut n, mut first, mut varies) = (0.0, 0.0, None, false);
    for x in xs {
        squares += (x - mean) * (x - mean);
        n += 1.0;
        varies |= *first.get_or_insert(x) != x;
    }
    varies.then(|| (squares / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::special::{normal_density, normal_from_uniform, normal_quantile};
    use crate::numerics::stream::Streams;

    fn ordered(sample: &[f64]) -> Ordered {
        Ordered::new(sample.to_vec()).unwrap()
    }

    fn normals(replicate: u64, n: usize) -> Ordered {
        let mut stream = Streams::new("order statistics of a normal law")
            .purpose("test")
            .stream(replicate, 0);
        ordered(
            &(0..n)
                .map(|_| normal_from_uniform(stream.uniform()))
                .collect::<Vec<_>>(),
        )
    }

    /// By hand: quantiles of definition 7 of 1, 2, 4, 8, 16, and means without one number at either end.
    #[test]
    fn small_samples_are_as_by_hand() {
        let own = ordered(&[16.0, 1.0, 4.0, 2.0, 8.0]);
        assert_eq!([0.25, 0.5, 0.75].map(|p| own.quantile(p).value), [2.0, 4.0, 8.0]);
        assert!((own.quantile(0.05).value - 1.2).abs() < 1e-15);
        assert!((own.quantile(0.95).value - 14.4).abs() < 1e-14);
        let trimmed = own.trimmed_mean(0.2);
        assert!((trimmed.value - 14.0 / 3.0).abs() < 1e-15);
        // Winsorized: 2, 2, 4, 8, 8, of mean 4.8 and sum of squares 36.8.
        let by_hand = (36.8_f64 / 4.0).sqrt() / (0.6 * 5.0_f64.sqrt());
        assert!((trimmed.error.unwrap() - by_hand).abs() < 1e-15);
        let tens = ordered(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0]);
        assert_eq!(tens.trimmed_mean(0.1).value, 4.5, "one of ten is a tenth");
    }

    /// By another route: the weights of all numbers, for a sample of which each counts.
    #[test]
    fn maritz_and_jarrett_sum_all_weights() {
        for (n, p) in [(5, 0.5), (23, 0.25), (40, 0.95), (200, 0.05)] {
            let own = normals(7, n);
            let a = (n as f64 * p + 0.5).floor();
            let at = |i: usize| beta_inc(a, n as f64 - a + 1.0, i as f64 / n as f64);
            let weighted = |of: fn(f64) -> f64| -> f64 {
                let terms = (1..=n).map(|i| (at(i) - at(i - 1)) * of(own.0[i - 1]));
                terms.sum()
            };
            let (first, second) = (weighted(|x| x), weighted(|x| x * x));
            let direct = (second - first * first).sqrt();
            let found = own.quantile(p).error.unwrap();
            assert!(
                (found / direct - 1.0).abs() < 1e-9,
                "{n}, {p}: {found} against {direct}"
            );
        }
    }

    /// The error of a quantile of many normal numbers is that of its limit law, `sqrt(p (1 - p)/n) / density`. The estimate's own
    /// relative error is below 2 % there, seen over 64 samples below; six of them are allowed.
    #[test]
    fn errors_of_quantiles_are_those_of_their_limit() {
        const N: usize = 20_000;
        for p in [0.05, 0.25, 0.5, 0.75, 0.95] {
            let limit = (p * (1.0 - p) / N as f64).sqrt() / normal_density(normal_quantile(p));
            let found: Vec<f64> = (0..64)
                .map(|r| normals(r, N).quantile(p).error.unwrap() / limit)
                .collect();
            let centre = mean(found.iter().copied());
            let error = deviation(found.iter().copied(), centre).unwrap() / 8.0;
            // The estimator is consistent: what bias is left at this n is below a per cent.
            assert!((centre - 1.0).abs() < 4.0 * error + 0.01, "{p}: {centre} +- {error}");
        }
    }

    /// Errors hold: of 400 samples of 500 normal numbers, 95 % intervals of the trimmed mean and of the quartile cover as often as they
    /// say, within four binomial standard errors (0.011 each).
    #[test]
    fn intervals_cover() {
        let covers = |at: &dyn Fn(&Ordered) -> Location, truth: f64| {
            let seen = (0..400).filter(|&r| {
                let found = at(&normals(1000 + r, 500));
                (found.value - truth).abs() < 1.96 * found.error.unwrap()
            });
            seen.count() as f64 / 400.0
        };
        let (trimmed, quartile) = (
            covers(&|own| own.trimmed_mean(0.1), 0.0),
            covers(&|own| own.quantile(0.25), normal_quantile(0.25)),
        );
        assert!(
            (trimmed - 0.95).abs() < 0.044 && (quartile - 0.95).abs() < 0.044,
            "{trimmed}, {quartile}"
        );
        // The negative control: the error of a mean of untrimmed numbers a third as large covers too seldom.
        let wrong = covers(
            &|own| Location {
                error: own.trimmed_mean(0.1).error.map(|e| e / 3.0),
                ..own.trimmed_mean(0.1)
            },
            0.0,
        );
        assert!(wrong < 0.7, "{wrong}");
    }

    #[test]
    fn what_never_varies_has_no_error() {
        let own = ordered(&[0.0; 50]);
        assert_eq!(
            own.quantile(0.5),
            Location {
                value: 0.0,
                error: None
            }
        );
        assert_eq!(own.trimmed_mean(0.1).error, None);
        assert_eq!(own.mean().error, None);
        // One in fifty: the median still saw nothing else, and the mean did.
        let mut some = vec![0.0; 49];
        some.push(1.0);
        assert!(ordered(&some).mean().error.is_some());
        assert_eq!(ordered(&some).trimmed_mean(0.1).error, None);
        assert!(Ordered::new(vec![]).is_none() && Ordered::new(vec![f64::NAN]).is_none());
    }
}
