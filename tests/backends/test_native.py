"""Is the native backend XLA's step, in every kernel, on odd numbers and sizes, and with any number of threads?"""

import importlib.util
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from adam_jax.backends import native_library
from adam_jax.backends.native import Native, kernel_scalars
from adam_jax.backends.native_kernels import EIGHT_BITS, every_kernel
from adam_jax.core import LeafArrays, LeafScalars, WeightFormat, dither_seed, leaf_scalars

SOURCES = Path(__file__).parents[2] / "native"
ABSENT = native_library.why_not()
pytestmark = pytest.mark.skipif(ABSENT is not None, reason=f"needs a C compiler: the native library {ABSENT}")
KERNELS = every_kernel()
SIZES = [(), (0,), (1,), (127,), (128,), (3, 43), (129, 257)]  # of leaves; a block has 128 elements
# A quotient of a number below 1e-30 is not corrected where the correction is subnormal, which is zero here.
ULPS = 1
# Of 8-bit moments products and sums are rounded once, and not twice: a code may lie on the other side of a threshold.
DIFFERENT_CODES = 1e-3


def module(name):
    spec = importlib.util.spec_from_file_location(f"native_{name}", SOURCES / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def generate():
    return module("generate")


@pytest.mark.slow
def test_the_c_is_what_the_definition_is_traced_to(generate):
    for name, text in generate.sources().items():
        assert (SOURCES / "kernels" / name).read_text() == text, "python native/generate.py, and compile again"


def test_the_library_is_compiled_from_these_sources():
    assert native_library.digest() == module("compile").digest(), "python native/compile.py"
    assert all(native_library.has_kernel(kernel.name) for kernel in KERNELS)
    assert not native_library.has_kernel("sgd")


def random_leaf(kernel, shapes, shape, random):
    """Arrays of a leaf as they may come, with what is odd among them."""
    g = random.standard_normal(shape) * 10.0 ** random.uniform(-12, 6, shape)
    p = random.standard_normal(shape)
    if np.size(g) > 100:
        g.flat[:9] = [np.nan, np.inf, -np.inf, 0, -0.0, 1e-42, 3e38, -1e-30, 1e30]
        p.flat[5:12] = [np.nan, np.inf, -np.inf, 0, 1e-42, 3e38, -1e-30]
    stored = []
    for number, of in enumerate(shapes.stored):
        if np.issubdtype(of.dtype, np.integer):
            info = np.iinfo(of.dtype)
            stored.append(random.integers(-127 if info.min else 0, info.max + 1, shape))
        else:
            x = random.standard_normal(shape) * 10.0 ** random.uniform(-9, 3, shape)
            stored.append(x if number == 0 else x**2)
    remainder = None if shapes.remainder is None else random.integers(-128, 128, shape)
    rows = LeafArrays(p, tuple(stored), remainder, g)
    with np.errstate(over="ignore"):
        return jax.tree.map(lambda x, of: jnp.asarray(np.asarray(x).astype(of.dtype)), rows, shapes)


def scalars_of_leaves(generate, kernel, leaves, random):
    """Numbers of a step, of which those of the format differ between leaves."""
    b1, b2 = (0.3, 0.99999) if kernel.any_rates else (0.9, 0.999)
    rates = (jnp.float32(b1), jnp.float32(b2)) if kernel.any_rates else (b1, b2)
    hyperparameters = generate.Hyperparameters(*rates, 1e-8, nesterov=kernel.rule == "nadam")
    count, moments = jnp.int32(6), generate._format(kernel)
    rule = hyperparameters.at(count, None, np.dtype(np.float32))
    shared = moments.init_shared(leaves)
    if shared:
        shared = (jnp.asarray(random.uniform(1e-9, 1e9, leaves), jnp.float32), *shared[1:])
    squares = jnp.asarray(random.uniform(0, 1e12, leaves), jnp.float32)
    _, codec = moments.per_step_scalars(squares, [True] * leaves, shared, rule, count)
    seeds = None if kernel.bits is None else dither_seed(count, 2, np.arange(leaves))
    return LeafScalars(rule, codec, jnp.float32(1e-2), 0.1, seeds)


def assert_alike(kernel, got, expected):
    got, expected = (jax.tree.map(np.asarray, result) for result in (got, expected))
    for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(expected), strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
    if kernel.moments != EIGHT_BITS:
        for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(expected), strict=True):
            assert_within_ulps(a, b)
        return
    (mu, nu), (mu_expected, nu_expected) = got.stored, expected.stored
    moved = nu != nu_expected
    assert np.all(np.abs(nu.astype(int) - nu_expected) <= 1)
    assert np.all(np.abs(mu.astype(int) - mu_expected)[~moved] <= 1)  # mu is a ratio to the root of what nu stands for
    assert np.sum(moved | (mu != mu_expected)) <= max(1, DIFFERENT_CODES * mu.size)
    if kernel.bits is None:
        a, b = got.value.astype(np.float64), expected.value.astype(np.float64)
    else:
        weight = WeightFormat(kernel.bits)
        a, b = (np.asarray(weight.join(x.value, x.remainder)).astype(np.float64) for x in (got, expected))
    # a few units in the last place of the update, and of the weight as far as it has bits
    np.testing.assert_allclose(a, b, rtol=2.0 ** (9 - (kernel.bits or 32)), atol=1e-7)


def assert_within_ulps(a, b):
    off = (a != b) & ~((a != a) & (b != b))
    assert np.sum(off) <= DIFFERENT_CODES * a.size
    if np.issubdtype(a.dtype, np.integer):  # remainders: the last bit of a weight
        return
    ulp = np.spacing(np.abs(b[off]).astype(np.float32)) * (2**16 if a.dtype == jnp.bfloat16 else 1)
    assert np.all(np.abs(a[off].astype(np.float64) - b[off].astype(np.float64)) <= ULPS * ulp)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_a_kernel_computes_what_the_operations_of_its_definition_do_one_by_one(kernel, generate):
    """Each operation of JAX by itself, where nothing can be fused, contracted or rewritten."""
    random = np.random.default_rng(sum(map(ord, kernel.name)))
    step, shapes = generate.step_of(kernel), generate.arrays_of(kernel)
    leaves = [random_leaf(kernel, shapes, shape, random) for shape in SIZES]
    scalars = scalars_of_leaves(generate, kernel, len(leaves), random)
    got = jax.jit(lambda scalars: Native().run([step] * len(leaves), lambda _: scalars, leaves, range(len(leaves))))
    got = got(scalars)
    for number, leaf in enumerate(leaves):
        known = leaf_scalars(kernel_scalars(kernel, scalars), number)
        with jax.disable_jit():
            expected = type(step).__call__.__wrapped__(step, leaf, known)
        assert_alike(kernel, got[number], expected)
