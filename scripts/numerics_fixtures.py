"""Writes correctly rounded values of the elementary and special functions, the oracle of their tests.

    pip install mpmath
    python scripts/numerics_fixtures.py

src/numerics/elementary/fixtures.csv: function, argument and value as the 16 hex digits of their bits.
src/numerics/special/fixtures.csv:    function, arguments and value in decimal.
"""

import random
import struct
from pathlib import Path
from statistics import NormalDist

from mpmath import digamma, erfc, exp, expm1, ln, log, log10, loggamma, mp, mpf, pi, sqrt, tanh

mp.prec = 400
ROOT = Path(__file__).resolve().parent.parent / "src" / "numerics"
RNG = random.Random(20260530)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(u):
    return struct.unpack("<d", struct.pack("<Q", u))[0]


def to_double(value):
    """Correctly rounded, subnormals too: mpmath alone would round a subnormal twice."""
    if abs(value) >= mpf(2) ** -1022 or value == 0:
        return float(value)
    return float(mp.nint(value * mpf(2) ** 1074)) * 5e-324


def neighbours(xs, steps=2):
    return [from_bits(bits(x) + d) for x in xs for d in range(-steps, steps + 1)]


def uniform(low, high, n):
    return [RNG.uniform(low, high) for _ in range(n)]


def scales(low, high, n, signed=True):
    sign = lambda: RNG.choice([-1, 1]) if signed else 1
    return [sign() * 2.0 ** RNG.uniform(low, high) for _ in range(n)]


def half_steps(n):
    """Where the reduction by ln 2 changes its multiple, and the multiples themselves."""
    return [float(k * log(mpf(2)) / 2) for k in n]


def exp_points():
    nasty = neighbours([709.782712893384, -708.3964185322641, -745.1332191019411, 1.0, -1.0])
    nasty += half_steps(range(-2148, 2048, 14)) + [5e-324, -5e-324, 2.0**-53, -(2.0**-54), 0.0, -0.0]
    return nasty + uniform(-745, 709.7, 700) + uniform(-1, 1, 350) + scales(-60, 9, 250)


def ln_points():
    nasty = neighbours([1.0, 2.0, 0.5, 2.0**0.5, 0.5**0.5, 2.0**-1022, 1.7976931348623155e308], 2)
    nasty += [5e-324 * k for k in range(1, 12)] + [float(k) for k in range(1, 200)]
    anything = [from_bits(RNG.randrange(1, 0x7FF0000000000000)) for _ in range(500)]
    subnormal = [from_bits(RNG.randrange(1, 1 << RNG.randrange(1, 53))) for _ in range(100)]
    near = [1 + x for x in scales(-52, -1, 350)]
    return nasty + anything + subnormal + near + uniform(0.5, 2, 400)


def tanh_points():
    """Not by RNG, whose later draws are the other functions' points."""
    even = [(1 + k * 0.618034 % 1) * 2.0**e * (-1) ** k for e in range(-60, 5) for k in range(4)]
    return even + neighbours([0.5, 1.0, 19.0, 19.061547465398498, 20.0, 5e-324, 2.0**-1022], 1) + [40.0, -1e300]


def log1p(x):
    with mp.workprec(1500):
        return log(1 + mpf(x))


ELEMENTARY = {
    "exp": (lambda x: exp(mpf(x)), exp_points),
    "ln": (lambda x: ln(mpf(x)), ln_points),
    "log10": (lambda x: log10(mpf(x)), lambda: ln_points()[::6]),
    "ln_1p": (log1p, lambda: scales(-60, 60, 60, False) + uniform(-1, 1, 100) + scales(-60, -1, 90)),
    "exp_m1": (lambda x: expm1(mpf(x)), lambda: uniform(-40, 700, 50) + uniform(-3, 3, 120) + scales(-60, 5, 80)),
    "tanh": (lambda x: tanh(mpf(x)), tanh_points),
}


def write_elementary():
    lines = ["function,argument,value"]
    for name, (f, points) in ELEMENTARY.items():
        for x in points():
            value = to_double(f(x))
            if value - value == 0:
                lines.append(f"{name},{bits(x):016x},{bits(value):016x}")
    (ROOT / "elementary" / "fixtures.csv").write_text("\n".join(lines) + "\n")


def quantile(p):
    """Newton's method on the distribution function, from a double's worth of digits."""
    z = mpf(NormalDist().inv_cdf(p))
    for _ in range(5):
        z -= (erfc(-z / sqrt(2)) / 2 - mpf(p)) * sqrt(2 * pi) * exp(z * z / 2)
    return z


def beta_inc(a, b, x):
    """The series of positive terms below a half, the complement above: slow, but without a pitfall."""
    a, b, x = mpf(a), mpf(b), mpf(x)
    if x > 0.5:
        return 1 - beta_inc(b, a, 1 - x)
    term = total = exp(a * ln(x) + b * ln(1 - x) + loggamma(a + b) - loggamma(a) - loggamma(b)) / a
    n = 0
    while term > total * mpf(2) ** -200 or (a + b + n) * x > a + n:
        term *= (a + b + n) * x / (a + 1 + n)
        total += term
        n += 1
    return total


def shapes(n):
    return [(2.0 ** RNG.uniform(-4, 16), 2.0 ** RNG.uniform(-4, 16)) for _ in range(n)]


def beta_points():
    """Near the mean, in the tails and anywhere."""
    points = [(a, b, RNG.random()) for a, b in shapes(20)]
    for a, b in shapes(100):
        deviation = (a * b / (a + b + 1)) ** 0.5 / (a + b)
        x = a / (a + b) + deviation * RNG.uniform(-4, 4)
        if 0 < x < 1:
            points.append((a, b, x))
    return points


SPECIAL = {
    "ln_gamma": (lambda x: loggamma(mpf(x)), lambda: [(x,) for x in scales(-30, 40, 50, False) + uniform(0, 12, 50)]),
    "digamma": (lambda x: digamma(mpf(x)), lambda: [(x,) for x in scales(-30, 40, 50, False) + uniform(0, 12, 50)]),
    "ln_beta": (
        lambda a, b: loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b)),
        lambda: shapes(60) + [(2.0 ** RNG.uniform(-8, 40), 2.0 ** RNG.uniform(-8, 40)) for _ in range(60)],
    ),
    "beta_inc": (beta_inc, beta_points),
    "normal_cdf": (lambda x: erfc(-mpf(x) / sqrt(2)) / 2, lambda: [(x,) for x in uniform(-37, 6, 60) + uniform(-6, 6, 60)]),
    "normal_quantile": (
        quantile,
        lambda: [(p,) for p in uniform(0, 1, 50) + scales(-1000, -2, 50, False) + [1 - 2.0**-k for k in range(2, 53, 2)]],
    ),
}


def write_special():
    lines = ["function,value,arguments"]
    for name, (f, points) in SPECIAL.items():
        for point in points():
            value = to_double(f(*point))
            lines.append(",".join([name, repr(value), *map(repr, point)]))
    (ROOT / "special" / "fixtures.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_elementary()
    write_special()
