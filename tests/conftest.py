"""What do all tests share?  Strict dtype promotion: a silent cast in the library fails the suite."""

import jax
import pytest


@pytest.fixture(autouse=True)
def _strict_promotion(request):
    if request.node.get_closest_marker("standard_promotion"):
        yield
        return
    with jax.numpy_dtype_promotion("strict"):
        yield
