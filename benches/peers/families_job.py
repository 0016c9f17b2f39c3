"""What the peers of fits to prompts share with examples/families_job.rs: its data sets, starts and settings."""

import numpy as np
from splitmix import uniforms, words

FITS, PROMPTS, RESPONSES, MODES = 256, 256, 8, 8
DECAY = 1e-4
INPUTS = {"log-linear": 8, "shuffled": 4, "grouped": 4}
HIDDEN, MINIBATCH, MOMENTUM = 8, 64, 0.9
STEPS = {"log-linear": 300, "shuffled": 3000, "grouped": 3000}
RATE = {"log-linear": 1.0, "shuffled": 0.1, "grouped": 0.1}


def centred(first, count):
    """Between -1/2 and 1/2."""
    return uniforms(np.arange(first, first + count)) - 0.5


def features(job):
    """Fits x prompts x (1 + inputs); the first is 1."""
    shape = (FITS, PROMPTS, 1 + INPUTS[job])
    x = 12.0**0.5 * centred(0, int(np.prod(shape))).reshape(shape)
    x[..., 0] = 1.0
    return x


def labels():
    """Fits x prompts x responses: the mode of each."""
    count = FITS * PROMPTS * RESPONSES
    return (words(np.arange(1 << 40, (1 << 40) + count)) % np.uint64(MODES)).astype(np.int32).reshape(FITS, PROMPTS, RESPONSES)


def shares(labels):
    return (labels[..., None] == np.arange(MODES)).mean(axis=-2)


def starts(job):
    """Parameters in our order: by mode, or b2, W2 by mode, then by unit b1 and its row of W1."""
    inputs = INPUTS[job]
    if job == "log-linear":
        return np.zeros((FITS, (MODES - 1) * (1 + inputs)))
    count = MODES + MODES * HIDDEN + HIDDEN * (1 + inputs)
    return centred(1 << 41, FITS * count).reshape(FITS, count)


def orders(job):
    """Steps x fits x draws: what each minibatch holds, without replacement within an epoch."""
    among, size = {"shuffled": (PROMPTS * RESPONSES, MINIBATCH), "grouped": (PROMPTS, MINIBATCH // RESPONSES)}[job]
    rng, per_epoch = np.random.default_rng(1), among // size
    epochs = -(-STEPS[job] // per_epoch)
    one = lambda: rng.permuted(np.tile(np.arange(among, dtype=np.int32), (FITS, 1)), axis=1)
    all = np.stack([one()[:, : per_epoch * size].reshape(FITS, per_epoch, size) for _ in range(epochs)])
    return np.ascontiguousarray(all.transpose(0, 2, 1, 3).reshape(-1, FITS, size)[: STEPS[job]])
