"""What is Adam?  The paper's equations on one array, and NAdam, AMSGrad and AdaMax.

Kingma & Ba 2015 (https://arxiv.org/abs/1412.6980), Algorithm 1, for a gradient `g` at step `t`::

    m     = b1 * m + (1 - b1) * g           (1) momentum: the mean of the gradients
    v     = b2 * v + (1 - b2) * g**2        (2) RMSprop: the mean of their squares
    m_hat = m / (1 - b1**t)                 (3) bias correction: undo the start at zero
    v_hat = v / (1 - b2**t)
    u     = m_hat / (sqrt(v_hat) + eps)     (4) the update; theta = theta - learning_rate * u

A rule gets float32 (or float64) arrays only.  How moments are stored between two steps is in `formats`.  Called with a
gradient, moments and the scalars of a step, it returns the update and the moments after it.  `root` is the number by
which m_hat was divided in the step that gave these moments, without eps.  Rules are static under jit.

exact: whether quotients are divisions, as for moments that are floats.  For 8-bit moments, whose rounding is a tenth of
  an update, reciprocals with an error up to 3e-7 are enough.
"""

import dataclasses
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
from jax import lax

from adam_jax.core.arithmetic import Scalar, like, map_real_imag, near_quotient, safe_divide, safe_sqrt, square
from adam_jax.core.decay import Decay, StepScalars

Moments = tuple[jax.Array, ...]
_TINY = 2.0**-126  # the smallest normal float32


@dataclasses.dataclass(frozen=True)
class MeanOfSquares:
    """nu = v, the decaying mean of g**2 (Adam, NAdam, AMSGrad)."""

    def square(self, nu: jax.Array) -> jax.Array:
        """v, the square that nu stands for."""
        return nu

    def root(self, nu: jax.Array) -> jax.Array:
        """The root of v."""
        return jnp.sqrt(nu)

    def of_root(self, root: jax.Array) -> jax.Array:
        """nu, from the root of v."""
        return lax.square(root)

    def correction(self, b2: Decay) -> jax.Array | float:
        """What v is divided by where it is bias-corrected."""
        return b2.correction

    def bound(self, bound: jax.Array, largest_square: jax.Array, b2: Decay, eps: jax.Array | float) -> jax.Array:
        """The largest v that there can be after a step whose largest g**2 is `largest_square`: v's own recursion."""
        del eps
        return b2.average(bound, largest_square)

    def reach(self, reach: jax.Array, b1: Decay, b2: Decay) -> jax.Array:
        """The largest |m| / sqrt(v) that there can be after a step, if it was `reach` before.

        By Cauchy and Schwarz, with c = 1 - b and |m| <= R sqrt(v):
        |b1 m + c1 g| <= sqrt(b1**2 R**2 / b2 + c1**2 / c2) * sqrt(b2 v + c2 g**2), whatever the gradients are.  With
        constant rates this has a limit where b1**2 < b2.
        """
        kept = b1.rate / jnp.sqrt(jnp.maximum(b2.rate, _TINY)) * reach
        return jnp.sqrt(lax.square(kept) + b1.one_minus_rate**2 / b2.one_minus_rate)


@dataclasses.dataclass(frozen=True)
class DecayingMaximum:
    """nu = u, the decaying maximum of |g| + eps (AdaMax); v is its square."""

    def square(self, nu: jax.Array) -> jax.Array:
        return lax.square(nu)

    def of_root(self, root: jax.Array) -> jax.Array:
        return root

    def root(self, nu: jax.Array) -> jax.Array:
        return nu

    def correction(self, b2: Decay) -> jax.Array | float:
        del b2
        return 1.0

    def bound(self, bound: jax.Array, largest_square: jax.Array, b2: Decay, eps: jax.Array | float) -> jax.Array:
        """u's own recursion, squared."""
        return jnp.maximum(b2.rate**2 * bound, lax.square(jnp.sqrt(largest_square) + eps))

    def reach(self, reach: jax.Array, b1: Decay, b2: Decay) -> jax.Array:
        """|b1 m + c1 g| <= (b1 R / b2 + c1) * max(b2 u, |g|), with c1 = 1 - b1 and |m| <= R u.

        With constant rates the limit is (1 - b1) / (1 - b1 / b2) where b1 < b2.
        """
        return b1.rate / jnp.maximum(b2.rate, _TINY) * reach + b1.one_minus_rate


SecondMoment = MeanOfSquares | DecayingMaximum


@dataclasses.dataclass(frozen=True)
class Adam:
    """Algorithm 1 of the paper."""

    moments: ClassVar[tuple[str, ...]] = ("mu", "nu")
    pytorch_moments: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq")
    second_moment: ClassVar[SecondMoment] = MeanOfSquares()

    def __call__(
        self, g: jax.Array, moments: Moments, scalars: StepScalars, *, exact: bool = True
    ) -> tuple[jax.Array, Moments]:
        m, v = moments
        m = scalars.b1.average(m, g)  # (1)
        v = scalars.b2.average(v, square(g))  # (2)
        m_hat = scalars.b1.debias(m, exact)  # (3)
        v_hat = scalars.b2.debias(v, exact)
        return _update(m_hat, v_hat, scalars, exact), (m, v)  # (4)

    def root(self, moments: Moments, scalars: StepScalars) -> jax.Array:
        return _root(moments[1], scalars.b2.correction, scalars)


@dataclasses.dataclass(frozen=True)
class NAdam:
    """Adam with Nesterov momentum (Dozat 2016, https://openreview.net/pdf?id=OM0jvwB8jIp57ZJjtNEZ)."""

    moments: ClassVar[tuple[str, ...]] = ("mu", "nu")
    pytorch_moments: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq")
    second_moment: ClassVar[SecondMoment] = MeanOfSquares()

    def __call__(
        self, g: jax.Array, moments: Moments, scalars: StepScalars, *, exact: bool = True
    ) -> tuple[jax.Array, Moments]:
        assert scalars.nesterov is not None
        now, later = scalars.nesterov
        m, v = moments
        m = scalars.b1.average(m, g)
        v = scalars.b2.average(v, square(g))
        m_hat = like(later.rate, m) * later.debias(m, exact) + like(now.one_minus_rate, g) * now.debias(g, exact)
        return _update(m_hat, scalars.b2.debias(v, exact), scalars, exact), (m, v)

    def root(self, moments: Moments, scalars: StepScalars) -> jax.Array:
        return _root(moments[1], scalars.b2.correction, scalars)


@dataclasses.dataclass(frozen=True)
class AMSGrad:
    """Adam whose denominator never falls (Reddi et al. 2018, https://openreview.net/pdf?id=ryQu7f-RZ).

    maximum_of: "v_hat", as in Optax: the largest v_hat so far.  "v", as in PyTorch: the largest v, corrected
    afterwards.
    """

    maximum_of: Literal["v_hat", "v"]
    moments: ClassVar[tuple[str, ...]] = ("mu", "nu", "nu_max")
    pytorch_moments: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    second_moment: ClassVar[SecondMoment] = MeanOfSquares()

    def __call__(
        self, g: jax.Array, moments: Moments, scalars: StepScalars, *, exact: bool = True
    ) -> tuple[jax.Array, Moments]:
        m, v, v_max = moments
        m = scalars.b1.average(m, g)
        v = scalars.b2.average(v, square(g))
        if self.maximum_of == "v_hat":
            v_hat = v_max = jnp.maximum(v_max, scalars.b2.debias(v, exact))
        else:
            v_max = jnp.maximum(v_max, v)
            v_hat = scalars.b2.debias(v_max, exact)
        return _update(scalars.b1.debias(m, exact), v_hat, scalars, exact), (m, v, v_max)

    def root(self, moments: Moments, scalars: StepScalars) -> jax.Array:
        return _root(moments[2], 1.0 if self.maximum_of == "v_hat" else scalars.b2.correction, scalars)


@dataclasses.dataclass(frozen=True)
class AdaMax:
    """Section 7.1 of the paper: the decaying maximum of `|g|` in place of sqrt(v_hat); eps as in Optax."""

    moments: ClassVar[tuple[str, ...]] = ("mu", "nu")
    pytorch_moments: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_inf")
    second_moment: ClassVar[SecondMoment] = DecayingMaximum()

    def __call__(
        self, g: jax.Array, moments: Moments, scalars: StepScalars, *, exact: bool = True
    ) -> tuple[jax.Array, Moments]:
        m, v = moments
        m = scalars.b1.average(m, g)
        v = jnp.maximum(scalars.b2.average(v, jnp.zeros_like(v)), jnp.abs(g) + like(scalars.eps, v))
        return _quotient(scalars.b1.debias(m, exact), v, exact), (m, v)

    def root(self, moments: Moments, scalars: StepScalars) -> jax.Array:
        return jnp.maximum(moments[1] - like(scalars.eps, moments[1]), 0)


Rule = Adam | NAdam | AMSGrad | AdaMax


def _update(m_hat: jax.Array, v_hat: jax.Array, scalars: StepScalars, exact: bool) -> jax.Array:
    """Equation (4), with Optax's optional eps_root inside the root."""
    root = safe_sqrt(v_hat + like(scalars.eps_root, v_hat))
    return _quotient(m_hat, root + like(scalars.eps, v_hat), exact)


def _quotient(m_hat: jax.Array, by: jax.Array, exact: bool) -> jax.Array:
    """m_hat / by, and 0 where `by` is 0."""
    if exact:
        return map_real_imag(safe_divide, m_hat, by)
    return near_quotient(m_hat, jnp.where(by == 0, jnp.inf, by))


def _root(v: jax.Array, correction: Scalar, scalars: StepScalars) -> jax.Array:
    # before the first step the correction is 0, and so is v
    return jnp.sqrt(safe_divide(v, like(correction, v)) + like(scalars.eps_root, v))
