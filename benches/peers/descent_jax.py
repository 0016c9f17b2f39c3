"""The job of examples/descent_job.rs in JAX: all fits as one batch in float64, the steps a compiled loop, all cores.

    python benches/peers/descent_jax.py [threads] [repeats] [chunks]

XLA has no option for the number of threads: it takes the cores that the process may use.
"""

import os
import sys

if len(sys.argv) > 1:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp

import descent_job as job


def fit_one(f):
    def step(_, theta):
        return theta - job.RATE * (jax.nn.softmax(theta) - f)

    return jax.lax.fori_loop(0, job.STEPS, step, jnp.zeros_like(f))


# A plain vmap over fits: modes by fits instead is four times slower. With an argument `chunks`, 1,000 fits at a time,
# which stay in the cache: nearly twice as fast, but not what one writes first.
fit_all = jax.jit(jax.vmap(fit_one))
fit_in_chunks = jax.jit(lambda f: jax.lax.map(jax.vmap(fit_one), f.reshape(-1, 1000, job.MODES)).reshape(f.shape))


def main():
    f = jnp.asarray(job.targets())
    assert f.dtype == jnp.float64
    fit = fit_in_chunks if "chunks" in sys.argv[3:] else fit_all
    job.report(lambda: fit(f).block_until_ready())


if __name__ == "__main__":
    main()
