"""Does a run of PyTorch's continue here?  `from_pytorch` and `pytorch_optimizer` against PyTorch itself."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax

torch = pytest.importorskip("torch", reason="parity with PyTorch needs pip install 'adam_jax[torch]'")

STEPS = 50
# Of parameters after 50 more steps of 0.01, in float32.
CONTINUED = 1e-6
# The same, for moments that come in 8 bits: 6% of each of 50 updates of 0.01, in no direction.
CONTINUED_8BIT = 0.02


def conv(w):
    return w.transpose(2, 3, 1, 0)


NAMES = {
    "conv": {"kernel": ("0.weight", conv), "bias": "0.bias"},
    "dense": {"kernel": ("3.weight", np.transpose), "bias": "3.bias"},
}


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 2), torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(12, 4)
    )  # from images of 3 x 3


def in_jax(weights, dtype=jnp.float32):
    """The same parameters in the layout of Flax."""

    def convert(leaf):
        name, layout = leaf if isinstance(leaf, tuple) else (leaf, lambda x: x)
        # a copy: PyTorch writes into its own memory
        return jnp.asarray(np.array(layout(weights[name].detach().float().numpy())), dtype)

    return jax.tree.map(convert, NAMES, is_leaf=lambda x: isinstance(x, tuple | str))


@functools.cache
def gradients(step):
    """Of every parameter, by name; the scales differ by layer."""
    rng = np.random.default_rng(step)
    return {
        name: torch.tensor(10.0**-i * rng.standard_normal(p.shape), dtype=torch.float32)
        for i, (name, p) in enumerate(model().named_parameters())
    }


def train(network, optimizer, steps):
    for step in steps:
        for name, p in network.named_parameters():
            p.grad = gradients(step)[name].to(p.dtype, copy=True)
        optimizer.step()


def train_in_jax(tx, params, state, steps):
    update = jax.jit(tx.update)
    for step in steps:
        updates, state = update(in_jax(gradients(step)), state, params)
        params = optax.apply_updates(params, updates)
    return params, state


def assert_close(params, network, atol):
    expected = in_jax(dict(network.named_parameters()))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=atol), params, expected)


CONFIGURATIONS = {
    "Adam": (torch.optim.Adam, {}),
    "Adam, betas, eps": (torch.optim.Adam, {"betas": (0.8, 0.99), "eps": 1e-3}),
    "Adam, weight_decay in the gradient": (torch.optim.Adam, {"weight_decay": 0.1}),
    "Adam, amsgrad": (torch.optim.Adam, {"amsgrad": True, "betas": (0.9, 0.9)}),
    "AdamW": (torch.optim.AdamW, {}),
    "AdamW, amsgrad, maximize": (torch.optim.AdamW, {"weight_decay": 0.1, "amsgrad": True, "maximize": True}),
    "AdamW, fused": (torch.optim.AdamW, {"fused": True}),
    "NAdam": (torch.optim.NAdam, {}),
    "NAdam, decoupled": (torch.optim.NAdam, {"weight_decay": 0.1, "decoupled_weight_decay": True}),
}


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_fifty_more_steps_agree(configuration):
    make, kwargs = CONFIGURATIONS[configuration]
    network = model()
    optimizer = make(network.named_parameters(), lr=0.01, **kwargs)
    train(network, optimizer, range(STEPS))
    saved = optimizer.state_dict()

    tx = adam_jax.pytorch_optimizer(saved["param_groups"][0])
    start = in_jax(dict(network.named_parameters()))
    params, state = adam_jax.from_pytorch(tx, saved, start, NAMES)
    jax.tree.map(np.testing.assert_array_equal, params, start)
    assert jax.tree.structure(state) == jax.tree.structure(tx.init(params))
    for name, key in {"mu": "exp_avg", "nu": "exp_avg_sq"}.items():  # bit for bit
        kept = optax.tree.get(state, name)["conv"]["kernel"]
        np.testing.assert_array_equal(kept, conv(saved["state"][0][key].numpy()))

    train(network, optimizer, range(STEPS, 2 * STEPS))
    params, _ = train_in_jax(tx, params, state, range(STEPS, 2 * STEPS))
    assert_close(params, network, CONTINUED)


def test_adamax_continues_with_a_transformation_of_ones_own():
    network = model()
    optimizer = torch.optim.Adamax(network.named_parameters(), lr=0.01, weight_decay=0.1)
    train(network, optimizer, range(STEPS))
    tx = optax.chain(optax.add_decayed_weights(0.1), adam_jax.adamax(0.01))
    start = in_jax(dict(network.named_parameters()))
    params, state = adam_jax.from_pytorch(tx, optimizer.state_dict(), start, NAMES)
    train(network, optimizer, range(STEPS, 2 * STEPS))
    params, _ = train_in_jax(tx, params, state, range(STEPS, 2 * STEPS))
    assert_close(params, network, CONTINUED)


def test_groups_and_their_own_steps_in_a_partition():
    network = model()
    optimizer = torch.optim.AdamW([
        {"params": list(network[0].named_parameters(prefix="0")), "lr": 0.02, "weight_decay": 0.1},
        {"params": list(network[3].named_parameters(prefix="3")), "lr": 0.01, "betas": (0.8, 0.99)},
    ])  # fmt: skip
    train(network, optimizer, range(STEPS - 10))
    for step in range(STEPS - 10, STEPS):  # the first layer is frozen for ten steps
        optimizer.zero_grad()
        for name, p in network[3].named_parameters(prefix="3"):
            p.grad = gradients(step)[name].clone()
        optimizer.step()
    saved = optimizer.state_dict()
    tx = optax.partition(
        dict(zip(("conv", "dense"), map(adam_jax.pytorch_optimizer, saved["param_groups"]), strict=True)),
        {"conv": "conv", "dense": "dense"},
    )
    params, state = adam_jax.from_pytorch(tx, saved, in_jax(dict(network.named_parameters())), NAMES)
    counts = {group: int(optax.tree.get(state.inner_states[group], "count")) for group in ("conv", "dense")}
    assert counts == {"conv": STEPS - 10, "dense": STEPS}
    train(network, optimizer, range(STEPS, 2 * STEPS))
    params, _ = train_in_jax(tx, params, state, range(STEPS, 2 * STEPS))
    assert_close(params, network, CONTINUED)


@pytest.mark.parametrize("moments", ["float32", "8bit"])
def test_a_schedule_goes_on_where_pytorchs_stopped_in_any_format(moments):
    network = model()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 2 * STEPS)
    for step in range(STEPS):
        train(network, optimizer, [step])
        scheduler.step()
    saved = optimizer.state_dict()
    schedule = optax.cosine_decay_schedule(0.01, 2 * STEPS)
    tx = adam_jax.pytorch_optimizer(saved["param_groups"][0], learning_rate=schedule, moments=moments)
    tx = adam_jax.master_weights(tx) if moments == "8bit" else tx
    names = [name for name, _ in network.named_parameters()]
    start = in_jax(dict(network.named_parameters()))
    params, state = adam_jax.from_pytorch(tx, saved, start, NAMES, parameter_names=names)
    for step in range(STEPS, 2 * STEPS):
        train(network, optimizer, [step])
        scheduler.step()
    with jax.numpy_dtype_promotion("standard"):  # Optax's schedule
        params, state = train_in_jax(tx, params, state, range(STEPS, 2 * STEPS))
    if moments == "8bit":
        assert params["dense"]["kernel"].dtype == jnp.bfloat16
        params = adam_jax.wide_weights(params, state)
    assert_close(params, network, CONTINUED if moments == "float32" else CONTINUED_8BIT)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_model_comes_with_its_weights_and_its_optimizer(dtype):
    network = model().to(dtype)
    optimizer = torch.optim.AdamW(network.named_parameters(), lr=0.01, betas=(0.8, 0.99))
    train(network, optimizer, range(3))
    tx = adam_jax.pytorch_optimizer(optimizer)
    assert (
        tx == adam_jax.pytorch_optimizer(optimizer.state_dict()) == adam_jax.adamw(0.01, 0.8, 0.99, weight_decay=0.01)
    )
    like = jax.tree.map(jnp.zeros_like, in_jax(dict(network.named_parameters())))
    params = adam_jax.weights_from_pytorch(network.state_dict(), NAMES, like=like)
    expected = in_jax(dict(network.named_parameters()))
    jax.tree.map(np.testing.assert_array_equal, params, expected)
    adam_jax.from_pytorch(tx, optimizer.state_dict(), params, NAMES)
    with pytest.raises(ValueError, match=r"betas \(0.8, 0.99\), but tx has b1, b2 = \(0.9, 0.999\)"):
        adam_jax.from_pytorch(adam_jax.adamw(0.01), optimizer.state_dict(), params, NAMES)
    train(network, optimizer, [3])  # PyTorch writes into its own memory
    jax.tree.map(np.testing.assert_array_equal, params, expected)


def test_bfloat16_moments_come_exactly():
    network = model().to(torch.bfloat16)
    optimizer = torch.optim.Adam(network.named_parameters(), lr=0.01)
    train(network, optimizer, range(5))
    saved = optimizer.state_dict()
    assert saved["state"][0]["exp_avg_sq"].dtype == torch.bfloat16
    start = in_jax(dict(network.named_parameters()), jnp.bfloat16)
    _, state = adam_jax.from_pytorch(adam_jax.adam(0.01), saved, start, NAMES)
    assert state[0].nu["conv"]["kernel"].dtype == jnp.float32
    np.testing.assert_array_equal(state[0].nu["conv"]["kernel"], conv(saved["state"][0]["exp_avg_sq"].float().numpy()))
