"""Is what differs by platform chosen when a program is lowered?  Compiled from here for machines that are not here."""

import importlib.util
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.sharding import Mesh, NamedSharding, PartitionSpec, SingleDeviceSharding

import adam_jax
from adam_jax import diagnostics
from adam_jax.backends import platforms
from adam_jax.backends.xla import XLA
from adam_jax.tools.bench import targets

for_v5e = pytest.mark.skipif(targets.missing("v5e") is not None, reason=str(targets.missing("v5e")))
packed = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit"))


def update(tx, params, state, grads):
    updates, state = tx.update(grads, state, params)
    return optax.apply_updates(params, updates), state


def compiled(step, sharding, tx=packed):
    params = jax.ShapeDtypeStruct((4096, 4096), jnp.bfloat16)
    place = lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=sharding)  # noqa: E731
    params, state = jax.tree.map(place, (params, jax.eval_shape(tx.init, params)))
    jitted = jax.jit(lambda params, state, grads: step(tx, params, state, grads), donate_argnums=(0, 1))
    return jitted.lower(params, state, params).compile()


def shardings_of_a_v5e():
    chips = targets.devices("v5e")
    return {
        "a device": SingleDeviceSharding(chips[0]),
        "a mesh of one": NamedSharding(Mesh(np.array(chips[:1]), ("data",)), PartitionSpec()),
    }


@for_v5e
@pytest.mark.standard_promotion
@pytest.mark.parametrize("where", ["a device", "a mesh of one"])
@pytest.mark.parametrize(("step", "most"), [(update, 22.2), (adam_jax.step, 16.2)])
def test_ordinary_shardings_are_enough_to_compile_for_a_tpu(step, most, where):
    program = compiled(step, shardings_of_a_v5e()[where])
    found = diagnostics.compiled(program)
    assert found.bytes <= most  # 48 where the formulation was that of the default backend, a CPU
    assert (found.copies, found.branches) == (0, 0)
    assert "adam_step" in program.as_text()  # the kernel


@for_v5e
@pytest.mark.standard_promotion
def test_a_kernel_that_xla_cannot_cut_is_left_out_on_a_mesh():
    mesh = Mesh(np.array(targets.devices("v5e")), ("data",), axis_types=(jax.sharding.AxisType.Auto,))
    program = compiled(adam_jax.step, NamedSharding(mesh, PartitionSpec()))
    assert "adam_step" not in program.as_text()


@pytest.mark.standard_promotion
@pytest.mark.parametrize("step", [update, adam_jax.step])
def test_an_exported_step_of_several_platforms(step):
    rng = np.random.default_rng(0)
    params = {
        "w": jnp.asarray(rng.standard_normal((48, 130)), jnp.bfloat16),
        "b": jnp.asarray(rng.standard_normal(7), jnp.bfloat16),
    }
    grads = jax.tree.map(lambda p: p * jnp.bfloat16(0.25), params)
    leaves, structure = jax.tree.flatten((params, packed.init(params), grads))

    def flat(*leaves):
        return jax.tree.leaves(step(packed, *structure.unflatten(leaves)))

    exported = jax.export.export(jax.jit(flat), platforms=("cpu", "cuda", "tpu"))(*leaves)
    assert exported.platforms == ("cpu", "cuda", "tpu")
    for got, expected in zip(jax.jit(exported.call)(*leaves), jax.jit(flat)(*leaves), strict=True):
        np.testing.assert_array_equal(np.asarray(got), np.asarray(expected))


GRADIENTS = np.random.default_rng(1).standard_normal((3, 4, 50)).astype(np.float32)
GRADIENTS[0, 1, 7], GRADIENTS[1, 2, 3] = np.nan, -np.inf
LARGEST = [np.max(np.where(np.isfinite(g), g.astype(np.float64) ** 2, 0)) for g in GRADIENTS]
observe = lambda g: XLA().observe([g], squares=True, finite=False).largest_squares[0]  # noqa: E731
WAYS = {
    "eager": lambda gs: jnp.stack([observe(g) for g in gs]),
    "NumPy": lambda gs: jnp.stack([observe(np.asarray(g)) for g in gs]),
    "jit": lambda gs: jnp.stack([jax.jit(observe)(g) for g in gs]),
    "vmap": jax.vmap(observe),
    "jit of vmap": jax.jit(jax.vmap(observe)),
    "scan": lambda gs: jax.lax.scan(lambda carry, g: (carry, observe(g)), None, gs)[1],
    "jvp": lambda gs: jnp.stack([jax.jvp(observe, (g,), (jnp.ones_like(g),))[0] for g in gs]),
    "jit of grad": lambda gs: jnp.stack([jax.jit(jax.value_and_grad(observe))(g)[0] for g in gs]),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_largest_square_under_every_transformation(way):
    np.testing.assert_allclose(WAYS[way](jnp.asarray(GRADIENTS)), LARGEST, rtol=1e-6)


def test_what_is_lowered_for_one_platform_has_one_formulation():
    text = jax.jit(observe).lower(jnp.ones((64, 64))).compile().as_text()
    assert "conditional(" not in text


@pytest.mark.standard_promotion
@pytest.mark.skipif(jax.default_backend() == "tpu", reason="the kernel runs there")
def test_a_kernel_is_traced_only_where_a_tpu_may_be_meant(monkeypatch):
    params = jnp.ones((16, 128), jnp.bfloat16)

    def traced():
        return str(jax.make_jaxpr(lambda p, s, g: adam_jax.step(packed, p, s, g))(params, packed.init(params), params))

    monkeypatch.setattr(platforms, "_has_compiler_for_tpus", lambda: False)
    assert "pallas_call" not in traced()
    monkeypatch.setattr(platforms, "_has_compiler_for_tpus", lambda: True)
    assert traced().count("pallas_call") == 2  # the largest gradient, and the step; not once more inside the other way


@pytest.mark.standard_promotion
@pytest.mark.skipif(jax.default_backend() == "tpu", reason="the kernel runs there")
@pytest.mark.parametrize("jit", [lambda f: f, jax.jit])
@pytest.mark.parametrize("step", [update, adam_jax.step])
@pytest.mark.parametrize("installed", [False, True])
def test_a_named_kernel_is_refused_where_it_cannot_run(step, jit, installed, monkeypatch):
    monkeypatch.setattr(platforms, "_has_compiler_for_tpus", lambda: installed)
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", implementation="pallas"))
    params = jnp.ones((16, 128), jnp.bfloat16)
    with pytest.raises(ValueError, match="implementation='pallas' is a TPU kernel, and this is no"):
        jit(lambda p, s, g: step(tx, p, s, g))(params, tx.init(params), params)


@pytest.mark.standard_promotion
def test_a_kernel_that_may_be_is_no_hindrance_to_vmap_grad_and_scan(monkeypatch):
    rng = np.random.default_rng(2)
    start = jnp.asarray(rng.standard_normal((3, 16, 8)), jnp.bfloat16)
    grads = jnp.asarray(rng.standard_normal((4, 3, 16, 8)), jnp.bfloat16)

    def train(rate, params, grads):
        tx = adam_jax.master_weights(adam_jax.adamw(rate, moments="8bit"))

        def one(carry, g):
            return adam_jax.step(tx, *carry, g), None

        (params, state), _ = jax.lax.scan(one, (params, tx.init(params)), grads)
        return jnp.sum(adam_jax.wide_weights(params, state))

    def results():
        rate = jnp.float32(1e-2)
        each = jax.jit(jax.vmap(train, (None, 0, 1)))(rate, start, grads)
        moved = jax.jit(lambda rate: jax.jvp(lambda r: train(r, start[0], grads[:, 0]), (rate,), (rate,)))(rate)
        return jnp.stack([*each, *moved])

    monkeypatch.setattr(platforms, "_has_compiler_for_tpus", lambda: False)
    without = results()
    monkeypatch.setattr(platforms, "_has_compiler_for_tpus", lambda: True)
    np.testing.assert_array_equal(np.asarray(results()), np.asarray(without))


def test_libtpu_is_looked_for_by_its_name():
    assert platforms._has_compiler_for_tpus() == (importlib.util.find_spec("libtpu") is not None)


IMPORTS = """
import importlib.util, sys
import adam_jax
assert not {"jax.experimental.pallas", "jax._src.pallas", "matplotlib"} & set(sys.modules), "import adam_jax"
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "libtpu" else found(name, *more)
import jax, jax.numpy as jnp
for tx, dtype in (
    (adam_jax.adamw(0.1), jnp.float32),
    (adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(0.1, moments="8bit"))), jnp.bfloat16),
):
    params = jnp.ones((4, 3), dtype)
    step = jax.jit(lambda p, s, g: adam_jax.step(tx, p, s, g))
    params, state = step(params, tx.init(params), params)
    assert params.dtype == dtype and params[0, 0] < 1
    tx.update(params, state, params)
assert not {"jax.experimental.pallas", "matplotlib"} & set(sys.modules), "a step"  # jax.extend has a part of pallas
"""


def test_pallas_is_imported_where_a_kernel_is_built_and_not_before():
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", IMPORTS], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
