"""Where does each array of a state go?  On meshes that no machine here has, and every refusal."""

import math

import jax
import jax.numpy as jnp
import optax
import pytest
from jax.sharding import AbstractMesh, NamedSharding, SingleDeviceSharding
from jax.sharding import PartitionSpec as P

import adam_jax
from adam_jax import sharding

MESH = AbstractMesh((4, 2), ("data", "model"))
SHAPES = {"w": (8, 6), "b": (6,), "stack": (3, 4, 16), "odd": (5, 7), "scalar": ()}
PARAMS = {name: jax.ShapeDtypeStruct(shape, jnp.bfloat16) for name, shape in SHAPES.items()}
SPECS = {"w": P(None, "model"), "b": P("model"), "stack": P(), "odd": P(), "scalar": P()}
PLACES = {name: NamedSharding(MESH, spec) for name, spec in SPECS.items()}
# b: 6 entries in 2 parts do not divide by 4 more; stack: 3 does not divide by 4, and 4 does
SPREAD = {**SPECS, "w": P("data", "model"), "stack": P(None, "data")}
ON_MATRICES = {name: len(shape) > 1 for name, shape in SHAPES.items()}
LABELS = {name: "adam" if some else "sgd" for name, some in ON_MATRICES.items()}
NARROW = {"moments": "8bit"}


def schedule(count):
    return 1e-3 / (1 + count)


TRANSFORMATIONS = {
    "adam": lambda: adam_jax.adam(1e-3),
    "optax.adamw": lambda: optax.adamw(1e-3),
    "amsgrad": lambda: adam_jax.amsgrad(1e-3),
    "adafactor": lambda: optax.adafactor(1e-3, min_dim_size_to_factor=4),
    "chain": lambda: optax.chain(optax.clip_by_global_norm(1.0), adam_jax.adamw(1e-3, **NARROW), optax.ema(0.9)),
    "masked": lambda: optax.masked(adam_jax.adamw(1e-3, **NARROW), ON_MATRICES),
    "partition": lambda: optax.partition({"adam": adam_jax.adam(1e-3, **NARROW), "sgd": optax.sgd(0.1)}, LABELS),
    "MultiSteps": lambda: optax.MultiSteps(adam_jax.adam(1e-3), 2).gradient_transformation(),
    "inject_hyperparams": lambda: optax.inject_hyperparams(adam_jax.adam, hyperparam_dtype=jnp.float32)(1e-3),
    "schedules": lambda: adam_jax.adamw(schedule, b1=schedule, weight_decay=schedule),
    "all": lambda: adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(1e-3, **NARROW))),
}


@pytest.mark.standard_promotion
@pytest.mark.parametrize("zero_axis", [None, "data"])
@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_each_array_lives_beside_its_parameter_and_the_rest_everywhere(name, zero_axis):
    tx = TRANSFORMATIONS[name]()
    state = jax.eval_shape(tx.init, PARAMS)
    shardings = adam_jax.state_shardings(tx, PARAMS, PLACES, zero_axis=zero_axis)
    assert jax.tree.structure(shardings) == jax.tree.structure(state)
    specs = SPREAD if zero_axis else SPECS
    beside = 0
    for (path, x), s in zip(jax.tree_util.tree_leaves_with_path(state), jax.tree.leaves(shardings), strict=True):
        last = getattr(path[-1], "key", None)
        expected = specs[last] if last in SHAPES and x.shape == SHAPES[last] else P()
        assert (s.mesh, s.spec) == (MESH, expected), jax.tree_util.keystr(path)
        beside += expected != P()
        size = math.prod(MESH.shape[axis] for entry in expected if entry for axis in [entry])
        assert math.prod(s.shard_shape(x.shape)) * size == x.size
    assert beside > 0 or name == "adafactor"


def test_python_numbers_are_parameters_too():
    tx = adam_jax.adam(1e-3)
    params = {"w": jnp.ones(8), "scale": 1.0}
    shardings = adam_jax.state_shardings(tx, params, NamedSharding(MESH, P()), zero_axis="data")
    assert (shardings[0].mu["w"].spec, shardings[0].mu["scale"].spec) == (P("data"), P())
    with pytest.raises(ValueError, match=r"at \['scale'\] has no sharding; give param_shardings"):
        adam_jax.state_shardings(tx, {"scale": 1.0})
    with pytest.raises(TypeError, match=r"at \['name'\] is no array but a str"):
        adam_jax.state_shardings(tx, {"name": "w"}, NamedSharding(MESH, P()))


@pytest.mark.parametrize(
    ("shape", "spec", "expected"),
    [
        ((8,), P(), P("data")),
        ((8,), P("model"), P(("model", "data"))),
        ((8, 2), P(("model",)), P(("model", "data"))),
        ((4,), P("model"), P("model")),  # two entries in each part
        ((2, 8), P(), P(None, "data")),
        ((2, 8), P(None, "model"), P(None, ("model", "data"))),
        ((8, 8), P("data"), P("data")),
        ((8, 8), P(None, ("model", "data")), P(None, ("model", "data"))),
        ((0, 8), P(), P(None, "data")),
        ((3, 5), P(), P()),
        ((), P(), P()),
    ],
)
def test_zero_spreads_the_first_dimension_that_divides(shape, spec, expected):
    params = jax.ShapeDtypeStruct(shape, jnp.float32)
    found = adam_jax.state_shardings(optax.adam(1e-3), params, NamedSharding(MESH, spec), zero_axis="data")
    assert found[0].mu.spec == found[0].nu.spec == expected
    assert found[0].count.spec == P()


def test_shardings_come_from_the_parameters_and_go_to_the_host():
    params = jax.tree.map(lambda p, s: p.update(sharding=s), PARAMS, PLACES)
    tx = adam_jax.adam(1e-3, **NARROW)
    found = adam_jax.state_shardings(tx, params, zero_axis="data", memory_kind="pinned_host")[0]
    for moment in (found.mu, found.nu):
        assert {name: s.spec for name, s in moment.items()} == SPREAD
        assert {s.memory_kind for s in moment.values()} == {"pinned_host"}
    assert "pinned_host" not in (found.count.memory_kind, found.bounds.memory_kind)


ANOTHER = AbstractMesh((2, 4), ("data", "model"))
REFUSED = {
    "another tree": (
        {"param_shardings": {**PLACES, "new": PLACES["w"]}},
        ValueError,
        "params does not have: at ['new']",
    ),
    "a missing one": (
        {"param_shardings": {"w": PLACES["w"]}},
        ValueError,
        "the parameter at ['b'] has no sharding; give param_shardings with a NamedSharding for it",
    ),
    "none at all": ({}, ValueError, "the parameter at ['b'] has no sharding"),
    "an unknown axis": (
        {"param_shardings": PLACES, "zero_axis": "fsdp"},
        ValueError,
        "zero_axis='fsdp' is no axis of the mesh of the parameter at ['b']; there are ('data', 'model')",
    ),
    "what does not divide": (
        {"param_shardings": {**PLACES, "odd": NamedSharding(MESH, P("data"))}},
        ValueError,
        "the parameter at ['odd'] of shape (5, 7) cannot be split as P('data',) on a mesh of {'data': 4, 'model': 2}",
    ),
    "too many dimensions": (
        {"param_shardings": {**PLACES, "b": NamedSharding(MESH, P(None, "data"))}},
        ValueError,
        "the parameter at ['b'] of shape (6,) cannot be split as P(None, 'data')",
    ),
    "another kind": (
        {"param_shardings": {**PLACES, "w": SingleDeviceSharding(jax.devices()[0])}},
        TypeError,
        "the sharding of the parameter at ['w'] must be a jax.sharding.NamedSharding; got SingleDeviceSharding",
    ),
    "a spec for all": ({"param_shardings": P("data")}, TypeError, "must be a jax.sharding.NamedSharding, or a tree"),
    "two meshes": (
        {"param_shardings": {**PLACES, "w": NamedSharding(ANOTHER, P())}},
        ValueError,
        "all parameters must live on one mesh; the parameter at ['b'] lives on",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_refused_by_the_leafs_name(what):
    arguments, kind, said = REFUSED[what]
    with pytest.raises(kind) as refused:
        adam_jax.state_shardings(optax.adam(1e-3), PARAMS, **arguments)
    # older versions of JAX write PartitionSpec where newer ones write P
    said, got = (
        text.replace("PartitionSpec(", "P(")
        for text in (said.replace("P('data',)", str(P("data"))), str(refused.value))
    )
    assert said in got


def test_arrays_on_one_device_and_no_parameters_are_refused():
    with pytest.raises(TypeError, match=r"the parameter at \['w'\].*Put the parameter on a mesh"):
        adam_jax.state_shardings(optax.adam(1e-3), {"w": jnp.ones(3)})
    with pytest.raises(ValueError, match="params is empty"):
        adam_jax.state_shardings(optax.adam(1e-3), {}, {})


def test_step_refuses_the_shardings_of_another_state():
    params = {"w": jnp.ones(3)}
    tx, other = adam_jax.adam(1e-3), adam_jax.adam(1e-3, **NARROW)
    shardings = adam_jax.state_shardings(other, params, NamedSharding(MESH, P()))
    with pytest.raises(ValueError, match="shardings and the state differ at"):
        adam_jax.step(tx, params, tx.init(params), params, shardings=shardings)


def test_the_place_of_a_step_is_that_of_an_array_of_the_parameters_shape():
    places = NamedSharding(MESH, P("model"))
    for tx, params in ((optax.adam(1e-3), jnp.ones(8)), (TRANSFORMATIONS["adafactor"](), {"w": jnp.ones(8)})):
        state = tx.init(params)
        shardings = adam_jax.state_shardings(tx, params, places, zero_axis="data")
        (found,) = sharding.of_parameters(params, state, shardings)
        assert found.spec == P(("model", "data"))
    frozen = optax.masked(optax.adam(1e-3), {"w": True, "b": False})
    params = {"w": jnp.ones(8), "b": jnp.ones(8)}
    shardings = adam_jax.state_shardings(frozen, params, places)
    assert sharding.of_parameters(params, frozen.init(params), shardings) == [None, places]
