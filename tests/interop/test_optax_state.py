"""Does a run of Optax's continue here, and ours there?  `from_optax` and `to_optax`, every storage in every wrapper."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import pytest
from contract import described
from optax_runs import SCHEDULE, STEPS, gradients, optaxs_run, run, start, strictly

import adam_jax

pytestmark = pytest.mark.standard_promotion  # Optax's schedules mix dtypes; `strictly` is for ours

MASK = {"w": True, "b": False}

# The largest relative error of sqrt(nu), and of mu where it is not near zero, after one conversion.
ROUNDING = {
    "float32": (0.0, 0.0),
    "bfloat16": (2.0**-8, 2.0**-7),  # one unit in the last place
    "8bit": (8 / 200, 0.2),  # sqrt(v) has spacing 8 / c, c > 200 near the bound; m has 8 bits of m / sqrt(v)
}
# The weights that `bits` keep: relative to themselves.
WEIGHTS = {None: 0.0, 32: 0.0, 24: 2.0**-16, 16: 2.0**-8}

WRAPPERS = {
    "alone": lambda make, **kwargs: make(SCHEDULE, **kwargs),
    "chain": lambda make, **kwargs: optax.chain(optax.clip_by_global_norm(1.0), make(0.05, **kwargs)),
    "masked": lambda make, **kwargs: optax.chain(
        optax.masked(make(0.05, **kwargs), MASK), optax.masked(optax.sgd(0.05), {"w": False, "b": True})
    ),
    "partition": lambda make, **kwargs: optax.partition(
        {"a": make(0.05, **kwargs), "s": optax.sgd(0.05, momentum=0.9)}, {"w": "a", "b": "s"}
    ),
    "inject_hyperparams": lambda make, **kwargs: optax.inject_hyperparams(make)(SCHEDULE, b2=0.99, **kwargs),
    "MultiSteps": lambda make, **kwargs: optax.MultiSteps(
        make(0.05, **kwargs), every_k_schedule=3
    ).gradient_transformation(),
    "named_chain": lambda make, **kwargs: optax.named_chain(("clip", optax.clip(1.0)), ("adam", make(0.05, **kwargs))),
}
AROUND = {
    "float32 weights": (None, lambda tx: tx),
    "skip": (None, adam_jax.skip_nonfinite),
    "master 32": (32, adam_jax.master_weights),
    "master 24": (24, lambda tx: adam_jax.master_weights(tx, 24)),
    "skip, master 16": (16, lambda tx: adam_jax.skip_nonfinite(adam_jax.master_weights(tx, 16))),
}


def call(convert, *args, **kwargs):
    return convert(*args, **kwargs)


@functools.cache
def wrapped_run(wrapper):
    return optaxs_run(WRAPPERS[wrapper](optax.adamw))


@functools.cache
def halves(name):
    """The weights and the state of Optax's run of this rule after its first half, and the weights after the second."""
    tx = getattr(optax, name)(0.01, **RULES[name])
    params, opt_state = optaxs_run(tx)
    return params, opt_state, run(tx, opt_state, params, gradients(STEPS, seed=2))[0]


def assert_close_moments(got, expected, storage):
    root_rtol, mu_rtol = ROUNDING[storage]
    for part in ("mu", "nu"):
        for g, e in zip(*(jax.tree.leaves(optax.tree.get(tree, part)) for tree in (got, expected)), strict=True):
            assert g.dtype == e.dtype
            if part == "nu":
                np.testing.assert_allclose(np.sqrt(g), np.sqrt(e), rtol=root_rtol)
            else:
                np.testing.assert_allclose(g, e, rtol=mu_rtol, atol=mu_rtol * np.sqrt(np.mean(np.square(e))))


def without_moments(state):
    is_adam = lambda x: isinstance(x, optax.ScaleByAdamState)  # noqa: E731
    return jax.tree.map(lambda x: x.count if is_adam(x) else x, state, is_leaf=is_adam)


@pytest.mark.parametrize(
    ("storage", "wrapper", "around"),
    [(storage, "alone", around) for storage in ROUNDING for around in AROUND]
    + [("8bit", wrapper, "master 32") for wrapper in WRAPPERS if wrapper != "alone"]
    + [("float32", wrapper, "skip") for wrapper in ("partition", "MultiSteps")],
)
def test_there_and_back_in_every_storage_and_wrapper(storage, wrapper, around):
    bits, wrap = AROUND[around]
    params, opt_state = wrapped_run(wrapper)
    tx = wrap(WRAPPERS[wrapper](adam_jax.adamw, moments=storage))
    convert = call if wrapper == "inject_hyperparams" else strictly  # whose init evaluates Optax's schedules

    ours, state = convert(adam_jax.from_optax, tx, opt_state, params)
    assert {p.dtype for p in jax.tree.leaves(ours)} == {jnp.dtype(jnp.bfloat16 if bits else jnp.float32)}
    assert described(state) == described(tx.init(ours))

    back, their_state = convert(adam_jax.to_optax, tx, state, ours)
    assert described(their_state) == described(opt_state)
    jax.tree.map(np.testing.assert_array_equal, without_moments(their_state), without_moments(opt_state))
    assert_close_moments(their_state, opt_state, storage)
    assert {p.dtype for p in jax.tree.leaves(back)} == {jnp.dtype(jnp.float32)}
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=WEIGHTS[bits]), back, params)


RULES = {
    "adam": {},
    "adamw": {"weight_decay": 0.1, "mask": MASK},
    "nadam": {"b1": 0.8},
    "nadamw": {"weight_decay": SCHEDULE},
    "adamax": {},
    "amsgrad": {"b2": 0.99},
}


@pytest.mark.parametrize("name", RULES)
def test_a_float32_state_is_carried_over_bit_for_bit(name):
    if name == "nadamw":
        older_jax.needs("optax", "0.2.8")  # before, it was another rule: 2e-3 off
    theirs, ours = (getattr(library, name)(SCHEDULE, **RULES[name]) for library in (optax, adam_jax))
    params, opt_state = optaxs_run(theirs)
    for convert in (adam_jax.from_optax, adam_jax.to_optax):
        same_params, state = strictly(convert, ours, opt_state, params)
        assert described(state) == described(opt_state)
        jax.tree.map(np.testing.assert_array_equal, (same_params, state), (params, opt_state))


# Optax's own sqrt(v_hat) is 6e-6 off: 20 steps of 0.01.
OPTAX = 5e-6

# The distance of the weights of the second half from Optax's, beside how far that half moved them.
CONTINUED = {
    "float32": 2e-5,  # Optax's own sqrt(v_hat) is 6e-6 off
    "bfloat16": 0.01,  # a unit of 2**-8 in every moment, no bias
    "8bit": 0.08,  # 6% in every update, no bias
}


@pytest.mark.parametrize(
    ("name", "storage", "bits"),
    [(name, "float32", None) for name in RULES]
    + [(name, "8bit", None) for name in ("adam", "nadam", "adamax")]
    + [("amsgrad", "bfloat16", None), ("adamw", "float32", 32), ("adamw", "bfloat16", 32), ("adamw", "8bit", 32)],
)
def test_training_continues(name, storage, bits):
    if name == "nadamw":
        older_jax.needs("optax", "0.2.8")  # before, it was another rule: 2e-3 off
    tx = getattr(adam_jax, name)(0.01, **RULES[name], moments=storage)
    tx = adam_jax.master_weights(tx, bits) if bits else tx
    params, opt_state, expected = halves(name)
    rest = gradients(STEPS, seed=2)
    moved = np.sqrt(np.mean((np.asarray(expected["w"]) - np.asarray(params["w"])) ** 2))

    def distance(opt_state):
        ours, state = strictly(adam_jax.from_optax, tx, opt_state, params)
        weights, _ = strictly(adam_jax.to_optax, tx, *reversed(run(tx, state, ours, rest)))
        return np.sqrt(np.mean((np.asarray(weights["w"]) - np.asarray(expected["w"])) ** 2)) / moved

    assert distance(opt_state) < CONTINUED[storage]
    forgotten = getattr(optax, name)(0.01, **RULES[name]).init(params)
    assert distance(forgotten) > 2 * CONTINUED["8bit"], "moments do not matter here"


def test_and_back_in_optax():
    theirs, tx = optax.adamw(0.01), adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(0.01)))
    params = jax.tree.map(lambda p: p.astype(jnp.bfloat16), start())
    wide = jax.tree.map(lambda p: p.astype(jnp.float32), params)
    first, rest = gradients(STEPS), gradients(STEPS, seed=2)
    params, state = run(tx, tx.init(params), params, first)
    weights, _ = run(theirs, *reversed(strictly(adam_jax.to_optax, tx, state, params)), rest)
    expected, _ = run(theirs, *reversed(run(theirs, theirs.init(wide), wide, first)), rest)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=OPTAX), weights, expected)


@pytest.mark.parametrize("called_before", [False, True])
def test_a_jitted_init_is_looked_into_as_any_other(called_before):
    params, opt_state = optaxs_run(optax.adamw(0.01))
    tx = adam_jax.adamw(0.01, moments="8bit")
    jitted = optax.chain(optax.GradientTransformation(jax.jit(tx.init), jax.jit(tx.update)))
    if called_before:
        jitted.init(params)
    expected = strictly(adam_jax.from_optax, tx, opt_state, params)
    got = strictly(adam_jax.from_optax, jitted, (opt_state,), params)
    jax.tree.map(np.testing.assert_array_equal, got, (expected[0], (expected[1],)))
    back = strictly(adam_jax.to_optax, jitted, got[1], params)[1][0]
    jax.tree.map(np.testing.assert_array_equal, back, strictly(adam_jax.to_optax, tx, expected[1], params)[1])


def test_one_compilation_serves_the_fresh_and_the_converted_state():
    tx = adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(SCHEDULE, moments="8bit")))
    step = jax.jit(tx.update)
    converted = strictly(adam_jax.from_optax, tx, optaxs_run(optax.adamw(SCHEDULE))[1], start())
    params = converted[0]
    for state in (tx.init(params), converted[1]):
        step(params, state, params)
    assert step._cache_size() == 1


def test_under_jit():
    tx = adam_jax.adamw(SCHEDULE, moments="8bit")
    params, opt_state = optaxs_run(optax.adamw(SCHEDULE))
    eager, jitted = (f(opt_state, params)[1][0] for f in (lambda s, p: strictly(adam_jax.from_optax, tx, s, p),) * 2)
    jitted = jax.jit(lambda s, p: strictly(adam_jax.from_optax, tx, s, p))(opt_state, params)[1][0]
    np.testing.assert_array_equal(jitted.bounds, eager.bounds)
    for a, b in zip(jax.tree.leaves((jitted.mu, jitted.nu)), jax.tree.leaves((eager.mu, eager.nu)), strict=True):
        assert np.mean(np.asarray(a) != np.asarray(b)) < 0.01  # fused roots may fall on the other side of a rounding


@pytest.mark.parametrize("storage", ROUNDING)
def test_varying_rates_bring_their_corrections(storage):
    b1 = lambda count: 0.95 - 0.05 * jnp.exp(-count.astype(jnp.float32))  # noqa: E731
    tx = adam_jax.adam(0.01, b1=b1, moments=storage)
    params, opt_state = optaxs_run(optax.adam(0.01))
    _, state = strictly(adam_jax.from_optax, tx, opt_state, params)
    assert described(state) == described(tx.init(params))
    rates = 0.95 - 0.05 * np.exp(-np.arange(STEPS))
    np.testing.assert_allclose(state[0].b1_correction, 1 - np.prod(rates), rtol=1e-6)
    np.testing.assert_allclose(state[0].b2_correction, 1 - 0.999**STEPS, rtol=1e-6)
    _, back = strictly(adam_jax.to_optax, tx, state, params)
    assert_close_moments(back, opt_state, storage)

    exact = adam_jax.adam(0.01, b1=b1)
    _, ours = run(exact, exact.init(params), params, gradients(3))
    _, kept = strictly(adam_jax.from_optax, tx, ours, params)  # a state of ours knows its corrections
    assert (kept[0].b1_correction, kept[0].b2_correction) == ours[0][1:3]


def test_different_rates_in_one_state_are_told_apart():
    def made(library, **kwargs):
        return optax.partition(
            {"w": library.adam(0.1, b1=0.5, b2=0.6, **kwargs), "b": library.adamax(0.1, b2=0.9, **kwargs)},
            {"w": "w", "b": "b"},
        )

    params, opt_state = optaxs_run(made(optax))
    tx = made(adam_jax, moments="8bit")
    back = strictly(adam_jax.to_optax, tx, *reversed(strictly(adam_jax.from_optax, tx, opt_state, params)))[1]
    for group in ("w", "b"):
        assert_close_moments(back.inner_states[group], opt_state.inner_states[group], "8bit")
