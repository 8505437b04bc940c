"""How do 8-bit moments take their step in one kernel?  The leaf function on tiles, for a rule inside any chain."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.backends import pallas_tpu
from adam_jax.core.formats import Storage, Stored
from adam_jax.core.formats.eightbit import Packed, squares
from adam_jax.core.rules import Rule, Step
from adam_jax.core.whole import MomentsOfLeaf


def observe(grads: Sequence[jax.Array | None], storage: Packed) -> jax.Array:
    """What `Packed.observe` gives: the largest finite square of each gradient, 0 where there is none."""
    present = [i for i, g in enumerate(grads) if g is not None]
    if not present:
        return jnp.zeros(len(grads), jnp.float32)
    peaks, _ = pallas_tpu.largest(squares, [g for g in grads if g is not None])
    peaks = storage.of_all_devices(peaks)
    return peaks if len(present) == len(grads) else jnp.zeros(len(grads), jnp.float32).at[np.array(present)].set(peaks)


def step_leaves(
    grads: Sequence[jax.Array | None], rows: Sequence[Stored], step: Step, places: Any, rule: Rule, storage: Storage
) -> list[tuple[Any, Stored]]:
    """`step_leaf` of every leaf that has a gradient; the others as they are."""
    present = np.array([i for i, g in enumerate(grads) if g is not None], int)
    arrays = [(g, *row) for g, row in zip(grads, rows, strict=True) if g is not None]
    places = jax.tree.map(lambda x: x[present] if np.ndim(x) else x, places)
    bodies = [MomentsOfLeaf(rule, storage)] * len(arrays)
    new = iter(pallas_tpu.run(bodies, (step, places), arrays, [range(len(row)) for row in arrays], first_is_new=True))
    results: list[tuple[Any, Stored]] = []
    for g, row in zip(grads, rows, strict=True):
        u, *kept = (None, *row) if g is None else next(new)
        results.append((u, tuple(kept)))
    return results
