"""What does a step say to other devices?  Counted in what compilers make of it for slices of TPUs and for 8 H200s."""

import collections
import re

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import adam_jax
from adam_jax.diagnostics import memory
from adam_jax.tools.bench import targets
from adam_jax.tools.bench.configurations import CONFIGURATIONS

pytestmark = pytest.mark.standard_promotion

SHAPES = {"w": (2048, 1024), "v": (1024, 2048), "b": (2048,), "odd": (3,)}  # the last does not divide
DIVISIBLE = 3
MODEL = {"w": ("model",), "v": (None, "model"), "b": ("model",), "odd": ()}
LAYOUTS = {  # how parameters lie, and the axis of ZeRO-1
    "data": (dict.fromkeys(SHAPES, ()), None),
    "model": (MODEL, None),
    "zero": (dict.fromkeys(SHAPES, ()), "data"),
    "model and zero": (MODEL, "data"),
}
NAMES = ("float32", "8bit", "8bit+32", "8bit+32, skip")
SLICES = [("v5e", "4x4", 16), ("v5e", "16x16", 256), ("h200", "8", 8)]
CASES = [
    pytest.param(
        *slice_, layout, name, marks=pytest.mark.skipif(targets.missing(slice_[0]) is not None, reason=str(why))
    )
    for slice_ in SLICES
    for layout in LAYOUTS
    for name in NAMES
    for why in [targets.missing(slice_[0])]
    if slice_[2] == 16 or name in ("float32", "8bit+32, skip")
]


def compiled(target, slice_, layout, name):
    """The step of `name`, its state and its shardings; the parameters come out as they went in."""
    devices = np.array(targets.devices(target, slice_))
    mesh = Mesh(devices.reshape(len(devices) // 4, 4), ("data", "model"))
    specs, zero_axis = LAYOUTS[layout]
    configuration = CONFIGURATIONS[name]
    tx = configuration.make(1e-3)
    places = {key: NamedSharding(mesh, PartitionSpec(*spec)) for key, spec in specs.items()}
    params = {
        key: jax.ShapeDtypeStruct(shape, configuration.dtype, sharding=places[key]) for key, shape in SHAPES.items()
    }
    shardings = adam_jax.state_shardings(tx, params, zero_axis=zero_axis)
    state = jax.tree.map(
        lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params), shardings
    )

    def step(params, state, grads):
        return adam_jax.step(tx, params, state, grads, shardings=shardings)

    traced = jax.jit(step, donate_argnums=(0, 1), out_shardings=(places, shardings)).trace(params, state, params)
    return traced.lower().compile(), state, shardings


def collectives(program):
    found = re.findall(
        r" (all-reduce|all-gather|reduce-scatter|all-to-all|collective-permute)(?:-start)?\(", program.as_text()
    )
    return dict(collections.Counter(found))


@pytest.mark.parametrize(("target", "slice_", "devices", "layout", "name"), CASES)
def test_a_step_reduces_scalars_once_and_nothing_else(target, slice_, devices, layout, name):
    program, _, _ = compiled(target, slice_, layout, name)
    found = collectives(program)
    # The bounds of 8-bit moments and whether all is finite; with whole gradients everywhere (data), XLA needs none.
    # On the H200 arrays that are split over different axes reduce over different groups, one reduction each.
    groups = 2 if target == "h200" and layout == "model and zero" else 1
    scalars = 0 if name == "float32" else groups
    # What master_weights knows its parameters by again: two sums of integers, where a small leaf is split.
    checksums = re.findall(r"u32\[\d*\].* all-reduce(?:-start)?\(", program.as_text())
    assert len(checksums) == ("32" in name.removeprefix("float32") and layout != "data")
    scalars += len(checksums)
    # ZeRO-1: the parameters that were spread are gathered, each once or all together.  A TPU gathers what is a few
    # bytes on each of 256 chips by adding up padded arrays.
    reductions = found.pop("all-reduce", 0)
    gathers = found.pop("all-gather", 0) + max(0, reductions - scalars)
    assert gathers <= (DIVISIBLE if "zero" in layout else 0)
    assert not found
    # The kernels ran on parts: no operand of one is a whole array that should be split.
    kernels = [line for line in program.as_text().splitlines() if 'custom_call_target="tpu_custom_call"' in line]
    assert bool(kernels) == (target != "h200" and name != "float32")
    if layout != "data":
        assert not any("[1,2048,1024]" in line or "[2048,1024]" in line for line in kernels)


@pytest.mark.parametrize("name", NAMES)
def test_zero_divides_the_state(name):
    mesh = jax.sharding.AbstractMesh((8,), ("data",))
    params = {key: jax.ShapeDtypeStruct(shape, CONFIGURATIONS[name].dtype) for key, shape in SHAPES.items()}
    tx = CONFIGURATIONS[name].make(1e-3)
    shardings = adam_jax.state_shardings(tx, params, NamedSharding(mesh, PartitionSpec()), zero_axis="data")
    state = jax.eval_shape(tx.init, params)
    parts = jax.tree.map(lambda x, s: jax.ShapeDtypeStruct(s.shard_shape(x.shape), x.dtype), state, shardings)
    whole = 8 * 4 + 16 * 3  # counts, bounds and what belongs to the leaf of 3
    assert memory.bytes_of(parts) <= memory.bytes_of(state) / 8 + whole


@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
@pytest.mark.parametrize("name", ["float32", "8bit+32, skip"])
def test_a_data_parallel_gradient_is_reduced_and_scattered(name):
    """ZeRO-1 in a whole training step of 8 H200s: one reduce-scatter, gathers of parameters, and small reductions."""
    mesh = Mesh(np.array(targets.devices("h200", "8")), ("data",))
    everywhere, split = NamedSharding(mesh, PartitionSpec()), NamedSharding(mesh, PartitionSpec("data"))
    configuration = CONFIGURATIONS[name]
    tx = configuration.make(1e-3)
    params = [jax.ShapeDtypeStruct((1024, 1024), configuration.dtype, sharding=everywhere)] * 4
    shardings = adam_jax.state_shardings(tx, params, zero_axis="data")
    state = jax.tree.map(
        lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params), shardings
    )
    batch = jax.ShapeDtypeStruct((64, 1024), configuration.dtype, sharding=split)

    def loss(params, x):
        for p in params:
            x = jnp.tanh(x @ p)
        return jnp.mean(x.astype(jnp.float32) ** 2)

    def step(params, state, batch):
        return adam_jax.step(tx, params, state, jax.grad(loss)(params, batch), shardings=shardings)

    jitted = jax.jit(step, donate_argnums=(0, 1), out_shardings=([everywhere] * 4, shardings))
    found = collectives(jitted.trace(params, state, batch).lower(lowering_platforms=("cuda",)).compile())
    assert found.pop("reduce-scatter") >= 1
    assert found.pop("all-gather") <= 4
    assert found.pop("all-reduce", 0) <= 1
    assert not found


@pytest.mark.skipif(targets.missing("v5e") is not None, reason=str(targets.missing("v5e")))
@pytest.mark.parametrize("name", ["float32", "8bit+32"])
def test_a_state_on_the_host_is_streamed(name):
    """The recipe of the README: one optimizer state for each group of parameters, fetched when the last is back."""
    mesh = Mesh(np.array(targets.devices("v5e"))[:1], ("data",))
    here = NamedSharding(mesh, PartitionSpec())
    configuration = CONFIGURATIONS[name]
    tx, groups = configuration.make(1e-3), 12
    params = [jax.ShapeDtypeStruct((1024, 1024), configuration.dtype, sharding=here)] * groups
    near = adam_jax.state_shardings(tx, params[0])
    far = adam_jax.state_shardings(tx, params[0], memory_kind="pinned_host")
    state = jax.tree.map(
        lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params[0]), far
    )

    def step(params, states, grads):
        new, written = [], None
        for p, state, g in zip(params, states, grads, strict=True):
            if written is not None:
                state, _ = jax.lax.optimization_barrier((state, written))
            p, state = adam_jax.step(tx, p, jax.device_put(state, near), g)
            written = jax.device_put(state, far)
            new.append((p, written))
        return new

    jitted = jax.jit(step, donate_argnums=(0, 1), out_shardings=[(here, far)] * groups)
    program = jitted.trace(params, [state] * groups, params).lower().compile()
    used = program.memory_analysis()
    size = memory.bytes_of(state)
    assert used.host_argument_size_in_bytes >= groups * (size - 1024)
    assert used.temp_size_in_bytes <= 4.5 * size  # of 12: one coming, one here, one going, and buffers


def test_what_belongs_to_no_parameter_is_refused():
    mesh = jax.make_mesh((1,), ("data",))
    params = {"w": jnp.zeros(4)}
    tx = optax.adam(1e-3)
    with pytest.raises(ValueError, match=r"shardings and the state differ at \['other'\]"):
        adam_jax.step(tx, params, tx.init(params), params, shardings={"other": NamedSharding(mesh, PartitionSpec())})
