"""Do the tiles of a kernel cover an array once?  Sizes, and the number that each element knows itself by."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam_jax.backends import elementwise
from adam_jax.backends.tiles import tiling
from adam_jax.core.rounding import element_index

SHAPES = [(), (5,), (384,), (1000,), (7, 1), (2, 3, 33, 300), (131, 130)]
RAGGED = [(50257,), (50257, 1), (3, 3, 5, 7), (2, 40, 1100), (300, 768), (5, 2000)]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(1, 5000), max_size=4))
def test_tiles_cover_an_array_and_fit(shape):
    t = tiling(tuple(shape))
    assert int(np.prod(t.shape)) == int(np.prod(shape))
    for count, size, tile in zip(t.counts, t.shape, t.tile, strict=True):
        assert (count - 1) * tile < size <= count * tile
    lead, rows, columns = t.tile
    assert rows == t.shape[1] or rows % 32 == 0
    assert columns == t.shape[2] or columns % 128 == 0
    assert rows % t.chunk.rows == 0
    assert columns % t.chunk.columns == 0
    padded = lead * -(-rows // 32) * 32 * -(-columns // 128) * 128
    assert padded <= 2**16 or (lead, rows) == (1, 32) or rows * columns * lead <= 2**16


@pytest.mark.parametrize("shape", SHAPES + RAGGED)
def test_every_element_knows_its_number(shape):
    zeros = jnp.zeros(shape, jnp.int32)
    (result,) = elementwise.run(
        [lambda arrays, scalars, index: (arrays[0] + index.astype(jnp.int32) + scalars,)],
        jnp.int32(7),
        [(zeros,)],
        [(0,)],
        interpret=jax.default_backend() != "tpu",
    )
    np.testing.assert_array_equal(np.asarray(result[0]), np.asarray(element_index(shape).astype(jnp.int32) + 7))
