"""What are m_hat and v_hat now?  The bias-corrected moments of any state that holds `count`, `mu` and `nu`."""

from typing import Any

import jax
import optax

from adam_jax import validation
from adam_jax.rule import decay, power_correction
from adam_jax.storage import arithmetic_dtype


def bias_corrected(state: optax.OptState, b1: float = 0.9, b2: float = 0.999) -> tuple[Any, Any]:
    r"""Equation (3): :math:`\hat m_t = m_t / (1 - \beta_1^t)` and :math:`\hat v_t = v_t / (1 - \beta_2^t)`.

    Args:
      state: an optimizer state with exactly one `count`, `mu` and `nu` in it, after at least one step.
      b1, b2: the constant decay rates of the run, in [0, 1).

    Returns:
      Two trees of the parameters' structure and shapes, float32 (float64 where the moments are).

    Raises:
      ValueError: the state holds none of these names, or b1 or b2 is out of range.
      KeyError: it holds one of them several times.

    >>> import adam_jax, jax.numpy as jnp
    >>> tx = adam_jax.scale_by_adam()
    >>> _, state = tx.update(jnp.array([3.0]), tx.init(jnp.zeros(1)))
    >>> m_hat, v_hat = bias_corrected(state)
    >>> print(f"{m_hat[0]:.4f} {v_hat[0]:.4f}")
    3.0000 9.0000
    """
    count, mu, nu = (optax.tree.get(state, name) for name in ("count", "mu", "nu"))
    if count is None:
        raise ValueError(f"state must hold count, mu and nu, as that of scale_by_adam does; got {type(state).__name__}")

    def corrected(moment: jax.Array, rate: float) -> jax.Array:
        dtype = arithmetic_dtype(moment)
        b = decay(rate, dtype)
        return moment / power_correction(b, count, dtype)

    b1, b2 = validation.decay_rate("b1", b1), validation.decay_rate("b2", b2)
    return jax.tree.map(lambda m: corrected(m, b1), mu), jax.tree.map(lambda v: corrected(v, b2), nu)
