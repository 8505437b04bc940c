"""What is a whole step of one array?  Gradient and parameter in, parameter out: the rule, the rate, the landing.

The operations of `update` and `apply_updates`, in their order, on one array or on a part of it, so that one kernel can
do all of them.
"""

import dataclasses
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.core.formats import Storage
from adam_jax.core.leaf_step import step_leaf
from adam_jax.core.rounding import dither
from adam_jax.core.rules import Rule, Step
from adam_jax.core.split_float import STREAM, join, land, landable


class Scalars(NamedTuple):
    """What a step needs beside arrays; vectors where leaves differ (`adam_jax.core.formats.at`)."""

    step: Step
    place: Any
    minus_rate: Any
    weight_decay: Any
    steps: Any  # completed steps of master_weights; None without it
    leaf: np.ndarray  # the number of each leaf, uint32
    good: Any  # 0: leave everything as it is; None: does not matter


@dataclasses.dataclass(frozen=True)
class MomentsOfLeaf:
    """A step of a leaf's moments: (u, what is stored) from (g, what is stored)."""

    rule: Rule
    storage: Storage

    def __call__(self, arrays: tuple[jax.Array, ...], scalars: Any, index: jax.Array) -> tuple[jax.Array, ...]:
        g, *stored = arrays
        step, place = scalars
        u, new = step_leaf(g, tuple(stored), step, place, index, rule=self.rule, storage=self.storage)
        return (u, *new)


@dataclasses.dataclass(frozen=True)
class WholeLeaf:
    """A step of a leaf: (p, what is stored, the remainder if any) from these and g.

    bits: of the master weight, None without one.  decays: whether the weight does.
    """

    rule: Rule
    storage: Storage
    bits: int | None
    decays: bool

    def __call__(self, arrays: tuple[jax.Array, ...], scalars: Scalars, index: jax.Array) -> tuple[jax.Array, ...]:
        p, *kept, g = arrays
        remainder = kept.pop() if self.bits in (32, 24) else None
        w = p.astype(jnp.float32) if remainder is None else join(p, remainder)
        u, stored = step_leaf(
            g.astype(jnp.float32),
            tuple(kept),
            scalars.step,
            scalars.place,
            index,
            rule=self.rule,
            storage=self.storage,
        )
        if self.decays:
            u = u + scalars.weight_decay * w
        u = scalars.minus_rate * u
        rest = None
        if self.bits is None:
            u = u.astype(g.dtype).astype(jnp.float32)
        else:
            noise = dither(index, scalars.steps, STREAM, scalars.leaf)
            u, rest = land(p, landable(w + u), self.bits, noise)
        moved = (p.astype(jnp.float32) + u).astype(p.dtype)
        new = (moved, *stored) if rest is None else (moved, *stored, rest)
        if scalars.good is None:
            return new
        return tuple(jnp.where(scalars.good != 0, x, old) for x, old in zip(new, arrays, strict=False))
