"""Does `master_weights` see that somebody else moved the parameters?  In a wrong order, and never in a right one."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax.backends import checksum as handover

pytestmark = pytest.mark.standard_promotion

STEPS = 50
BITS = (32, 24, 16)
PARAMS = {
    "w": jnp.linspace(-1, 1, 64).reshape(8, 8).astype(jnp.bfloat16),
    "b": jnp.full(5, 0.5, jnp.bfloat16),
    "norm": jnp.ones(4),
    "none": None,
}
INNER = {
    "float32": lambda: adam_jax.adamw(1e-3),
    "8bit": lambda: adam_jax.adamw(1e-3, moments="8bit"),
    "sgd": lambda: optax.sgd(1e-3),
}


def grads_at(i, params=PARAMS):
    """Of a quadratic bowl with noise."""
    noise = lambda x: jnp.cos(1.3 * jnp.arange(x.size).reshape(x.shape) + 0.1 * i).astype(x.dtype)  # noqa: E731
    return jax.tree.map(lambda x: noise(x) + x, params)


def stepper(tx):
    def step(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return step


def train(tx, between=lambda params: params):
    step, params, state = jax.jit(stepper(tx), donate_argnums=(0, 1)), jax.tree.map(jnp.copy, PARAMS), tx.init(PARAMS)
    for i in range(STEPS):
        params, state = step(between(params), state, grads_at(i))
    return int(optax.tree.get(state, "moved_by_others"))


RIGHT = {
    "outermost": lambda tx, bits: adam_jax.master_weights(optax.chain(tx, optax.scale(0.5)), bits),
    "in skip_nonfinite": lambda tx, bits: adam_jax.skip_nonfinite(adam_jax.master_weights(tx, bits)),
    "last": lambda tx, bits: optax.chain(optax.clip(1.0), adam_jax.master_weights(tx, bits)),
    "around MultiSteps": lambda tx, bits: adam_jax.master_weights(optax.MultiSteps(tx, 3), bits),
    "in MultiSteps": lambda tx, bits: optax.MultiSteps(adam_jax.master_weights(tx, bits), 3),
}


# The checksum is of weights, and knows nothing of moments: each format and each number of bits once.
QUICK = [("float32", 32), ("8bit", 24), ("sgd", 16)]


def marks(inner, bits):
    return () if (inner, bits) in QUICK else pytest.mark.long


@pytest.mark.parametrize(
    ("inner", "bits"), [pytest.param(inner, bits, marks=marks(inner, bits)) for inner in INNER for bits in BITS]
)
def test_a_transformation_behind_is_counted(inner, bits):
    """At the sizes of these steps nearly every one changes some of the 69 parameters."""
    wrong = optax.chain(adam_jax.master_weights(INNER[inner](), bits), optax.scale(0.5))
    assert train(wrong) >= STEPS - 5


@pytest.mark.parametrize(
    ("order", "inner", "bits"),
    [(order, "float32", 32) for order in RIGHT]
    + [
        pytest.param("in skip_nonfinite", inner, bits, marks=marks(inner, bits))
        for inner in INNER
        for bits in BITS
        if (inner, bits) != ("float32", 32)
    ],
)
def test_in_a_right_order_nothing_is(order, inner, bits):
    assert train(RIGHT[order](INNER[inner](), bits)) == 0


def test_skipped_steps_are_nobody_elses():
    tx = adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(1e-3)))
    step, params, state = jax.jit(stepper(tx)), PARAMS, tx.init(PARAMS)
    for i in range(8):
        grads = grads_at(i)
        if i in (0, 3, 4):
            grads["w"] = grads["w"].at[1, 2].set(jnp.inf)
        params, state = step(params, state, grads)
    assert (int(state.skipped), int(state.inner_state.moved_by_others)) == (3, 0)


def test_clipped_weights_count_and_train_on():
    between = lambda params: jax.tree.map(lambda p: jnp.clip(p, -0.25, 0.25), params)  # noqa: E731
    assert train(adam_jax.master_weights(adam_jax.adamw(1e-2)), between) > 10


def test_one_changed_bit_is_seen_wherever_it_is():
    leaves = [PARAMS["w"], PARAMS["b"]]
    none = jnp.int32(0)
    checksum, _ = handover.counted(jnp.uint32(0), none, leaves, leaves)
    counted = jax.jit(lambda checksum, *found: handover.counted(checksum, none, [*found], leaves)[1])
    assert int(counted(checksum, *leaves)) == 0
    for which, leaf in enumerate(leaves):
        for element in range(leaf.size):
            bits = np.array(leaf).view(np.uint16).copy().ravel()
            bits[element] ^= 1 << element % 16
            changed = list(leaves)
            changed[which] = jnp.asarray(bits.view(jnp.bfloat16).reshape(leaf.shape))
            assert int(counted(checksum, *changed)) == 1, (which, element)


def test_the_sample_is_of_small_bfloat16_leaves_spread_over_the_tree():
    leaf = lambda n, dtype=jnp.bfloat16: jax.ShapeDtypeStruct((n,), dtype)  # noqa: E731
    assert handover.sampled([leaf(16384), leaf(16385), leaf(3, jnp.float32), leaf(0), leaf(3)]) == [0, 4]
    assert handover.sampled([leaf(2**30), leaf(2**18)]) == [1]  # a 4,096th of all
    assert handover.sampled([leaf(2**30)]) == []
    assert handover.sampled([leaf(5)] * 20) == [0, 3, 6, 9, 12, 15, 18]
    assert handover.sampled([]) == []


def test_a_state_made_by_hand_needs_no_more_than_before():
    weights = jax.tree.map(lambda p: p.astype(jnp.float32) * 1.001, {"w": PARAMS["w"], "b": PARAMS["b"]})
    inner = adam_jax.adamw(1e-3)
    params, remainder = adam_jax.split_weights(weights)
    state = adam_jax.MasterWeightsState(inner.init(weights), remainder, jnp.int32(0))
    tx = adam_jax.master_weights(inner)
    fresh = tx.init(params)
    assert jax.tree.structure(state) == jax.tree.structure(fresh)
    assert [x.dtype for x in jax.tree.leaves(state)] == [x.dtype for x in jax.tree.leaves(fresh)]
    traced = []

    @jax.jit
    def step(*args):
        traced.append(args)
        return stepper(tx)(*args)

    for i in range(5):
        params, state = step(params, state, grads_at(i, weights))
    assert len(traced) == 1
    assert int(state.moved_by_others) == 0


def test_under_scan_vmap_and_eval_shape():
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3))
    params = {"w": PARAMS["w"], "b": PARAMS["b"]}

    def run(params, sign):
        def body(carry, i):
            return stepper(tx)(*carry, jax.tree.map(lambda g: g * sign.astype(g.dtype), grads_at(i, params))), None

        return jax.lax.scan(body, (params, tx.init(params)), jnp.arange(10))[0]

    signs = jnp.array([1.0, -1.0])
    _, state = jax.jit(jax.vmap(run, in_axes=(None, 0)))(params, signs)
    np.testing.assert_array_equal(state.moved_by_others, [0, 0])
    assert jax.eval_shape(run, params, signs[0])[1].checksum.dtype == jnp.uint32


def test_inside_shard_map_nothing_is_counted():
    mesh = jax.make_mesh((1,), ("data",), axis_types=(jax.sharding.AxisType.Auto,))
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3))
    spread = jax.sharding.PartitionSpec("data")
    params = {"w": PARAMS["w"]}
    state = tx.init(params)
    specs = jax.tree.map(lambda x: spread if x.ndim else jax.sharding.PartitionSpec(), state)
    step = jax.jit(jax.shard_map(stepper(tx), mesh=mesh, in_specs=(spread, specs, spread), out_specs=(spread, specs)))
    for i in range(3):
        params, state = step(params, state, grads_at(i, params))
    assert (int(state.checksum), int(state.moved_by_others)) == (0, 0)
