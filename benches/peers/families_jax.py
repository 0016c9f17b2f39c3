"""The jobs of examples/families_job.rs in JAX: fits as one batch in float64, the steps a compiled loop, all cores.

    python benches/peers/families_jax.py JOB [threads] [repeats] [fits side by side]

What minibatches hold is drawn beforehand and not timed. XLA has no option for the number of threads: it takes the cores that the
process may use.
"""

import os
import sys

if len(sys.argv) > 2:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[2])])
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"

import statistics
import time

import jax
import jax.numpy as jnp
import numpy as np

import families_job as data

JOB = sys.argv[1]
M, H, N = data.MODES, data.HIDDEN, data.INPUTS[JOB]


def logits(theta, x):
    if JOB == "log-linear":
        return jnp.pad(x @ theta.reshape(M - 1, 1 + N).T, ((0, 0), (0, 1)))
    outer, inner = theta[M : M + M * H].reshape(M, H), theta[M + M * H :].reshape(H, 1 + N)
    return theta[:M] + jnp.tanh(x @ inner.T) @ outer.T


def cross_entropy(theta, x, target):
    return -(target * jax.nn.log_softmax(logits(theta, x))).sum(axis=-1).mean()


def penalised(theta, x, target):
    return cross_entropy(theta, x, target) + data.DECAY / 2 * (theta * theta).sum()


slope = jax.grad(penalised)


def descend(theta, x, target):
    step = lambda _, theta: theta - data.RATE[JOB] * slope(theta, x, target)
    return jax.lax.fori_loop(0, data.STEPS[JOB], step, theta)


def by_minibatches(theta, x, target, order):
    """`target` is by prompt where whole prompts are drawn, else by response."""
    rates = data.RATE[JOB] * (1 + jnp.cos(jnp.pi * jnp.arange(data.STEPS[JOB]) / data.STEPS[JOB])) / 2

    def step(carry, now):
        theta, velocity = carry
        rate, drawn = now
        prompts = drawn if JOB == "grouped" else drawn // data.RESPONSES
        velocity = data.MOMENTUM * velocity + slope(theta, x[prompts], target[drawn])
        return (theta - rate * velocity, velocity), None

    return jax.lax.scan(step, (theta, jnp.zeros_like(theta)), (rates, order))[0][0]


def main():
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 9
    beside = int(sys.argv[4]) if len(sys.argv) > 4 else data.FITS
    x, labels, theta = data.features(JOB), data.labels(), data.starts(JOB)
    shares = data.shares(labels)
    given = [theta, x, shares]
    fit = jax.jit(jax.vmap(descend))
    if JOB != "log-linear":
        given[2] = shares if JOB == "grouped" else np.eye(M)[labels.reshape(data.FITS, -1)]
        given.append(data.orders(JOB))
        fit = jax.jit(jax.vmap(by_minibatches, in_axes=(0, 0, 0, 1)))
    # Cut beforehand, so that only fits are timed.
    ranges = [slice(at, at + beside) for at in range(0, data.FITS, beside)]
    chunks = [[jnp.asarray(own[:, cut] if index == 3 else own[cut]) for index, own in enumerate(given)] for cut in ranges]
    assert chunks[0][0].dtype == jnp.float64
    seconds = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        fitted = [fit(*chunk).block_until_ready() for chunk in chunks]
        seconds.append(time.perf_counter() - start)
    loss = jax.vmap(cross_entropy)(jnp.concatenate(fitted), jnp.asarray(x), jnp.asarray(shares)).mean()
    print(f"{statistics.median(seconds[2:]) * 1e3 / data.FITS:.4f} {float(loss)!r}")


if __name__ == "__main__":
    main()
