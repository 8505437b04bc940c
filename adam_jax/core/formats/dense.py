"""How are moments stored as plain arrays?  One array per moment, in float32, bfloat16, float16 or float64."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.core.arithmetic import arithmetic_dtype, with_depth
from adam_jax.core.rounding import dither, dither_seed, element_index, to_bfloat16

if TYPE_CHECKING:  # pragma: no mutate
    from adam_jax.core.decay import StepScalars
    from adam_jax.core.formats import Stored
    from adam_jax.core.rules import Moments


class DenseScalars(NamedTuple):
    """What seeds the rounding."""

    seeds: tuple[
        jax.Array, ...
    ]  # of the dither of each array, uint32, with an entry per leaf; () where none is rounded


@dataclasses.dataclass(frozen=True)
class Dense:
    """`mu` and `nu` (and AMSGrad's `nu_max`, in nu's dtype) as arrays of the parameter's shape.

    A dtype of None means float32, or float64 for a float64 parameter.  nu is always real; mu is complex where the
    parameter is.  bfloat16 is written with stochastic rounding, everything else to nearest.
    """

    mu_dtype: np.dtype | None
    nu_dtype: np.dtype | None
    arrays: int  # one is mu's
    needs_largest_squares: bool = False
    exact: bool = True

    def init(self, param: Any) -> Stored:
        wide = arithmetic_dtype(param)
        mu_dtype = self.mu_dtype or wide
        if jnp.issubdtype(param.dtype, jnp.complexfloating):
            if mu_dtype.itemsize < 4:
                raise ValueError(
                    f"mu_dtype={mu_dtype.name!r} cannot hold the moment of a {param.dtype} parameter; "
                    "use mu_dtype='float32', or mask the leaf with optax.masked"
                )
            mu_dtype = np.result_type(mu_dtype, np.complex64)
        elif jnp.issubdtype(mu_dtype, jnp.complexfloating):
            raise ValueError(
                f"mu_dtype={mu_dtype.name!r} is for complex parameters; got {param.dtype}. Use the real dtype of that "
                "depth, with which complex parameters have complex moments too"
            )
        nu_dtype = self.nu_dtype or wide
        return (jnp.zeros_like(param, mu_dtype), *(jnp.zeros_like(param, nu_dtype) for _ in range(self.arrays - 1)))

    def init_shared(self, leaves: int) -> Stored:
        del leaves
        return ()

    def per_step_scalars(
        self,
        largest_squares: jax.Array | None,
        has_gradient: Sequence[bool],
        shared: Stored,
        scalars: StepScalars,
        count: jax.Array,
    ) -> tuple[Stored, DenseScalars]:
        del largest_squares, scalars
        leaves, rounded = np.arange(len(has_gradient)), jnp.bfloat16 in (self.mu_dtype, self.nu_dtype)
        streams = range(self.arrays) if rounded else ()
        return shared, DenseScalars(tuple(dither_seed(count, stream, leaves) for stream in streams))

    def decode(self, stored: Stored, dtype: np.dtype, scalars: DenseScalars) -> Moments:
        del scalars
        return tuple(with_depth(x, dtype) for x in stored)

    def encode(self, moments: Moments, stored: Stored, scalars: DenseScalars, index: jax.Array | None) -> Stored:
        return tuple(
            to_bfloat16(
                x.astype(jnp.float32),
                dither(element_index(x.shape) if index is None else index, scalars.seeds[stream]),
            )
            if old.dtype == jnp.bfloat16
            else _to_nearest(x, old.dtype)
            for stream, (x, old) in enumerate(zip(moments, stored, strict=True))
        )


def _to_nearest(x: jax.Array, dtype: np.dtype) -> jax.Array:
    if dtype == jnp.float16:  # saturate: an infinite moment would never come back
        largest = float(jnp.finfo(dtype).max)
        x = jnp.where(jnp.isfinite(x), jnp.clip(x, -largest, largest), x)
    return x.astype(dtype)
