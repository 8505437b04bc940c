"""Can a program find our moments in the state?  Small ones of the kinds that do, with the lines of the page."""

import dataclasses
import functools
import re
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import pages
import pytest
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as Spec

import adam_jax

pytestmark = pytest.mark.standard_promotion  # which Optax needs

PAGE = Path(__file__).parents[2] / "docs" / "inside-the-state.md"
RATE, B1, B2, EPS = 1e-2, 0.9, 0.999, 1e-8
# Weights near 1 after a step of 0.03 in float32: half an ulp, and 3e-6 of the update.
ONE_STEP = 3e-7
# How far rounding moments to 8 bits once more moves an update, as a share of the root mean square (adam_jax.adam).
EIGHT_BIT = 0.1

ADAMW = {"learning_rate": RATE, "weight_decay": 0.0}
TRANSFORMS = {
    "float32": adam_jax.adamw(**ADAMW),
    "8bit": adam_jax.adamw(**ADAMW, moments="8bit"),
    "master_weights": adam_jax.master_weights(adam_jax.adamw(**ADAMW, moments="8bit")),
    "skip_nonfinite": adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(**ADAMW, moments="8bit"), 24)),
    "skip_spikes": adam_jax.skip_spikes(adam_jax.adamw(**ADAMW, moments="8bit"), window=5),
    "16 bits": adam_jax.master_weights(adam_jax.adamw(**ADAMW), 16),
}
FORMATS = ("float32", "8bit")
OF_FLOAT32 = (*FORMATS, "skip_spikes")  # parameters; of the others bfloat16


def normal(shape, seed):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape), jnp.float32)


PARAMS = {"embedding": normal((6, 4), 0), "layer": {"kernel": normal((4, 6), 1), "scale": normal((4,), 2)}}
GRADS = [jax.tree.map(lambda p, i=i: normal(p.shape, 10 * i + p.size), PARAMS) for i in range(4)]
SPECS = {"embedding": Spec("vocabulary", "model"), "layer": {"kernel": Spec(None, "model"), "scale": Spec("model")}}
REPLICATED = Spec()


@pytest.fixture(scope="module")
def page():
    return pages.executed(PAGE)


def cast(tree, name):
    """bfloat16 parameters for `master_weights`."""
    return tree if name in OF_FLOAT32 else jax.tree.map(lambda x: x.astype(jnp.bfloat16), tree)


@functools.cache
def trained(name):
    """The transformation, the parameters and the state after three steps."""
    tx, params = TRANSFORMS[name], cast(PARAMS, name)
    update, state = jax.jit(tx.update), TRANSFORMS[name].init(cast(PARAMS, name))
    for g in GRADS[:3]:
        updates, state = update(cast(g, name), state, params)
        params = optax.apply_updates(params, updates)
    return tx, params, state


def keys(path):
    return [str(getattr(key, "key", getattr(key, "name", getattr(key, "idx", None)))) for key in path]


def assert_specs(got, state, replicated=REPLICATED):
    """Those of SPECS below mu, nu and remainder, as the names in the paths say, and `replicated` everywhere else."""
    is_leaf = lambda x: x is None  # noqa: E731
    assert jax.tree.structure(state) == jax.tree.structure(got, is_leaf=is_leaf)
    found = []
    for path, spec in jax.tree_util.tree_leaves_with_path(got, is_leaf=is_leaf):
        names = keys(path)
        field = next((name for name in names if name in ("mu", "nu", "remainder")), None)
        if field is None:
            assert spec == replicated, names
            continue
        expected = SPECS
        for name in names[names.index(field) + 1 :]:
            expected = expected[name]
        assert spec == expected, names
        found.append(field)
    assert found.count("mu") == found.count("nu") == 3
    return found.count("remainder")


def next_weights(weights, moments, g, count):
    """float64: Adam's step from these moments."""
    w, m, v, g = (np.asarray(x, np.float64) for x in (weights, *moments, g))
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
    return w - RATE * (m / (1 - B1**count)) / (np.sqrt(v / (1 - B2**count)) + EPS)


def assert_next_step(tx, params, state, grads, count):
    """The step from this state is the float64 one from the moments that it stands for."""
    narrow = isinstance(state, adam_jax.MasterWeightsState)
    weights = adam_jax.wide_weights(params, state) if narrow else params
    decoded = adam_jax.unpack_moments(state)
    mu, nu = (optax.tree.get(decoded, name) for name in ("mu", "nu"))
    expected = jax.tree.map(lambda w, m, v, g: next_weights(w, (m, v), g, count), weights, mu, nu, grads)
    assert optax.tree.get(state, "count") == count - 1
    updates, state = jax.jit(tx.update)(grads, state, params)
    params = optax.apply_updates(params, updates)
    weights = adam_jax.wide_weights(params, state) if narrow else params
    jax.tree.map(lambda w, e: np.testing.assert_allclose(w, e, rtol=0, atol=ONE_STEP), weights, expected)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_optaxs_functions_find_the_arrays_of_parameters(page, name):
    params = cast(PARAMS, name)
    state = TRANSFORMS[name].init(params)
    remainders = assert_specs(page["specs_of_state"](TRANSFORMS[name], params, SPECS), state)
    assert remainders == (3 if name in ("master_weights", "skip_nonfinite") else 0)
    assert jax.tree.map(jnp.shape, page["first_moments"](state)) == jax.tree.map(jnp.shape, PARAMS)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_table_of_the_page_is_right(name):
    state = TRANSFORMS[name].init(cast(PARAMS, name))
    eight_bit = isinstance(first(state, "ScaleByAdam"), adam_jax.ScaleByAdam8bitState)
    adam = first(state, "ScaleByAdam")
    dtypes = ("int32", "int8", "uint8") if eight_bit else ("int32", "float32", "float32")
    assert [jax.tree.leaves(x)[0].dtype.name for x in adam[:3]] == list(dtypes)
    assert adam._fields[:3] == ("count", "mu", "nu")
    assert [x.shape for x in adam[3:]] == ([(3,)] * 3 if eight_bit else [])
    assert {x.dtype.name for x in adam[3:]} <= {"float32"}


def first(state, prefix):
    """The first part of a state whose type has a name that begins so."""
    if type(state).__name__.startswith(prefix):
        return state
    parts = state if isinstance(state, tuple) else ()
    return next((found for found in (first(part, prefix) for part in parts) if found is not None), None)


# t5x: a table from the type of a state to a function of the state and the parameters' logical axes.


class Table:
    """A table of rules with the two functions that t5x's has."""

    rules: dict[Any, Any]

    @staticmethod
    def derive_params_axes(tree, axes):
        return jax.tree.map(lambda a, x: x if isinstance(x, optax.MaskedNode) else a, axes, tree)

    @classmethod
    def derive_optax_logical_axes(cls, state, axes):
        is_state = lambda x: hasattr(x, "_fields") and type(x).__name__.endswith("State")  # noqa: E731

        def derived(part):
            if is_state(part) and type(part) not in cls.rules:
                raise ValueError(f"unknown state {type(part).__name__}")
            return cls.rules[type(part)](part, axes) if is_state(part) else None

        return jax.tree.map(derived, state, is_leaf=is_state)


def table_of_rules():
    def adam(state, axes):
        mu, nu = (Table.derive_params_axes(moments, axes) for moments in (state.mu, state.nu))
        return optax.ScaleByAdamState(None, mu, nu)

    rules = {optax.EmptyState: lambda state, axes: state, optax.ScaleByAdamState: adam}
    return type("OfOptax", (Table,), {"rules": rules})


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_table_of_rules_as_in_t5x(page, name):
    table, state = table_of_rules(), TRANSFORMS[name].init(cast(PARAMS, name))
    if name != "float32":
        with pytest.raises(ValueError, match="unknown state"):
            table.derive_optax_logical_axes(state, SPECS)
    table.rules |= page["rules_for_adam_jax"](table)
    axes = table.derive_optax_logical_axes(state, SPECS)
    assert assert_specs(axes, state, replicated=None) == (3 if name in ("master_weights", "skip_nonfinite") else 0)


def test_the_rules_pass_parameters_that_are_masked(page):
    """A float32 parameter in `master_weights` has no remainder."""
    table = table_of_rules()
    table.rules |= page["rules_for_adam_jax"](table)
    params = {**cast(PARAMS, "master_weights"), "embedding": PARAMS["embedding"]}
    state = TRANSFORMS["master_weights"].init(params)
    axes = table.derive_optax_logical_axes(state, SPECS)
    assert axes.remainder == {**SPECS, "embedding": optax.MaskedNode()}
    assert axes.inner_state[0].mu == SPECS


# MaxText: the shardings of mu become those of the parameters.


def one_device_mesh():
    types = (jax.sharding.AxisType.Auto,) * 3
    return jax.make_mesh((1, 1, 1), ("data", "vocabulary", "model"), axis_types=types)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_state_found_by_its_type_as_in_maxtext(page, name):
    mesh = one_device_mesh()
    of_params = jax.tree.map(lambda spec: NamedSharding(mesh, spec), SPECS)
    shardings = adam_jax.state_shardings(TRANSFORMS[name], cast(PARAMS, name), of_params, zero_axis="data")
    expected = {
        "embedding": NamedSharding(mesh, Spec(("vocabulary", "data"), "model")),
        "layer": {
            "kernel": NamedSharding(mesh, Spec("data", "model")),
            "scale": NamedSharding(mesh, Spec(("model", "data"))),
        },
    }
    assert page["find_adam_mu"](shardings) == expected
    assert page["find_adam_mu"]({"optimizer": {"opt_state": shardings}}) == expected
    assert optax.tree.get(shardings, "mu") == expected
    assert page["find_adam_mu"](optax.sgd(0.1).init(PARAMS)) is None


@pytest.mark.parametrize("name", ["float32", "8bit", "master_weights"])
def test_the_keys_mu_and_nu_are_in_a_state_of_nnx(name):
    older_jax.needs("flax", "0.12")
    from flax import nnx

    def by_keys(node):
        """MaxText's search in Flax NNX: no type, two keys."""
        if not hasattr(node, "values"):
            return None
        if "mu" in node and "nu" in node:
            return node["mu"]
        return next((mu for mu in map(by_keys, node.values()) if mu is not None), None)

    dtype = jnp.float32 if name in OF_FLOAT32 else jnp.bfloat16
    init = nnx.with_partitioning(nnx.initializers.ones_init(), (None, "model"))
    with jax.set_mesh(one_device_mesh()):
        model = nnx.Linear(4, 6, kernel_init=init, param_dtype=dtype, rngs=nnx.Rngs(0))
        optimizer = nnx.Optimizer(model, TRANSFORMS[name], wrt=nnx.Param)
        shardings = nnx.get_named_sharding(nnx.state(optimizer), one_device_mesh())
    mu = by_keys(shardings)
    assert mu["kernel"].get_value().spec == Spec(None, "model")
    assert mu["bias"].get_value().spec == Spec()


# axlearn: a spec of dtype, shape and mesh axes for each array, beside the transformation.


@dataclasses.dataclass(frozen=True)
class ArraySpec:
    dtype: Any
    shape: Any
    mesh_axes: Any


class Partitioned(NamedTuple):
    init: Any
    update: Any
    partition: Any


def adam_partition(tx):
    """As a program does that knows `ScaleByAdamState`."""
    count = tx.init({}).count

    def partition(specs):
        like = lambda: jax.tree.map(lambda s: ArraySpec(s.dtype, s.shape, s.mesh_axes), specs)  # noqa: E731
        return optax.ScaleByAdamState(ArraySpec(count.dtype, count.shape, Spec()), like(), like())

    return Partitioned(tx.init, tx.update, partition)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_spec_for_each_array_as_in_axlearn(page, name):
    tx, params = TRANSFORMS[name], cast(PARAMS, name)
    param_specs = jax.tree.map(lambda p, spec: ArraySpec(p.dtype, p.shape, spec), params, SPECS)
    partitioned = Partitioned(tx.init, tx.update, lambda specs: page["opt_state_specs"](tx, specs, ArraySpec))
    specs, state = partitioned.partition(param_specs), partitioned.init(params)
    of_arrays = jax.tree.map(lambda x: (x.dtype, x.shape), state)
    assert jax.tree.map(lambda spec: (spec.dtype, spec.shape), specs) == of_arrays
    assert_specs(jax.tree.map(lambda spec: spec.mesh_axes, specs), state)


def test_the_spec_that_axlearn_has_for_adam_fits_float32():
    tx = adam_jax.scale_by_adam()
    param_specs = jax.tree.map(lambda p, spec: ArraySpec(p.dtype, p.shape, spec), PARAMS, SPECS)
    specs, state = adam_partition(tx).partition(param_specs), tx.init(PARAMS)
    assert jax.tree.map(lambda s: (s.dtype, s.shape), specs) == jax.tree.map(lambda x: (x.dtype, x.shape), state)
    assert jax.tree.leaves(adam_jax.scale_by_adam(moments="8bit").init({}).bounds)[0].shape == (0,)  # no parameters


# Flax: other parameters, and the moments that belong to them.


@pytest.mark.parametrize(("name", "rows"), [("float32", 4), ("master_weights", 9)])
def test_a_vocabulary_that_changes(page, name, rows):
    tx, params, state = trained(name)
    other_rows = cast({"embedding": normal((rows, 4), 5)}, name)["embedding"]
    n = min(rows, 6)
    new_params = {**params, "embedding": other_rows.at[:n].set(params["embedding"][:n])}
    new_state = page["resized"](tx, state, new_params)
    assert jax.tree.map(lambda x: (x.shape, x.dtype), new_state) == jax.tree.map(
        lambda x: (x.shape, x.dtype), tx.init(new_params)
    )
    before, after = (adam_jax.unpack_moments(s) for s in (state, new_state))
    for moment in ("mu", "nu"):
        old, new = (optax.tree.get(s, moment) for s in (before, after))
        np.testing.assert_array_equal(new["embedding"][:n], old["embedding"][:n])
        np.testing.assert_array_equal(new["embedding"][n:], 0)
        jax.tree.map(np.testing.assert_array_equal, new["layer"], old["layer"])
    grads = jax.tree.map(lambda p: normal(p.shape, p.size).astype(p.dtype), new_params)
    assert_next_step(tx, new_params, new_state, grads, count=4)


@pytest.mark.parametrize("name", ["float32", "master_weights"])
def test_layers_that_come_and_go(page, name):
    tx, params, state = trained(name)
    # "added" comes before "embedding", "layer/scale" goes: each place in bounds now is another parameter's
    new_params = {
        "added": cast({"": normal((3, 5), 7)}, name)[""],
        "embedding": params["embedding"],
        "layer": {"kernel": params["layer"]["kernel"]},
    }
    new_params, new_state = page["with_layers_of"](tx, state, params, new_params)
    assert jax.tree.map(lambda x: (x.shape, x.dtype), new_state) == jax.tree.map(
        lambda x: (x.shape, x.dtype), tx.init(new_params)
    )
    np.testing.assert_array_equal(new_params["embedding"], params["embedding"])
    before, after = (adam_jax.unpack_moments(s) for s in (state, new_state))
    for moment in ("mu", "nu"):
        old, new = (optax.tree.get(s, moment) for s in (before, after))
        np.testing.assert_array_equal(new["added"], 0)
        for a, b in ((old["embedding"], new["embedding"]), (old["layer"]["kernel"], new["layer"]["kernel"])):
            if name == "float32":
                np.testing.assert_array_equal(a, b)
            else:  # nu is a code of 16 octaves each: one code is up to 16 / 200 of it
                assert np.linalg.norm(a - b) < EIGHT_BIT * np.linalg.norm(a)
    if name == "master_weights":
        np.testing.assert_array_equal(
            adam_jax.wide_weights(new_params, new_state)["embedding"], adam_jax.wide_weights(params, state)["embedding"]
        )
    grads = jax.tree.map(lambda p: normal(p.shape, p.size).astype(p.dtype), new_params)
    assert_next_step(tx, new_params, new_state, grads, count=4)


@pytest.mark.parametrize("name", ["float32", "8bit", "master_weights"])
def test_surgery_in_flaxs_state_dictionary(name):
    """A state as nested dictionaries, some entries replaced, and back."""
    from flax import serialization, traverse_util

    tx, params, state = trained(name)
    flat = traverse_util.flatten_dict(serialization.to_state_dict(state), keep_empty_nodes=True, sep="/")
    of_kernel = [path for path in flat if re.search(r"(mu|nu|remainder)/layer/kernel$", path)]
    assert len(of_kernel) == (3 if name == "master_weights" else 2)
    for path in of_kernel:
        flat[path] = flat[path].at[:, 2].set(0)
    new_state = serialization.from_state_dict(state, traverse_util.unflatten_dict(flat, sep="/"))
    assert jax.tree.structure(new_state) == jax.tree.structure(state)
    for moment in ("mu", "nu"):
        new = optax.tree.get(adam_jax.unpack_moments(new_state), moment)["layer"]["kernel"]
        np.testing.assert_array_equal(new[:, 2], 0)
        assert np.all(new[:, :2] != 0)
    assert_next_step(tx, params, new_state, cast(GRADS[3], name), count=4)


# Dopamine: moments of dormant neurons are set to zero.


@pytest.mark.parametrize("name", FORMATS)
def test_dormant_neurons_are_recycled_as_in_redo(page, name):
    tx, params, state = trained(name)
    dormant = np.array([0, 1, 0, 0, 1, 0], np.float32)  # the outputs of the kernel, the rows of the embedding
    mask = {
        "embedding": jnp.broadcast_to(dormant[:, None], (6, 4)),
        "layer": {"kernel": jnp.broadcast_to(dormant, (4, 6)), "scale": jnp.zeros(4)},
    }
    new_state = page["reset_moments"](state, mask)
    assert jax.tree.structure(new_state) == jax.tree.structure(state)
    assert [x.dtype for x in jax.tree.leaves(new_state)] == [x.dtype for x in jax.tree.leaves(state)]
    for moment in ("mu", "nu"):
        old, new = (optax.tree.get(adam_jax.unpack_moments(s), moment) for s in (state, new_state))
        jax.tree.map(lambda o, n, k: np.testing.assert_array_equal(n, np.where(k == 1, 0, o)), old, new, mask)
    assert_next_step(tx, params, new_state, GRADS[3], count=4)

    # As the recycler does it without these lines: right for float32, refused for 8 bits.
    adam = state[0]
    mu, nu = (jax.tree.map(lambda m, k: m * (1.0 - k), moments, mask) for moments in (adam.mu, adam.nu))
    rebuilt = (optax.ScaleByAdamState(adam.count, mu=mu, nu=nu), *state[1:])
    if name == "float32":
        assert_next_step(tx, params, rebuilt, GRADS[3], count=4)
    else:
        with pytest.raises(TypeError, match="expected the ScaleByAdam8bitState"):
            tx.update(GRADS[3], rebuilt, params)


# EasyLM: the first regular expression that is found in a path.


def matched(rules, tree):
    def spec(path, x):
        name = "/".join(keys(path))
        if x.size <= 1:
            return Spec()
        for rule, found in rules:
            if re.search(rule, name):
                return found
        raise ValueError(f"no rule for {name}")

    return jax.tree_util.tree_map_with_path(spec, tree)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_regular_expressions_of_paths_as_in_easylm(page, name):
    rules = (
        ("embedding", SPECS["embedding"]),
        ("layer/kernel", SPECS["layer"]["kernel"]),
        ("scale", SPECS["layer"]["scale"]),
    )
    params = cast(PARAMS, name)
    train_state = {"params": params, "opt_state": TRANSFORMS[name].init(params)}
    specs = matched(page["FIRST_RULES"] + rules, train_state)
    assert specs["params"] == SPECS
    assert_specs(specs["opt_state"], train_state["opt_state"])
    if name == "8bit":  # why the rule is there, and why it is first
        with pytest.raises(ValueError, match="no rule for opt_state/0/bounds"):
            matched(rules, train_state)
        last = matched((*rules, *page["FIRST_RULES"]), train_state)
        assert last["opt_state"][0].scales == SPECS["layer"]["scale"]


# dalle-mini: windows of expressions over the names in a path; what is a FrozenDict is like the parameters.


def matches(window, names):
    starts = range(len(names) - len(window) + 1)
    return any(all(map(re.fullmatch, window, names[i : i + len(window)])) for i in starts)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_specs_where_there_is_a_frozen_dict_as_in_dalle_mini(name):
    from flax.core import FrozenDict
    from flax.traverse_util import flatten_dict, unflatten_dict

    rules = (
        (("embedding",), SPECS["embedding"]),
        (("layer", "kernel"), SPECS["layer"]["kernel"]),
        (("(bias|scale)",), SPECS["layer"]["scale"]),
    )
    flat = {names: next(spec for window, spec in rules if matches(window, names)) for names in flatten_dict(PARAMS)}
    of_params = FrozenDict(unflatten_dict(flat))
    assert of_params == FrozenDict(SPECS)

    state = jax.eval_shape(TRANSFORMS[name].init, FrozenDict(cast(PARAMS, name)))
    is_tree = lambda x: isinstance(x, FrozenDict | optax.EmptyState)  # noqa: E731
    like = lambda x: of_params if isinstance(x, FrozenDict) else x if isinstance(x, optax.EmptyState) else None  # noqa: E731
    assert_specs(jax.tree.map(like, state, is_leaf=is_tree), state, replicated=None)


def test_a_stack_of_layers_has_a_state_each():
    tx, layers = TRANSFORMS["8bit"], 3
    stacked = {"kernel": normal((layers, 4, 5), 3), "bias": normal((layers, 5), 4)}
    grads = [jax.tree.map(lambda p, i=i: normal(p.shape, i), stacked) for i in range(2)]

    def after(update, init, of):
        params, state = of(stacked), init(of(stacked))
        for g in grads:
            updates, state = update(of(g), state, params)
            params = optax.apply_updates(params, updates)
        return params, state

    params, state = after(jax.jit(jax.vmap(tx.update)), jax.vmap(tx.init), lambda tree: tree)
    assert [x.shape for x in state[0][3:]] == [(layers, 2)] * 3
    update = jax.jit(tx.update)
    for i in range(layers):
        of_one = lambda tree, i=i: jax.tree.map(lambda x: x[i], tree)  # noqa: E731
        alone, alone_state = after(update, tx.init, of_one)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=ONE_STEP), of_one(params), alone)
        decoded = adam_jax.unpack_moments(alone_state)[0]
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9),
            adam_jax.unpack_moments(of_one(state))[0],
            decoded,
        )
