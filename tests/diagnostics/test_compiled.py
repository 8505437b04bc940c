"""Does `diagnostics.compiled` say what a compiled step costs, and what is wrong with it?  Other people's steps."""

import jax
import jax.numpy as jnp
import optax
import pytest

import adam_jax
from adam_jax.diagnostics import compiled
from adam_jax.tools.bench import targets

pytestmark = [
    pytest.mark.standard_promotion,
    pytest.mark.filterwarnings("ignore:Some donated buffers were not usable"),
]
# Bytes per parameter of optax.adamw in float32, in the good order and in the bad one, and whole-array copies in that.
ADAMW = {"local": (40, 72, 4), "h200": (28, 44, 2)}
TARGETS = [
    pytest.param("local", marks=pytest.mark.skipif(jax.default_backend() != "cpu", reason="counts for a CPU")),
    pytest.param("h200", marks=pytest.mark.skipif(targets.missing("h200") is not None, reason="no compiler for it")),
]


def on(target, tree):
    sharding = jax.sharding.SingleDeviceSharding(targets.devices(target)[0])
    return jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=sharding), tree)


def adamw(target, shape=(1024, 512)):
    tx, params = optax.adamw(1e-3), {"w": jax.ShapeDtypeStruct(shape, jnp.float32)}

    def good(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    def bad(grads, state, params):
        return good(params, state, grads)

    params, state = on(target, (params, jax.eval_shape(tx.init, params)))
    return good, bad, params, state


@pytest.mark.parametrize("target", TARGETS)
def test_the_order_of_donated_arguments(target):
    good, bad, params, state = adamw(target, (4096, 4096))
    least, most, copies = ADAMW[target]

    found = compiled(jax.jit(good, donate_argnames=("params", "state")), params, state, params)
    assert (found.parameters, found.bytes, found.copies) == (4096**2, pytest.approx(least, abs=0.01), 0)
    assert (found.donated, found.results) == (pytest.approx(12), pytest.approx(12))
    assert found.problems == ()

    found = compiled(jax.jit(bad, donate_argnames=("params", "state")), params, state, params)
    assert (found.parameters, found.bytes, found.copies) == (4096**2, pytest.approx(most, abs=0.01), copies)
    assert found.temporaries >= 4
    order, temporaries = found.problems
    assert order.startswith(
        f"{copies} whole-array copies: donated arguments are returned in another order than they are"
    )
    assert "take (params, state, grads) and return (params, state)" in order
    assert temporaries == f"temporaries of {found.temporaries:.1f} bytes per parameter"
    assert f"{most}.0 bytes per parameter moved, by " in str(found)
    assert str(found).count("\n- ") == 2


def test_nothing_donated_and_too_much_donated():
    good, _, params, state = adamw("local")
    found = compiled(good, params, state, params)  # a plain function
    assert found.problems[0].startswith("nothing is donated: 12.0 bytes per parameter of results take new memory")
    assert compiled(jax.jit(good), params, state, params) == found
    found = compiled(jax.jit(good, donate_argnums=(0, 1, 2)), params, state, params)
    assert found.problems[0].startswith("4.0 bytes per parameter of donated arguments are not used")


def test_a_compiled_program_and_what_is_none():
    good, _, params, state = adamw("local")
    jitted = jax.jit(good, donate_argnums=(0, 1))
    ready = jitted.lower(params, state, params).compile()
    found = compiled(ready)
    assert found == compiled(jitted, params, state, params)
    assert compiled(ready, params=params) == compiled(ready, params=1024 * 512) == found
    assert compiled(ready, params=1024 * 256).bytes == 2 * found.bytes
    with pytest.raises(TypeError, match="a compiled program takes no arguments here; got 1"):
        compiled(ready, params)
    with pytest.raises(TypeError, match=r"program must be a function or a jax\.stages\.Compiled; got int"):
        compiled(3)
    with pytest.raises(ValueError, match="params must be given, a tree or a number"):
        compiled(lambda n: n + 1, jnp.int32(1))


def test_a_value_that_is_kept_beside_the_new_one_is_no_matter_of_order():
    found = compiled(jax.jit(lambda x: (x + 1, x), donate_argnums=0), jnp.ones((64, 64)))
    assert found.copies == 1
    assert "an argument is returned unchanged" in found.problems[0]


def loss_of(params, x, y):
    return jnp.mean((jnp.tanh(x @ params["w"]) @ params["v"] - y) ** 2)


PARAMS = {"w": jnp.ones((64, 128)), "v": jnp.ones((128, 8))}
BATCH = jnp.ones((32, 64)), jnp.ones((32, 8))
ELEMENTS = 64 * 128 + 128 * 8


@pytest.mark.parametrize("make", [optax.adamw, optax.lion, lambda rate: adam_jax.adamw(rate, moments="8bit")])
def test_a_whole_training_step(make):
    tx = make(1e-3)

    @jax.jit
    def train_step(params, state, x, y):
        loss, grads = jax.value_and_grad(loss_of)(params, x, y)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    donating = jax.jit(train_step, donate_argnames=("params", "state"))
    found = compiled(donating, PARAMS, tx.init(PARAMS), *BATCH)
    assert found.parameters == ELEMENTS
    assert found.bytes > 12
    assert not any("donated" in problem for problem in found.problems)
    assert any(
        "nothing is donated" in problem for problem in compiled(train_step, PARAMS, tx.init(PARAMS), *BATCH).problems
    )


def test_a_loop_and_a_branch_are_counted_once():
    def steps(n):
        def body(params, _):
            x, y = BATCH
            grads = jax.grad(loss_of)(params, x, y)
            return jax.lax.cond(
                grads["w"][0, 0] > 0, lambda p: jax.tree.map(lambda p, g: p - g, p, grads), lambda p: p, params
            ), None

        return compiled(jax.jit(lambda p: jax.lax.scan(body, p, None, n)[0], donate_argnums=0), PARAMS)

    found = steps(10)
    assert found.loops == 1
    assert found.bytes == pytest.approx(steps(1000).bytes)
    assert "1 loop: the body is counted once" in str(found)
    assert found.branches in (0, 1)  # XLA may choose by a select


def test_a_train_state_is_divided_by_its_params():
    training = pytest.importorskip("flax.training.train_state")
    state = training.TrainState.create(apply_fn=loss_of, params=PARAMS, tx=optax.adamw(1e-3))

    def train_step(state, batch):
        return state.apply_gradients(grads=jax.grad(state.apply_fn)(state.params, *batch))

    found = compiled(jax.jit(train_step, donate_argnums=0), state, BATCH)
    assert found.parameters == ELEMENTS
    assert found.donated == pytest.approx(12, abs=0.01)


def test_an_nnx_step():
    nnx = pytest.importorskip("flax.nnx")
    model = nnx.Linear(64, 8, rngs=nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.adamw(1e-3), wrt=nnx.Param)

    @nnx.jit(donate_argnums=(0, 1))
    def train_step(model, optimizer, x, y):
        grads = nnx.grad(lambda model: jnp.mean((model(x) - y) ** 2))(model)
        optimizer.update(model, grads)

    found = compiled(train_step, model, optimizer, *BATCH, params=nnx.state(model, nnx.Param))
    assert found.parameters == 64 * 8 + 8
    assert found.kernels > 0


@pytest.mark.parametrize("bits", [None, 16])
@pytest.mark.parametrize("shape", [(3, 1), (64, 8)])
def test_a_small_state_of_integers_is_not_the_parameters(shape, bits):
    """Of 8-bit moments only a bound and two scales for each leaf are floats."""
    params = {"w": jnp.zeros(shape, jnp.bfloat16), "b": jnp.zeros(shape[1], jnp.bfloat16)}
    tx = adam_jax.adamw(1e-3, moments="8bit")
    tx = tx if bits is None else adam_jax.master_weights(tx, bits)
    shapes = jax.eval_shape(lambda: (params, tx.init(params), params))
    step = jax.jit(lambda params, state, grads: adam_jax.step(tx, params, state, grads), donate_argnums=(0, 1))
    assert compiled(step, *shapes).parameters == shape[0] * shape[1] + shape[1]
