//! Owns the oracle of the dense tests: exp in double-double arithmetic by a route of its own (a table of e^(j/64),
//! and a short Taylor series), good to 2^-75 relative. Errors are measured against it in units in the last place.

/// An unevaluated sum of two doubles, the second below half an ulp of the first.
#[derive(Clone, Copy)]
struct Double(f64, f64);

impl Double {
    fn sum(a: f64, b: f64) -> Double {
        let s = a + b;
        let part = s - a;
        Double(s, (a - (s - part)) + (b - part))
    }

    fn product(a: f64, b: f64) -> Double {
        let split = |x: f64| {
            let scaled = 134_217_729.0 * x;
            let high = scaled - (scaled - x);
            (high, x - high)
        };
        let ((ah, al), (bh, bl)) = (split(a), split(b));
        let p = a * b;
        Double(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
    }

    fn plus(self, other: Double) -> Double {
        let Double(s, e) = Double::sum(self.0, other.0);
        Double::sum(s, e + self.1 + other.1)
    }

    fn times(self, other: Double) -> Double {
        let Double(p, e) = Double::product(self.0, other.0);
        Double::sum(p, e + self.0 * other.1 + self.1 * other.0)
    }
}

/// ln 2 in three parts, the first two with 20 trailing zero bits each.
const LN2: [f64; 3] = [
    0.693_147_180_601_954_5,
    -4.200_915_072_890_502e-11,
    2.094_174_429_270_072_5e-21,
];

/// e^(j/64) for j = -24, ..., 24.
struct Oracle([Double; 49]);

impl Oracle {
    fn new() -> Oracle {
        Oracle(std::array::from_fn(|i| taylor((i as f64 - 24.0) / 64.0)))
    }

    /// e^x = 2^k times the double-double, for |x| < 1100.
    fn exp(&self, x: f64) -> (i32, Double) {
        let k = (x / LN2[0]).round_ties_even();
        let high = Double::sum(x - k * LN2[0], -(k * LN2[1]));
        (k as i32, self.reduced(high.plus(Double(-(k * LN2[2]), 0.0))))
    }

    /// 2^x likewise.
    fn exp2(&self, x: f64) -> (i32, Double) {
        let k = x.round_ties_even();
        let r = Double(x - k, 0.0);
        let parts = LN2.map(|part| r.times(Double(part, 0.0)));
        (k as i32, self.reduced(parts[0].plus(parts[1]).plus(parts[2])))
    }

    /// e^r for |r| <= 0.37.
    fn reduced(&self, r: Double) -> Double {
        let j = (r.0 * 64.0).round_ties_even();
        let t = r.plus(Double(-j / 64.0, 0.0));
        let u = t.0;
        let square = t.times(t);
        let cubic = u * u * u * (1.0 / 6.0 + u * (1.0 / 24.0 + u * (1.0 / 120.0 + u * (1.0 / 720.0 + u / 5040.0))));
        let minus_one = t.plus(Double(square.0 * 0.5, square.1 * 0.5)).plus(Double(cubic, 0.0));
        let factor = self.0[(j + 24.0) as usize];
        factor.plus(factor.times(minus_one))
    }

    fn unscaled_exp(&self, x: f64) -> Double {
        let (k, e) = self.exp(x);
        Double(scale(e.0, k), scale(e.1, k))
    }
}

/// e^x in double-double by its series, for small x.
fn taylor(x: f64) -> Double {
    let mut sum = Double(1.0, 0.0);
    for n in (1..28).rev() {
        // 1 / n in double-double: n times the quotient leaves an exact remainder.
        let n = f64::from(n);
        let quotient = 1.0 / n;
        let Double(p, e) = Double::product(quotient, n);
        let inverse = Double(quotient, ((1.0 - p) - e) / n);
        sum = Double(1.0, 0.0).plus(sum.times(inverse).times(Double(x, 0.0)));
    }
    sum
}

/// 2^k as two factors, both normal.
fn scale(x: f64, k: i32) -> f64 {
    let power = |k: i32| f64::from_bits(((k + 1023) as u64) << 52);
    x * power(k / 2) * power(k - k / 2)
}

/// The spacing of doubles at x.
fn ulp(x: f64) -> f64 {
    let exponent = (x.to_bits() >> 52) & 0x7FF;
    f64::from_bits(exponent.max(1) << 52) * f64::EPSILON
}

/// The worst error of an exponential over some arguments, in ulp of the exact value.
pub fn exp_worst(exp: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let (k, exact) = oracle.exp(x);
        // Where the result is subnormal its ulp is 2^-1074; all is compared after division by 2^k.
        let unit = ulp(exact.0).max(if k < -960 { scale(1.0, -1074 - k) } else { 0.0 });
        ((scale(exp(x), -k) - exact.0) - exact.1).abs() / unit
    };
    arguments.map(error).fold(0.0, worse)
}

/// The worst error of a power of two over some arguments whose results are normal, in ulp of the exact value.
pub fn exp2_worst(exp2: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let (k, exact) = oracle.exp2(x);
        ((scale(exp2(x), -k) - exact.0) - exact.1).abs() / ulp(exact.0)
    };
    arguments.map(error).fold(0.0, worse)
}

/// The worst error of a logarithm over some positive arguments, in ulp of its value: with y = ln x computed,
/// ln x - y = ln(1 + d) where d = x e^-y - 1.
pub fn ln_worst(ln: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let y = ln(x);
        let (k, inverse) = oracle.exp(-y);
        let product = inverse.times(Double(scale(x, k), 0.0));
        let d = (product.0 - 1.0) + product.1;
        (d - d * d / 2.0).abs() / ulp(y)
    };
    arguments.map(error).fold(0.0, worse)
}

/// The worst error of expm1, for arguments not much smaller than 2^-20, where e^x - 1 keeps enough digits.
pub fn exp_m1_worst(exp_m1: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let exact = oracle.unscaled_exp(x).plus(Double(-1.0, 0.0));
        ((exp_m1(x) - exact.0) - exact.1).abs() / ulp(exact.0)
    };
    arguments.map(error).fold(0.0, worse)
}

/// The worst error of tanh, for arguments from 2^-15 to 19 in size: with y computed and E = e^2|x| - 1, it is about
/// (y (E + 2) - E) / (E + 2).
pub fn tanh_worst(tanh: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let y = tanh(x).abs();
        let exact = oracle.unscaled_exp(2.0 * x.abs()).plus(Double(-1.0, 0.0));
        let below = exact.plus(Double(2.0, 0.0));
        let gap = below.times(Double(y, 0.0)).plus(Double(-exact.0, -exact.1));
        (gap.0 / below.0).abs() / ulp(y)
    };
    arguments.map(error).fold(0.0, worse)
}

/// The worst error of ln(1 + x): with y computed, it is about (1 + x - e^y) / (1 + x).
pub fn ln_1p_worst(ln_1p: impl Fn(f64) -> f64, arguments: impl Iterator<Item = f64>) -> f64 {
    let oracle = Oracle::new();
    let error = |x: f64| {
        let y = ln_1p(x);
        let power = oracle.unscaled_exp(y);
        let left = Double::sum(1.0, x).plus(Double(-power.0, -power.1));
        (left.0 / (1.0 + x)).abs() / ulp(y)
    };
    arguments.map(error).fold(0.0, worse)
}

/// The larger, where NaN is larger than any number.
fn worse(a: f64, b: f64) -> f64 {
    if b <= a { a } else { b }
}

/// Evenly spread over [low, high), at irrational steps so that no grid coincides with the reduction's.
pub fn spread(low: f64, high: f64, n: u32) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| low + (high - low) * (f64::from(i) * 0.618_033_988_749_894_8).fract())
}

/// Finite positive doubles of random bits: every exponent, subnormals too.
pub fn positive_bits(n: u64) -> impl Iterator<Item = f64> {
    let top = f64::INFINITY.to_bits();
    words(n).map(move |word| f64::from_bits(1 + word % (top - 1)))
}

/// Scrambled counters (splitmix64).
pub fn words(n: u64) -> impl Iterator<Item = u64> {
    (1..=n).map(|i| {
        let z = i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}
