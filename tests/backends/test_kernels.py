"""Do the TPU kernels compute what the rest does?  On a TPU as they are, elsewhere by Pallas's interpreter."""

import functools
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax.backends import elementwise, selection
from adam_jax.backends.pallas_tpu import PallasTPU
from adam_jax.core.arithmetic import gradient_square

pytestmark = pytest.mark.standard_promotion  # optax.apply_updates adds float32 to bfloat16

SHAPES = [(), (5,), (384,), (1000,), (7, 1), (2, 3, 33, 300), (131, 130)]
STEPS = 3
# XLA may contract a product and a sum to one operation in one program and not in another: the last bit of a float32
# differs, and where a number lies that close to the threshold of a stochastic rounding, one code.
DIFFERENT_CODES = 2e-3  # of all elements; 4e-4 when measured
WEIGHT_ULPS = 2  # of a weight or of a step of 1e-2, whichever is larger


@pytest.fixture(autouse=True)
def interpreter(monkeypatch):
    monkeypatch.setattr(selection, "TPU_KERNEL", PallasTPU(interpret=jax.default_backend() != "tpu"))


def decays(params):
    return jax.tree.map(lambda p: p.ndim > 1, params)


OPTIMIZERS = {
    "adam": lambda **how: adam_jax.adam(1e-3, **how),
    "adamw": lambda **how: adam_jax.adamw(1e-3, weight_decay=0.1, **how),
    "adamw, masked, scheduled": lambda **how: adam_jax.adamw(
        optax.linear_schedule(1e-2, 0.0, 10), weight_decay=optax.linear_schedule(0.1, 0.0, 10), mask=decays, **how
    ),
    "adamw, b2 .99999": lambda **how: adam_jax.adamw(jnp.float32(1e-3), b2=0.99999, **how),
    "adamw, arrays": lambda **how: adam_jax.adamw(
        *map(jnp.float32, (1e-2, 0.8, 0.99, 1e-6)), weight_decay=jnp.float32(0.1), **how
    ),
    "adamw, mask by dtype": lambda **how: adam_jax.adamw(
        1e-2, weight_decay=0.5, mask=lambda params: [p.dtype == jnp.bfloat16 for p in params], **how
    ),
    "nadamw": lambda **how: adam_jax.nadamw(1e-3, **how),
    "adamax": lambda **how: adam_jax.adamax(1e-3, **how),
}
WRAPPERS = {
    "float32": lambda tx: tx,
    "32": lambda tx: adam_jax.master_weights(tx, 32),
    "24": lambda tx: adam_jax.master_weights(tx, 24),
    "16": lambda tx: adam_jax.master_weights(tx, 16),
    "skip": lambda tx: adam_jax.skip_nonfinite(tx),
    "skip 32": lambda tx: adam_jax.skip_nonfinite(adam_jax.master_weights(tx, 32)),
}
# What test_backends.py has too, of every backend, is for --long here.
ALONE = {("adamw", "24"), ("adamw", "float32"), ("adamw, masked, scheduled", "24"), ("adamw, mask by dtype", "24")}
CASES = [
    pytest.param(rule, wrapper, marks=() if (rule, wrapper) in ALONE else pytest.mark.long)
    for rule in OPTIMIZERS
    for wrapper in WRAPPERS
    if rule == "adamw" or wrapper == "24"
]
FEW = [(), (1000,), (131, 130)]  # to interpret a kernel of seven shapes takes ten seconds


def both(rule, wrapper):
    return [WRAPPERS[wrapper](OPTIMIZERS[rule](moments="8bit", implementation=how)) for how in ("xla", "pallas")]


def model(wrapper, shapes=SHAPES):
    dtype = jnp.float32 if wrapper in ("float32", "skip") else jnp.bfloat16
    rng = np.random.default_rng(0)
    return [jnp.asarray(rng.standard_normal(shape) * 0.02, dtype) for shape in shapes]


def gradients(step, params, bad=False):
    rng = np.random.default_rng(step)
    grads = [jnp.asarray(rng.standard_normal(p.shape) * 10.0 ** rng.integers(-6, 2), p.dtype) for p in params]
    return [*grads[:-1], grads[-1].at[123, 45].set(jnp.nan)] if bad else grads


def widened(state):
    """The arrays of a state, with the codes of r and v apart; without remainders, which `weights` has."""
    leaves = []
    for leaf in map(np.asarray, jax.tree.leaves(state)):
        if leaf.dtype not in (np.int16, np.int8):
            leaves += [leaf >> 7, leaf & 127] if leaf.dtype == np.uint16 else [leaf]
    return leaves


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "wrapper"), CASES)
def test_a_step_in_one_kernel_is_update_and_apply_updates(rule, wrapper):
    reference, kernel = both(rule, wrapper)
    params = model(wrapper, SHAPES if (rule, wrapper) == ("adamw", "24") else FEW)
    state = reference.init(params)
    assert jax.tree.structure(state) == jax.tree.structure(kernel.init(params))
    steps = [jax.jit(lambda p, s, g, tx=tx: adam_jax.step(tx, p, s, g)) for tx in (reference, kernel)]
    elements = sum(p.size for p in params)
    for n in range(STEPS):
        grads = gradients(n, params, bad=n == 1 and "skip" in wrapper)
        expected, got = (step(params, state, grads) for step in steps)
        assert jax.tree.map(lambda x: (x.shape, x.dtype), got) == jax.tree.map(lambda x: (x.shape, x.dtype), expected)
        codes = [np.sum(a != b) for a, b in zip(widened(got[1]), widened(expected[1]), strict=True)]
        assert max(codes) <= DIFFERENT_CODES * elements
        for new, old in zip(*(weights(params, x, wrapper) for x in (got, expected)), strict=True):
            spacing = np.spacing(np.maximum(np.abs(old), np.float32(1e-2)))
            if wrapper in ("24", "16"):  # a rounding that differs is one of their own ulps
                spacing = spacing * 2 ** (32 - int(wrapper))
            assert np.all(np.abs(new - old) <= WEIGHT_ULPS * spacing)
        params, state = expected


def weights(params, result, wrapper):
    moved, state = result
    state = getattr(state, "inner_state", state) if "skip" in wrapper else state
    if hasattr(state, "remainder"):
        moved = adam_jax.wide_weights(moved, state)
    return [np.asarray(p, np.float32) for p in moved]


@pytest.mark.slow
@pytest.mark.parametrize("wrapper", ["skip 32", *(pytest.param(x, marks=pytest.mark.long) for x in ("32", "24", "16"))])
def test_update_lands_where_step_does(wrapper):
    _, tx = both("adamw", wrapper)
    params = model(wrapper, FEW)
    carries = [(params, tx.init(params))] * 2

    def plain(params, state, grads):
        updates, state = tx.update(grads, state, params)
        assert {u.dtype for u in updates} == {jnp.dtype(jnp.float32)}
        return optax.apply_updates(params, updates), state

    doors = [jax.jit(lambda p, s, g: adam_jax.step(tx, p, s, g)), jax.jit(plain)]
    for n in range(STEPS):
        grads = gradients(n, params, bad=n == 1 and "skip" in wrapper)
        carries = [step(params, state, grads) for step, (params, state) in zip(doors, carries, strict=True)]
        for a, b in zip(*map(jax.tree.leaves, carries), strict=True):
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_a_bad_step_leaves_everything_as_it_was():
    _, tx = both("adamw", "skip 32")
    params = model("skip 32", FEW)
    step = jax.jit(lambda p, s, g: adam_jax.step(tx, p, s, g))
    params, state = step(params, tx.init(params), gradients(0, params))
    after = step(params, state, gradients(1, params, bad=True))
    assert int(after[1].skipped) == 1
    for a, b in zip(
        jax.tree.leaves(after), jax.tree.leaves((params, state._replace(skipped=jnp.int32(1)))), strict=True
    ):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_without_the_wrapper_a_bad_gradient_stays_out_of_the_bounds():
    reference, kernel = both("adamw", "32")
    params = model("32", FEW)
    grads = gradients(0, params, bad=True)
    states = [
        jax.jit(lambda p, s, g, tx=tx: adam_jax.step(tx, p, s, g))(params, tx.init(params), grads)[1]
        for tx in (reference, kernel)
    ]
    bounds = [np.asarray(state.inner_state[0].bounds) for state in states]
    np.testing.assert_allclose(bounds[0], bounds[1], rtol=1e-6)
    assert np.all(np.isfinite(bounds[0]))


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "dtype"), [("scale_by_adam", jnp.bfloat16), ("scale_by_adamax", jnp.float32)])
def test_moments_alone_in_a_kernel(rule, dtype):
    reference, kernel = (getattr(adam_jax, rule)(moments="8bit", implementation=how) for how in ("xla", "pallas"))
    params = [p.astype(dtype) for p in model("float32", FEW)] + [None]
    state = reference.init(params)
    for n in range(STEPS):
        grads = [*gradients(n, params[:-1]), None]
        grads[2] = None if n == 1 and rule == "scale_by_adam" else grads[2]  # another program
        expected, got = (jax.jit(tx.update)(grads, state) for tx in (reference, kernel))
        assert sum(np.sum(a != b) for a, b in zip(widened(got[1]), widened(expected[1]), strict=True)) < 100
        for a, b in zip(jax.tree.leaves(got[0]), jax.tree.leaves(expected[0]), strict=True):
            np.testing.assert_allclose(
                np.asarray(a, np.float64), np.asarray(b, np.float64), rtol=1e-2 if dtype == jnp.bfloat16 else 1e-6
            )
        state = expected[1]


def test_many_leaves_and_their_own_scalars():
    leaves = [np.full((n, 3), n, np.float32) for n in range(1, 40)]

    @jax.jit
    def run(own, leaves):
        return elementwise.run(
            [lambda arrays, s, index: (arrays[0] * s[0] + s[1],)] * 39,
            (own, 0.5),
            [(x,) for x in leaves],
            [(0,)] * 39,
            interpret=selection.TPU_KERNEL.interpret,
        )

    for n, (result,) in enumerate(run(jnp.arange(39, dtype=jnp.float32), leaves)):
        np.testing.assert_array_equal(np.asarray(result), np.full((n + 1, 3), (n + 1) * n + 0.5, np.float32))


def test_the_largest_finite_square_of_each_leaf():
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape).astype(np.float32) for shape in SHAPES]
    arrays[3][17] = np.inf
    arrays[6][69, 129] = np.nan
    largest, finite = elementwise.largest(
        gradient_square, [jnp.asarray(a) for a in arrays], interpret=selection.TPU_KERNEL.interpret
    )
    expected = [np.max(np.where(np.isfinite(a), a.astype(np.float64) ** 2, 0)) for a in arrays]
    np.testing.assert_allclose(np.asarray(largest), expected, rtol=1e-7)
    np.testing.assert_array_equal(np.asarray(finite), [np.isfinite(a).all() for a in arrays])


def test_a_tree_of_two_dtypes_in_one_kernel():
    params = {"norm": jnp.linspace(0.5, 1.5, 300), "w": jnp.linspace(-1, 1, 384).astype(jnp.bfloat16)}
    reference, kernel = both("adamw", "32")
    states = [kernel.init(params)] * 2
    trees = [params] * 2
    steps = [jax.jit(functools.partial(adam_jax.step, tx)) for tx in (reference, kernel)]
    for step in range(STEPS):
        grads = dict(zip(params, gradients(step, list(params.values())), strict=True))
        pairs = [step(p, s, grads) for step, s, p in zip(steps, states, trees, strict=True)]
        trees, states = map(list, zip(*pairs, strict=True))
    assert isinstance(states[1].remainder["norm"], optax.MaskedNode)
    expected, got = (adam_jax.wide_weights(p, s) for p, s in zip(trees, states, strict=True))
    for name in params:
        assert got[name].dtype == jnp.float32
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-6, atol=0.02 * 1e-3)  # a code of r in a step
        assert np.any(np.asarray(got[name]) != np.asarray(params[name], np.float32))


SHARDED = """
import jax, jax.numpy as jnp, numpy as np, adam_jax
from jax.sharding import NamedSharding, PartitionSpec as P
from adam_jax.backends import selection
from adam_jax.backends.pallas_tpu import PallasTPU
selection.TPU_KERNEL = PallasTPU(interpret=True)
tx = adam_jax.skip_nonfinite(
    adam_jax.master_weights(adam_jax.adamw(0.01, moments="8bit", implementation="pallas"), 24)
)
rng = np.random.default_rng(0)
draw = lambda scale: {
    name: jnp.asarray(scale * rng.standard_normal(shape), jnp.bfloat16)
    for name, shape in {"w": (64, 256), "stack": (4, 16, 24), "b": (1024,), "odd": (3,), "s": ()}.items()
}
start, grads = draw(0.1), [draw(1.0) for _ in range(3)]
layouts = {
    "whole": ({}, None),
    "data": ({}, "data"),
    "model": ({"w": P("model"), "stack": P(None, "model"), "b": P("model")}, None),
    "both": ({"w": P(None, "model"), "stack": P("data", None, "model"), "b": P(("data", "model"))}, "data"),
}
results = {}
for name, (specs, zero_axis) in layouts.items():
    shape = (1, 1) if name == "whole" else (4, 2)
    mesh = jax.make_mesh(shape, ("data", "model"), devices=jax.devices()[: shape[0] * shape[1]])
    places = {key: NamedSharding(mesh, specs.get(key, P())) for key in start}
    params = jax.device_put(start, places)
    shardings = adam_jax.state_shardings(tx, params, zero_axis=zero_axis)
    state = jax.jit(tx.init, out_shardings=shardings)(params)
    step = jax.jit(lambda p, s, g: adam_jax.step(tx, p, s, g, shardings=shardings), out_shardings=(places, shardings))
    for g in grads:
        params, state = step(params, state, jax.device_put(g, places))
    results[name] = jax.tree.map(np.asarray, (params, state))
for name, other in results.items():
    pairs = zip(jax.tree.leaves(other), jax.tree.leaves(results["whole"]), strict=True)
    print(name, sum(np.sum(a != b) for a, b in pairs))
"""


@pytest.mark.slow
def test_kernels_on_parts_of_arrays_number_their_elements_as_in_the_whole():
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", SHARDED], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    different = dict(line.split() for line in done.stdout.splitlines())
    assert list(different) == ["whole", "data", "model", "both"]
    elements = 3 * (64 * 256 + 4 * 16 * 24 + 1024 + 4)  # parameters, codes, remainders; half would differ
    assert max(map(int, different.values())) <= DIFFERENT_CODES * elements
