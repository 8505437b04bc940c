"""What are b1, b2 and eps at this step?  Numbers, traced scalars or schedules in; one `Step` for all leaves out."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeGuard

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.rounding import dither_of_step
from adam_jax.rule import Decay, Scalar, Step, decay, power_correction
from adam_jax.validation import not_rounded, scalar

Hyperparameter = float | jax.Array | Callable[[jax.Array], Any]
Corrections = tuple[jax.Array, jax.Array]


@dataclasses.dataclass(frozen=True)
class Hyperparameters:
    """The hyperparameters of one transformation, as the user gave them.

    With varying decay rates the bias correction is 1 minus the product of the rates used so far, which only a state
    can know.  It obeys the recursion of a moment whose gradient is always 1: c += (1 - b) * (1 - c).
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
        """Whether the corrections must be kept in the state."""
        return self.momentum_decay is not None or not (_is_number(self.b1) and _is_number(self.b2))

    @property
    def scheduled(self) -> bool:
        """Whether the rates are known to differ between steps, so that a state without corrections is of no use."""
        return self.momentum_decay is not None or callable(self.b1) or callable(self.b2)

    def advance(self, count: jax.Array, corrections: Corrections) -> Corrections:
        """The running corrections after step `count` (counted from 0)."""
        dtype = corrections[0].dtype
        decays = (self._momentum(count, 0, dtype), decay(self._at(count, "b2"), dtype))
        c1, c2 = (c + b.complement * (1 - c) for b, c in zip(decays, corrections, strict=True))
        return c1, c2

    def at(self, count: jax.Array, corrections: tuple[Corrections, Corrections] | None, dtype: np.dtype) -> Step:
        """All scalars of step `count` (counted from 0), for arithmetic in `dtype`.

        corrections: the running ones before and after this step, if the state keeps them.
        """
        momentum = self._momentum(count, 0, dtype)
        b2 = decay(self._at(count, "b2"), dtype)
        if corrections is None:
            before, after = (
                (power_correction(momentum, t, dtype), power_correction(b2, t, dtype))
                for t in (count, _increment(count))
            )
            corrections = (before, after)
        (p1, p2), (c1, c2) = (tuple(c.astype(dtype) for c in pair) for pair in corrections)
        momentum = dataclasses.replace(momentum, correction=c1)
        b1 = decay(self._at(count, "b1"), dtype)
        return Step(
            b1=dataclasses.replace(
                b1, correction=c1 if self.bias_correction_mu else 1.0, previous=p1, dither=_dither(b1, count, 0, dtype)
            ),
            b2=dataclasses.replace(
                b2, correction=c2 if self.bias_correction_nu else 1.0, previous=p2, dither=_dither(b2, count, 1, dtype)
            ),
            eps=self._at(count, "eps"),
            eps_root=self._at(count, "eps_root"),
            nesterov=(momentum, momentum.next(self._momentum(count, 1, dtype))) if self.nesterov else None,
        )

    def _momentum(self, count: jax.Array, ahead: int, dtype: np.dtype) -> Decay:
        """b1, or PyTorch's warmed-up b1 * (1 - 0.96**(t * momentum_decay) / 2) at t = count + 1 + ahead."""
        b1 = self._at(count, "b1")
        if self.momentum_decay is None:
            return decay(b1, dtype)
        t = _increment(count).astype(dtype) + ahead
        return decay(jnp.asarray(b1, dtype) * (1 - 0.5 * 0.96 ** (t * self.momentum_decay)), dtype)

    def _at(self, count: jax.Array, name: str) -> Scalar:
        value = getattr(self, name)
        value = scalar(name, value(count)) if callable(value) else value
        return value if _is_number(value) else not_rounded(name, jnp.asarray(value))


def _dither(b: Decay, count: jax.Array, stream: int, dtype: np.dtype) -> jax.Array | None:
    """The dither of an average that remembers more than about 1,000 steps.

    At b = .99999 rounding to nearest leaves sqrt(v_hat) up to 5e-5 off on sparse gradients, with dither 3e-6.  At the
    default b2 = .999 both are within 1e-6 on random gradients, and the dither would cost 5% on small CPU leaves.
    """
    if isinstance(b.complement, float) and b.complement > 2.0**-10:
        return None
    return dither_of_step(count, stream, dtype)


def _increment(count: jax.Array) -> jax.Array:
    return jnp.asarray(optax.safe_increment(count))


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, float | int)
