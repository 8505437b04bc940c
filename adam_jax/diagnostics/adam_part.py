"""What are m_hat and v_hat?  The Adam part of any state, and its bias-corrected moments."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.core import (
    Corrections,
    StepScalars,
    arithmetic_dtype,
    initial_decay,
    map_real_imag,
    power_correction,
    safe_divide,
    with_depth,
)
from adam_jax.interop.formats import unpack_moments
from adam_jax.transforms.spec import spec_of
from adam_jax.transforms.states import ScaleByAdamax8bitState, VaryingDecayState, state_type


class Moments(NamedTuple):
    """What a step of one Adam divided by what; trees have the structure of its moments."""

    m_hat: Any
    root: Any  # sqrt(v_hat), without eps
    eps: Any  # scalar
    learning_rate: Any  # scalar
    v: Any  # before any correction
    bounds: jax.Array | None  # of v, one per leaf; None but for 8-bit moments


def bias_corrected(state: optax.OptState, b1: float = 0.9, b2: float = 0.999) -> tuple[Any, Any]:
    r"""The bias-corrected moments, equation (3): :math:`\hat m_t = m_t / (1 - \beta_1^t)` and
    :math:`\hat v_t = v_t / (1 - \beta_2^t)`.

    Args:
      state: an optimizer state that contains exactly one `count`, `mu` and `nu`, 8-bit or not, alone or inside chains
        and wrappers, after at least one step.
      b1, b2: the constant decay rates of the run, in [0, 1).  A `VaryingDecayState` contains its own corrections.

    Returns:
      Two trees of the parameters' structure and shapes, float32 (float64 where the moments are).

    Raises:
      ValueError: the state contains no such part, or b1 or b2 is out of range.
      KeyError: it contains several.

    >>> import adam_jax, jax.numpy as jnp
    >>> tx = adam_jax.scale_by_adam()
    >>> _, state = tx.update(jnp.array([3.0]), tx.init(jnp.zeros(1)))
    >>> m_hat, v_hat = bias_corrected(state)
    >>> print(f"{m_hat[0]:.4f} {v_hat[0]:.4f}")
    3.0000 9.0000
    """
    b1, b2 = validation.decay_rate("b1", b1), validation.decay_rate("b2", b2)
    moments, corrections = _opened(unpack_moments(adam_part(state)))

    def corrected(moment: jax.Array, rate: float, correction: jax.Array | None) -> jax.Array:
        dtype = arithmetic_dtype(moment)
        by = power_correction(initial_decay(rate, dtype), moments.count, dtype) if correction is None else correction
        return moment / jnp.asarray(by, dtype)

    c1, c2 = corrections[:2] if corrections else (None, None)
    return (
        jax.tree.map(lambda m: corrected(m, b1, c1), moments.mu),
        jax.tree.map(lambda v: corrected(v, b2, c2), moments.nu),
    )


def adam_part(state: optax.OptState) -> Any:
    """The one part of a state that holds Adam's moments, in its `VaryingDecayState` if it has one."""
    found = [node for node in jax.tree.leaves(state, is_leaf=_is_adam) if _is_adam(node)]
    if not found:
        raise ValueError(
            f"state must hold count, mu and nu, as that of scale_by_adam does; got {type(state).__name__}. "
            "Of Flax NNX give nnx.as_pure(optimizer.opt_state)"
        )
    if len(found) > 1:
        raise KeyError(f"state holds the moments of {len(found)} Adams (optax.partition?); give the state of one")
    return found[0]


def moments_of(adam: optax.GradientTransformation, state: optax.OptState) -> Moments:
    """What `adam`'s arguments and the state after a step say of that step; see `measure` for both."""
    plan = _plan(adam)
    learning_rate = 1.0 if plan.learning_rate is None else plan.learning_rate
    expected = state_type(plan.rule, plan.format)
    part = adam_part(state)
    inner, corrections = _opened(part)
    if not isinstance(inner, expected):
        raise TypeError(
            f"the state holds a {type(inner).__name__}, and this transformation keeps a "
            f"{expected.__name__}; give the transformation that made the state"
        )
    if plan.hyperparameters.vary and corrections is None:
        raise TypeError("b1 or b2 of this transformation vary, but the state was initialized for constant ones")
    before = jnp.maximum(inner.count - 1, 0)  # what schedules saw at the last step

    @functools.cache
    def step(dtype: np.dtype) -> StepScalars:
        return plan.hyperparameters.at(before, corrections, dtype)

    def m_hat(m: jax.Array, v: jax.Array) -> jax.Array:
        dtype = arithmetic_dtype(m, v)
        m = with_depth(m, dtype)
        return map_real_imag(safe_divide, m, jnp.asarray(step(dtype).b1.correction, dtype))

    def root(*moments: jax.Array) -> jax.Array:
        dtype = arithmetic_dtype(*moments)
        return plan.rule.root(tuple(with_depth(x, dtype) for x in moments), step(dtype))

    float32 = step(np.dtype(np.float32))
    moments, _ = _opened(unpack_moments(part))
    bounds = getattr(inner, "bounds", None)
    if isinstance(inner, ScaleByAdamax8bitState):  # v is the square of the maximum
        bounds = jnp.sqrt(inner.bounds)
    return Moments(
        m_hat=jax.tree.map(m_hat, moments.mu, moments.nu),
        root=jax.tree.map(root, *moments[1:]),
        eps=float32.eps,
        learning_rate=learning_rate(before) if callable(learning_rate) else learning_rate,
        v=moments.nu,
        bounds=bounds,
    )


def _plan(adam: optax.GradientTransformation) -> Any:
    """The plan of a transformation of ours."""
    plan = getattr(spec_of(adam), "plan", None)
    if plan is None:
        raise TypeError(
            "adam must be adam_jax.adamw(...), adam_jax.scale_by_adam(...) or another Adam of this package, alone or "
            "in master_weights or skip_nonfinite, which has b1, b2, eps and the learning rate; for a chain, give "
            "the member that is Adam; for a state of optax.adam, adam_jax.adam with the same arguments. "
            f"Got {adam!r:.200}"
        )
    return plan


def _opened(part: Any) -> tuple[Any, Corrections | None]:
    """The moments, and their running bias corrections if b1 or b2 are schedules."""
    if isinstance(part, VaryingDecayState):
        return part.inner_state, Corrections(*part[1:])
    return part, None


def _is_adam(node: Any) -> bool:
    fields = set(getattr(node, "_fields", ()))
    return isinstance(node, VaryingDecayState) or {"count", "mu", "nu"} <= fields
