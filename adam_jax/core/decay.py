"""How does an average forget?  One decay rate at one step: b, 1 - b, and the bias correction 1 - b**t."""

import dataclasses
import functools
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.core.arithmetic import Scalar, like, map_real_imag, spacing


@functools.partial(
    jax.tree_util.register_dataclass,
    data_fields=("rate", "one_minus_rate", "correction", "reciprocal", "dither"),
    meta_fields=("rate_ge_half",),
)
@dataclasses.dataclass(frozen=True)
class Decay:
    """A decay rate at one step: b, 1 - b, and the bias correction 1 - b**t.

    The three must agree.  `one_minus_rate` is rounded once, and `correction` is computed from that rounded number.  In
    Optax they are (1 - b) rounded and 1 - (b rounded)**t, which differ by 1.3e-5 at b = 0.999 from the first step on.

    `dither` is a number in [-1/2, 1/2) that differs from step to step.  It is added to the average, in units of its
    last bit, before that is rounded, so that rounding errors cancel over time.  None: round to nearest.
    """

    rate: Scalar
    one_minus_rate: Scalar
    correction: Scalar
    reciprocal: Scalar  # 1 / correction, once for all leaves
    dither: Scalar | None
    rate_ge_half: bool | None  # None: not known before the program runs

    def corrected_by(self, correction: Scalar) -> "Decay":
        """The same decay with this bias correction."""
        return dataclasses.replace(self, correction=correction, reciprocal=1 / correction)

    def average(self, old: jax.Array, new: jax.Array) -> jax.Array:
        """b * old + (1 - b) * new, written so that the two weights add up to exactly one.

        The increment starts from the value with the larger weight, else b = 0 would keep rounding errors of `old`.
        """
        if self.rate_ge_half is None:
            return jnp.where(self.rate < 0.5, self._from_new(old, new), self._from_old(old, new))
        return self._from_old(old, new) if self.rate_ge_half else self._from_new(old, new)

    def _from_old(self, old: jax.Array, new: jax.Array) -> jax.Array:
        step = like(self.one_minus_rate, old) * (new - old)
        if self.dither is not None:
            step = step + like(self.dither, old) * map_real_imag(spacing, old)
        return old + step

    def _from_new(self, old: jax.Array, new: jax.Array) -> jax.Array:
        return new + like(self.rate, old) * (old - new)

    def debias(self, moment: jax.Array, exact: bool = True) -> jax.Array:
        """Equation (3); not exactly: times the reciprocal."""
        if not exact:
            return moment * like(self.reciprocal, moment)
        return map_real_imag(lax.div, moment, jnp.broadcast_to(like(self.correction, moment.real), moment.shape))

    def next(self, following: "Decay | None" = None) -> "Decay":
        """The same decay one step later (or `following`'s rate, if it varies): 1 - b**(t + 1)."""
        following = following or self
        correction = self.correction + following.one_minus_rate * (1 - self.correction)
        return following.corrected_by(correction)


class StepScalars(NamedTuple):
    """Every scalar that a rule needs at one step; computed once, shared by all leaves."""

    b1: Decay
    b2: Decay
    eps: Scalar
    eps_root: Scalar
    nesterov: tuple[Decay, Decay] | None = None  # NAdam's momentum at this step and at the next


def initial_decay(rate: Scalar, dtype: jax.typing.DTypeLike) -> Decay:
    """A decay before its first step (correction 0, no dither), for arithmetic in `dtype`."""
    if isinstance(rate, float | int):
        # 1 - b in float64, rounded once; b = 0.999 as float32 would give a 1 - b that is 4.7e-5 off.
        return Decay(float(rate), float(np.asarray(1 - rate, dtype)), 0.0, math.inf, None, rate >= 0.5)
    return Decay(rate.astype(dtype), (1 - rate).astype(dtype), 0.0, math.inf, None, None)


def power_correction(b: Decay, t: jax.Array, dtype: jax.typing.DTypeLike) -> jax.Array:
    """1 - b**t as -expm1(t * log b), where log b comes from the same rounded 1 - b that the average uses.

    t: how many steps are completed, an int array >= 0.
    """
    if isinstance(b.rate, float):
        if b.rate == 0.0:
            return (t > 0).astype(dtype)  # 0**0 is 1
        log_b = math.log1p(-b.one_minus_rate) if b.rate_ge_half else math.log(b.rate)
    else:
        small = b.rate < 0.5  # each branch gets a harmless number where it is not used: derivatives stay finite
        log_b = jnp.where(
            small,
            jnp.log(jnp.where(small, jnp.maximum(b.rate, jnp.finfo(dtype).tiny), 0.5)),
            jnp.log1p(-jnp.where(small, 0.5, b.one_minus_rate)),
        )
    return -jnp.expm1(t.astype(dtype) * log_b)
