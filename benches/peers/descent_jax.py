"""The job of examples/descent_job.rs in JAX: all fits as one batch in float64, the steps a compiled loop, all cores.

    python benches/peers/descent_jax.py [threads] [repeats]

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


# Modes by fits, so that vectors run over fits and no sum crosses one: on the machine at hand the faster of both layouts.
@jax.jit
def fit(f):
    def step(_, theta):
        e = jnp.exp(theta - theta.max(axis=0))
        return theta - job.RATE * (e / e.sum(axis=0) - f)

    return jax.lax.fori_loop(0, job.STEPS, step, jnp.zeros_like(f))


def main():
    f = jnp.asarray(job.targets().T)
    assert f.dtype == jnp.float64
    job.report(lambda: fit(f).block_until_ready().T)


if __name__ == "__main__":
    main()
