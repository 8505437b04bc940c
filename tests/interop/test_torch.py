"""Does it agree with PyTorch?  Adam, AdamW, NAdam and AMSGrad over PyTorch's own list of configurations."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from cases import x64

import adam_jax

torch = pytest.importorskip("torch", reason="parity with PyTorch needs pip install 'adam_jax[torch]'")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch's own deprecations on import
    common_optimizers = pytest.importorskip("torch.testing._internal.common_optimizers", exc_type=ImportError)

CONFIGURATIONS = [
    pytest.param(name, config.kwargs, id=f"{name}: {config.desc}")
    for name in ("adam", "adamw", "nadam")
    for config in getattr(common_optimizers, f"optim_inputs_func_{name}")("cpu")
]
CLASSES = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "nadam": torch.optim.NAdam}
RATES = {"adam": 1e-3, "adamw": 1e-3, "nadam": 2e-3}  # PyTorch's defaults
# 40 steps.  In float32 PyTorch's own 1 - b2**t is a Python float, its averages are float32 with b rounded.
TOLERANCE = {"float64": 1e-13, "float32": 3e-6}


@pytest.fixture(autouse=True)
def _float64_scalars():
    """PyTorch keeps NAdam's product of momenta in its default dtype, also for float64 parameters."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def ours(
    name, lr=None, weight_decay=None, maximize=False, amsgrad=False, momentum_decay=4e-3, decoupled_weight_decay=None
):
    """The chain that is PyTorch's `name` with these arguments."""
    decoupled = name == "adamw" or bool(decoupled_weight_decay)
    weight_decay = {"adamw": 1e-2}.get(name, 0.0) if weight_decay is None else weight_decay
    if amsgrad:
        rule = adam_jax.scale_by_amsgrad(maximum_of="v")
    elif name == "nadam":
        rule = adam_jax.scale_by_adam(nesterov=True, momentum_decay=momentum_decay)
    else:
        rule = adam_jax.scale_by_adam()
    decay = optax.add_decayed_weights(weight_decay)
    return optax.chain(
        optax.scale(-1.0) if maximize else optax.identity(),
        *((rule, decay) if decoupled else (decay, rule)),
        optax.scale_by_learning_rate(RATES[name] if lr is None else lr),
    )


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("name", "kwargs"), CONFIGURATIONS)
def test_parameters_agree_after_40_steps(name, kwargs, dtype):
    rng = np.random.default_rng(0)
    start, grads = rng.standard_normal(30).astype(dtype), rng.standard_normal((40, 30)).astype(dtype)

    theirs = torch.nn.Parameter(torch.tensor(start))
    optimizer = CLASSES[name]([theirs], **kwargs)
    for g in grads:
        theirs.grad = torch.tensor(g)
        optimizer.step()

    with x64(dtype):
        tx = ours(name, **kwargs)
        params = jnp.asarray(start)

        def step(carry, g):
            updates, state = tx.update(g, carry[1], carry[0])
            return (optax.apply_updates(carry[0], updates), state), None

        (params, _), _ = jax.lax.scan(step, (params, tx.init(params)), jnp.asarray(grads))
    np.testing.assert_allclose(params, theirs.detach().numpy(), rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("name", ["adamw", "nadamw"])
def test_our_decoupled_optimizers_are_pytorchs(name):
    rng = np.random.default_rng(1)
    start, grads = rng.standard_normal(30), rng.standard_normal((40, 30))
    theirs = torch.nn.Parameter(torch.tensor(start))
    if name == "adamw":
        optimizer = torch.optim.AdamW([theirs], lr=0.01, weight_decay=0.1)
    else:
        optimizer = torch.optim.NAdam([theirs], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)
    for g in grads:
        theirs.grad = torch.tensor(g)
        optimizer.step()
    with x64("float64"):
        kwargs = {"momentum_decay": 4e-3} if name == "nadamw" else {}
        tx = getattr(adam_jax, name)(0.01, weight_decay=0.1, **kwargs)
        params = jnp.asarray(start)
        state = tx.init(params)
        for g in grads:
            updates, state = tx.update(jnp.asarray(g), state, params)
            params = optax.apply_updates(params, updates)
    np.testing.assert_allclose(params, theirs.detach().numpy(), rtol=0, atol=TOLERANCE["float64"])
