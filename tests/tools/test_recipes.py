"""Does each recipe do what its paragraph says?  The blocks of docs/recipes.md, beside float64 NumPy and plain Optax."""

import math
import re
from pathlib import Path

import eight_devices
import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import oracle
import pages
import pytest

import adam_jax

pytestmark = pytest.mark.standard_promotion  # which Optax needs

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
STEPS = 12
# Parameters near 1 after 12 steps of 0.01 in float32: half an ulp a step, 6e-8, and 3e-6 of each update (cases.py).
FLOAT32 = 2e-6
# The same beside Optax at b2 = 0.999, whose sqrt(v_hat) is up to 6e-5 off (README), which is 7e-6 in 12 steps of 0.01.
OPTAX = 1e-5
# What 8-bit moments change, as a share of the distance travelled: 6% to 10% of an update (adam_jax.adam).
EIGHT_BIT = 0.1


def executed(*defining):
    """What the blocks define: all of them, or the first one and those that define these names."""
    first, *others = pages.blocks(PAGE)
    those = [b for b in others if not defining or any(f"def {name}(" in b for name in defining)]
    return pages.executed(PAGE, [first, *those])


@pytest.fixture(scope="module")
def page():
    older_jax.needs("flax", "0.12")  # nnx.as_pure
    with jax.numpy_dtype_promotion("standard"):
        return executed()


def normal(shape, seed, scale=1.0):
    return jnp.asarray(scale * np.random.default_rng(seed).standard_normal(shape), jnp.float32)


def run(tx, params, grads):
    """Parameters and state after all of `grads`, which have a leading axis of steps, by `update`."""

    def step(carry, g):
        params, state = carry
        updates, state = tx.update(g, state, params)
        return (optax.apply_updates(params, updates), state), None

    return jax.jit(lambda params: jax.lax.scan(step, (params, tx.init(params)), grads)[0])(params)


def reference(params, grads, rate, decay=lambda count: 0.0, **kwargs):
    """float64: each step subtracts rate(count) u and the share decay(count) of the parameter."""
    p = np.asarray(params, np.float64)
    for count, step in enumerate(oracle.run("adam", np.asarray(grads), **kwargs)):
        p = p - rate(count) * step.u - decay(count) * p
    return p


def narrow(tree):
    return jax.tree.map(lambda x: x.astype(jnp.bfloat16), tree)


def wide(tree):
    return jax.tree.map(lambda x: x.astype(jnp.float32), tree)


def distances_apart(tree, other, start):
    """How far `tree` is from `other`, beside how far `other` is from `start`: of all elements together."""
    flat = [
        np.concatenate([np.ravel(np.asarray(x, np.float64)) for x in jax.tree.leaves(t)]) for t in (tree, other, start)
    ]
    return np.linalg.norm(flat[0] - flat[1]) / np.linalg.norm(flat[1] - flat[2])


def close(tree, other, atol=FLOAT32):
    jax.tree.map(lambda x, y: np.testing.assert_allclose(np.asarray(x, np.float64), y, rtol=0, atol=atol), tree, other)


P, G = normal((5, 7), 0), normal((STEPS, 5, 7), 1)
SCHEDULE = optax.warmup_cosine_decay_schedule(1e-3, 1e-2, 4, STEPS, end_value=1e-3)


def rate(count):
    """SCHEDULE in float64 from its definition."""
    if count < 4:
        return 1e-3 + (1e-2 - 1e-3) * count / 4
    return 1e-3 + (1e-2 - 1e-3) * 0.5 * (1 + math.cos(math.pi * min(1, (count - 4) / (STEPS - 4))))


def test_no_block_is_longer_than_fifteen_lines_and_each_has_one_paragraph():
    text = PAGE.read_text()
    assert max(len(block.splitlines()) for block in pages.blocks(PAGE)) <= 15
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        section = re.split(r"^## ", section, flags=re.MULTILINE)[0]
        heading, paragraph, block = section.strip().split("\n\n", 2)
        assert re.fullmatch(r"```python\n[^`].*\n```", block, re.DOTALL), heading
        assert block.count("```") == 2, heading
        assert not paragraph.startswith("```"), heading


def test_the_decay_is_independent_of_the_learning_rate(page):
    after, _ = run(page["adamw_independent"](SCHEDULE, decay=0.02), P, G)
    close(after, reference(P, G, rate, lambda count: 0.02))
    # as in the paper: the schedule without its peak
    after, _ = run(adam_jax.adamw(SCHEDULE, weight_decay=0.02 / 1e-2), P, G)
    close(after, reference(P, G, rate, lambda count: 0.02 * rate(count) / 1e-2))


def test_adamc_multiplies_the_decay_by_the_share_of_the_largest_rate(page):
    after, _ = run(page["adamc"](SCHEDULE, largest=1e-2, decay=0.5), P, G)
    close(after, reference(P, G, rate, lambda count: 0.5 * rate(count) ** 2 / 1e-2))


def test_one_rate_for_both_moments(page):
    after, _ = run(page["adamw_of_one_rate"](SCHEDULE, weight_decay=0.5), P, G)
    close(after, reference(P, G, rate, lambda count: 0.5 * rate(count), b1=0.95, b2=0.95))
    bits, _ = run(page["adamw_of_one_rate"](SCHEDULE, weight_decay=0.5, moments="8bit"), P, G)
    assert distances_apart(bits, after, P) < EIGHT_BIT

    tx = page["adamw_of_one_rate"](1.0, weight_decay=0.0)
    state = tx.init(P)
    for g in 10.0 ** np.arange(-6, 6):  # growing gradients, for which Adam's step at other rates is up to 3
        updates, state = tx.update(jnp.full_like(P, g), state, P)
        assert np.max(np.abs(updates)) < 1 + FLOAT32


def test_a_new_learning_rate_compiles_nothing(page):
    step_at, params = page["step_at"], page["params"]
    assert step_at._cache_size() == 1  # after the block, which takes two learning rates
    grads = {"w": normal((STEPS, 3, 1), 2), "b": normal((STEPS, 1), 3)}
    state = adam_jax.adamw(1.0, weight_decay=0.1).init(params)
    for i in range(STEPS):
        params, state = step_at(jnp.float32(rate(i)), params, state, jax.tree.map(lambda g, i=i: g[i], grads))
    assert step_at._cache_size() == 1
    for name, p in page["params"].items():
        close(params[name], reference(p, grads[name], rate, lambda count: 0.1 * rate(count)))


def test_an_injected_learning_rate_changes_between_steps(page):
    tx, with_learning_rate = page["injected"], page["with_learning_rate"]
    update = jax.jit(tx.update)
    p, state = P, tx.init(P)
    for i in range(STEPS):
        state = with_learning_rate(state, rate(i))
        updates, state = update(G[i], state, p)
        p = optax.apply_updates(p, updates)
    close(p, reference(P, G, rate, lambda count: 0.1 * rate(count)))
    assert update._cache_size() == 1
    for params in (P, P.astype(jnp.bfloat16)):
        assert {x.dtype.name for x in tx.init(params).hyperparams.values()} == {"float32"}
        np.testing.assert_allclose(tx.init(params).hyperparams["b2"], 0.999, rtol=1e-7)


def test_a_sweep_is_the_runs_one_by_one(page):
    rates, keys = jnp.array([1e-2, 3e-2, 1e-1]), jax.random.split(jax.random.key(3), 2)
    losses = page["sweep"](rates, keys)
    loss_of, data = page["loss_of"], (page["x"], page["y"])

    @jax.jit
    def alone(learning_rate, key):
        tx = optax.adamw(learning_rate)

        def step(carry, _):
            params, state = carry
            updates, state = tx.update(jax.grad(loss_of)(params, *data), state, params)
            return (optax.apply_updates(params, updates), state), None

        start = {"w": jax.random.normal(key, (3, 1)), "b": jnp.zeros(1)}
        (params, _), _ = jax.lax.scan(step, (start, tx.init(start)), length=50)
        return loss_of(params, *data)

    expected = [[alone(learning_rate, key) for key in keys] for learning_rate in rates]
    # 50 steps, each with Optax's rounding of sqrt(v_hat)
    np.testing.assert_allclose(losses, expected, rtol=1e-3)
    assert len(set(np.ravel(losses).tolist())) == 6

    bits = jax.jit(jax.vmap(lambda r: page["final_loss"](r, keys[0], moments="8bit")))(rates[:2])
    np.testing.assert_allclose(bits, losses[:2, 0], rtol=EIGHT_BIT)


@pytest.mark.parametrize("moments", ["float32", "8bit"])
def test_frozen_parameters_stay_and_have_no_state(page, moments):
    params = {"encoder": {"w": P}, "head": {"w": 2 * P}}
    grads = {"encoder": {"w": G}, "head": {"w": G}}
    tx = page["train_only"](adam_jax.adamw(1e-2, weight_decay=0.1, moments=moments), lambda path: path == "head/w")
    after, state = run(tx, params, grads)
    np.testing.assert_array_equal(after["encoder"]["w"], P)
    expected = reference(2 * P, G, lambda count: 1e-2, lambda count: 1e-3)
    if moments == "float32":
        close(after["head"]["w"], expected)
    else:
        assert distances_apart(after["head"]["w"], expected, 2 * P) < EIGHT_BIT
    assert [x.shape for x in jax.tree.leaves(state)].count(P.shape) == 2

    tx = page["train_only"](adam_jax.master_weights(adam_jax.adamw(1e-2)), lambda path: path.startswith("head"))
    after, state = run(tx, narrow(params), narrow(grads))
    np.testing.assert_array_equal(after["encoder"]["w"], narrow(P))
    assert optax.tree.get(state, "moved_by_others") == 0
    weights = adam_jax.wide_weights(after, state)["head"]["w"]
    close(weights, reference(wide(narrow(2 * P)), wide(narrow(G)), lambda count: 1e-2, lambda count: 1e-6))


def test_each_layer_has_its_learning_rate(page):
    layers = ["first", "middle", "last"]
    params = {name: {"w": P, "b": P[0]} for name in layers}
    grads = {name: {"w": G, "b": G[:, 0]} for name in layers}
    after, _ = run(page["adamw_by_layer"](1e-2, layers, decay=0.5), params, grads)
    for name, learning_rate in zip(layers, (0.25e-2, 0.5e-2, 1e-2), strict=True):
        for leaf in ("w", "b"):
            expected = reference(
                params[name][leaf],
                grads[name][leaf],
                lambda count, r=learning_rate: r,
                lambda count, r=learning_rate: 1e-4 * r,
            )
            close(after[name][leaf], expected)


def test_muon_moves_matrices_and_adam_the_rest(page):
    params = narrow({"embedding": P, "layer": {"w": P, "scale": P[0]}, "head": {"w": P.T}})
    grads = narrow({"embedding": G, "layer": {"w": G, "scale": G[:, 0]}, "head": {"w": G.transpose(0, 2, 1)}})

    after, state = run(page["muon"], params, grads)
    weights = adam_jax.wide_weights(after, state)
    by_muon, _ = run(optax.contrib.muon(2e-2, weight_decay=0.1), wide(params["layer"]["w"]), wide(grads["layer"]["w"]))
    close(weights["layer"]["w"], by_muon, OPTAX)  # in float32 in both
    for p, g, w in (
        (params["embedding"], grads["embedding"], weights["embedding"]),
        (params["head"]["w"], grads["head"]["w"], weights["head"]["w"]),
        (params["layer"]["scale"], grads["layer"]["scale"], weights["layer"]["scale"]),
    ):
        by_adam = reference(wide(p), wide(g), lambda count: 3e-3, lambda count: 3e-7)
        assert distances_apart(w, by_adam, wide(p)) < EIGHT_BIT
    assert optax.tree.get(state, "moved_by_others") == 0


def test_schedule_free_is_optaxs(page):
    plain = optax.contrib.schedule_free(optax.adamw(1e-2, b1=0.0), 1e-2, b1=0.9)
    expected, state = run(plain, P, G)
    expected_average = optax.contrib.schedule_free_eval_params(state, expected)
    assert distances_apart(expected_average, expected, P) > 1e-2  # not the same thing

    after, state = run(page["schedule_free"](1e-2, moments="float32"), P, G)
    close(after, expected, OPTAX)
    close(page["evaluation_params"](after, state), expected_average, OPTAX)

    after, state = run(page["schedule_free"](1e-2), P, G)
    assert state.base_optimizer_state[0].mu.dtype == jnp.int8
    assert distances_apart(after, expected, P) < EIGHT_BIT
    assert distances_apart(page["evaluation_params"](after, state), expected_average, P) < EIGHT_BIT


def test_schedule_free_in_master_weights_averages_in_float32(page):
    p, g = narrow(P), narrow(G)
    expected, state = run(page["schedule_free"](1e-2), wide(p), wide(g))
    expected_average = page["evaluation_params"](expected, state)
    after, state = run(adam_jax.master_weights(page["schedule_free"](1e-2)), p, g)
    assert state.inner_state.z.dtype == jnp.float32
    # A last bit of x that differs may turn a code of 8 bits; most do not.
    close(page["evaluation_params"](after, state), expected_average, OPTAX)


def test_microbatches_give_the_mean_gradient(page):
    parts = (page["x"].reshape(8, 8, 3), page["y"].reshape(8, 8, 1))
    params = {"w": normal((3, 1), 5), "b": normal((1,), 6)}
    x, y, w, b = (np.asarray(a, np.float64) for a in (page["x"], page["y"], params["w"], params["b"]))
    residual = x @ w + b - y
    expected = {"w": 2 * x.T @ residual / 64, "b": 2 * residual.mean(0)}
    # sums of 64 products of about 5 in float32
    close(jax.jit(page["mean_grads"])(params, *parts), expected, 1e-5)

    # of bfloat16 parameters the gradients of the parts are bfloat16, and their mean is exact
    got = jax.jit(page["mean_grads"])(narrow(params), *narrow(parts))
    grad = jax.jit(jax.grad(page["loss_of"]))
    each = [grad(narrow(params), *(narrow(a[i]) for a in parts)) for i in range(8)]
    for name, g in got.items():
        assert (g.dtype, each[0][name].dtype) == (jnp.float32, jnp.bfloat16)
        mean = np.mean([np.asarray(e[name], np.float64) for e in each], axis=0)
        # the scan may keep a gradient in float32 that a program of its own rounds to bfloat16: 2**-9 of about 10
        close(g, mean, 10 * 2.0**-9)

    tx = adam_jax.master_weights(adam_jax.adamw(1e-2))
    step = jax.jit(adam_jax.step, static_argnums=0)
    after, state = step(tx, narrow(params), tx.init(narrow(params)), got)  # takes them as they are
    close(
        adam_jax.wide_weights(after, state),
        {
            n: reference(wide(narrow(p)), np.asarray(got[n])[None], lambda _: 1e-2, lambda _: 1e-6)
            for n, p in params.items()
        },
    )


@pytest.mark.parametrize("moments", ["float32", "8bit"])
def test_every_k_steps_is_a_step_of_the_mean(page, moments):
    p, g, k = narrow(P), narrow(G), 4
    adam = adam_jax.adamw(1e-2, moments=moments)
    after, state = run(page["every_k_steps"](adam, k), p, g)
    weights = adam_jax.wide_weights(after, state)
    means = np.asarray(wide(g), np.float64).reshape(STEPS // k, k, *P.shape).mean(1)
    exact = reference(wide(p), means, lambda count: 1e-2, lambda count: 1e-6)
    if moments == "8bit":
        assert distances_apart(weights, exact, wide(p)) < EIGHT_BIT
        return
    close(weights, exact)
    # What the recipe advises against: the mean rounded to bfloat16.
    after, state = run(optax.MultiSteps(adam_jax.master_weights(adam), k), p, g)
    assert np.max(np.abs(np.asarray(adam_jax.wide_weights(after, state), np.float64) - exact)) > 10 * FLOAT32


def test_the_average_of_weights_is_of_float32_weights(page):
    tx = adam_jax.master_weights(adam_jax.adamw(1e-2))
    p, g = narrow(P), narrow(G)
    state = tx.init(p)
    average = adam_jax.wide_weights(p, state)
    expected = weight = np.asarray(average, np.float64)
    start, steps = expected, oracle.run("adam", np.asarray(wide(g)))
    for i, step in enumerate(steps):
        updates, state = tx.update(g[i], state, p)
        p = optax.apply_updates(p, updates)
        average = page["averaged"](average, p, state, decay=0.999)
        weight = weight - 1e-2 * (step.u + 1e-4 * weight)
        expected = 0.999 * expected + 0.001 * weight
    close(average, expected, 1e-6)
    assert average.dtype == jnp.float32
    assert np.max(np.abs(expected - start)) > 1e-4  # and not below the tolerance


DEAD = np.array([False, True, False, False, True, False, False])  # of 7 neurons: columns of w, elements of b
WRAPPERS = {
    "alone": lambda tx: tx,
    "master_weights": adam_jax.master_weights,
    "skip_nonfinite, 24 bits": lambda tx: adam_jax.skip_nonfinite(adam_jax.master_weights(tx, 24)),
    "master_weights, 16 bits": lambda tx: adam_jax.master_weights(tx, 16),
}


@pytest.mark.parametrize(
    ("wrapper", "moments"),
    [
        *((name, moments) for name in ("alone", "master_weights") for moments in ("float32", "bfloat16", "8bit")),
        *((name, "8bit") for name in WRAPPERS if name not in ("alone", "master_weights")),
    ],
)
def test_dead_neurons_begin_anew(page, wrapper, moments):
    tx = WRAPPERS[wrapper](adam_jax.adamw(1e-2, weight_decay=0.0, moments=moments))
    kind = wide if wrapper == "alone" else narrow
    params, grads = kind({"w": P, "b": P[0]}), kind({"w": G, "b": G[:, 0]})
    update, before, state = jax.jit(tx.update), params, tx.init(params)
    for i in range(3):
        updates, state = update(jax.tree.map(lambda g, i=i: g[i], grads), state, before)
        before = optax.apply_updates(before, updates)
    fresh = {"w": normal((5, 7), 8), "b": jnp.zeros(7)}
    dead = {"w": jnp.asarray(DEAD), "b": jnp.asarray(DEAD)}
    count = optax.tree.get(state, "count")
    unpacked = adam_jax.unpack_moments(state)
    after, reset = jax.jit(page["draw_anew"], static_argnums=0)(tx, before, state, dead, fresh)

    for name in ("w", "b"):
        np.testing.assert_array_equal(after[name][..., DEAD], kind(fresh)[name][..., DEAD])
        np.testing.assert_array_equal(after[name][..., ~DEAD], before[name][..., ~DEAD])
        for moment in ("mu", "nu"):
            # what is stored, and what it stands for: a code of 0 is a moment of 0
            stored = optax.tree.get(reset, moment)[name]
            decoded = optax.tree.get(adam_jax.unpack_moments(reset), moment)[name]
            assert stored.dtype == optax.tree.get(state, moment)[name].dtype
            for zeros in (stored, decoded):
                np.testing.assert_array_equal(zeros[..., DEAD], 0)
            old = optax.tree.get(unpacked, moment)[name]
            assert np.all(old[..., DEAD] != 0)
            np.testing.assert_array_equal(decoded[..., ~DEAD], old[..., ~DEAD])
    assert optax.tree.get(reset, "count") == count == 3
    assert (jax.tree.structure(reset), [x.dtype for x in jax.tree.leaves(reset)]) == (
        jax.tree.structure(state),
        [x.dtype for x in jax.tree.leaves(state)],
    )

    # The next step: of the drawn neurons from moments of 0 with the old count, exactly, whatever the format.
    def weights(params, state):
        return params if wrapper == "alone" else adam_jax.wide_weights(params, state)

    g = jax.tree.map(lambda g: g[3], grads)
    updates, next_state = update(g, reset, after)
    moved = weights(optax.apply_updates(after, updates), next_state)
    t = 4
    for name in ("w", "b"):
        g64 = np.asarray(g[name], np.float64)[..., DEAD]
        m_hat, v_hat = (1 - 0.9) * g64 / (1 - 0.9**t), (1 - 0.999) * g64**2 / (1 - 0.999**t)
        u = -1e-2 * m_hat / (np.sqrt(v_hat) + 1e-8)
        # Half an ulp in float32 of a weight up to 4.  24 and 16 bits round it, by less than a unit in the last place.
        rounding = {"skip_nonfinite, 24 bits": 2.0**-15, "master_weights, 16 bits": 2.0**-7}.get(wrapper, 0.0)
        atol = 2e-6 + rounding * (np.max(np.abs(fresh[name])) + 1e-2)
        moved_by = np.asarray(moved[name], np.float64)[..., DEAD] - np.asarray(kind(fresh)[name], np.float64)[..., DEAD]
        np.testing.assert_allclose(moved_by, u, rtol=0, atol=atol)
    if wrapper != "alone":
        before_it, after_it = (int(optax.tree.get(s, "moved_by_others")) for s in (state, next_state))
        assert (before_it, after_it) == (0, 1)


def test_the_numbers_for_a_tracker_are_flat_floats(page):
    params, grads = {"w": P, "b": P[0]}, {"w": G[0], "b": G[1, 0]}
    tx = adam_jax.adamw(1e-2, weight_decay=0.0)
    after, _, measured = jax.jit(page["measured_step"], static_argnums=0)(tx, params, tx.init(params), grads)
    logged = page["flat_floats"](measured, prefix="run/1")
    assert {type(value) for value in logged.values()} == {float}
    for name in ("w", "b"):
        (step,) = oracle.run("adam", np.asarray(grads[name])[None])
        expected = {
            "update_to_weight": 1e-2 * root_mean_square(step.u) / root_mean_square(params[name]),
            "rms_m_hat": root_mean_square(step.m_hat),
            "rms_sqrt_v_hat": root_mean_square(np.sqrt(step.v_hat)),
            "signal_to_noise": 1.0,
        }
        for field, value in expected.items():
            np.testing.assert_allclose(logged[f"run/1/leaves/{name}/{field}"], value, rtol=1e-5, err_msg=field)
        close(after[name], params[name] - 1e-2 * step.u)

    narrow_tx = adam_jax.adamw(1e-2, moments="8bit")
    _, _, shapes = jax.eval_shape(
        lambda *trees: page["measured_step"](narrow_tx, *trees), params, narrow_tx.init(params), grads
    )
    names = set(page["flat_floats"](jax.tree.map(lambda x: np.zeros(x.shape), shapes), prefix="run/1"))
    # which float32 moments do not have
    assert names - set(logged) == {f"run/1/{part}/bound_octaves" for part in ("leaves/w", "leaves/b", "total")}


def root_mean_square(x):
    return np.sqrt(np.mean(np.square(np.asarray(x, np.float64))))


def test_names_are_looked_up_here_and_then_in_optax(page):
    optimizers = page["optimizers"]
    for name in ("adam", "adamw", "nadam", "nadamw", "amsgrad", "adamax"):
        assert getattr(optimizers, name) is getattr(adam_jax, name)
    for name in ("sgd", "lion", "adafactor", "clip_by_global_norm", "cosine_decay_schedule"):
        assert getattr(optimizers, name) is getattr(optax, name)
    assert page["tx"] == adam_jax.adamw(1e-3, weight_decay=0.1)
    with pytest.raises(AttributeError, match="adamv"):
        optimizers.adamv  # noqa: B018


NARROWEST = {
    "float32": lambda: adam_jax.adamw(1e-2),
    "8bit": lambda: adam_jax.master_weights(adam_jax.adamw(1e-2, moments="8bit")),
}


@pytest.mark.parametrize("kind", NARROWEST)
def test_the_train_state_of_one_pass_is_flaxs(page, kind):
    from flax.training.train_state import TrainState

    tx, cast = NARROWEST[kind](), wide if kind == "float32" else narrow
    params, grads = cast({"w": P, "b": P[0]}), cast({"w": G, "b": G[:, 0]})
    ends = []
    for state_type in (page["OnePassTrainState"], TrainState):
        state = state_type.create(apply_fn=None, params=params, tx=tx)
        step = jax.jit(lambda state, g: state.apply_gradients(grads=g))
        for i in range(STEPS):
            state = step(state, jax.tree.map(lambda g, i=i: g[i], grads))
        ends.append(state)
    ours, theirs = ends
    assert ours.step == theirs.step == STEPS
    assert jax.tree.structure(ours.opt_state) == jax.tree.structure(theirs.opt_state)
    compare_runs(kind, params, grads, (ours.params, ours.opt_state), (theirs.params, theirs.opt_state))


def test_the_optimizer_of_one_pass_is_nnxs(page):
    from flax import nnx

    kind, dtype = "8bit", jnp.bfloat16
    tx = NARROWEST[kind]()
    ends = []
    grads = {"kernel": G.astype(dtype), "bias": G[:, 0].astype(dtype)}
    for optimizer_type in (page["OnePassOptimizer"], nnx.Optimizer):
        model = nnx.Linear(5, 7, param_dtype=dtype, rngs=nnx.Rngs(0))
        start = nnx.as_pure(nnx.state(model, nnx.Param))
        optimizer = optimizer_type(model, tx, wrt=nnx.Param)

        @nnx.jit
        def step(model, optimizer, g):
            structure = jax.tree.structure(nnx.state(model, nnx.Param))
            optimizer.update(model, structure.unflatten([g["bias"], g["kernel"]]))

        for i in range(STEPS):
            step(model, optimizer, jax.tree.map(lambda g, i=i: g[i], grads))
        assert optimizer.step[...] == STEPS
        ends.append((nnx.as_pure(nnx.state(model, nnx.Param)), nnx.as_pure(optimizer.opt_state)))
    compare_runs(kind, start, grads, *ends)


def compare_runs(kind, start, grads, ours, theirs):
    """ours, theirs: parameters and state, by `step` and by `update`, which may differ in half an ulp of a weight."""
    if kind == "float32":
        for name in grads:
            close(ours[0][name], reference(start[name], grads[name], lambda count: 1e-2, lambda count: 1e-6))
        close(ours[0], theirs[0])
    else:
        close(adam_jax.wide_weights(*ours), adam_jax.wide_weights(*theirs), OPTAX)
        plain, _ = run(optax.adamw(1e-2), wide(dict(start)), wide(dict(grads)))
        assert distances_apart(dict(adam_jax.wide_weights(*ours)), plain, wide(dict(start))) < EIGHT_BIT


def test_on_eight_devices():
    older_jax.needs("flax", "0.12")
    assert eight_devices.printed(__file__) == ["explicit: equal", "nnx: equal"]


def on_eight_devices():
    """A mesh with explicit axes, and the metadata of Flax NNX: in a process of its own, with 8 devices."""
    from flax import nnx
    from jax.sharding import AxisType
    from jax.sharding import PartitionSpec as Spec

    assert jax.device_count() == 8
    page = executed("update", "train_explicitly", "sharded_linear")  # the first imports nnx

    tx, plain = adam_jax.master_weights(adam_jax.adamw(3e-2, moments="8bit")), optax.adamw(3e-2)
    params, data = {"w": normal((16, 1), 1), "b": jnp.zeros(1)}, (normal((64, 16), 2), normal((64, 1), 3))
    params, data = narrow(params), narrow(data)
    after, state = page["train_explicitly"](tx, params, *data, steps=5)
    mu = optax.tree.get(state, "mu")["w"]
    assert jax.typeof(mu).sharding.spec == Spec("data", None)
    assert mu.addressable_shards[0].data.shape == (2, 1)
    assert after["w"].sharding.is_fully_replicated
    assert optax.tree.get(state, "bounds").sharding.is_fully_replicated

    @jax.jit
    def plain_step(weights, state):  # on one device
        grads = wide(jax.grad(page["loss_of"])(narrow(weights), *data))
        updates, state = plain.update(grads, state, weights)
        return optax.apply_updates(weights, updates), state

    weights, plain_state = wide(params), plain.init(wide(params))
    for _ in range(5):
        weights, plain_state = plain_step(weights, plain_state)
    ours = adam_jax.wide_weights(*jax.device_get((after, state)))
    assert distances_apart(ours, weights, wide(params)) < EIGHT_BIT
    print("explicit: equal")

    mesh = jax.make_mesh((2, 4), ("data", "model"), axis_types=(AxisType.Auto,) * 2)
    tx = adam_jax.master_weights(adam_jax.adamw(1e-2, moments="8bit"))
    model, optimizer = page["sharded_linear"](tx, mesh)
    assert model.kernel.sharding.spec == Spec(None, "model")
    state = nnx.as_pure(optimizer.opt_state)
    adam = state.inner_state[0]
    assert isinstance(adam, adam_jax.ScaleByAdam8bitState)
    for tree in (adam.mu, adam.nu, state.remainder):
        assert tree["kernel"].sharding.spec == Spec("data", "model")
        assert tree["kernel"].addressable_shards[0].data.shape == (4, 4)
        assert tree["bias"].sharding.is_fully_replicated
    for x in (adam.count, adam.bounds, adam.scales, adam.reaches, state.steps, state.checksum):
        assert x.sharding.is_fully_replicated
    start = jax.device_get(nnx.as_pure(nnx.state(model, nnx.Param)))
    x, y = normal((16, 8), 4).astype(jnp.bfloat16), normal((16, 16), 5)

    @nnx.jit
    def train_step(model, optimizer):
        grads = nnx.grad(lambda model: jnp.mean((model(x) - y) ** 2))(model)
        optimizer.update(model, grads)
        return nnx.as_pure(grads)

    with jax.set_mesh(mesh):
        grads = jax.device_get(train_step(model, optimizer))
    after, state = (nnx.as_pure(tree) for tree in (nnx.state(model, nnx.Param), optimizer.opt_state))
    assert state.inner_state[0].mu["kernel"].sharding.spec == Spec("data", "model")
    weights = adam_jax.wide_weights(after, state)
    for name in ("kernel", "bias"):  # the first step
        g = np.asarray(grads[name], np.float64)
        expected = reference(start[name].astype(np.float64), g[None], lambda _: 1e-2, lambda _: 1e-6)
        close(weights[name], expected)
    print("nnx: equal")


if __name__ == "__main__":
    on_eight_devices()
