"""How does a user of each framework train?  The same small problem, handwritten digits, in each one's own idiom.

Each function trains for `STEPS` steps of the whole data set with the transformation `tx`.  Parameters are drawn in
float32, so that they are the same in every `dtype`, and cast.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import older_jax
import optax
import optimistix
from flax import linen, nnx
from flax.training.train_state import TrainState
from sklearn.datasets import load_digits

STEPS = 100
HIDDEN = 32
_pixels, _labels = load_digits(return_X_y=True)
IMAGES = jnp.asarray((_pixels - _pixels.mean()) / _pixels.std(), jnp.float32)  # 1,797 rows of 64
LABELS = jnp.asarray(_labels, jnp.int32)


class Run(NamedTuple):
    """The loss before each step, and the parameters and the optimizer's state after the last one."""

    losses: np.ndarray
    params: Any
    state: Any


def cast(params: Any, dtype: str) -> Any:
    return jax.tree.map(lambda p: p.astype(dtype), params)


def cross_entropy(logits: jax.Array) -> jax.Array:
    """The mean loss over the data set."""
    return optax.softmax_cross_entropy_with_integer_labels(logits, LABELS).mean()


def repeat(step: Callable[..., Any], *carry: Any) -> tuple[np.ndarray, Any]:
    """The losses of `STEPS` calls of `*carry, loss = step(*carry)`, and the last carry."""
    losses = []
    for _ in range(STEPS):
        *carry, loss = step(*carry)
        losses.append(float(loss))
    return np.array(losses), carry


def pytree(dtype: str, seed: int) -> dict[str, jax.Array]:
    """The parameters of a network with one hidden layer, without any framework."""
    one, two = jax.random.split(jax.random.key(seed))
    params = {
        "hidden": jax.random.normal(one, (64, HIDDEN)) / 8,
        "hidden_bias": jnp.zeros(HIDDEN),
        "output": jax.random.normal(two, (HIDDEN, 10)) / HIDDEN**0.5,
        "output_bias": jnp.zeros(10),
    }
    return cast(params, dtype)


def pytree_loss(params: dict[str, jax.Array], _: Any = None) -> jax.Array:
    hidden = jnp.tanh(IMAGES @ params["hidden"] + params["hidden_bias"])
    return cross_entropy(hidden @ params["output"] + params["output_bias"])


def plain_jax(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    params = pytree(dtype, seed)

    @jax.jit
    def step(params, state):
        loss, grads = jax.value_and_grad(pytree_loss)(params)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    losses, (params, state) = repeat(step, params, tx.init(params))
    return Run(losses, params, state)


def flax_linen(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    model = linen.Sequential([linen.Dense(HIDDEN), jnp.tanh, linen.Dense(10)])
    params = cast(model.init(jax.random.key(seed), IMAGES)["params"], dtype)

    @jax.jit
    def step(train_state):
        loss_of = lambda params: cross_entropy(train_state.apply_fn({"params": params}, IMAGES))  # noqa: E731
        loss, grads = jax.value_and_grad(loss_of)(train_state.params)
        return train_state.apply_gradients(grads=grads), loss

    losses, (train_state,) = repeat(step, TrainState.create(apply_fn=model.apply, params=params, tx=tx))
    return Run(losses, train_state.params, train_state.opt_state)


def flax_nnx(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    older_jax.needs("flax", "0.12")  # nnx.as_pure
    rngs = nnx.Rngs(seed)
    model = nnx.Sequential(nnx.Linear(64, HIDDEN, rngs=rngs), jnp.tanh, nnx.Linear(HIDDEN, 10, rngs=rngs))
    nnx.update(model, cast(nnx.state(model, nnx.Param), dtype))
    optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)

    @nnx.jit
    def step(model, optimizer):
        loss, grads = nnx.value_and_grad(lambda model: cross_entropy(model(IMAGES)))(model)
        optimizer.update(model, grads)
        return loss

    losses = np.array([float(step(model, optimizer)) for _ in range(STEPS)])
    return Run(losses, nnx.as_pure(nnx.state(model, nnx.Param)), nnx.as_pure(optimizer.opt_state))


def equinox(tx: optax.GradientTransformation, dtype: str, seed: int = 0, apply_updates: Any = eqx.apply_updates) -> Run:
    model = eqx.nn.MLP(64, 10, HIDDEN, depth=1, activation=jnp.tanh, key=jax.random.key(seed))
    params, static = eqx.partition(model, eqx.is_inexact_array)
    model = eqx.combine(cast(params, dtype), static)

    @eqx.filter_jit
    def step(model, state):
        loss, grads = eqx.filter_value_and_grad(lambda model: cross_entropy(jax.vmap(model)(IMAGES)))(model)
        updates, state = tx.update(grads, state, eqx.filter(model, eqx.is_inexact_array))
        return apply_updates(model, updates), state, loss

    losses, (model, state) = repeat(step, model, tx.init(eqx.filter(model, eqx.is_inexact_array)))
    return Run(losses, eqx.filter(model, eqx.is_inexact_array), state)


def equinox_by_optax(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    """With Optax's apply_updates, which keeps the parameters' dtype; Equinox's gives a float32 model."""

    def apply_updates(model, updates):
        params, static = eqx.partition(model, eqx.is_inexact_array)
        return eqx.combine(optax.apply_updates(params, updates), static)

    return equinox(tx, dtype, seed, apply_updates)


def haiku(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    network = hk.without_apply_rng(hk.transform(lambda x: hk.nets.MLP([HIDDEN, 10], activation=jnp.tanh)(x)))
    params = cast(network.init(jax.random.key(seed), IMAGES), dtype)

    @jax.jit
    def step(params, state):
        loss, grads = jax.value_and_grad(lambda params: cross_entropy(network.apply(params, IMAGES)))(params)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    losses, (params, state) = repeat(step, params, tx.init(params))
    return Run(losses, params, state)


def numpyro_svi(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    """Bayesian logistic regression with a normal guide; the loss is the negative ELBO of one image."""

    def model(images, labels):
        weights = numpyro.sample("weights", dist.Normal(jnp.zeros((64, 10)), 1.0).to_event(2))
        with numpyro.plate("images", len(images)):
            numpyro.sample("labels", dist.Categorical(logits=images @ weights), obs=labels)

    def guide(images, labels):
        mean = numpyro.param("mean", jnp.zeros((64, 10), dtype))
        deviation = numpyro.param("deviation", jnp.full((64, 10), 0.1, dtype), constraint=dist.constraints.positive)
        numpyro.sample("weights", dist.Normal(mean, deviation).to_event(2))

    optimizer = numpyro.optim.optax_to_numpyro(tx)
    svi = numpyro.infer.SVI(model, guide, optimizer, numpyro.infer.Trace_ELBO())
    step = jax.jit(svi.update)
    losses, (svi_state,) = repeat(
        lambda svi_state: step(svi_state, IMAGES, LABELS), svi.init(jax.random.key(seed), IMAGES, LABELS)
    )
    _, (params, state) = svi_state.optim_state
    return Run(losses / len(LABELS), params, state)


def optimistix_minimise(tx: optax.GradientTransformation, dtype: str, seed: int = 0) -> Run:
    older_jax.needs("optimistix", "0.1")  # verbose=
    losses = []

    def keep(*, loss_this_step, **_):
        jax.debug.callback(lambda loss: losses.append(float(loss)), loss_this_step[1], ordered=True)

    solver = optimistix.OptaxMinimiser(tx, rtol=0.0, atol=0.0, verbose=keep)  # never done early
    solution = optimistix.minimise(pytree_loss, solver, pytree(dtype, seed), max_steps=STEPS, throw=False)
    jax.effects_barrier()
    return Run(np.array(losses), solution.value, solution.state.opt_state)
