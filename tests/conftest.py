"""What do all tests share?  Strict dtype promotion (a silent cast in the library fails the suite), and `--long`."""

import jax
import pytest


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the tests marked `long` too: ten minutes")


def pytest_collection_modifyitems(config, items):
    """Leave out `long` here, since a `-m` on the command line would replace one in pyproject.toml."""
    if config.getoption("--long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.fixture(autouse=True)
def _strict_promotion(request):
    if request.node.get_closest_marker("standard_promotion"):
        yield
        return
    with jax.numpy_dtype_promotion("strict"):
        yield
