"""Gradients that are bad, and those that only look so."""

import jax.numpy as jnp
import numpy as np

BAD = (np.nan, np.inf, -np.inf)
HARMLESS = ("largest", "-largest", "denormal", "least")  # in the gradient's own dtype
KINDS = len(BAD) + len(HARMLESS)


def harmless(dtype):
    info = jnp.finfo(dtype)
    return [info.max, -info.max, info.smallest_normal / 2, -info.smallest_subnormal]
