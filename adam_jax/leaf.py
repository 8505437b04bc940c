"""One array, one step: decode the stored moments, apply the rule, encode.  The definition of everything else."""

import functools

import jax
import jax.numpy as jnp

from adam_jax.rule import Rule, Step
from adam_jax.storage import Storage, Stored, arithmetic_dtype, with_depth


@functools.partial(jax.jit, static_argnames=("rule", "storage"))
def step_leaf(
    g: jax.Array, stored: Stored, step: Step, count: jax.Array, leaf: jax.Array | int, *, rule: Rule, storage: Storage
) -> tuple[jax.Array, Stored]:
    """The update of one leaf, in the gradient's dtype, and what to store.

    Under jit, so that leaves of one shape are traced once, however many there are.
    """
    dtype = arithmetic_dtype(g, *stored)
    moments = storage.decode(stored, dtype, step)
    u, moments = rule(saturate(with_depth(g, dtype)), moments, step)
    return u.astype(g.dtype), storage.encode(moments, stored, step, count, leaf)


def saturate(g: jax.Array) -> jax.Array:
    """Clip |g| to 2**63 (2**511 in float64), so that neither g**2 nor v_hat overflows.

    The update of a larger gradient stays what it should be: the ratio of m_hat and sqrt(v_hat) knows no scale.
    Infinities and NaN become NaN (g - g), for whoever looks for them.
    """
    if jnp.iscomplexobj(g):
        return jax.lax.complex(saturate(g.real), saturate(g.imag))
    limit = 2.0 ** (jnp.finfo(g.dtype).maxexp // 2 - 1)
    return jax.lax.clamp(jnp.asarray(-limit, g.dtype), g, jnp.asarray(limit, g.dtype)) + (g - g)
