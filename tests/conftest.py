"""What do all tests share?  Compiled programs, strict dtype promotion (a silent cast fails the suite), a page."""

import gc
import json
import os
import shutil
import tempfile

import pytest

# Before jax is imported: workers of pytest-xdist and every process that a test starts inherit the directory, so that
# a program is compiled once.  JAX_COMPILATION_CACHE_DIR, where it is set, is taken as it is.
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    _COMPILED = tempfile.mkdtemp(prefix="adam_jax-compiled-")
    os.environ |= {
        "JAX_COMPILATION_CACHE_DIR": _COMPILED,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
else:
    _COMPILED = None
os.environ.setdefault("JAX_TRACEBACK_IN_LOCATIONS_LIMIT", "0")  # in what is lowered: a tenth of the time of lowering

import jax

# JAX makes many small objects that all stay: looking through them for cycles took a quarter of the suite's time.
gc.set_threshold(1_000_000, 20, 100)


def pytest_unconfigure():
    if _COMPILED:  # here, and not in a worker, whose directory is this one's
        shutil.rmtree(_COMPILED, ignore_errors=True)


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


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    import browser  # Selenium, which only these tests need

    driver = browser.start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def explained(tmp_path_factory):
    """The address of the page that `python -m adam_jax explain` writes."""
    from adam_jax.tools import explain

    return explain.write(tmp_path_factory.mktemp("page")).as_uri()


@pytest.fixture
def page(chromium, explained):
    """That page as it opens, on a desk, by daylight; afterwards it must not have complained, nor asked for more."""
    import browser

    browser.resize(chromium, 1280, 900)
    browser.prefer(chromium, color_scheme="light")
    for log in ("browser", "performance"):
        chromium.get_log(log)  # what was before
    browser.load(chromium, explained)
    yield chromium
    assert chromium.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    assert browser.requests(messages) == {explained}
