"""Short trainings of every rule, format and wrapper, whose bits must not change without somebody deciding so.

And checkpoints of them, which every later version continues: where a state or a format changes, its version in the
state's documentation is raised, and old states are converted, or refused by name.
"""

import functools
import platform
from pathlib import Path

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
import optax

import adam_jax

FILE = Path(__file__).parent / "golden.npz"
STEPS, LATER = 12, 20
SHAPES = {"w": (6, 5), "b": (7,), "s": ()}


def _moments(make, **arguments):
    return {f"{make.__name__} {moments}": make(0.05, moments=moments, **arguments) for moments in _FORMATS}


_FORMATS = ("float32", "bfloat16", "8bit")
_RATE = optax.linear_schedule(0.1, 0.01, STEPS)
_MASK = {"w": True, "b": False, "s": True}
_DECAYING = optax.linear_schedule(0.9, 0.99, STEPS)

FLOAT32 = {
    **_moments(adam_jax.adam),
    **_moments(adam_jax.adamw, weight_decay=0.1),
    **_moments(adam_jax.nadamw, weight_decay=0.1, b2=0.99),
    **_moments(adam_jax.adamax),
    "nadam momentum_decay": adam_jax.nadam(0.05, momentum_decay=0.004),
    "amsgrad v_hat": adam_jax.amsgrad(0.05),
    "amsgrad v bfloat16": adam_jax.amsgrad(0.05, maximum_of="v", moments="bfloat16"),
    "adam b2=.99999": adam_jax.adam(0.05, b2=0.99999, eps_root=1e-12),
    "adamw schedules 8bit": adam_jax.adamw(_RATE, b2=_DECAYING, weight_decay=_RATE, moments="8bit"),
    "adamw schedules": adam_jax.adamw(
        _RATE, b1=_DECAYING, weight_decay=_RATE, mask=lambda p: {"w": True, "b": False, "s": True}
    ),
    "skip": adam_jax.skip_nonfinite(adam_jax.adamw(0.05, weight_decay=0.1)),
    "skip 8bit": adam_jax.skip_nonfinite(adam_jax.adamw(_RATE, weight_decay=0.1, moments="8bit")),
    "chain": optax.chain(optax.clip_by_global_norm(1.0), adam_jax.scale_by_adam(moments="8bit"), optax.scale(-0.05)),
}
BFLOAT16 = {
    "adamw": adam_jax.adamw(0.05, weight_decay=0.1),
    "adam bfloat16": adam_jax.adam(0.05, moments="bfloat16"),
    **{
        f"master {bits} {moments}": adam_jax.master_weights(adam_jax.adamw(0.05, moments=moments), bits)
        for bits in (32, 24, 16)
        for moments in ("float32", "8bit")
    },
    "skip master 24 8bit": adam_jax.skip_nonfinite(
        adam_jax.master_weights(adam_jax.adamw(_RATE, weight_decay=0.1, moments="8bit"), 24)
    ),
    "master clip": adam_jax.master_weights(
        optax.chain(optax.clip_by_global_norm(1.0), adam_jax.adamw(0.05, mask=_MASK))
    ),
    "master sgd": adam_jax.master_weights(optax.sgd(_RATE, momentum=0.9), 16),
}
NAMES = [f"float32: {name}" for name in FLOAT32] + [f"bfloat16: {name}" for name in BFLOAT16]


def _of(name):
    kind, name = name.split(": ", 1)
    return (FLOAT32, jnp.float32) if kind == "float32" else (BFLOAT16, jnp.bfloat16), name


def trained(name, through):
    """The parameters and the state after `STEPS` steps, as a flat dict of arrays by path.

    through: "update", "step" or "native step", which differ in nothing here (test_golden.py).
    """
    (table, dtype), short = _of(name)
    random = np.random.default_rng(0)
    params = {k: jnp.asarray(random.normal(size=shape), dtype) for k, shape in SHAPES.items()}
    return _by_path(_steps(name, through, params, table[short].init(params), range(STEPS)))


def continued(name, through, checkpoint):
    """The parameters `LATER` steps after a checkpoint, which is what `trained` gives, restored into a new state."""
    (table, dtype), short = _of(name)
    new = {k: jnp.zeros(shape, dtype) for k, shape in SHAPES.items()}
    leaves, structure = jax.tree_util.tree_flatten_with_path((new, table[short].init(new)))
    assert {jax.tree_util.keystr(path) for path, _ in leaves} == set(checkpoint)
    kept = [checkpoint[jax.tree_util.keystr(path)] for path, _ in leaves]
    restored = [jnp.asarray(x.view(y.dtype)) for x, (_, y) in zip(kept, leaves, strict=True)]
    assert [x.shape for x in restored] == [x.shape for _, x in leaves]
    params, state = structure.unflatten(restored)
    return _by_path(_steps(name, through, params, state, range(STEPS, STEPS + LATER))[0])


@functools.cache
def _step(name, through):
    (table, _), short = _of(name)
    tx = table[short]

    @jax.jit
    def update(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return update if through == "update" else jax.jit(functools.partial(adam_jax.step, tx))


def _steps(name, through, params, state, times):
    (_, dtype), short = _of(name)
    step = _step(name, through)
    for t in times:
        random = np.random.default_rng((1, t))
        grads = {k: random.normal(size=s) * np.exp(2 * random.normal(size=s)) for k, s in SHAPES.items()}
        if t % 10 == 5 and short.startswith("skip"):
            grads["b"][0] = np.inf
        params, state = step(params, state, {k: jnp.asarray(g, dtype) for k, g in grads.items()})
    return params, state


def _by_path(tree):
    return {jax.tree_util.keystr(path): np.asarray(x) for path, x in jax.tree_util.tree_leaves_with_path(tree)}


def bits(x):
    """The same array as integers: NumPy's files do not know bfloat16."""
    return x.view(f"uint{8 * x.dtype.itemsize}") if x.dtype.name in ("bfloat16", "float32") else x


def machine():
    """What a compiler's choice of instructions depends on."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    models = sorted({line for line in lines if line.startswith(("model name", "flags"))})
    return f"{platform.machine()} jaxlib {jaxlib.__version__} {' '.join(models)}"


def write(file=FILE):
    arrays = {}
    for name in NAMES:
        checkpoint = {path: bits(x) for path, x in trained(name, "update").items()}
        later = {f"later{path}": bits(x) for path, x in continued(name, "update", checkpoint).items()}
        arrays |= {f"{name} | {path}": x for path, x in (checkpoint | later).items()}
    np.savez_compressed(file, machine=machine(), **arrays)


if __name__ == "__main__":
    write()
