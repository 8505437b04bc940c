"""Does the recipe of docs/host-offload.md compile, and what moves between the host and the device?"""

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import host_ffi
import host_offload
import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import pages
import pytest
from jax.experimental.compute_on import compute_on
from jax.sharding import AxisType, NamedSharding, PartitionSpec

import adam_jax
from adam_jax.diagnostics import hlo, memory
from adam_jax.tools.bench import targets
from adam_jax.tools.bench.configurations import CONFIGURATIONS

pytestmark = pytest.mark.standard_promotion

PAGE = Path(__file__).parents[2] / "docs" / "host-offload.md"
SHAPES = {"w": (1024, 1024), "stack": (2, 256, 512), "kernel": (64, 128, 3, 3), "b": (1024,)}
ELEMENTS = sum(np.prod(shape) for shape in SHAPES.values())
NAMES = ("float32", "8bit", "8bit+32")
TO_HOST = {"float32": 8, "8bit": 8, "8bit+32": 4}  # bytes per parameter: weights and gradients
STATE = {"float32": 8, "8bit": 2, "8bit+32": 4}
TEMPORARIES = {"float32": 12, "8bit": 12, "8bit+32": 6}  # on a v5e
COMPILERS = [
    pytest.param(target, marks=pytest.mark.skipif(targets.missing(target) is not None, reason=str(why)))
    for target in ("h200", "v5e")
    for why in [targets.missing(target)]
]


@functools.cache
def recipe():
    """What the page's blocks define, executed in order."""
    older_jax.needs("jax", "0.10")  # Format, and memory spaces in types
    return pages.executed(PAGE)


def compiled(target, name, donated=("params", "state"), devices=1):
    """The program, and the parameters and the state that it takes."""
    configuration, place = CONFIGURATIONS[name], host_offload.place(target, devices)
    tx = configuration.make(1e-3)
    params = {key: jax.ShapeDtypeStruct(shape, configuration.dtype, sharding=place) for key, shape in SHAPES.items()}
    step, here, far = recipe()["step_on_host"](tx, params)
    if target == "v5e":
        init = jax.jit(tx.init, out_shardings=far).lower(params).compile()
        far = jax.tree.map(recipe()["eight_rows"], init.output_formats)
    state = jax.tree.map(
        lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params), far
    )
    options = {"donate_argnames": donated, "out_shardings": (here, far)}
    return host_offload.compile_for(target, step, params, state, params, devices=devices, **options), params, state


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", COMPILERS)
def test_weights_and_gradients_move_and_the_state_stays(target, name):
    donated = ("params",) if target == "h200" else ("params", "state")
    program, params, state = compiled(target, name, donated)
    text = program.as_text()
    found = host_offload.moved(text)
    assert found.calls == 1
    assert found.to_host / ELEMENTS == pytest.approx(TO_HOST[name], rel=1e-3)
    assert found.to_device / ELEMENTS == pytest.approx(TO_HOST[name] / 2, rel=1e-3)
    assert found.within_host == 0
    used = program.memory_analysis()
    size = memory.bytes_of(state)
    assert size / ELEMENTS == pytest.approx(STATE[name], rel=1e-3)
    for on_host in (used.host_argument_size_in_bytes, used.host_output_size_in_bytes):
        assert size - 1024 <= on_host <= 1.02 * size  # counts and bounds are on the device; padding on a TPU
    arrays = sum(x.ndim > 1 for x in jax.tree.leaves(state))
    if target == "v5e":
        assert used.host_alias_size_in_bytes == used.host_output_size_in_bytes
        assert used.host_temp_size_in_bytes == 0
        assert found.in_place >= arrays
        assert len(hlo.aliases_of(text)) == len(jax.tree.leaves((params, state)))
        assert used.temp_size_in_bytes / ELEMENTS == pytest.approx(TEMPORARIES[name], rel=0.15)
    else:
        assert found.in_place == 0
        assert used.temp_size_in_bytes / ELEMENTS < 0.1
    assert not re.search(r"\[\d+,[\d,]+\]\S* rsqrt\(", text)  # near_quotient's way on anything but a CPU
    assert "tpu_custom_call" not in text


@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
@pytest.mark.parametrize("name", NAMES)
def test_a_gpu_copies_a_donated_state_within_the_host(name):
    program, params, state = compiled("h200", name)
    text = program.as_text()
    assert len(hlo.aliases_of(text)) == len(jax.tree.leaves((params, state)))
    assert host_offload.moved(text).within_host / ELEMENTS == pytest.approx(STATE[name], rel=1e-3)
    assert program.memory_analysis().host_alias_size_in_bytes >= memory.bytes_of(state) - 1024


@pytest.mark.parametrize("target", COMPILERS)
def test_in_float32_each_of_four_devices_has_its_host_code(target):
    program, _, _ = compiled(target, "float32", ("params",), devices=4)
    found = host_offload.moved(program.as_text())
    assert (found.calls, found.within_host) == (1, 0)
    assert found.to_host / ELEMENTS == pytest.approx(8, rel=1e-3)
    assert not re.search(r" (all-reduce|all-gather|reduce-scatter|all-to-all|collective-permute)", program.as_text())


def with_weights_on_host(tx, params):
    """float32 weights in the host's memory, beside the state, for bfloat16 weights and gradients on the device."""
    here = jax.tree.map(lambda p: p.sharding, params)
    there = jax.tree.map(lambda s: s.with_memory_kind("pinned_host"), here)
    near, far = (adam_jax.state_shardings(tx, params, memory_kind=kind) for kind in (None, "pinned_host"))

    @jax.jit
    def update(params, state, grads):
        params, state = adam_jax.step(tx, params, state, grads)
        return params, state, jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)

    def step(params, state, grads):
        grads = jax.device_put(grads, there)
        with compute_on("device_host"):
            params, state, weights = update(*jax.device_put((params, state, grads), (here, near, here)))
        return *jax.device_put((params, state), (there, far)), weights

    return step, there, far, here


@pytest.mark.parametrize("target", COMPILERS)
def test_with_the_weights_on_the_host_only_bfloat16_moves(target):
    older_jax.needs("jax", "0.10")
    tx, place = adam_jax.adamw(1e-3), host_offload.place(target)
    structs = lambda dtype, places: jax.tree.map(  # noqa: E731
        lambda shape, s: jax.ShapeDtypeStruct(shape, dtype, sharding=s),
        SHAPES,
        places,
        is_leaf=lambda x: isinstance(x, tuple),
    )
    params = structs(jnp.float32, dict.fromkeys(SHAPES, place))
    step, there, far, here = with_weights_on_host(tx, params)
    state = jax.tree.map(
        lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params), far
    )
    program = host_offload.compile_for(
        target,
        step,
        structs(jnp.float32, there),
        state,
        structs(jnp.bfloat16, here),
        donate_argnames=() if target == "h200" else ("params", "state"),
        out_shardings=(there, far, here),
    )
    found = host_offload.moved(program.as_text())
    assert (found.calls, found.within_host) == (1, 0)
    assert found.to_host / ELEMENTS == pytest.approx(2, rel=1e-3)
    assert found.to_device / ELEMENTS == pytest.approx(2, rel=1e-3)
    used = program.memory_analysis()
    assert used.host_argument_size_in_bytes / ELEMENTS == pytest.approx(12, rel=0.02)
    assert used.argument_size_in_bytes / ELEMENTS == pytest.approx(2, rel=0.02)
    assert used.temp_size_in_bytes / ELEMENTS == pytest.approx(4 if target == "v5e" else 0, abs=0.6)


@pytest.mark.parametrize("name", NAMES)
def test_on_a_cpu_the_recipe_is_step(name):
    configuration = CONFIGURATIONS[name]
    tx = configuration.make(1e-2)
    mesh = jax.make_mesh((1,), ("data",), axis_types=(AxisType.Auto,))
    place = NamedSharding(mesh, PartitionSpec())
    random = lambda key: jax.device_put(  # noqa: E731
        {"w": jnp.asarray(np.random.default_rng(key).standard_normal((64, 48)), configuration.dtype)}, place
    )
    params = random(0)
    step, here, far = recipe()["step_on_host"](tx, params)
    far = jax.tree.map(
        recipe()["eight_rows"], jax.jit(tx.init, out_shardings=far).lower(params).compile().output_formats
    )
    state = jax.jit(tx.init, out_shardings=far)(params)
    offloaded = jax.jit(step, donate_argnames=("params", "state"), out_shardings=(here, far))
    plain = jax.jit(functools.partial(adam_jax.step, tx))
    expected = jax.tree.map(jnp.copy, params), tx.init(params)
    for number in range(1, 5):
        params, state = offloaded(params, state, random(number))
        expected = plain(*expected, random(number))
        jax.tree.map(np.testing.assert_array_equal, (params, state), expected)
        assert {x.sharding.memory_kind for x in jax.tree.leaves(state) if x.ndim == 2} == {"pinned_host"}
        assert params["w"].sharding.memory_kind == "device"


@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize("target", COMPILERS)
def test_host_code_takes_a_custom_call_that_its_own_compiler_knows(target, registered):
    command = [sys.executable, host_ffi.__file__, target, *["registered"] * registered]
    environment = os.environ | {"ALLOW_MULTIPLE_LIBTPU_LOAD": "1"}  # this process may have it too
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    if registered:
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout == "in host code\n"
    else:
        assert done.returncode != 0
        assert f"No FFI handler registered for {host_ffi.NAME} on a platform Host" in done.stderr
