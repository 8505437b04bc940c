"""What is Adam?  The paper's equations on one array, and its three siblings.

Kingma & Ba 2015 (https://arxiv.org/abs/1412.6980), Algorithm 1, for a gradient `g` at step `t`::

    m     = b1 * m + (1 - b1) * g           (1) momentum: the mean of the gradients
    v     = b2 * v + (1 - b2) * g**2        (2) RMSprop: the mean of their squares
    m_hat = m / (1 - b1**t)                 (3) bias correction: undo the start at zero
    v_hat = v / (1 - b2**t)
    u     = m_hat / (sqrt(v_hat) + eps)     (4) the update; theta = theta - learning_rate * u

A rule sees float32 (or float64) arrays only.  How the moments rest between two steps is `storage`'s business.
"""

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.core.rounding import spacing

Scalar = float | jax.Array
Moments = tuple[jax.Array, ...]


@functools.partial(
    jax.tree_util.register_dataclass,
    data_fields=("rate", "complement", "correction", "dither"),
    meta_fields=("at_least_half",),
)
@dataclasses.dataclass(frozen=True)
class Decay:
    """A decay rate at one step: b, 1 - b, and the bias correction 1 - b**t.

    The three must agree.  `complement` is rounded once, and `correction` is computed from that rounded number.  In
    Optax they are (1 - b) rounded and 1 - (b rounded)**t, which differ by 1.3e-5 at b = .999 from the first step on.

    `dither` is a number in [-1/2, 1/2) that differs from step to step.  It is added to the average, in units of its
    last bit, before that is rounded, so that rounding errors cancel over time.  None: round to nearest.
    """

    rate: Scalar
    complement: Scalar
    correction: Scalar
    dither: Scalar | None
    at_least_half: bool | None  # None: not known before the program runs

    def average(self, old: jax.Array, new: jax.Array) -> jax.Array:
        """b * old + (1 - b) * new, written so that the two weights add up to exactly one.

        The increment starts from the value with the larger weight, else b = 0 would keep rounding errors of `old`.
        """
        if self.at_least_half is None:
            return jnp.where(self.rate < 0.5, self._from_new(old, new), self._from_old(old, new))
        return self._from_old(old, new) if self.at_least_half else self._from_new(old, new)

    def _from_old(self, old: jax.Array, new: jax.Array) -> jax.Array:
        step = _like(self.complement, old) * (new - old)
        if self.dither is not None:
            step = step + _like(self.dither, old) * by_parts(spacing, old)
        return old + step

    def _from_new(self, old: jax.Array, new: jax.Array) -> jax.Array:
        return new + _like(self.rate, old) * (old - new)

    def debias(self, moment: jax.Array) -> jax.Array:
        """Equation (3)."""
        return by_parts(lax.div, moment, jnp.broadcast_to(_like(self.correction, moment.real), moment.shape))

    def next(self, following: "Decay | None" = None) -> "Decay":
        """The same decay one step later (or `following`'s rate, if it varies): 1 - b**(t + 1)."""
        following = following or self
        return dataclasses.replace(following, correction=self.correction + following.complement * (1 - self.correction))


def decay(rate: Scalar, dtype: jax.typing.DTypeLike) -> Decay:
    """A decay before its first step (correction 0, no dither), for arithmetic in `dtype`."""
    if isinstance(rate, float | int):
        # 1 - b in float64, rounded once; b = .999 as float32 would give a 1 - b that is 4.7e-5 off.
        return Decay(float(rate), float(np.asarray(1 - rate, dtype)), 0.0, None, rate >= 0.5)
    return Decay(rate.astype(dtype), (1 - rate).astype(dtype), 0.0, None, None)


def power_correction(b: Decay, t: jax.Array, dtype: jax.typing.DTypeLike) -> jax.Array:
    """1 - b**t as -expm1(t * log b), where log b comes from the same rounded 1 - b that the average uses.

    t: how many steps are completed, an int array >= 0.
    """
    if isinstance(b.rate, float) and isinstance(b.complement, float):
        if b.rate == 0.0:
            return (t > 0).astype(dtype)  # 0**0 is 1
        log_b = math.log1p(-b.complement) if b.at_least_half else math.log(b.rate)
    else:
        small = b.rate < 0.5  # each branch gets a harmless number where it is not used: derivatives stay finite
        log_b = jnp.where(
            small, jnp.log(jnp.where(small, jnp.maximum(b.rate, jnp.finfo(dtype).tiny), 0.5)), jnp.log1p(-b.complement)
        )
    return -jnp.expm1(t.astype(dtype) * log_b)


class Step(NamedTuple):
    """Every scalar that a rule needs at one step; computed once, shared by all leaves."""

    b1: Decay
    b2: Decay
    eps: Scalar
    eps_root: Scalar
    nesterov: tuple[Decay, Decay] | None = None  # NAdam's momentum at this step and at the next


Rule = Callable[[jax.Array, Moments, Step], tuple[jax.Array, Moments]]


def adam(g: jax.Array, moments: Moments, step: Step) -> tuple[jax.Array, Moments]:
    """Algorithm 1 of the paper."""
    m, v = moments
    m = step.b1.average(m, g)  # (1)
    v = step.b2.average(v, square(g))  # (2)
    m_hat = step.b1.debias(m)  # (3)
    v_hat = step.b2.debias(v)
    return _update(m_hat, v_hat, step), (m, v)  # (4)


def nadam(g: jax.Array, moments: Moments, step: Step) -> tuple[jax.Array, Moments]:
    """Adam with Nesterov momentum (Dozat 2016, https://openreview.net/pdf?id=OM0jvwB8jIp57ZJjtNEZ)."""
    assert step.nesterov is not None
    now, later = step.nesterov
    m, v = moments
    m = step.b1.average(m, g)
    v = step.b2.average(v, square(g))
    m_hat = _like(later.rate, m) * later.debias(m) + _like(now.complement, g) * now.debias(g)
    return _update(m_hat, step.b2.debias(v), step), (m, v)


def amsgrad(g: jax.Array, moments: Moments, step: Step) -> tuple[jax.Array, Moments]:
    """AMSGrad (Reddi et al. 2018, https://openreview.net/pdf?id=ryQu7f-RZ) as in Optax: the largest v_hat so far."""
    m, v, v_max = moments
    m = step.b1.average(m, g)
    v = step.b2.average(v, square(g))
    v_max = jnp.maximum(v_max, step.b2.debias(v))
    return _update(step.b1.debias(m), v_max, step), (m, v, v_max)


def amsgrad_pytorch(g: jax.Array, moments: Moments, step: Step) -> tuple[jax.Array, Moments]:
    """AMSGrad as in PyTorch: the largest v so far, bias-corrected afterwards."""
    m, v, v_max = moments
    m = step.b1.average(m, g)
    v = step.b2.average(v, square(g))
    v_max = jnp.maximum(v_max, v)
    return _update(step.b1.debias(m), step.b2.debias(v_max), step), (m, v, v_max)


def adamax(g: jax.Array, moments: Moments, step: Step) -> tuple[jax.Array, Moments]:
    """AdaMax (section 7.1 of the paper): the decaying maximum of `|g|` in place of sqrt(v_hat); eps as in Optax."""
    m, v = moments
    m = step.b1.average(m, g)
    v = jnp.maximum(step.b2.average(v, jnp.zeros_like(v)), jnp.abs(g) + _like(step.eps, v))
    return by_parts(quotient, step.b1.debias(m), v), (m, v)


def _update(m_hat: jax.Array, v_hat: jax.Array, step: Step) -> jax.Array:
    """Equation (4), with Optax's optional eps_root inside the root."""
    return by_parts(quotient, m_hat, root(v_hat + _like(step.eps_root, v_hat)) + _like(step.eps, v_hat))


def saturate(g: jax.Array, precision: jax.typing.DTypeLike | None = None) -> jax.Array:
    """Clip `|g|` to `2**63` (`2**511` where moments are float64), so that neither `g**2` nor v_hat overflows.

    precision: the real dtype of the moments; None: that of `g`.

    The update of a larger gradient stays what it should be: the ratio of m_hat and sqrt(v_hat) knows no scale.
    Infinities and NaN become NaN (g - g), for whoever looks for them.
    """
    precision = g.real.dtype if precision is None else precision
    if jnp.iscomplexobj(g):
        return lax.complex(saturate(g.real, precision), saturate(g.imag, precision))
    limit = 2.0 ** (jnp.finfo(precision).maxexp // 2 - 1)
    return lax.clamp(jnp.asarray(-limit, g.dtype), g, jnp.asarray(limit, g.dtype)) + (g - g)


def square(g: jax.Array) -> jax.Array:
    """`|g|**2`, real."""
    return lax.square(g.real) + lax.square(g.imag) if jnp.iscomplexobj(g) else lax.square(g)


@jax.custom_jvp
def root(x: jax.Array) -> jax.Array:
    """The square root, with derivative 0 instead of infinity at 0."""
    return lax.sqrt(x)


@root.defjvp
def _root_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (x,), (dx,) = primals, tangents
    y = root(x)
    return y, jnp.where(x == 0, 0, 0.5 * dx / jnp.where(x == 0, 1, y))


@jax.custom_jvp
def quotient(x: jax.Array, by: jax.Array) -> jax.Array:
    """x / by, and 0 where `by` is 0: where the gradient was always zero there is no step, also at eps = 0."""
    return jnp.where(by == 0, 0, x / by)


@quotient.defjvp
def _quotient_jvp(primals: tuple[jax.Array, ...], tangents: tuple[jax.Array, ...]) -> tuple[jax.Array, jax.Array]:
    (x, by), (dx, dby) = primals, tangents
    y = quotient(x, by)  # not -x / by**2: by**2 underflows for gradients below 1e-19
    return y, jnp.where(by == 0, 0, (dx - y * dby) / jnp.where(by == 0, 1, by))


def by_parts(operation: Callable[..., jax.Array], x: jax.Array, *real: jax.Array) -> jax.Array:
    """A real operation on a complex array's real and imaginary part."""
    if jnp.iscomplexobj(x):
        return lax.complex(operation(x.real, *real), operation(x.imag, *real))
    return operation(x, *real)


def _like(scalar: Scalar, array: jax.Array) -> jax.Array:
    return jnp.asarray(scalar, array.dtype)
