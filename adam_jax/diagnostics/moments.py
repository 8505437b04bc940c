"""What are m_hat and v_hat now?  The Adam part of any state, and its bias-corrected moments."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.core import rules
from adam_jax.core.formats import arithmetic_dtype, with_depth
from adam_jax.core.formats.eightbit import PackedAdamState
from adam_jax.core.hyperparameters import Corrections
from adam_jax.core.rules import Step, by_parts, decay, power_correction, quotient
from adam_jax.interop.formats import unpack_moments
from adam_jax.transforms import spec
from adam_jax.transforms.base import Transformation, VaryingDecayState


class Moments(NamedTuple):
    """What a step of one Adam divided by what; trees have the structure of its moments."""

    m_hat: Any
    root: Any  # sqrt(v_hat), without eps
    eps: Any  # scalar
    learning_rate: Any  # scalar
    v: Any  # before any correction
    bounds: jax.Array | None  # of v, one for each leaf; None but for 8-bit moments


def bias_corrected(state: optax.OptState, b1: float = 0.9, b2: float = 0.999) -> tuple[Any, Any]:
    r"""Equation (3): :math:`\hat m_t = m_t / (1 - \beta_1^t)` and :math:`\hat v_t = v_t / (1 - \beta_2^t)`.

    Args:
      state: an optimizer state with exactly one `count`, `mu` and `nu` in it, 8-bit or not, alone or inside chains and
        wrappers, after at least one step.
      b1, b2: the constant decay rates of the run, in [0, 1).  A `VaryingDecayState` brings its own corrections.

    Returns:
      Two trees of the parameters' structure and shapes, float32 (float64 where the moments are).

    Raises:
      ValueError: the state holds no such part, or b1 or b2 is out of range.
      KeyError: it holds several.

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
        by = power_correction(decay(rate, dtype), moments.count, dtype) if correction is None else correction
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
    made, learning_rate = _made(adam)
    part = adam_part(state)
    inner, corrections = _opened(part)
    if not isinstance(inner, made.storage.state_type):
        raise TypeError(
            f"the state holds a {type(inner).__name__}, and this transformation keeps a "
            f"{made.storage.state_type.__name__}; give the transformation that made the state"
        )
    if made.hyperparameters.vary and corrections is None:
        raise TypeError("b1 or b2 of this transformation vary, but the state was initialized for constant ones")
    before = jnp.maximum(inner.count - 1, 0)  # what schedules saw at the last step

    @functools.cache
    def step(dtype: np.dtype) -> Step:
        return made.hyperparameters.at(before, corrections, dtype)

    def m_hat(m: jax.Array, v: jax.Array) -> jax.Array:
        dtype = arithmetic_dtype(m, v)
        m = with_depth(m, dtype)
        return by_parts(quotient, m, jnp.asarray(step(dtype).b1.correction, dtype))

    def root(m: jax.Array, v: jax.Array) -> jax.Array:
        dtype = arithmetic_dtype(m, v)
        v, scalars = v.astype(dtype), step(dtype)
        if made.rule is rules.adamax:  # whose v is the decaying maximum of |g| + eps
            return jnp.maximum(v - jnp.asarray(scalars.eps, dtype), 0)
        if made.rule is not rules.amsgrad:  # whose maximum is one of corrected v
            v = quotient(v, jnp.asarray(scalars.b2.correction, dtype))
        return jnp.sqrt(v + jnp.asarray(scalars.eps_root, dtype))

    float32 = step(np.dtype(np.float32))
    of_maximum = made.rule is rules.adamax
    moments, _ = _opened(unpack_moments(part, of_maximum=of_maximum))
    bounds = inner.bounds if isinstance(inner, PackedAdamState) else None
    return Moments(
        m_hat=jax.tree.map(m_hat, moments.mu, moments.nu),
        root=jax.tree.map(root, moments.mu, getattr(moments, "nu_max", moments.nu)),
        eps=float32.eps,
        learning_rate=learning_rate(before) if callable(learning_rate) else learning_rate,
        v=moments.nu,
        bounds=jnp.sqrt(bounds) if bounds is not None and of_maximum else bounds,
    )


def _made(adam: optax.GradientTransformation) -> tuple[Transformation, Any]:
    """The rule with its arguments, and the learning rate."""
    arguments = spec.arguments(adam)
    if "tx" in arguments:  # a wrapper
        return _made(arguments["tx"])
    made = spec.built(arguments.get("rule", adam))
    if not isinstance(made, Transformation):
        raise TypeError(
            "adam must be adam_jax.adamw(...), adam_jax.scale_by_adam(...) or another Adam of this package, alone or "
            "in master_weights or skip_nonfinite, since it tells b1, b2, eps and the learning rate; of a chain, give "
            f"the member that is Adam; for a state of optax.adam, adam_jax.adam with its arguments. Got {adam!r:.200}"
        )
    return made, arguments.get("learning_rate", 1.0)


def _opened(part: Any) -> tuple[Any, Corrections | None]:
    """The moments, and their running bias corrections if b1 or b2 are schedules."""
    if isinstance(part, VaryingDecayState):
        return part.inner_state, Corrections(*part[1:])
    return part, None


def _is_adam(node: Any) -> bool:
    fields = set(getattr(node, "_fields", ()))
    return isinstance(node, VaryingDecayState | PackedAdamState) or {"count", "mu", "nu"} <= fields
