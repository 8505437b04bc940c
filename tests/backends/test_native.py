"""Is the native backend XLA's step, in every kernel, on odd numbers and sizes, and with any number of threads?"""

import dataclasses
import functools
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

import adam_jax
from adam_jax.backends import Part, native_library
from adam_jax.backends.native import Native, kernel_scalars
from adam_jax.backends.native_kernels import EIGHT_BITS, every_kernel
from adam_jax.backends.xla import XLA
from adam_jax.core import LeafArrays, LeafScalars, WeightFormat, dither_seed, leaf_scalars

SOURCES = Path(__file__).parents[2] / "native"
ABSENT = native_library.why_not()
pytestmark = pytest.mark.skipif(ABSENT is not None, reason=f"needs a C compiler: the native library {ABSENT}")
KERNELS = every_kernel()
SIZES = [(), (0,), (1,), (127,), (128,), (3, 43), (129, 257)]  # of leaves; a block has 128 elements
# Kernels round a product and a sum once, as XLA's do, and JAX's operations by themselves twice; and they divide by
# c1 * (sqrt(v_hat) + eps), as XLA does, and not twice.  So the last bits differ: of the largest number in an average,
# and of the update and the parameter.
ROUNDINGS = 4
CANCELLED = 2**10  # times that, where numbers cancel: the error of m is one of the larger of m and g
# Where a number lies that close to the threshold of a stochastic rounding, one code.
DIFFERENT_CODES = 2e-3


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
    with np.errstate(over="ignore", invalid="ignore"):
        return jax.tree.map(lambda x, of: jnp.asarray(np.asarray(x).astype(of.dtype)), rows, shapes)


def scalars_of_leaves(generate, kernel, leaves, random):
    """Numbers of a step, of which those of the format differ between leaves."""
    rates = (jnp.float32(0.3), jnp.float32(0.99999)) if kernel.any_rates else (0.9, 0.999)
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


def weight_of(kernel, value, remainder):
    return value.astype(np.float64) if kernel.bits is None else joined(kernel.bits, value, remainder)


def joined(bits, value, remainder):
    return np.asarray(WeightFormat(bits).join(value, remainder)).astype(np.float64)


@np.errstate(invalid="ignore", over="ignore")
def assert_alike(kernel, leaf, got, expected):
    """leaf: the arrays before the step."""
    leaf, got, expected = (jax.tree.map(np.asarray, x) for x in (leaf, got, expected))
    for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(expected), strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
    eps = {"float32": 2.0**-24, "bfloat16": 2.0**-8}
    if kernel.moments == EIGHT_BITS:
        (mu, nu), (mu_expected, nu_expected) = got.stored, expected.stored
        moved = nu != nu_expected
        assert np.all(np.abs(nu.astype(int) - nu_expected) <= 1)
        assert np.all(np.abs(mu.astype(int) - mu_expected)[~moved] <= 1)  # a ratio to the root of what nu stands for
        assert np.sum(moved | (mu != mu_expected)) <= max(1, DIFFERENT_CODES * mu.size)
    else:
        g = leaf.g.astype(np.float64)
        for number, (new, known, old, dtype) in enumerate(
            zip(got.stored, expected.stored, leaf.stored, kernel.moments, strict=True)
        ):
            of = [
                np.abs(x.astype(np.float64))
                for x in (old, known, g if number == 0 or kernel.rule == "adamax" else g**2)
            ]
            assert_near(new, known, ROUNDINGS * eps[dtype] * sum(of))
    weights = [weight_of(kernel, x.value, x.remainder) for x in (got, expected)]
    before = weight_of(kernel, leaf.p, leaf.remainder)
    kept = {None: eps[kernel.param], 32: eps["float32"], 24: 2.0**-15, 16: eps["bfloat16"]}[kernel.bits]
    assert_near(*weights, ROUNDINGS * kept * (np.abs(weights[1]) + np.abs(before)) + 1e-7 * np.abs(weights[1] - before))


def assert_near(a, b, allowed):
    a, b = a.astype(np.float64), b.astype(np.float64)
    off = (a != b) & ~(np.isnan(a) & np.isnan(b))
    units = np.abs(a[off] - b[off]) / (allowed[off] + 1e-37)  # below that numbers are subnormal
    assert np.all(units <= CANCELLED)
    assert np.sum(units > 1) <= 0.01 * a.size


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_a_kernel_computes_what_the_operations_of_its_definition_do_one_by_one(kernel, generate):
    """Each operation of JAX by itself, where nothing can be fused, contracted or rewritten."""
    random = np.random.default_rng(sum(map(ord, kernel.name)))
    step, shapes = generate.step_of(kernel), generate.arrays_of(kernel)
    leaves = [random_leaf(kernel, shapes, shape, random) for shape in SIZES]
    scalars = scalars_of_leaves(generate, kernel, len(leaves), random)

    @jax.jit
    def stepped(scalars):
        ways = ([dataclasses.replace(step, decays=decays)] * len(leaves) for decays in (True, False))
        return [Native().run(steps, lambda _: scalars, leaves, range(len(leaves))) for steps in ways]

    got = stepped(scalars)
    # Of all leaves in one row: by itself each operation would be compiled for each of their shapes.
    row = jax.tree.map(lambda *x: jnp.concatenate([jnp.ravel(part) for part in x]), *leaves)
    known = kernel_scalars(kernel, scalars)
    of_each = [leaf_scalars(known, number) for number in range(len(leaves))]
    sizes = [leaf.g.size for leaf in leaves]
    in_row = jax.tree.map(lambda x, *of: np.repeat(np.asarray(of), sizes) if np.ndim(x) else x, known, *of_each)
    index = np.concatenate([np.arange(size, dtype=np.uint32) for size in sizes])
    for decays, results in zip((True, False), got, strict=True):
        with jax.disable_jit():
            one = dataclasses.replace(step, decays=decays)
            expected = jax.tree.map(np.asarray, type(step).__call__.__wrapped__(one, row, in_row, jnp.asarray(index)))
        end = 0
        for leaf, result in zip(leaves, results, strict=True):
            here, end = slice(end, end + leaf.g.size), end + leaf.g.size
            of_leaf = jax.tree.map(lambda x, here=here, g=leaf.g: x[here].reshape(g.shape), expected)
            assert_alike(kernel, leaf, result, of_leaf)


TRAININGS = {
    "float32": (jnp.float32, lambda how: adam_jax.adamw(1e-2, weight_decay=0.1, implementation=how)),
    "bfloat16": (jnp.float32, lambda how: adam_jax.adam(1e-2, moments="bfloat16", implementation=how)),
    "8bit": (jnp.float32, lambda how: adam_jax.adamw(1e-2, moments="8bit", implementation=how)),
    "8bit + 32": (
        jnp.bfloat16,
        lambda how: adam_jax.master_weights(adam_jax.adamw(1e-2, moments="8bit", implementation=how)),
    ),
}


@pytest.mark.parametrize("name", TRAININGS)
def test_adam_has_xlas_bits(name):
    """Of several leaves, with rates up to 0.999.

    Elsewhere XLA's programs differ in the last bit among themselves: of one leaf it makes m * (1 / c1) of m / c1, and
    what it fuses and contracts depends on what else there is.
    """
    dtype, make = TRAININGS[name]
    results = []
    for how in ("xla", "native"):
        tx, random = make(how), np.random.default_rng(0)
        params = [jnp.asarray(random.standard_normal((64, 48 + n)), dtype) for n in range(3)]
        state, step = tx.init(params), jax.jit(functools.partial(adam_jax.step, tx))
        for _ in range(20):
            scale = 10.0 ** random.integers(-6, 2)
            grads = [jnp.asarray(random.standard_normal(p.shape) * scale, dtype) for p in params]
            params, state = step(params, state, grads)
        results.append((params, state))
    jax.tree.map(np.testing.assert_array_equal, *results)


def test_a_look_at_gradients_is_xlas():
    random = np.random.default_rng(0)
    grads = [jnp.asarray(random.standard_normal(shape) * 1e20, jnp.float32) for shape in SIZES]
    grads += [jnp.asarray(random.standard_normal(n), jnp.bfloat16) for n in (5, 20_000)]
    bad = [grads[-3].at[77, 5].set(jnp.nan).at[3, 4].set(-jnp.inf), jnp.full(3, 3e38), jnp.full(2, jnp.inf), None]
    for some in (grads, [*bad, *grads]):
        got, expected = (backend.observe(some, squares=True, finite=True) for backend in (Native(), XLA()))
        np.testing.assert_array_equal(got.largest_squares, expected.largest_squares)
        assert bool(got.all_finite) == bool(expected.all_finite) == (some is grads)


@pytest.mark.slow
def test_the_number_of_threads_changes_no_bit(tmp_path):
    """On one processor and on all: XLA has as many threads."""
    program = """
import os, sys
if sys.argv[1] == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import jax, jax.numpy as jnp, numpy as np, adam_jax
random = np.random.default_rng(0)
tx = adam_jax.skip_nonfinite(adam_jax.adamw(0.01, moments="8bit", implementation="native"))
params = {n: jnp.asarray(random.standard_normal((n, 301)), jnp.float32) for n in (1, 7, 400, 1)}
state = tx.init(params)
for _ in range(3):
    params, state = jax.jit(lambda *a: adam_jax.step(tx, *a))(params, state, jax.tree.map(jnp.cos, params))
np.savez(sys.argv[2], *jax.tree.leaves((params, state)))
"""
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("no way to bind a process to a processor")
    found = []
    for threads in ("one", "all"):
        file = tmp_path / f"{threads}.npz"
        environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
        subprocess.run([sys.executable, "-c", program, threads, str(file)], env=environment, check=True)
        with np.load(file) as arrays:
            found.append([arrays[name] for name in arrays.files])
    jax.tree.map(np.testing.assert_array_equal, *found)


def test_rows_of_a_part_are_where_they_are_in_the_whole_leaf():
    """The dither of each element: a part of a leaf has its own rows, and not those of an array of its shape."""
    whole = jnp.asarray(np.random.default_rng(0).standard_normal((4, 6, 200)), jnp.float32)
    tx = adam_jax.adamw(0.1, moments="8bit", implementation="native")
    state = jax.jit(lambda: adam_jax.step(tx, [whole], tx.init([whole]), [whole]))()
    mesh = jax.sharding.Mesh(np.array(jax.devices()[:1]), ("x",))
    for spec in (P("x"), P(None, "x"), P(None, None, "x")):
        shardings = adam_jax.state_shardings(tx, [whole], [NamedSharding(mesh, spec)])
        parted = jax.jit(lambda s=shardings: adam_jax.step(tx, [whole], tx.init([whole]), [whole], shardings=s))()
        jax.tree.map(np.testing.assert_array_equal, parted, state)


@pytest.mark.parametrize("lead", [0, 5])
def test_a_part_in_the_middle_of_a_leaf(lead, generate):
    """Against XLA, which counts the elements of any part by itself."""
    kernel = next(k for k in KERNELS if k.name == "adam_8bit_float32")
    random = np.random.default_rng(1)
    step = generate.step_of(kernel)
    leaf = random_leaf(kernel, generate.arrays_of(kernel), (2, 3, 150), random)
    scalars = scalars_of_leaves(generate, kernel, 1, random)
    part = Part(jnp.int32(2**31 - 100 + lead), (7 * 9999, 9999))
    results = [
        jax.jit(lambda b=backend: b.run([step], lambda _: scalars, [leaf], [0], [part]))()[0]
        for backend in (Native(), XLA())
    ]
    codes = zip(*(result.stored for result in results), strict=True)
    moved = sum(int(np.sum(np.asarray(a) != np.asarray(b))) for a, b in codes)
    assert moved <= DIFFERENT_CODES * 2 * leaf.g.size
