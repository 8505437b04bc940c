"""What is the derivative of a step through operations on bits?  That of the exact number, or a refusal; never 0."""

import functools

import jax
import jax.numpy as jnp


@jax.custom_jvp
def straight_through(value: jax.Array, exact: jax.Array) -> jax.Array:
    """`value`, with the derivative of `exact`, which it was rounded from.

    To JAX operations on bits have the derivative 0: what is rounded by them would silently count as a constant.

    First derivatives, and forward over forward: JAX's `scan` forgets such rules in what it computes ahead of a reverse
    pass, so that a derivative of a reverse one through it would lose them.
    """
    del exact
    return value


@straight_through.defjvp
def _straight_through_jvp(
    primals: tuple[jax.Array, jax.Array], tangents: tuple[jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    value, exact = primals
    return straight_through(value, exact), tangents[1].astype(value.dtype)


def not_differentiated(x: jax.Array, why: str) -> jax.Array:
    """`x`; a TypeError that says `why` where somebody asks for a derivative that depends on it."""
    return _not_differentiated(x, why) if jnp.issubdtype(x.dtype, jnp.inexact) else x


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _not_differentiated(x: jax.Array, why: str) -> jax.Array:
    del why
    return x


@_not_differentiated.defjvp
def _refuse(why: str, primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    # JAX calls this only where the tangent is not known to be zero when the program is traced.  (symbolic_zeros, which
    # would say so, cannot be lowered for a TPU's kernels.)
    del primals, tangents
    raise TypeError(why)
