"""Does it behave wherever Optax's do?  One test for each line of the contract with Optax."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import pytest
from cases import x64
from contract import NAMES, OPTAX_TOLERANCE, RULES, described, make, params_and_grads

import adam_jax


@pytest.mark.parametrize("name", NAMES + RULES)
def test_arguments_are_optaxs_in_order_and_default(name):
    if name in ("amsgrad", "scale_by_amsgrad"):
        older_jax.needs("optax", "0.2.8")  # its arguments are newer
    theirs = inspect.signature(getattr(optax, name)).parameters
    ours = inspect.signature(getattr(adam_jax, name)).parameters
    positional = [p for p in theirs.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert [(p.name, p.default) for p in ours.values() if p.kind is p.POSITIONAL_OR_KEYWORD] == [
        (p.name, p.default) for p in positional
    ]
    for p in theirs.values():
        assert ours[p.name].default == p.default
    assert all(p.kind is p.KEYWORD_ONLY for key, p in ours.items() if key not in theirs)


@pytest.mark.parametrize("name", NAMES + RULES)
def test_swapping_changes_nothing_but_the_rounding(name):
    params, grads = params_and_grads()
    with x64("float64"), jax.numpy_dtype_promotion("standard"):
        params, grads = jax.tree.map(lambda x: x.astype(jnp.float64), (params, grads))
        ours, theirs = make(adam_jax, name), make(optax, name)
        states = [ours.init(params), theirs.init(params)]
        for i in range(5):
            g = jax.tree.map(lambda x, i=i: x * (1 - 0.4 * i), grads)
            updates, states[0] = ours.update(g, states[0], params)
            expected, states[1] = theirs.update(g, states[1], params)
            jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9), updates, expected)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9), *states)


@pytest.mark.standard_promotion
@pytest.mark.parametrize("name", NAMES + RULES)
def test_the_state_is_optaxs_and_checkpoints_go_both_ways(name):
    params, grads = params_and_grads()
    ours, theirs = make(adam_jax, name), make(optax, name)
    state = ours.init(params)
    assert described(state) == described(theirs.init(params))
    for first, second in ((ours, theirs), (theirs, ours)):  # written by one, continued by the other
        state = first.init(params)
        for _ in range(3):
            _, state = first.update(grads, state, params)
        expected, _ = first.update(grads, state, params)
        updates, after = second.update(grads, jax.tree.map(jnp.array, state), params)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=OPTAX_TOLERANCE), updates, expected)
        assert described(after) == described(state)


@pytest.mark.standard_promotion
def test_an_orbax_checkpoint_of_optax_restores(tmp_path):
    ocp = pytest.importorskip("orbax.checkpoint")
    params, grads = params_and_grads()
    del params["b"]["empty"], grads["b"]["empty"]  # Orbax stores no empty arrays
    theirs, ours = optax.adamw(1e-2), adam_jax.adamw(1e-2)
    state = theirs.init(params)
    for _ in range(3):
        _, state = theirs.update(grads, state, params)
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "state", state)
        checkpointer.wait_until_finished()
        restored = checkpointer.restore(tmp_path / "state", ours.init(params))
    assert described(restored) == described(state)
    jax.tree.map(np.testing.assert_array_equal, restored, state)
    ours.update(grads, restored, params)


@pytest.mark.parametrize("name", NAMES + RULES)
def test_extra_arguments_are_ignored(name):
    params, grads = params_and_grads()
    tx = make(adam_jax, name)
    assert isinstance(tx, optax.GradientTransformationExtraArgs)
    tx.update(grads, tx.init(params), params, value=jnp.ones(()), anything="else")


@pytest.mark.parametrize("storage", [{}, {"mu_dtype": "bfloat16", "nu_dtype": "bfloat16"}])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("grads_dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_a_scan_carry_and_updates_have_the_wider_dtype(name, dtype, grads_dtype, storage):
    params, _ = params_and_grads(dtype)
    _, grads = params_and_grads(grads_dtype)
    tx = make(adam_jax, name, **storage)
    state = tx.init(params)
    with jax.numpy_dtype_promotion("standard"):
        wider = jnp.promote_types(dtype, grads_dtype)  # float32 for float16 and bfloat16

    def step(state, g):
        updates, state = tx.update(g, state, params)
        assert [u.dtype for u in jax.tree.leaves(updates)] == [wider] * 3
        return state, ()

    # Traced, not compiled: what is asked is asked of types.
    rows = jax.tree.map(lambda g: jax.ShapeDtypeStruct((3, *g.shape), g.dtype), grads)
    after, _ = jax.make_jaxpr(lambda rows: jax.lax.scan(step, state, rows), return_shape=True)(rows)[1]
    assert [(x.shape, x.dtype) for x in jax.tree.leaves(after)] == [(x.shape, x.dtype) for x in jax.tree.leaves(state)]
    assert jax.tree.structure(after) == jax.tree.structure(state)


@pytest.mark.parametrize(
    "learning_rate", [0.1, np.float32(0.1), jnp.float32(0.1), jnp.bfloat16(0.1), lambda count: 0.1]
)
@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "complex64"])
def test_updates_keep_the_dtype_whatever_the_learning_rate(dtype, learning_rate):
    tx = adam_jax.adamw(learning_rate, weight_decay=jnp.float32(0.1))
    params = jnp.ones(3, dtype)
    updates, _ = tx.update(params, tx.init(params), params)
    assert updates.dtype == dtype
    np.testing.assert_allclose(np.asarray(updates, np.complex64), -0.1 * 1.1, rtol=0.01)


def test_a_16_bit_update_is_rounded_once():
    params = jnp.full(1000, 1.7, jnp.bfloat16)
    grads = jnp.asarray(np.random.default_rng(0).standard_normal(1000), jnp.bfloat16)
    tx16, tx32 = adam_jax.adamw(0.3e-3, weight_decay=0.07), adam_jax.adamw(0.3e-3, weight_decay=0.07)
    wide = jax.tree.map(lambda x: x.astype(jnp.float32), (grads, params))
    exact, _ = tx32.update(wide[0], tx32.init(wide[1]), wide[1])
    rounded, _ = tx16.update(grads, tx16.init(params), params)
    np.testing.assert_array_equal(rounded, exact.astype(jnp.bfloat16))


def test_vmap_over_init_and_update():
    params, grads = params_and_grads()
    stack = lambda tree: jax.tree.map(lambda x: jnp.stack([x, 2 * x]), tree)  # noqa: E731
    tx = adam_jax.adamw(1e-2, nu_dtype="bfloat16")
    states = jax.vmap(tx.init)(stack(params))
    updates, states = jax.vmap(tx.update)(stack(grads), states, stack(params))
    for i in (0, 1):
        one = jax.tree.map(lambda x, i=i: x * (1 + i), (params, grads))
        expected, state = tx.update(one[1], tx.init(one[0]), one[0])
        jax.tree.map(
            lambda a, b, i=i: np.testing.assert_allclose(a[i], b, rtol=1e-6), (updates, states), (expected, state)
        )


def test_vmap_over_hyperparameters():
    params, grads = params_and_grads()

    def first_update(learning_rate, b2):
        tx = adam_jax.adam(learning_rate, b2=b2)
        return tx.update(grads, tx.init(params), params)[0]["w"]

    got = jax.vmap(first_update)(jnp.array([1e-3, 1e-2]), jnp.array([0.99, 0.999]))
    np.testing.assert_allclose(got[0], first_update(1e-3, 0.99), rtol=1e-5)
    np.testing.assert_allclose(got[1], first_update(1e-2, 0.999), rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_init_on_shapes_and_under_eval_shape(name):
    params, _ = params_and_grads("bfloat16")
    tx = make(adam_jax, name)
    shapes = jax.eval_shape(lambda: params)
    expected = described(tx.init(params))
    assert described(tx.init(shapes)) == expected
    assert described(jax.eval_shape(tx.init, params)) == expected


def test_one_compilation_for_any_step_and_learning_rate():
    params, grads = params_and_grads()
    traces = []

    @jax.jit
    def step(params, state, grads, learning_rate):
        traces.append(1)
        tx = adam_jax.adamw(learning_rate, nu_dtype="bfloat16")
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    state = adam_jax.adamw(0.0, nu_dtype="bfloat16").init(params)
    for i in range(5):
        params, state = step(params, state, grads, jnp.float32(0.1 / (i + 1)))
    assert len(traces) == 1
    assert step._cache_size() == 1


@pytest.mark.parametrize("tree", [(), {}, None, [], {"a": None}, {"a": optax.MaskedNode(), "b": jnp.ones(2)}])
def test_any_tree_passes(tree):
    tx = adam_jax.adam(1e-2)
    updates, state = tx.update(tree, tx.init(tree), tree)
    assert jax.tree.structure(updates) == jax.tree.structure(tree)
    assert int(state[0].count) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_none_gradient_leaves_its_parameter_and_its_moments_alone(name):
    params = {"a": jnp.array([-0.0, 1.5]), "b": jnp.ones(3)}
    tx = make(adam_jax, name)
    state = tx.init(params)
    _, state = tx.update(params, state, params)
    updates, after = tx.update({"a": None, "b": jnp.ones(3)}, state, params)
    new = optax.apply_updates(params, updates)
    np.testing.assert_array_equal(new["a"].view(np.int32), params["a"].view(np.int32))  # -0.0 stays -0.0
    assert np.all(new["b"] != params["b"])
    np.testing.assert_array_equal(after[0].mu["a"], state[0].mu["a"])
    assert described(after) == described(state)


def test_a_none_gradient_stays_none_between_transformations():
    tx = adam_jax.scale_by_adam()
    updates, _ = tx.update({"a": None, "b": jnp.ones(3)}, tx.init({"a": jnp.ones(2), "b": jnp.ones(3)}))
    assert updates["a"] is None


@pytest.mark.parametrize("name", NAMES + RULES)
def test_float0_gradients_pass_through(name):
    params = {"steps": None, "w": jnp.ones(3)}
    zero = jax.grad(lambda p: p["w"].sum() * 1.0, allow_int=True)({"steps": jnp.arange(2), "w": jnp.ones(3)})
    assert zero["steps"].dtype == jax.dtypes.float0
    tx = make(adam_jax, name)
    updates, _ = tx.update(zero, tx.init(params), params)
    assert updates["steps"] is zero["steps"]
    assert updates["w"].shape == (3,)


def test_schedules_of_every_hyperparameter():
    grads = np.random.default_rng(0).standard_normal((20, 50))
    b1 = lambda count: 0.9 - 0.4 * count / 20  # noqa: E731
    b2 = lambda count: 0.99 - 0.5 * (count > 10)  # noqa: E731
    eps = lambda count: 1e-3 * (count + 1)  # noqa: E731
    counts = np.arange(20)
    import oracle

    expected = [step.u for step in oracle.run("adam", grads, b1=b1(counts), b2=b2(counts), eps=eps(counts))]
    with jax.numpy_dtype_promotion("standard"):  # the schedules above divide an int32 by 20
        tx = adam_jax.scale_by_adam(b1, b2, eps)
        state = tx.init(jnp.zeros(50))
        for g, u_exact in zip(grads, expected, strict=True):
            u, after = tx.update(jnp.asarray(g, jnp.float32), state)
            assert described(after) == described(state)
            state = after
            np.testing.assert_allclose(u, u_exact, rtol=1e-4, atol=3e-6)
        params = jnp.ones(2)
        tx = adam_jax.adamw(lambda n: 0.1 * (n + 1), weight_decay=lambda n: 0.5 * (n + 1))
        state = tx.init(params)
        for n in (0, 1):
            updates, state = tx.update(jnp.zeros(2), state, params)
            np.testing.assert_allclose(updates, -0.1 * (n + 1) * 0.5 * (n + 1), rtol=1e-6)


@pytest.mark.standard_promotion
def test_the_mask_of_weight_decay_is_optaxs():
    params, grads = params_and_grads()
    del params["b"]["empty"], grads["b"]["empty"]
    mask = {"w": True, "b": {"scalar": False}}
    for given in (mask, lambda params: jax.tree.map(lambda p: p.ndim > 0, params)):
        ours = adam_jax.adamw(1e-2, weight_decay=10.0, mask=given)
        theirs = optax.adamw(1e-2, weight_decay=10.0, mask=given)
        assert described(ours.init(params)) == described(theirs.init(params))
        a, _ = ours.update(grads, ours.init(params), params)
        b, _ = theirs.update(grads, theirs.init(params), params)
        jax.tree.map(lambda x, y: np.testing.assert_allclose(x, y, atol=OPTAX_TOLERANCE * 0.1), a, b)


def test_the_count_saturates():
    tx = adam_jax.scale_by_adam()
    state = tx.init(jnp.ones(2))._replace(count=jnp.int32(2**31 - 1))
    updates, state = tx.update(jnp.ones(2), state)
    assert int(state.count) == 2**31 - 1
    assert np.all(np.isfinite(updates))


def test_eager_init_keeps_the_parameters_sharding():
    mesh = jax.make_mesh((1,), ("data",))
    sharding = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("data"))
    params = jax.device_put(jnp.ones((4, 2)), sharding)
    assert adam_jax.scale_by_adam().init(params).mu.sharding == sharding
