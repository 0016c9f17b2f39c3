"""Derives the polynomial coefficients of src/numerics/elementary with the Remez exchange in 60-digit arithmetic.

    pip install mpmath
    python scripts/minimax.py

exp: expm1(r) = r + r^2 Q(r) on |r| <= 0.3466, Q of degree 10, Q(0) = 1/2, error relative to expm1.
2^r: 2^r = 1 + r Q(r) on |r| <= 1/2, Q of degree 10, Q(0) = ln 2 rounded, error relative to 2^r.
tanh: tanh r = r P/Q on |r| <= 0.1733, P and Q of degree 2 in r^2 and 1 at 0, error relative to tanh.
ln:  2 atanh(s) = 2s + s z P(z), z = s^2, on 0 <= z <= 0.02945, P of degree 6, error relative to 2 atanh.

Coefficients are printed rounded to double, with the error of the exact and of the rounded polynomial.
"""

from mpmath import atanh, cos, expm1, log, lu_solve, matrix, mp, mpf, pi, polyval, sqrt, tanh

mp.dps = 60


def solve(f, weight, degree, points):
    """The polynomial whose weighted error is +E, -E, +E, ... at degree + 2 points."""
    n = degree + 2
    a, b = matrix(n, n), matrix(n, 1)
    for i, x in enumerate(points):
        for j in range(degree + 1):
            a[i, j] = x**j
        a[i, n - 1] = (-1) ** i / weight(x)
        b[i] = f(x)
    solution = lu_solve(a, b)
    return [solution[j] for j in range(degree + 1)], abs(solution[n - 1])


def exchange(error, grid):
    """The largest error of each run of equal signs."""
    best = []
    for x in grid:
        e = error(x)
        if best and (e > 0) == (best[-1][1] > 0):
            if abs(e) > abs(best[-1][1]):
                best[-1] = (x, e)
        else:
            best.append((x, e))
    return best


def remez(f, weight, degree, low, high, nodes=2000):
    n = degree + 2
    middle, half = (low + high) / 2, (high - low) / 2
    # Chebyshev points: dense where the error of a polynomial oscillates fastest.
    spread = lambda i, m: middle - half * cos(pi * i / m)
    grid = [spread(i + mpf(1) / 2, nodes) for i in range(nodes)] + [high]
    values = {x: (f(x), weight(x)) for x in grid}
    # Off the centre, where the weight of exp is zero.
    points = [spread(i + mpf("0.4"), n) for i in range(n)]
    for _ in range(30):
        coefficients, level = solve(f, weight, degree, points)
        error = lambda x: (polyval(coefficients[::-1], x) - values[x][0]) * values[x][1]
        runs = exchange(error, grid)
        while len(runs) > n:
            runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
        points = [x for x, _ in runs]
        worst = max(abs(e) for _, e in runs)
        if worst < level * mpf("1.001"):
            break
    rounded = [float(c) for c in coefficients]
    error = lambda x: (polyval([mpf(c) for c in rounded[::-1]], x) - values[x][0]) * values[x][1]
    return rounded, worst, max(abs(error(x)) for x in grid)


def fixed_first(f, weight, degree, low, high, first):
    """The same with the first coefficient fixed, which a product such as r^2 / 2 needs in few bits."""
    rest = lambda x: (f(x) - first) / x
    coefficients, *errors = remez(rest, lambda x: weight(x) * abs(x), degree - 1, low, high)
    return [float(first), *coefficients], *errors


def quotient(f, high, nodes=2000):
    """p(z)/q(z) near f(z) on 0 to high, both of degree 2 and 1 at 0, whose relative error is +E, -E, +E, ... at five points."""
    grid = [high / 2 * (1 - cos(pi * (i + mpf(1)) / nodes)) for i in range(nodes)]
    points = [high / 2 * (1 - cos(pi * (i + mpf("0.6")) / 5)) for i in range(5)]
    level = mpf(0)
    error = lambda c, z: (1 + c[0] * z + c[1] * z**2) / (1 + c[2] * z + c[3] * z**2) / f(z) - 1
    for _ in range(30):
        # Linear in all but the error times q, which is taken from the round before.
        for _ in range(8):
            a, b = matrix(5, 5), matrix(5, 1)
            for i, z in enumerate(points):
                sign, y = (-1) ** i, f(z)
                off = y * (1 + sign * level)
                for j, x in enumerate([z, z**2, -off * z, -off * z**2, -sign * y]):
                    a[i, j] = x
                b[i] = y - 1
            solution = lu_solve(a, b)
            level = solution[4]
        runs = exchange(lambda z: error(solution, z), grid)
        points = [z for z, _ in runs[-5:]]
        worst = max(abs(e) for _, e in runs)
        if worst < abs(level) * mpf("1.001"):
            break
    rounded = [float(c) for c in list(solution)[:4]]
    exact = [mpf(c) for c in rounded]
    return rounded, worst, max(abs(error(exact, z)) for z in grid)


def report(name, result):
    coefficients, exact, rounded = result
    bits = lambda e: mp.nstr(log(e, 2), 5)
    print(f"{name}: relative error 2^{bits(exact)}, with rounded coefficients 2^{bits(rounded)}")
    for c in coefficients:
        print(f"    {c!r},")


def split(name, value, zeros):
    """A constant as a double with that many trailing zero bits, and the remainder."""
    unit = mpf(2) ** (mp.floor(log(value, 2)) - 52 + zeros)
    high = mp.nint(value / unit) * unit
    print(f"{name}: high {float(high)!r} low {float(value - high)!r}")


def exp_q(r):
    return (expm1(r) - r) / r**2


def exp_weight(r):
    return abs(r**2 / expm1(r))


def exp2_q(r):
    return expm1(r * log(mpf(2))) / r


def exp2_weight(r):
    return abs(r) / mpf(2) ** r


def ln_p(z):
    s = sqrt(z)
    return (2 * atanh(s) - 2 * s) / (s * z)


def ln_weight(z):
    return z * sqrt(z) / (2 * atanh(sqrt(z)))


def tanh_ratio(z):
    return tanh(sqrt(z)) / sqrt(z)


if __name__ == "__main__":
    report("exp Q", fixed_first(exp_q, exp_weight, 10, mpf("-0.3466"), mpf("0.3466"), mpf(1) / 2))
    ln2 = mpf(float(log(mpf(2))))
    report("2^r Q", fixed_first(exp2_q, exp2_weight, 10, mpf("-0.5"), mpf("0.5"), ln2))
    report("ln P", remez(ln_p, ln_weight, 6, mpf("1e-12"), mpf("0.02945")))
    report("tanh P, then Q", quotient(tanh_ratio, mpf("0.1733") ** 2))
    split("ln 2", log(mpf(2)), 21)
    split("1 / ln 10", 1 / log(mpf(10)), 27)
    print(f"1 / ln 2: {float(1 / log(mpf(2)))!r}")
