"""The jobs that peers are timed on, as data: what runs, in which unit, how far results may differ, and what is aimed at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A command of ours or a script beside this file. It prints its time in the unit of the job, then its results."""

    # Words may hold {threads}, {times} and, of a run of ours, {folder}.
    command: str
    # How often it does its work, of which it prints the median; replicates of the variance law.
    times: int
    # The same where only results are looked at.
    quick: int = 1
    # What it writes into {folder} and is read from there; the time is then that of the whole process, per 1,000 replicates.
    result: str = ""


@dataclass(frozen=True)
class Peer:
    name: str
    packages: tuple[str, ...]
    # Ways to run it: in each pair the fastest counts.
    programs: tuple[Program, ...]
    # How many times faster we aim to be, by the median, on a machine with AVX-512; None: no goal.
    goal: float | None
    # What bounds ours, to be said where the goal is missed.
    bound: str = ""


@dataclass(frozen=True)
class Relative:
    """Results are one number, the same but for rounding or for what is said beside the job."""

    most: float
    unit = "of the value"

    def read(self, words):
        (value,) = map(float, words)
        return [(value, 0.0)]

    def apart(self, mine, theirs):
        return max(abs(b / a - 1.0) for (a, _), (b, _) in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class StandardErrors:
    """Results are numbers, each followed by its Monte Carlo standard error."""

    most: float
    unit = "standard errors"

    def read(self, words):
        numbers = list(map(float, words))
        return list(zip(numbers[::2], numbers[1::2], strict=True))

    def apart(self, mine, theirs):
        return max(abs(b - a) / (s * s + t * t) ** 0.5 for (a, s), (b, t) in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class Job:
    key: str
    what: str
    unit: str
    agree: Relative | StandardErrors
    ours: Program
    peers: tuple[Peer, ...]


NUMPY, NUMBA, JAX = ("numpy",), ("numba", "llvmlite"), ("jax", "jaxlib")

SMALL_POOL = "two passes over all similarities (.25 µs) and eight picks, each a chain of 110 to 140 cycles (.24 µs)"
LARGE_POOL = (
    "reading: two passes over 8 MB of similarities as 64-bit numbers, and 22 MB of rows whose cover rises, from the third cache or "
    "from memory; the peer keeps 32 bits"
)


def variance_law():
    run = "mode-lottery run {here}/variance-law-64.toml --replicates {times} --out {folder} --quiet --threads {threads}"
    numba = lambda way: Program(f"variance_law_numba.py {{threads}} {{times}} {way}", 40_000, 8_000)
    return Job(
        "J1",
        "variance law, N_p = 64, K = 1 to 64",
        "ms per 1,000 replicates",
        # 7 variances: false alarm 4e-4 for each peer.
        StandardErrors(4.0),
        Program(run, 40_000, 8_000, result="variance-law-64"),
        (
            Peer("NumPy", NUMPY, (Program("variance_law_numpy.py {threads} {times}", 8_000, 4_000),), 45.0),
            Peer("Numba", NUMBA, (numba("gamma"),), 18.0),
            # Our own algorithm in another language: what is left is how it is compiled.
            Peer("Numba, our urn", NUMBA, (numba("urn"),), None),
        ),
    )


def descent():
    peer = lambda file, *more: Program(" ".join([file, "{threads} {times}", *more]), 9)
    chain = "the chain of a step: changes, their sum, a division, slopes, the largest of them, of four sets of lanes beside each other"
    return Job(
        "J2",
        "fits of the shared policy, 8 modes, 300 steps",
        "ns per step and fit",
        Relative(1e-9),
        Program("descent_job {threads} {times}", 9),
        (
            Peer("JAX", JAX, (peer("descent_jax.py"), peer("descent_jax.py", "chunks")), 8.0, chain),
            Peer("Numba", NUMBA, (peer("descent_numba.py"),), 18.0, chain),
        ),
    )


def facility(n, keep, spread, pools, times, goal, bound=""):
    words = f"{n} {keep} {spread:g} {pools} {{times}}"
    which = "hot" if pools == 1 else "streamed"
    return Job(
        "J3",
        f"facility location, {keep} of {n}, {which}, spread {spread:g}, one thread",
        "µs per pool",
        # submodlib keeps similarities as 32-bit floats.
        Relative(1e-6),
        Program(f"select_job facility {words}", times),
        (Peer("submodlib", ("submodlib-py",), (Program(f"select_submodlib.py {words}", times),), goal, bound),),
    )


def prompts():
    numpy = tuple(Program(f"select_numpy.py {{threads}} {{times}} {batch}", 2) for batch in (32, 64, 128))
    bound = "64 picks of a prompt by coverage are chains of some 150 cycles each, two thirds of the time; similarities take a sixth"
    return Job(
        "J3",
        "similarities and four selectors, N = 32, q = 16, every K",
        "ns per prompt",
        # NumPy breaks ties otherwise.
        Relative(1e-6),
        Program("select_job prompts {threads} {times}", 9),
        (Peer("NumPy", NUMPY, numpy, 40.0, bound),),
    )


def fits(key, kind, what, agree, jax, *more, bound=""):
    beside = tuple(Program(f"families_jax.py {kind} {{threads}} {{times}} {fits}", 3) for fits in (256, 64))
    ours = Program(f"families_job {kind} {{threads}} {{times}}", 5)
    return Job(key, what, "ms per fit", agree, ours, (Peer("JAX", JAX, beside, jax, bound), *more))


def log_linear():
    numba = Program("families_numba.py {threads} {times}", 3)
    what = "log-linear fits, N_p = 256, d = 9, M = 8, 300 steps"
    peak = "half of the rate of separate products and sums is reached, products of matrices taking 60% of the time; all of it would be 14 times"
    return fits("J4", "log-linear", what, Relative(1e-9), 4.0, Peer("Numba", NUMBA, (numba,), 10.0, peak))


def network(kind, drawn):
    what = f"one-hidden-layer networks, h = 8, 3,000 minibatches of {drawn}"
    # Each language draws its own minibatches.
    bound = (
        "half of the rate of separate products and sums: products of small layers take 34% of the time, softmax and slopes 20%, tanh 16%, "
        "drawing and gathering responses in lanes 16%"
    )
    return fits("J5", kind, what, Relative(2e-3), 8.0, bound=bound)


def aggregation():
    numpy = tuple(Program(f"aggregation_numpy.py {{threads}} {{times}} {part}", 9, 2) for part in (1_000, 4_000, 16_000))
    bound = (
        "1,800 operations of eight slots are 14 ns a slot and core at the machine's rate, of 46; the rest is latency between parts of a "
        "pass, and 576 bytes read of each slot"
    )
    return Job(
        "J6",
        "aggregation, two layers of five drafts, 32,000 slots",
        "ns per slot",
        # False alarm 6e-5.
        StandardErrors(4.0),
        Program("aggregation_job {threads} {times}", 49, 2),
        (Peer("NumPy", NUMPY, numpy, 30.0, bound),),
    )


# Hot: one pool again and again, in the nearest cache that holds it. Streamed: each pool once, from memory.
JOBS = (
    variance_law(),
    descent(),
    facility(64, 8, 0.6, 1, 2_000, 30.0, SMALL_POOL),
    facility(64, 8, 4.0, 1, 2_000, 30.0, SMALL_POOL),
    facility(64, 8, 0.6, 2_000, 5, 20.0),
    facility(64, 8, 4.0, 2_000, 5, 20.0),
    facility(1_000, 50, 0.6, 1, 20, 60.0, LARGE_POOL),
    facility(1_000, 50, 4.0, 1, 10, 60.0, LARGE_POOL),
    facility(1_000, 50, 0.6, 16, 2, 60.0, LARGE_POOL),
    prompts(),
    log_linear(),
    network("shuffled", "64 responses"),
    network("grouped", "8 prompts"),
    aggregation(),
)
