"""Is the recipe of docs/gradient-release.md the ordinary step, bit for bit, in less memory?"""

import functools
import re
from pathlib import Path

import host_offload
import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import pages
import pytest

import adam_jax
from adam_jax.backends import native_library
from adam_jax.tools.bench import targets
from adam_jax.tools.bench.configurations import CONFIGURATIONS

pytestmark = pytest.mark.standard_promotion

PAGE = Path(__file__).parents[2] / "docs" / "gradient-release.md"
BLOCKS = pages.blocks(PAGE)
EIGHT = functools.partial(adam_jax.adamw, 1e-2, moments="8bit")
FORMATS = {
    "float32": (jnp.float32, adam_jax.adamw(1e-2)),
    "bfloat16": (jnp.float32, adam_jax.adamw(1e-2, moments="bfloat16")),
    "8bit": (jnp.float32, EIGHT()),
    "8bit+32": (jnp.bfloat16, adam_jax.master_weights(EIGHT())),
    "8bit+24": (jnp.bfloat16, adam_jax.master_weights(EIGHT(), bits=24)),
    "8bit+16": (jnp.bfloat16, adam_jax.master_weights(EIGHT(), bits=16)),
}
NATIVE = pytest.mark.skipif(native_library.why_not() is not None, reason=str(native_library.why_not()))
IMPLEMENTATIONS = [pytest.param("native", marks=NATIVE), "xla"]
# "8bit+32" has the moments of "8bit" and more, so that a kernel in C that is off in one is in the other.
QUICK = {("float32", "native"), ("8bit+32", "native"), ("8bit", "xla")}
BITS = [
    pytest.param(
        name,
        *implementation.values,
        marks=[*implementation.marks, *[pytest.mark.long] * ((name, *implementation.values) not in QUICK)],
    )
    for implementation in (pytest.param("native", marks=NATIVE), pytest.param("xla"))
    for name in FORMATS
]
LAYERS, WIDTH, STEPS = 3, 16, 4
BOUND = 2.0**-22  # two units in the last place: XLA makes b2 * bound + ... one operation in one program only
LOSS = 1e-5  # relative, of a loss in float32 after a few steps: rounding of other programs
BLOCK = {  # 24 of them: a transformer block with one head
    "attention": {"norm": (24, 1024), "qkv": (24, 1024, 3072), "out": (24, 1024, 1024)},
    "mlp": {"norm": (24, 1024), "up": (24, 1024, 4096), "down": (24, 4096, 1024)},
}
TEMPORARIES = {  # bytes per parameter: (ordinary, release); the page's table
    "local": {"float32": (4.2, 0.7), "8bit": (4.2, 0.5), "8bit+32": (6.2, 4.2)},
    "local, XLA": {"float32": (4.2, 10.0), "8bit": (5.3, 2.6), "8bit+32": (8.1, 4.6)},
    "h200": {"float32": (8.2, 0.5), "8bit": (8.2, 0.5), "8bit+32": (2.1, 0.4)},
    "v5e": {"float32": (6.0, 1.8), "8bit": (6.0, 1.8), "8bit+32": (2.0, 0.3)},
}
TABLE = 0.06  # of a number in the table: half of its last digit, and what a compiler may arrange otherwise


def needs_compiler(target):
    return pytest.mark.skipif(targets.missing(target) is not None, reason=str(targets.missing(target)))


# Here "8bit+32" has all that can be left: gradients of all layers, and wide weights beside them.
LONG = {(target, name) for target in ("local", "local, XLA") for name in FORMATS} - {("local", "8bit+32")}
COMPILERS = [
    pytest.param(target, name, marks=[*marks, *[pytest.mark.long] * ((target, name) in LONG)])
    for target, marks in {
        "local": [NATIVE],
        "local, XLA": [],
        "h200": [needs_compiler("h200")],
        "v5e": [needs_compiler("v5e")],
    }.items()
    for name in TEMPORARIES[target]
]


@functools.cache
def recipe():
    """What the page's first block defines."""
    return pages.executed(PAGE, BLOCKS[:1])


def normalized(x, scale):
    wide = x.astype(jnp.float32)
    return (wide * jax.lax.rsqrt(jnp.mean(wide**2, -1, keepdims=True) + 1e-6)).astype(x.dtype) * scale


def layer(p, x):
    return x + jax.nn.gelu(normalized(x, p["norm"]) @ p["up"]) @ p["down"]


def attention(p, x):
    q, k, v = jnp.split(normalized(x, p["norm"]) @ p["qkv"], 3, -1)
    scores = (q @ jnp.swapaxes(k, -1, -2)).astype(jnp.float32) / q.shape[-1] ** 0.5
    return x + jax.nn.softmax(scores).astype(x.dtype) @ v @ p["out"]


def first(rest, batch):
    return rest["embedding"][batch[:, :-1]]


def last(rest, x, batch):
    logits = (normalized(x, rest["final"]) @ rest["embedding"].T).astype(jnp.float32)
    return optax.softmax_cross_entropy_with_integer_labels(logits, batch[:, 1:]).mean()


def structs(shapes, dtype, place=None):
    return {name: jax.ShapeDtypeStruct(shape, dtype, sharding=place) for name, shape in shapes.items()}


def mlp(width):
    return {"norm": (LAYERS, width), "up": (LAYERS, width, 4 * width), "down": (LAYERS, 4 * width, width)}


def model(dtype):
    shapes = mlp(WIDTH) | {"embedding": (32, WIDTH), "final": (WIDTH,)}
    rng = np.random.default_rng(0)
    arrays = {name: jnp.asarray(rng.standard_normal(shape) / WIDTH**0.5, dtype) for name, shape in shapes.items()}
    return {
        "stack": {name: arrays[name] for name in ("norm", "up", "down")},
        "rest": {name: arrays[name] for name in ("embedding", "final")},
    }


def batch_of(number):
    return jnp.asarray(np.random.default_rng(number).integers(0, 32, (2, 9)), jnp.int32)


def loss_of(params, batch):
    """The model as everybody writes it, with derivatives that JAX finds."""
    x, _ = jax.lax.scan(jax.checkpoint(lambda x, p: (layer(p, x), None)), first(params["rest"], batch), params["stack"])
    return last(params["rest"], x, batch)


def at(tree, number):
    return jax.tree.map(lambda a: a[number], tree)


def stacked(trees):
    return jax.tree.map(lambda *a: jnp.stack(a), *trees)


def ordinary_by_layers(tx):
    """All gradients first, then a step of each layer."""

    def train_step(params, state, batch):
        loss, grads = jax.value_and_grad(loss_of)(params, batch)
        rest, rest_state = adam_jax.step(tx, params["rest"], state["rest"], grads["rest"])
        layers = [
            adam_jax.step(tx, at(params["stack"], i), at(state["stack"], i), at(grads["stack"], i))
            for i in range(LAYERS)
        ]
        stack, stack_state = (stacked(trees) for trees in zip(*layers, strict=True))
        return {"stack": stack, "rest": rest}, {"stack": stack_state, "rest": rest_state}, loss

    return train_step


def ordinary(tx, loss_of=loss_of):
    """The training step that everybody has."""

    def train_step(params, state, batch):
        loss, grads = jax.value_and_grad(loss_of)(params, batch)
        return *adam_jax.step(tx, params, state, grads), loss

    return train_step


def trained(train_step, params, state, batches):
    train_step = jax.jit(train_step, donate_argnames=("params", "state"))
    losses = []
    for batch in batches:
        params, state, loss = train_step(params, state, batch)
        losses.append(float(loss))
    return params, state, losses


def released(tx, params):
    step = recipe()["releasing_step"](tx, first, layer, last)
    state = jax.jit(functools.partial(recipe()["init"], tx))(params)
    return trained(step, params, state, map(batch_of, range(STEPS)))


def assert_same_bits(found, expected, bounds_off_by=0.0):
    def same(path, a, b):
        name = jax.tree_util.keystr(path)
        assert (a.dtype, a.shape) == (b.dtype, b.shape), name
        if name.endswith(".bounds") and bounds_off_by:
            np.testing.assert_allclose(a, b, rtol=bounds_off_by, err_msg=name)
        else:
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=name)

    jax.tree_util.tree_map_with_path(same, found, expected)


@pytest.mark.parametrize(("name", "implementation"), BITS)
def test_parameters_and_states_are_those_of_a_step_after_all_gradients(name, implementation, monkeypatch):
    if implementation == "xla":
        older_jax.needs("jax", "0.10")  # an older XLA contracts differently in the two programs
        monkeypatch.setenv("ADAM_JAX_NATIVE", "0")
    dtype, tx = FORMATS[name]
    params, state, losses = released(tx, model(dtype))
    expected = model(dtype)
    one_by_one = jax.jit(lambda p: stacked([tx.init(at(p, i)) for i in range(LAYERS)]))
    expected_state = {"stack": one_by_one(expected["stack"]), "rest": tx.init(expected["rest"])}
    *expected, expected_losses = trained(ordinary_by_layers(tx), expected, expected_state, map(batch_of, range(STEPS)))
    assert losses == expected_losses
    assert_same_bits((params, state), tuple(expected), BOUND if implementation == "xla" else 0.0)


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
def test_float32_moments_are_those_of_one_state_for_the_whole_tree(implementation, monkeypatch):
    if implementation == "xla":
        monkeypatch.setenv("ADAM_JAX_NATIVE", "0")
    dtype, tx = FORMATS["float32"]
    params, state, losses = released(tx, model(dtype))
    expected = model(dtype)
    expected, expected_state, expected_losses = trained(
        ordinary(tx), expected, tx.init(expected), map(batch_of, range(STEPS))
    )
    assert losses == expected_losses
    assert_same_bits(params, expected)
    for moment in ("mu", "nu"):
        whole = optax.tree.get(expected_state, moment)
        for part in ("stack", "rest"):
            assert_same_bits(optax.tree.get(state[part], moment), whole[part])
    np.testing.assert_array_equal(optax.tree.get(state["stack"], "count"), [STEPS] * LAYERS)


def test_a_flax_model_has_the_losses_of_plain_training():
    pytest.importorskip("flax")
    namespace = dict(recipe())
    exec(compile(BLOCKS[1], str(PAGE), "exec"), namespace)  # the page's own loop
    tx = adam_jax.adamw(1e-2)
    keys = jax.random.split(jax.random.key(1), namespace["LAYERS"])
    x = jnp.zeros((1, 16, namespace["WIDTH"]))
    make = jax.jit(
        lambda: {
            "stack": jax.vmap(lambda key: namespace["Block"]().init(key, x)["params"])(keys),
            "rest": {"embedding": 0.1 * jax.random.normal(keys[0], (64, namespace["WIDTH"]))},
        }
    )

    def plain(params, state, batch):  # what Optax's users write
        def loss_of(params):
            x = namespace["first"](params["rest"], batch)
            x, _ = jax.lax.scan(lambda x, p: (namespace["layer"](p, x), None), x, params["stack"])
            return namespace["last"](params["rest"], x, batch)

        loss, grads = jax.value_and_grad(loss_of)(params)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    batches = [namespace["batch"]] * 8
    names = ("first", "layer", "last")
    releasing = namespace["releasing_step"](tx, *(namespace[name] for name in names))
    params = make()
    *_, losses = trained(releasing, params, namespace["init"](tx, params), batches)
    params = make()
    *_, expected = trained(plain, params, tx.init(params), batches)
    np.testing.assert_allclose(losses, expected, rtol=LOSS)
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize("wrong", ["one state for the stack", "a list of layers", "layers in another place"])
def test_what_is_not_stacked_is_refused(wrong):
    dtype, tx = FORMATS["8bit"]
    params = model(dtype)
    state = recipe()["init"](tx, params)
    if wrong == "one state for the stack":
        state["stack"] = tx.init(params["stack"])
    elif wrong == "a list of layers":
        params["stack"] = [at(params["stack"], i) for i in range(LAYERS)]
    else:
        params["stack"]["up"] = jnp.swapaxes(params["stack"]["up"], 0, 1)
    step = recipe()["releasing_step"](tx, first, layer, last)
    with pytest.raises(ValueError, match="the first axis of every array must be the layers"):
        jax.eval_shape(step, params, state, batch_of(0))


def test_the_table_of_the_page():
    rows = re.findall(r"^\| `.*→.*$", PAGE.read_text(), re.MULTILINE)
    printed = [[tuple(map(float, cell.split(" → "))) for cell in row.strip("| ").split(" | ")[1:]] for row in rows]
    assert printed == [[TEMPORARIES[target][name] for target in TEMPORARIES] for name in ("float32", "8bit", "8bit+32")]


@pytest.mark.slow
@pytest.mark.parametrize(("target", "name"), COMPILERS)
def test_temporaries_are_those_of_the_table(target, name, monkeypatch):
    if target == "local, XLA":
        monkeypatch.setenv("ADAM_JAX_NATIVE", "0")
    configuration = CONFIGURATIONS[name]
    tx = configuration.make(1e-3)
    here = target in ("local", "local, XLA")
    place = None if here else host_offload.place(target)
    params = {
        "stack": {name: structs(shapes, configuration.dtype, place) for name, shapes in BLOCK.items()},
        "rest": structs({"scale": (1024,)}, configuration.dtype, place),
    }
    batch = jax.ShapeDtypeStruct((1, 16, 1024), configuration.dtype, sharding=place)
    size = sum(p.size for p in jax.tree.leaves(params))

    def block(p, x):
        return layer(p["mlp"], attention(p["attention"], x))

    def first(rest, batch):  # without a vocabulary, to count the stack alone
        return batch * rest["scale"]

    def last(rest, x, batch):
        return jnp.mean((x * rest["scale"]).astype(jnp.float32) ** 2)

    def loss_of(params, batch):
        one = jax.checkpoint(lambda x, p: (block(p, x), None))
        x, _ = jax.lax.scan(one, first(params["rest"], batch), params["stack"])
        return last(params["rest"], x, batch)

    releasing = recipe()["releasing_step"](tx, first, block, last)
    found = []
    for step, init in ((ordinary(tx, loss_of), tx.init), (releasing, functools.partial(recipe()["init"], tx))):
        state = jax.tree.map(
            lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=place), jax.eval_shape(init, params)
        )
        options = {"donate_argnames": ("params", "state")}
        if here:
            program = jax.jit(step, **options).lower(params, state, batch).compile()
        else:
            program = host_offload.compile_for(target, step, params, state, batch, **options)
        used = program.memory_analysis()
        assert used.output_size_in_bytes - used.alias_size_in_bytes < 2048  # the loss, a small array, pointers
        found.append(used.temp_size_in_bytes / size)
    assert found == pytest.approx(TEMPORARIES[target][name], abs=TABLE)
