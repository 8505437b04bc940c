"""What does `from_pytorch` take and refuse?  With NumPy for PyTorch, which is in tests/interop/test_torch_state.py."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from contract import described
from pytorch_saved import GROUP, NAMES, PARAMS, moments, saved

import adam_jax


def test_names_come_from_the_state_dict_the_caller_or_numbers():
    tx = adam_jax.adamw(0.1)
    expected = adam_jax.from_pytorch(tx, saved(), PARAMS, NAMES)
    assert described(expected[1]) == described(tx.init(PARAMS))
    np.testing.assert_array_equal(expected[1][0].mu["kernel"], saved()["state"][0]["exp_avg"].T)
    unnamed = {"state": saved()["state"], "param_groups": [GROUP]}
    by_name = {"state": dict(zip(["fc.weight", "fc.bias"], saved()["state"].values(), strict=True))}
    by_name["param_groups"] = [{**GROUP, "params": ["fc.weight", "fc.bias"]}]  # torch.distributed.checkpoint's
    for state_dict, names, order in (
        (unnamed, NAMES, ["fc.weight", "fc.bias"]),
        (unnamed, {"kernel": (0, np.transpose), "bias": 1}, None),
        (by_name, NAMES, None),
    ):
        got = adam_jax.from_pytorch(tx, state_dict, PARAMS, names, parameter_names=order)
        jax.tree.map(np.testing.assert_array_equal, got, expected)


def test_what_pytorch_wrote_does_not_change_ours_later():
    state_dict = saved()
    _, state = adam_jax.from_pytorch(adam_jax.adam(0.1), state_dict, PARAMS, {"kernel": (0, np.transpose), "bias": 1})
    before = np.array(state[0].mu["bias"])
    state_dict["state"][1]["exp_avg"] += 1  # as optimizer.step() does
    np.testing.assert_array_equal(state[0].mu["bias"], before)


def test_every_count_goes_on_and_masked_parameters_need_no_name():
    rate = optax.linear_schedule(0.1, 0.0, 100)
    tx = optax.chain(
        optax.masked(adam_jax.adam(rate, moments="8bit"), {"kernel": True, "bias": False}),
        optax.scale_by_schedule(rate),
    )
    with jax.numpy_dtype_promotion("standard"):
        _, state = adam_jax.from_pytorch(tx, saved({0: moments((2, 3))}), PARAMS, {**NAMES, "bias": None})
    counts = [x for path, x in jax.tree_util.tree_leaves_with_path(state) if getattr(path[-1], "name", "") == "count"]
    assert counts == [7, 7, 7]


def converting(tx=None, state_dict=None, params=PARAMS, names=NAMES, **kwargs):
    tx, state_dict = tx or adam_jax.adam(0.1), state_dict or saved()
    return lambda: adam_jax.from_pytorch(tx, state_dict, params, names, **kwargs)


class Optimizer:
    """PyTorch's has this attribute."""

    def __init__(self, groups):
        self.param_groups = [GROUP] * groups


def a_group(**changes):
    group = {key: value for key, value in {**GROUP, **changes}.items() if value is not ...}
    return lambda: adam_jax.pytorch_optimizer(group)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            converting(names={**NAMES, "kernel": "fc.weight"}),
            ValueError,
            r"at \['kernel'\], PyTorch's 'fc.weight', has shape \(3, 2\), but exp_avg \(2, 3\). Give a pair",
        ),
        (
            converting(names={**NAMES, "kernel": ("fc.weight", lambda w: w[:1])}),
            ValueError,
            r"exp_avg \(2, 3\), after its function \(1, 3\)",
        ),
        (
            converting(names={**NAMES, "bias": "fc.bais"}),
            ValueError,
            r"'fc.bais', is not in the optimizer, which has 0",
        ),
        (converting(names={**NAMES, "bias": None}), TypeError, r"at \['bias'\] must have a name.* got None"),
        (converting(names={**NAMES, "bias": ("fc.bias", 3)}), TypeError, "got 'fc.bias' and 3"),
        (converting(names={"kernel": 0}), ValueError, "names must have the structure of the parameters"),
        (converting(parameter_names=["fc.weight"]), ValueError, "parameter_names has 1 names, and the optimizer 2"),
        (
            converting(adam_jax.adam(0.1, b1=0.8)),
            ValueError,
            r"at \['bias'\], .*with betas \(0.9, 0.999\), but tx has b1, b2 = \(0.8, 0.999\).*b1=0.9, b2=0.99",
        ),
        (converting(state_dict=saved(betas=(0.9, 0.99))), ValueError, r"\(0.9, 0.99\), but .* \(0.9, 0.999\)"),
        (converting(state_dict=Optimizer(1)), TypeError, r"must be optimizer.state_dict\(\); got Optimizer"),
        (converting(state_dict={"fc.weight": 0}), ValueError, r"optimizer.state_dict\(\), .*got \['fc.weight'\]"),
        (
            converting(state_dict=saved({0: moments((2, 3))})),
            ValueError,
            r"at \['bias'\], PyTorch's 'fc.bias', has no moments: .*optax.masked",
        ),
        (
            converting(state_dict=saved({0: moments((2, 3)), 1: moments((2,), step=3)})),
            ValueError,
            r"at \['bias'\], .* made 3 steps, but .*at \['kernel'\], .* 7; .*optax.partition",
        ),
        (
            converting(state_dict=saved({i: moments(s, max_exp_avg_sq=0) for i, s in enumerate(((2, 3), (2,)))})),
            ValueError,
            r"has \['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq', 'step'\], but the rule of tx needs",
        ),
        (converting(adam_jax.amsgrad(0.1)), ValueError, r'use amsgrad\(maximum_of="v"\)'),
        (converting(adam_jax.adamax(0.1)), ValueError, r"needs \['exp_avg', 'exp_inf'\]"),
        (converting(optax.adam(0.1)), ValueError, "tx has no state of adam_jax's"),
        (
            converting(params={**PARAMS, "kernel": jnp.zeros((3, 2), jnp.complex64)}),
            ValueError,
            r"at \['kernel'\], .* is complex: PyTorch keeps v of real and imaginary part apart",
        ),
        (a_group(amsgrad=...), ValueError, "param_group must be of Adam, AdamW or NAdam; got one with"),
        (a_group(weight_decay=0.1), ValueError, "does not say whether its weight_decay is Adam's or AdamW's"),
        (
            lambda: adam_jax.pytorch_optimizer([GROUP]),
            TypeError,
            "got list, of which give one",
        ),
        (lambda: adam_jax.pytorch_optimizer(adam_jax), TypeError, "must be a PyTorch optimizer, .* got module"),
        (lambda: adam_jax.pytorch_optimizer(Optimizer(2)), ValueError, r"has 2 param groups.*param_groups\[i\]"),
        (lambda: adam_jax.pytorch_optimizer({"param_groups": [GROUP] * 3}), ValueError, "has 3 param groups"),
        (a_group(eps=-1.0), ValueError, "eps must be a finite number >= 0; got -1.0"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_optimizer_and_its_state_dict_are_taken_where_they_have_one_group():
    for given in (Optimizer(1), {"state": {}, "param_groups": [GROUP]}):
        assert adam_jax.pytorch_optimizer(given, decoupled_weight_decay=False) == adam_jax.adam(0.1)


@pytest.mark.parametrize(
    ("b1", "b2", "betas"),
    [
        (np.float32(0.9), float(np.float32(0.999)), (0.9, 0.999)),
        (0, 0.999, (0.0, 0.999)),
        (lambda count: 0.5, 0.999, (0.9, 0.999)),  # a schedule: what it was at PyTorch's steps is not known
        (jnp.float32(0.5), 0.999, (0.9, 0.999)),
        (0.9, 0.999, None),
    ],
)
def test_betas_that_are_the_same_or_not_known_are_taken(b1, b2, betas):
    converting(adam_jax.adam(0.1, b1=b1, b2=b2), saved(betas=betas))()


WEIGHTS = {"fc.weight": np.arange(6, dtype=np.float32).reshape(2, 3), "fc.bias": np.array([0.5, 1.0], np.float32)}


def test_weights_come_with_the_names_of_the_moments():
    params = adam_jax.weights_from_pytorch(WEIGHTS, NAMES, like={**PARAMS, "bias": jnp.zeros(2, jnp.bfloat16)})
    np.testing.assert_array_equal(params["kernel"], WEIGHTS["fc.weight"].T)
    assert params["bias"].dtype == jnp.bfloat16
    outline = jax.eval_shape(lambda: PARAMS)
    theirs = {name: w.copy() for name, w in WEIGHTS.items()}
    params = adam_jax.weights_from_pytorch(theirs, NAMES, like=outline)
    theirs["fc.bias"] += 1  # as optimizer.step() does
    np.testing.assert_array_equal(params["bias"], [0.5, 1.0])
    assert described(params) == described(PARAMS)
    kept = adam_jax.weights_from_pytorch(WEIGHTS, {**NAMES, "bias": None}, like=PARAMS)
    assert kept["bias"].unsafe_buffer_pointer() != PARAMS["bias"].unsafe_buffer_pointer()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"names": {**NAMES, "kernel": "fc.weight"}},
            ValueError,
            r"\['kernel'\].*but PyTorch's weight \(2, 3\)",
        ),
        ({"names": {**NAMES, "bias": "bias"}}, ValueError, "'bias', is not in model_state_dict, which has 'fc.weight'"),
        ({"names": {**NAMES, "bias": ("fc.bias", 3)}}, TypeError, "got 'fc.bias' and 3"),
        ({"names": {"kernel": "fc.weight"}}, ValueError, "names must have the structure of `like`"),
        ({"like": {**PARAMS, "bias": jnp.zeros(2, jnp.int32)}}, ValueError, r"\['bias'\].* has dtype int32.* float32"),
        (
            {"names": {**NAMES, "bias": None}, "like": jax.eval_shape(lambda: PARAMS)},
            ValueError,
            r"at \['bias'\] has None, to stay as `like` has it, which has only a shape",
        ),
        ({"model_state_dict": moments}, TypeError, r"must be model.state_dict\(\); got function"),
    ],
)
def test_refusals_of_weights(changes, error, message):
    with pytest.raises(error, match=message):
        adam_jax.weights_from_pytorch(**{"model_state_dict": WEIGHTS, "names": NAMES, "like": PARAMS, **changes})


def test_one_count_for_two_numbers_of_steps_is_refused():
    rate = optax.linear_schedule(0.1, 0.0, 100)
    both = optax.partition({"k": adam_jax.adam(0.1), "b": adam_jax.adam(0.1)}, {"kernel": "k", "bias": "b"})
    state_dict = saved({0: moments((2, 3)), 1: moments((2,), step=3)})
    _, state = adam_jax.from_pytorch(both, state_dict, PARAMS, NAMES)
    assert [int(optax.tree.get(state.inner_states[group], "count")) for group in ("k", "b")] == [7, 3]
    with pytest.raises(ValueError, match=r"the count at \[1\].count could be any of \[3, 7\]"):
        adam_jax.from_pytorch(optax.chain(both, optax.scale_by_schedule(rate)), state_dict, PARAMS, NAMES)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, adam_jax.adam(0.1)),
        ({"decoupled_weight_decay": True, "weight_decay": 0.2}, adam_jax.adamw(0.1, weight_decay=0.2)),
        ({"betas": (0.8, 0.9), "eps": 1e-3}, adam_jax.adam(0.1, 0.8, 0.9, 1e-3)),
        ({"amsgrad": True}, adam_jax.amsgrad(0.1, maximum_of="v")),
        ({"momentum_decay": 4e-3}, adam_jax.nadam(0.1, momentum_decay=4e-3)),
        ({"lr": np.float32(0.5)}, adam_jax.adam(0.5)),
    ],
)
def test_a_group_is_one_of_our_optimizers(changes, expected):
    assert adam_jax.pytorch_optimizer({**GROUP, **changes}) == expected
