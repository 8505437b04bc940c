"""One optimizer step for one array: decode moments, apply the rule, decay, scale, round the weight, encode.

Everything else follows this definition.  `tx.update` and `adam_jax.step` call it, XLA compiles it, and kernels run it
on parts of arrays.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.core.arithmetic import (
    Scalar,
    arithmetic_dtype,
    like,
    map_real_imag,
    safe_divide,
    saturate,
    shallowest,
    square,
    wider,
    with_depth,
)
from adam_jax.core.rounding import dither, element_index

if TYPE_CHECKING:  # pragma: no mutate
    from adam_jax.core.decay import StepScalars
    from adam_jax.core.formats import CodecScalars, MomentFormat, Stored
    from adam_jax.core.rules import Rule
    from adam_jax.core.split_float import WeightFormat

WEIGHT_STREAM = 2  # of the dither: 0 and 1 are the moments'


class LeafArrays(NamedTuple):
    """What a step reads of one leaf: arrays of one shape."""

    p: Any  # the parameter; None where the step does not read it
    stored: Stored  # the moments, as the format keeps them
    remainder: Any  # the lower bits of a bfloat16 parameter; None without
    g: Any  # the gradient


class LeafResults(NamedTuple):
    """What a step writes of it."""

    value: Any  # the new parameter or its update
    stored: Stored
    remainder: Any


class LeafScalars(NamedTuple):
    """What a step needs beside arrays; vectors where leaves differ (`leaf_scalars`)."""

    rule: StepScalars
    codec: CodecScalars
    learning_rate: Scalar | None = None
    weight_decay: Scalar | None = None
    weight_seed: Any = None  # of the dither of the weight
    good: Any = None  # whether the step counts: 0 leaves everything as it is


@dataclasses.dataclass(frozen=True)
class LeafStep:
    """What is computed for one leaf.  Static under jit.

    Attributes:
      rule: the equations.
      format: how moments are stored.
      weight: how a bfloat16 parameter is extended to a wider weight; None: it is not extended.
      decays: whether weight decay is added to the update.
      scales: whether the update is multiplied by the negative learning rate.
      skips: whether `scalars.good` decides that the step counts.
      returns: the new parameter, or the update that `optax.apply_updates` adds to it.
      update_dtype: of the update; that of a parameter with a `weight` is float32.
      cautious: whether weight decay is added only where weight and update do not have opposite signs.
    """

    rule: Rule
    format: MomentFormat
    weight: WeightFormat | None
    decays: bool
    scales: bool
    skips: bool
    returns: Literal["params", "updates"]
    update_dtype: np.dtype
    cautious: bool = False

    # Under jit, so that leaves of one shape are traced once, however many there are.
    @functools.partial(jax.jit, static_argnums=0)
    def __call__(self, arrays: LeafArrays, scalars: LeafScalars, index: Any = None) -> LeafResults:
        """index: the `element_index` of the elements, if the arrays are a part of the leaf; None: they are all."""
        p, stored, remainder, g = arrays
        dtype = self.arithmetic(arrays)
        g = saturate(with_depth(g, dtype), shallowest(*stored))

        moments = self.format.decode(stored, dtype, scalars.codec)
        u, moments = self.rule(g, moments, scalars.rule, exact=self.format.exact or dtype == np.float64)
        new_stored = self.format.encode(moments, stored, scalars.codec, index)

        w = p if self.weight is None else self.weight.join(p, remainder)
        if self.decays:
            decay = _cautious_decay if self.cautious else _decay
            u = u + decay(with_depth(w, dtype), scalars.weight_decay, u)
        if self.scales:
            u = -like(scalars.learning_rate, u) * u
        good = jnp.asarray(scalars.good) != 0 if self.skips else None
        new_stored = tuple(map(functools.partial(_kept, good), new_stored, stored))
        # -0.0 is the neutral element of addition; +0.0 would turn a parameter of -0.0 into +0.0
        if self.weight is None:
            u = _kept(good, u.astype(self.update_dtype), -0.0)
            return LeafResults(applied(p, u) if self.returns == "params" else u, new_stored, None)

        index = element_index(p.shape) if index is None else index
        noise = dither(index, scalars.weight_seed)
        if self.returns == "params":
            value, new_remainder = self.weight.split(w + u, noise)
        else:
            value, new_remainder = self.weight.difference_to(p, w + u, noise)
        value = _kept(good, value, p if self.returns == "params" else -0.0)
        return LeafResults(value, new_stored, None if remainder is None else _kept(good, new_remainder, remainder))

    @functools.partial(jax.jit, static_argnums=0)
    def sum_of_squared_ratios(self, arrays: LeafArrays, scalars: LeafScalars) -> jax.Array:
        """The sum of (g / max(sqrt(v_hat + eps_root), eps))**2, with the v_hat of this step."""
        dtype = self.arithmetic(arrays)
        g = saturate(with_depth(arrays.g, dtype), shallowest(*arrays.stored))
        _, moments = self.rule(g, self.format.decode(arrays.stored, dtype, scalars.codec), scalars.rule)
        root = self.rule.root(moments, scalars.rule)
        return jnp.sum(square(map_real_imag(safe_divide, g, jnp.maximum(root, like(scalars.rule.eps, root)))))

    @property
    def reads_params(self) -> bool:
        """Whether the parameter is needed for the result."""
        return self.decays or self.weight is not None or self.returns == "params"

    def arithmetic(self, arrays: LeafArrays) -> np.dtype:
        """The real dtype that this leaf is computed in: float32 or float64."""
        return arithmetic_dtype(jax.ShapeDtypeStruct((), self.update_dtype), arrays.g, *arrays.stored)


def _decay(w: jax.Array, weight_decay: Scalar | None, u: jax.Array) -> jax.Array:
    return like(weight_decay, u) * w


def _cautious_decay(w: jax.Array, weight_decay: Scalar | None, u: jax.Array) -> jax.Array:
    """weight_decay * w where u * w >= 0, else 0; real and imaginary parts are two weights."""
    if jnp.iscomplexobj(w):
        return lax.complex(_cautious_decay(w.real, weight_decay, u.real), _cautious_decay(w.imag, weight_decay, u.imag))
    opposed = jnp.where(w < 0, -u, u) < 0  # the product of two small numbers is 0
    return jnp.where(opposed, 0, like(weight_decay, u)) * w


def _kept(good: jax.Array | None, new: Any, old: Any) -> Any:
    """`new` if the step counts, else `old`."""
    return new if good is None else jnp.where(good, new, old)


def applied(p: jax.Array, u: jax.Array) -> jax.Array:
    """p + u as `optax.apply_updates` computes it: in the wider dtype, rounded to the parameter's."""
    dtype = wider(p.dtype, u.dtype)
    return (p.astype(dtype) + u.astype(dtype)).astype(p.dtype)


def leaf_scalars(scalars: Any, leaf: int) -> Any:
    """One leaf's scalars of those of all: vectors have an entry per leaf, scalars serve all."""
    return jax.tree.map(lambda x: x[leaf] if np.ndim(x) else x, scalars)
