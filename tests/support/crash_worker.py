"""What does `test_crash` kill?  A training that goes on from its last checkpoint and says in a file how far it is.

    python crash_worker.py DIRECTORY STEPS

Two trainings side by side share each checkpoint: bfloat16 weights in the narrow formats, and plain float32.  The data
of a step come from its number alone.  Appended to DIRECTORY/progress, a line for each event: `restoring`,
`restored STEP DIGEST`, `step STEP`, `saving STEP DIGEST`, `done`.  DIRECTORY/result.json gets the digest of every final
leaf.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint as ocp

import adam_jax

SAVE_EVERY = 5
BAD_EVERY = 7  # steps between infinite gradients of the narrow training: `skipped` must survive too
PACE = 0.004  # seconds a step takes at least, else a kill never hits between two saves


def optimizers(steps):
    schedule = optax.warmup_cosine_decay_schedule(0.0, 0.02, 10, steps, end_value=1e-3)
    narrow = adam_jax.master_weights(adam_jax.adamw(schedule, moments="8bit"), 24)
    return {"narrow": adam_jax.skip_nonfinite(narrow), "float32": adam_jax.adamw(schedule)}


def begin(txs):
    """The parameters and states before the first step."""
    w1, w2 = (jax.random.normal(jax.random.key(i), shape) / 3 for i, shape in enumerate([(8, 16), (16, 4)]))
    wide = {"w1": w1, "b1": jnp.zeros(16), "w2": w2}
    params = {"narrow": jax.tree.map(lambda p: p.astype(jnp.bfloat16), wide), "float32": wide}
    return {"params": params, "state": {name: tx.init(params[name]) for name, tx in txs.items()}}


def stepper(txs):
    def loss(params, x):
        hidden = jnp.tanh(x.astype(params["w1"].dtype) @ params["w1"] + params["b1"])
        return jnp.mean((hidden @ params["w2"]).astype(jnp.float32) ** 2 - jnp.sin(x[:, :4]))

    @jax.jit
    def step(training, number):
        x = jax.random.normal(jax.random.fold_in(jax.random.key(7), number), (32, 8))
        grads = {name: jax.grad(loss)(params, x) for name, params in training["params"].items()}
        grads["narrow"]["w1"] = jnp.where(number % BAD_EVERY == 3, jnp.inf, grads["narrow"]["w1"])
        new = {"params": {}, "state": {}}
        for name, tx in txs.items():
            params = training["params"][name]
            updates, new["state"][name] = tx.update(grads[name], training["state"][name], params)
            new["params"][name] = optax.apply_updates(params, updates)
        return new

    return step


def digests(tree):
    """The SHA-256 of dtype, shape and bytes of every leaf, by its path."""
    return {
        jax.tree_util.keystr(path): hashlib.sha256(f"{x.dtype}{x.shape}".encode() + np.asarray(x).tobytes()).hexdigest()
        for path, x in jax.tree_util.tree_leaves_with_path(tree)
    }


def digest(tree):
    return hashlib.sha256(json.dumps(digests(tree)).encode()).hexdigest()


def main(directory, steps):
    file = os.open(directory / "progress", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(*words):
        os.write(file, (" ".join(map(str, words)) + "\n").encode())  # one write: a line is there whole or not at all

    txs = optimizers(steps)
    training, first, step = begin(txs), 0, stepper(txs)
    options = ocp.CheckpointManagerOptions(max_to_keep=2, enable_async_checkpointing=True)
    with ocp.CheckpointManager(directory / "checkpoints", options=options) as manager:
        say("restoring")
        if (latest := manager.latest_step()) is not None:
            training, first = manager.restore(latest, args=ocp.args.StandardRestore(training)), latest
        say("restored", first, digest(training))
        for number in range(first, steps):
            began = time.monotonic()
            training = jax.block_until_ready(step(training, number))
            say("step", number + 1)
            if (number + 1) % SAVE_EVERY == 0:
                say("saving", number + 1, digest(training))
                manager.save(number + 1, args=ocp.args.StandardSave(training))  # goes on in the background
            time.sleep(max(0.0, PACE - (time.monotonic() - began)))
    (directory / "result.json").write_text(json.dumps(digests(training)))
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
