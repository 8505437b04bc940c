"""What are b1, b2 and eps at this step?  Numbers, arrays or schedules in; one `StepScalars` for all leaves out."""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.core.arithmetic import Scalar, is_number
from adam_jax.core.decay import Decay, StepScalars, initial_decay, power_correction
from adam_jax.core.rounding import dither_of_step
from adam_jax.validation import not_rounded, scalar

Hyperparameter = float | jax.Array | Callable[[jax.Array], Any]  #: or a schedule, a callable of the count of steps
AxisName = str | tuple[str, ...] | None  #: the axes of a mesh


class Corrections(NamedTuple):
    """1 minus the product of the rates used so far, which only a state can know where rates vary.

    It obeys the recursion of a moment whose gradient is always 1: c += (1 - b) * (1 - c).
    """

    b1: jax.Array
    b2: jax.Array
    momentum: jax.Array | None  # of NAdam's momenta, where they differ from b1 (`momentum_decay`)


@jax.tree_util.register_dataclass  # so that a spec compares its arrays by value
@dataclasses.dataclass(frozen=True)
class Hyperparameters:
    """The hyperparameters of one transformation, as the user gave them.

    Numbers and arrays stand for a rate that was always what it is now: the bias correction is 1 - b**t, as in Optax and
    PyTorch.  An array is how `optax.inject_hyperparams` gives a rate, and the state must then be Optax's.
    """

    b1: Hyperparameter
    b2: Hyperparameter
    eps: Hyperparameter
    eps_root: Hyperparameter = 0.0
    nesterov: bool = False
    momentum_decay: float | None = None
    bias_correction_mu: bool = True
    bias_correction_nu: bool = True

    @property
    def vary(self) -> bool:
        """Whether rates are known to differ between steps, so that the state must keep the corrections."""
        return self.momentum_decay is not None or callable(self.b1) or callable(self.b2)

    def start(self, dtype: np.dtype) -> Corrections:
        """The corrections before the first step.  Each is an array of its own: one buffer cannot be donated twice."""
        b1, b2, momentum = (jnp.zeros((), dtype) for _ in range(3))
        return Corrections(b1, b2, None if self.momentum_decay is None else momentum)

    def advance(self, count: jax.Array, corrections: Corrections) -> Corrections:
        """The corrections after step `count` (counted from 0)."""
        dtype = corrections.b1.dtype
        decays = (initial_decay(self._at(count, name), dtype) for name in ("b1", "b2"))
        b1, b2 = (c + b.one_minus_rate * (1 - c) for b, c in zip(decays, corrections[:2], strict=True))
        if corrections.momentum is None:
            return Corrections(b1, b2, None)
        momentum = self._momentum(count, 0, dtype)
        return Corrections(b1, b2, corrections.momentum + momentum.one_minus_rate * (1 - corrections.momentum))

    def at(self, count: jax.Array, corrections: Corrections | None, dtype: np.dtype) -> StepScalars:
        """All scalars of step `count` (counted from 0), for arithmetic in `dtype`.

        corrections: those after this step, if the state keeps them.
        """
        b1, b2 = (initial_decay(self._at(count, name), dtype) for name in ("b1", "b2"))
        if corrections is None:
            t = increment(count)
            c1, c2 = (power_correction(b, t, dtype) for b in (b1, b2))
        else:
            c1, c2 = (c.astype(dtype) for c in corrections[:2])
        nesterov = None
        if self.nesterov:
            momentum = self._momentum(count, 0, dtype)
            product = c1 if corrections is None or corrections.momentum is None else corrections.momentum.astype(dtype)
            momentum = momentum.corrected_by(product)
            nesterov = (momentum, momentum.next(self._momentum(count, 1, dtype)))
        return StepScalars(
            b1=_dithered(b1.corrected_by(c1 if self.bias_correction_mu else 1.0), count, 0, dtype),
            b2=_dithered(b2.corrected_by(c2 if self.bias_correction_nu else 1.0), count, 1, dtype),
            eps=_scalar(self._at(count, "eps"), dtype),
            eps_root=_scalar(self._at(count, "eps_root"), dtype),
            nesterov=nesterov,
        )

    def _momentum(self, count: jax.Array, ahead: int, dtype: np.dtype) -> Decay:
        """b1, or PyTorch's warmed-up b1 * (1 - 0.96**(t * momentum_decay) / 2) at t = count + 1 + ahead."""
        b1 = self._at(count, "b1")
        if self.momentum_decay is None:
            return initial_decay(b1, dtype)
        t = increment(count).astype(dtype) + ahead
        rate = _scalar(self.momentum_decay, dtype)
        return initial_decay(jnp.asarray(b1, dtype) * (1 - 0.5 * 0.96 ** (t * rate)), dtype)

    def _at(self, count: jax.Array, name: str) -> Scalar:
        value = getattr(self, name)
        value = scalar(name, value(count)) if callable(value) else value
        return value if is_number(value) else not_rounded(name, jnp.asarray(value))


def _dithered(b: Decay, count: jax.Array, stream: int, dtype: np.dtype) -> Decay:
    """With the dither of an average that remembers more than about 1,000 steps.

    At b = 0.99999 rounding to nearest leaves sqrt(v_hat) up to 5e-5 off on sparse gradients, with dither 3e-6.  At the
    default b2 = 0.999 both are within 1e-6 on random gradients, and the dither would cost 5% on small CPU leaves.
    """
    if isinstance(b.one_minus_rate, float) and b.one_minus_rate > 2.0**-10:
        return b
    return dataclasses.replace(b, dither=dither_of_step(count, stream, dtype))


def _scalar(value: Scalar, dtype: np.dtype) -> Scalar:
    """An array in the dtype of the arithmetic, so that a float64 one cannot widen a state under x64."""
    return value if is_number(value) else jnp.asarray(value, dtype)


def increment(count: Any) -> jax.Array:
    """count + 1, and the largest integer for ever after it, as `optax.safe_increment` does."""
    count = jnp.asarray(count)
    most = jnp.iinfo(count.dtype).max
    return jnp.where(count < most, count + 1, most)
