"""How much shorter is the step of a leaf whose gradient is larger than its past?  StableAdamW's update clipping."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.backends.devices import sum_over_devices
from adam_jax.core import leaf_scalars

if TYPE_CHECKING:
    from adam_jax.backends import ScalarsOf
    from adam_jax.core import AxisName, LeafArrays, LeafScalars, LeafStep


def shortened(
    scalars_of: ScalarsOf,
    threshold: Any,
    axis_name: AxisName,
    leaves: int,
    steps: Sequence[LeafStep],
    arrays: Sequence[LeafArrays],
    numbers: Sequence[int],
) -> ScalarsOf:
    """The same scalars with a learning rate for each leaf: divided by max(1, RMS / threshold).

    RMS is the root of the mean of (g / max(sqrt(v_hat), eps))**2 over a leaf (Wortsman et al. 2023,
    https://arxiv.org/abs/2304.13013, algorithm 2).  It takes one more pass over the gradient and nu.

    leaves: how many there are; those without a gradient have no step.
    """
    divisors: list[Any] = [1.0] * leaves
    for step, leaf, number in zip(steps, arrays, numbers, strict=True):
        ratio = _root_mean_square(step, leaf, leaf_scalars(scalars_of(step.arithmetic(leaf)), number), axis_name)
        divisors[number] = jnp.maximum(1, ratio / jnp.asarray(threshold, ratio.dtype))

    @functools.cache
    def with_rates(dtype: np.dtype) -> LeafScalars:
        scalars = scalars_of(dtype)
        rate = jnp.asarray(-1.0 if scalars.learning_rate is None else scalars.learning_rate, dtype)
        return scalars._replace(learning_rate=rate / jnp.stack([jnp.asarray(x, dtype) for x in divisors]))

    return with_rates


def _root_mean_square(step: LeafStep, leaf: LeafArrays, scalars: LeafScalars, axis_name: AxisName) -> jax.Array:
    total = step.sum_of_squared_ratios(leaf, scalars)
    elements = jnp.full_like(total, jnp.size(leaf.g))
    total, elements = (sum_over_devices(x, leaf.g, axis_name, "update_clipping") for x in (total, elements))
    return jnp.sqrt(total / jnp.maximum(elements, 1))
