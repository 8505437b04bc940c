"""Which argument gives what PyTorch, Optax, Keras and the papers compute?  docs/differences.md, row by row."""

import os
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracle
import pytest

import adam_jax

pytestmark = [pytest.mark.slow, pytest.mark.standard_promotion]  # Keras and Optax's schedules mix dtypes

STEPS = 20
RATE = 0.01
# Parameters after 20 steps of 0.01 in float32: sqrt(v_hat) of the others is up to 6e-6 off, and 20 roundings at 2.
AGREE = 3e-6
# Where a row is a real difference, our defaults are farther off than that.
DIFFER = 1e-4
MASK = {"w": True, "b": False}
SHAPES = {"w": (6, 5), "b": (5,)}


def start():
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in SHAPES.items()}


def gradients():
    """From 1e-8 to 1, so that eps matters."""
    rng = np.random.default_rng(1)
    scale = {name: 10 ** rng.uniform(-8, 0, shape) for name, shape in SHAPES.items()}
    return [{n: (s * rng.standard_normal(s.shape)).astype(np.float32) for n, s in scale.items()} for _ in range(STEPS)]


def ours(tx, grads=None):
    params = jax.tree.map(jnp.asarray, start())
    update, state = jax.jit(tx.update), tx.init(params)
    for g in gradients() if grads is None else grads:
        updates, state = update(g, state, params)
        params = optax.apply_updates(params, updates)
    return params


def in_torch(name, groups=lambda named: list(named.values()), schedule=None, clip=None, accumulate=1, **kwargs):
    """A run of `torch.optim`'s `name`."""
    torch = pytest.importorskip("torch", reason="parity with PyTorch needs pip install 'adam_jax[torch]'")
    params = {key: torch.nn.Parameter(torch.tensor(p)) for key, p in start().items()}
    optimizer = getattr(torch.optim, name)(groups(params), **kwargs)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule) if schedule else None
    for i, g in enumerate(gradients()):
        for key, p in params.items():
            p.grad = torch.tensor(g[key]) + (p.grad if i % accumulate else 0)
        if (i + 1) % accumulate:
            continue
        if clip:
            torch.nn.utils.clip_grad_norm_(list(params.values()), clip)
        optimizer.step()
        if scheduler:
            scheduler.step()
    return {key: p.detach().numpy() for key, p in params.items()}


def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    assert keras.backend.backend() == "jax"
    return keras


def in_keras(name, exclude=None, average=False, grads=None, **kwargs):
    """A run of `keras.optimizers`' `name`; average: its moving average of the parameters."""
    params = {key: keras().Variable(p, name=key) for key, p in start().items()}
    optimizer = getattr(keras().optimizers, name)(**kwargs)
    if exclude:
        optimizer.exclude_from_weight_decay(var_names=[exclude])
    optimizer.build(list(params.values()))
    for g in gradients() if grads is None else grads:
        optimizer.apply([g[key] for key in params], list(params.values()))
    if average:
        optimizer.finalize_variable_values(list(params.values()))
    return {key: np.asarray(p) for key, p in params.items()}


def in_the_paper(rule, weight_decay=0.0, **kwargs):
    """The oracle, which is written from the papers; weight_decay: theta loses that share, whatever alpha is."""
    return {
        key: oracle.train(
            rule, p, np.stack([g[key] for g in gradients()]), RATE, weight_decay=weight_decay / RATE, **kwargs
        )
        for key, p in start().items()
    }


def keras_eps(count):
    return 1e-7 / jnp.sqrt(1 - 0.999 ** (count + 1.0))


def each_clipped(largest):
    return optax.stateless_with_tree_map(lambda g, _: g * largest / jnp.maximum(largest, jnp.linalg.norm(g)))


def negative():
    return optax.scale(-1.0)


def groups_without_decay(named):
    return [{"params": [named["w"]]}, {"params": [named["b"]], "weight_decay": 0.0}]


def halving(count):
    return 0.5 ** (count / 10)


def as_schedule(count):
    return RATE * halving(count)


# What they compute, what gives that here, and what the plain call gives (None: the same).
ROWS = {
    "learning rate: PyTorch": (lambda: in_torch("Adam"), lambda: adam_jax.adam(1e-3), None),
    "learning rate: PyTorch NAdam": (
        lambda: in_torch("NAdam"),
        lambda: adam_jax.nadam(2e-3, momentum_decay=4e-3),
        lambda: adam_jax.nadam(1e-3, momentum_decay=4e-3),
    ),
    "eps: PyTorch": (lambda: in_torch("Adam", lr=RATE), lambda: adam_jax.adam(RATE), None),
    "eps: Optax": (lambda: ours(optax.adam(RATE)), lambda: adam_jax.adam(RATE), None),
    "eps: Keras": (
        lambda: in_keras("Adam"),
        lambda: adam_jax.adam(1e-3, eps=keras_eps),
        lambda: adam_jax.adam(1e-3, eps=1e-7),
    ),
    "eps_root: Optax": (
        lambda: ours(optax.adam(RATE, eps_root=1e-6)),
        lambda: adam_jax.adam(RATE, eps_root=1e-6),
        lambda: adam_jax.adam(RATE),
    ),
    "Adam's weight_decay: PyTorch": (
        lambda: in_torch("Adam", lr=RATE, weight_decay=0.1),
        lambda: optax.chain(optax.add_decayed_weights(0.1), adam_jax.adam(RATE)),
        lambda: adam_jax.adamw(RATE, weight_decay=0.1),
    ),
    "Adam's weight_decay: Keras": (
        lambda: in_keras("Adam", learning_rate=RATE, weight_decay=0.1),
        lambda: adam_jax.adamw(RATE, eps=keras_eps, weight_decay=0.1),
        lambda: optax.chain(optax.add_decayed_weights(0.1), adam_jax.adam(RATE, eps=keras_eps)),
    ),
    "AdamW's weight_decay: PyTorch": (
        lambda: in_torch("AdamW", lr=RATE),
        lambda: adam_jax.adamw(RATE, weight_decay=0.01),
        lambda: adam_jax.adamw(RATE),
    ),
    "AdamW's weight_decay: Optax": (lambda: ours(optax.adamw(RATE)), lambda: adam_jax.adamw(RATE), None),
    "AdamW's weight_decay: Keras": (
        lambda: in_keras("AdamW", learning_rate=RATE),
        lambda: adam_jax.adamw(RATE, eps=keras_eps, weight_decay=0.004),
        lambda: adam_jax.adamw(RATE, eps=keras_eps),
    ),
    "AdamW's weight_decay: the paper": (
        lambda: in_the_paper("adam", weight_decay=0.01),
        lambda: adam_jax.adamw(RATE, weight_decay=0.01 / RATE),
        lambda: adam_jax.adamw(RATE, weight_decay=0.01),
    ),
    "some parameters without decay: PyTorch": (
        lambda: in_torch("AdamW", groups_without_decay, lr=RATE, weight_decay=0.1),
        lambda: adam_jax.adamw(RATE, weight_decay=0.1, mask=MASK),
        lambda: adam_jax.adamw(RATE, weight_decay=0.1),
    ),
    "some parameters without decay: Keras": (
        lambda: in_keras("AdamW", exclude="b", learning_rate=RATE, weight_decay=0.1),
        lambda: adam_jax.adamw(RATE, eps=keras_eps, weight_decay=0.1, mask=MASK),
        lambda: adam_jax.adamw(RATE, eps=keras_eps, weight_decay=0.1),
    ),
    "AMSGrad: PyTorch": (
        lambda: in_torch("Adam", lr=RATE, amsgrad=True),
        lambda: adam_jax.amsgrad(RATE, maximum_of="v"),
        lambda: adam_jax.amsgrad(RATE),
    ),
    "AMSGrad: Optax": (lambda: ours(optax.amsgrad(RATE)), lambda: adam_jax.amsgrad(RATE), None),
    "AMSGrad: Keras": (
        lambda: in_keras("Adam", learning_rate=RATE, amsgrad=True),
        lambda: adam_jax.amsgrad(RATE, eps=keras_eps, maximum_of="v"),
        lambda: adam_jax.amsgrad(RATE, eps=keras_eps),
    ),
    "AMSGrad: the paper": (
        lambda: in_the_paper("amsgrad", bias_correction=False),
        lambda: adam_jax.amsgrad(RATE, bias_correction_mu=False, bias_correction_nu=False),
        lambda: adam_jax.amsgrad(RATE),
    ),
    "NAdam: PyTorch": (
        lambda: in_torch("NAdam", lr=RATE),
        lambda: adam_jax.nadam(RATE, momentum_decay=4e-3),
        lambda: adam_jax.nadam(RATE),
    ),
    "NAdam: Optax": (lambda: ours(optax.nadam(RATE)), lambda: adam_jax.nadam(RATE), None),
    "NAdam: Keras": (
        lambda: in_keras("Nadam", learning_rate=RATE),
        lambda: adam_jax.nadam(RATE, eps=1e-7, momentum_decay=1.0),
        lambda: adam_jax.nadam(RATE, eps=1e-7),
    ),
    "AdaMax: PyTorch": (
        lambda: in_torch("Adamax"),
        lambda: adam_jax.adamax(2e-3),
        lambda: adam_jax.adamax(1e-3),
    ),
    "AdaMax: Optax": (lambda: ours(optax.adamax(RATE)), lambda: adam_jax.adamax(RATE), None),
    "maximize: PyTorch": (
        lambda: in_torch("AdamW", lr=RATE, maximize=True),
        lambda: optax.chain(negative(), adam_jax.adamw(RATE, weight_decay=0.01)),
        lambda: adam_jax.adamw(RATE, weight_decay=0.01),
    ),
    "schedule: PyTorch": (
        lambda: in_torch("Adam", schedule=halving, lr=RATE),
        lambda: adam_jax.adam(as_schedule),
        lambda: adam_jax.adam(lambda count: as_schedule(count + 1)),
    ),
    "schedule: Optax": (lambda: ours(optax.adam(as_schedule)), lambda: adam_jax.adam(as_schedule), None),
    "schedule: Keras": (
        lambda: in_keras("Adam", learning_rate=keras().optimizers.schedules.ExponentialDecay(RATE, 10, 0.5)),
        lambda: adam_jax.adam(as_schedule, eps=keras_eps),
        lambda: adam_jax.adam(lambda count: as_schedule(count + 1), eps=keras_eps),
    ),
    "clipping: PyTorch": (
        lambda: in_torch("Adam", clip=0.1, lr=RATE),
        lambda: optax.chain(optax.clip_by_global_norm(0.1), adam_jax.adam(RATE)),
        lambda: adam_jax.adam(RATE),
    ),
    "clipping: Keras global_clipnorm": (
        lambda: in_keras("Adam", learning_rate=RATE, global_clipnorm=0.1),
        lambda: optax.chain(optax.clip_by_global_norm(0.1), adam_jax.adam(RATE, eps=keras_eps)),
        lambda: adam_jax.adam(RATE, eps=keras_eps),
    ),
    "clipping: Keras clipnorm": (
        lambda: in_keras("Adam", learning_rate=RATE, clipnorm=0.1),
        lambda: optax.chain(each_clipped(0.1), adam_jax.adam(RATE, eps=keras_eps)),
        lambda: optax.chain(optax.clip_by_global_norm(0.1), adam_jax.adam(RATE, eps=keras_eps)),
    ),
    "clipping: Keras clipvalue": (
        lambda: in_keras("Adam", learning_rate=RATE, clipvalue=0.1),
        lambda: optax.chain(optax.clip(0.1), adam_jax.adam(RATE, eps=keras_eps)),
        lambda: adam_jax.adam(RATE, eps=keras_eps),
    ),
    "accumulated gradients: PyTorch": (
        lambda: in_torch("Adam", accumulate=4, lr=RATE),
        lambda: optax.MultiSteps(adam_jax.adam(RATE), 4, use_grad_mean=False).gradient_transformation(),
        lambda: optax.MultiSteps(adam_jax.adam(RATE), 4).gradient_transformation(),
    ),
    "accumulated gradients: Keras": (
        lambda: in_keras("Adam", learning_rate=RATE, gradient_accumulation_steps=4),
        lambda: optax.MultiSteps(adam_jax.adam(RATE, eps=keras_eps), 4).gradient_transformation(),
        lambda: adam_jax.adam(RATE, eps=keras_eps),
    ),
}


def distance(a, b):
    return max(float(np.max(np.abs(np.asarray(a[key]) - np.asarray(b[key])))) for key in SHAPES)


@pytest.mark.parametrize("row", ROWS)
def test_the_argument_reproduces_it(row):
    theirs, recipe, plain = ROWS[row]
    expected = theirs()
    assert distance(ours(recipe()), expected) < AGREE
    assert plain is None or distance(ours(plain()), expected) > DIFFER


def test_kerass_adamax_agrees_but_for_its_eps():
    """It adds eps to the maximum, not to |g| inside it, which no argument does: they differ by eps / |g|."""
    large = [jax.tree.map(lambda x: np.sign(x) * (np.abs(x) + np.float32(0.01)), g) for g in gradients()]
    expected = in_keras("Adamax", learning_rate=RATE, grads=large)
    assert distance(ours(adam_jax.adamax(RATE, eps=0.0), large), expected) < STEPS * RATE * 1e-7 / 0.01 + AGREE


def test_kerass_average_of_the_parameters():
    expected = in_keras("Adam", average=True, learning_rate=RATE, use_ema=True, ema_momentum=0.9)
    tx, params, average = adam_jax.adam(RATE, eps=keras_eps), jax.tree.map(jnp.asarray, start()), None
    state = tx.init(params)
    for g in gradients():
        updates, state = tx.update(g, state, params)
        params = optax.apply_updates(params, updates)
        average = params if average is None else optax.incremental_update(params, average, 1 - 0.9)
    assert distance(average, expected) < AGREE
    assert distance(params, expected) > DIFFER


def test_moments_of_bfloat16_parameters():
    """bfloat16 in Optax and Keras (and PyTorch: tests/interop/test_torch_state.py), float32 here."""
    params = {"w": jnp.ones(3, jnp.bfloat16)}
    assert optax.tree.get(optax.adam(RATE).init(params), "nu")["w"].dtype == jnp.bfloat16
    variable, optimizer = keras().Variable(np.ones(3), dtype="bfloat16"), keras().optimizers.Adam()
    optimizer.build([variable])
    assert {v.dtype for v in optimizer.variables if "velocity" in v.path} == {"bfloat16"}
    assert optax.tree.get(adam_jax.adam(RATE).init(params), "nu")["w"].dtype == jnp.float32


def test_the_page_has_a_row_for_every_difference():
    page = (Path(__file__).parents[2] / "docs" / "differences.md").read_text()
    for row in ROWS:
        assert f"\n| {row.partition(':')[0]}" in page, row
