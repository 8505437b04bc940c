"""How do moments rest as plain arrays?  One array a moment, in float32, bfloat16, float16 or float64."""

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.core.formats import Stored, arithmetic_dtype, with_depth
from adam_jax.core.rounding import dither, element_index, to_bfloat16
from adam_jax.core.rules import Moments, Step


class Place(NamedTuple):
    """What seeds the rounding."""

    completed: jax.Array  # steps
    leaf: np.ndarray  # the number of each leaf, uint32


@dataclasses.dataclass(frozen=True)
class Dense:
    """`mu` and `nu` (and AMSGrad's `nu_max`, in nu's dtype) as arrays of the parameter's shape.

    A dtype of None means float32, or float64 for a float64 parameter.  nu is always real; mu is complex where the
    parameter is.  bfloat16 is written with stochastic rounding, everything else to nearest.
    """

    mu_dtype: np.dtype | None
    nu_dtype: np.dtype | None
    nu_arrays: int = 1

    @property
    def arrays(self) -> int:
        return 1 + self.nu_arrays

    @property
    def state_type(self) -> Any:
        return optax.ScaleByAdamState if self.nu_arrays == 1 else optax.ScaleByAmsgradState

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
        return (jnp.zeros_like(param, mu_dtype), *(jnp.zeros_like(param, nu_dtype) for _ in range(self.nu_arrays)))

    def init_shared(self, leaves: int) -> Stored:
        del leaves
        return ()

    def observe(self, grads: Sequence[jax.Array | None]) -> None:
        del grads

    def prepare(
        self, observed: None, present: Sequence[bool], shared: Stored, step: Step, count: jax.Array
    ) -> tuple[Stored, Place]:
        del observed, step
        return shared, Place(count, np.arange(len(present), dtype=np.uint32))

    def decode(self, stored: Stored, dtype: np.dtype, place: Place) -> Moments:
        del place
        return tuple(with_depth(x, dtype) for x in stored)

    def encode(self, moments: Moments, stored: Stored, place: Place, index: jax.Array | None) -> Stored:
        return tuple(
            to_bfloat16(
                x.astype(jnp.float32),
                dither(element_index(x.shape) if index is None else index, place.completed, stream, place.leaf),
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
