//! Owns the normal distribution: its density, its distribution function, its quantile function, and draws by inversion.

use crate::numerics::elementary::{exp, ln};

/// |p - 1/2| <= 0.425: numerator and denominator in 0.425^2 - (p - 1/2)^2, the highest power first.
const CENTRE: [[f64; 8]; 2] = [
    [
        2509.0809287301227,
        33430.57558358813,
        67265.7709270087,
        45921.95393154987,
        13731.69376550946,
        1971.5909503065513,
        133.14166789178438,
        3.3871328727963665,
    ],
    [
        5226.495278852854,
        28729.085735721943,
        39307.89580009271,
        21213.794301586597,
        5394.196021424751,
        687.1870074920579,
        42.31333070160091,
        1.0,
    ],
];

/// r = sqrt(-ln p) <= 5: in r - 1.6, the highest power first.
const SHOULDER: [[f64; 8]; 2] = [
    [
        0.0007745450142783414,
        0.022723844989269184,
        0.2417807251774506,
        1.2704582524523684,
        3.6478483247632045,
        5.769497221460691,
        4.630337846156546,
        1.4234371107496835,
    ],
    [
        1.0507500716444169e-09,
        0.0005475938084995345,
        0.015198666563616457,
        0.14810397642748008,
        0.6897673349851,
        1.6763848301838038,
        2.053191626637759,
        1.0,
    ],
];

/// r beyond 5: in r - 5, the highest power first.
const TAIL: [[f64; 8]; 2] = [
    [
        2.0103343992922881e-07,
        2.7115555687434876e-05,
        0.0012426609473880784,
        0.026532189526576124,
        0.29656057182850487,
        1.7848265399172913,
        5.463784911164114,
        6.657904643501103,
    ],
    [
        2.0442631033899397e-15,
        1.421511758316446e-07,
        1.8463183175100548e-05,
        0.0007868691311456133,
        0.014875361290850615,
        0.1369298809227358,
        0.599832206555888,
        1.0,
    ],
];

/// A quotient of two polynomials.
fn rational(of: &[[f64; 8]; 2], x: f64) -> f64 {
    horner(&of[0], x) / horner(&of[1], x)
}

/// The standard normal quantile of p; infinite at 0 and 1, NaN outside and for NaN.
///
/// Relative error below 2e-15, given p (near 1 a double says little about 1 - p). Wichura 1988, algorithm AS 241
/// (PPND16), Applied Statistics 37, 477-484.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    quantile(p - 0.5, if p < 0.5 { p } else { 1.0 - p })
}

/// The quantile of 1/2 + q, where `tail` = 1/2 - |q| is given because q alone would lose its digits.
fn quantile(q: f64, tail: f64) -> f64 {
    if q.abs() <= 0.425 {
        return q * rational(&CENTRE, 0.180625 - q * q);
    }
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 {
        rational(&SHOULDER, r - 1.6)
    } else {
        rational(&TAIL, r - 5.0)
    };
    size.copysign(q)
}

/// A standard normal draw by inversion from a uniform that is a multiple of 2^-52 in [0, 1): the quantile of u + 2^-53.
/// Each draw takes exactly one uniform, so that streams stay aligned whatever is drawn.
///
/// Symmetric to the bit: 1 - 2^-52 - u gives the negative draw. The largest draw is 8.21; the argument and its distance
/// from 0 and 1 are exact, so the error is that of [`normal_quantile`].
#[inline]
pub fn normal_from_uniform(u: f64) -> f64 {
    const HALF_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
    let below = u + HALF_STEP;
    let above = (1.0 - u) - HALF_STEP;
    quantile((u - 0.5) + HALF_STEP, if below < above { below } else { above })
}

/// Numerators of Cody's three approximations, the highest power first; the denominators follow.
const INNER: [f64; 5] = [
    0.06568233791820745,
    2.2352520354606837,
    161.02823106855587,
    1067.6894854603709,
    18154.98125334356,
];
const INNER_BELOW: [f64; 5] = [
    1.0,
    47.202581904688245,
    976.0985517377767,
    10260.932208618979,
    45507.78933502673,
];
const MIDDLE: [f64; 9] = [
    1.0765576773720192e-08,
    0.39894151208813466,
    8.883149794388377,
    93.50665613217785,
    597.2702763948002,
    2494.5375852903726,
    6848.190450536283,
    11602.65143764735,
    9842.714838383978,
];
const MIDDLE_BELOW: [f64; 9] = [
    1.0,
    22.266688044328117,
    235.387901782625,
    1519.3775994075547,
    6485.558298266761,
    18615.571640885097,
    34900.95272114598,
    38912.00328609327,
    19685.429676859992,
];
const OUTER: [f64; 6] = [
    0.023073441764940174,
    0.215898534057957,
    0.12740116116024736,
    0.022235277870649807,
    0.0014216191932278934,
    2.9112874951168793e-05,
];
const OUTER_BELOW: [f64; 6] = [
    1.0,
    1.284260096144911,
    0.4682382124808651,
    0.06598813786892856,
    0.0037823963320275824,
    7.297515550839662e-05,
];

const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

fn horner<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// The standard normal density. Relative error below 2^-52 (2 + x^2 / 2), while the value is no subnormal.
pub fn normal_density(x: f64) -> f64 {
    exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
}

/// The standard normal distribution function: the probability of a value up to x.
///
/// Relative error below 2e-15, in the lower tail as far as -37.5 (beyond, the value is subnormal). Cody 1969, Rational
/// Chebyshev approximations for the error function, Mathematics of Computation 23, 631-637, as set out in his ANORM.
pub fn normal_cdf(x: f64) -> f64 {
    let size = x.abs();
    if x.is_nan() {
        return f64::NAN;
    }
    if size <= 0.67448975 {
        let square = x * x;
        return 0.5 + x * horner(&INNER, square) / horner(&INNER_BELOW, square);
    }
    let tail = upper_tail(size);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// The probability of a value beyond x, for x above 0.67.
fn upper_tail(x: f64) -> f64 {
    if x > 40.0 {
        return 0.0;
    }
    let ratio = if x <= 32f64.sqrt() {
        horner(&MIDDLE, x) / horner(&MIDDLE_BELOW, x)
    } else {
        let inverse = 1.0 / (x * x);
        let series = inverse * horner(&OUTER, inverse) / horner(&OUTER_BELOW, inverse);
        (INV_SQRT_2PI - series) / x
    };
    // exp(-x^2 / 2) in two factors: the square of the rounded x is exact, so the large part of the exponent is.
    let rounded = (x * 16.0).trunc() / 16.0;
    let rest = (x - rounded) * (x + rounded);
    exp(-rounded * rounded * 0.5) * exp(-rest * 0.5) * ratio
}
