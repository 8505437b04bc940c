"""Were the parameters changed between two steps?  A checksum of a few small ones, and a count.

`master_weights` leaves a parameter and a remainder that belong together.  A transformation behind it that changes the
update (`optax.chain(master_weights(tx), optax.scale(0.5))`) moves the parameter only, and no transformation sees what
is behind it.  It can see, one step later, that the parameters are not those that it left.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from adam_jax.backends.platforms import in_shard_map
from adam_jax.core import element_index

_LEAVES = 8
# A sampled leaf is read twice more, and its update is written out: 14 bytes per element.  Eight leaves of a 4,096th of
# all parameters are 0.03 bytes per parameter.  One element of a large leaf would be less still, but XLA computes
# the whole update a second time for it: 6 bytes of temporaries per parameter on an H200.
_SHARE = 4096
_SMALL = 16384


def sampled(leaves: list[Any]) -> list[int]:
    """The numbers of the bfloat16 leaves that the checksum is of: small ones, spread over the tree."""
    sizes = [math.prod(jnp.shape(p)) for p in leaves]
    most = max(_SMALL, sum(sizes) // _SHARE)
    small = [
        i
        for i, (p, size) in enumerate(zip(leaves, sizes, strict=True))
        if 0 < size <= most and jnp.result_type(p) == jnp.bfloat16
    ]
    return [] if in_shard_map() else small[:: -(-len(small) // _LEAVES) or 1]


def counted(checksum: Any, moved: Any, found: list[Any], left: list[Any]) -> tuple[Any, Any]:
    """The next checksum and the next count, from the last ones and the parameters before and after a step."""
    numbers = sampled(found)
    if not numbers:
        return checksum, moved
    others = (checksum != 0) & (checksum != _checksum([found[i] for i in numbers]))
    return _checksum([left[i] for i in numbers]), moved + others.astype(jnp.int32)


def _checksum(leaves: list[Any]) -> jax.Array:
    """Of every bit, and never 0.  A sum of integers is the same on any number of devices."""
    total = jnp.uint32(0)
    for number, p in enumerate(leaves):
        bits = lax.bitcast_convert_type(p, jnp.uint16).astype(jnp.uint32)
        odd = (element_index(p.shape) * jnp.uint32(0x9E3779B9) + jnp.uint32(0x85EBCA6B * (number + 1) % 2**32)) | 1
        total = total + jnp.sum(bits * odd, dtype=jnp.uint32)
    return total | jnp.uint32(2**31)
