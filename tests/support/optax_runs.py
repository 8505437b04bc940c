"""Short runs of Optax's, to be continued by ours."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

STEPS = 20
SCHEDULE = optax.cosine_decay_schedule(0.05, 200)


def strictly(convert, *args, **kwargs):
    with jax.numpy_dtype_promotion("strict"):
        return convert(*args, **kwargs)


def start():
    rng = np.random.default_rng(0)
    return {"w": jnp.asarray(rng.standard_normal((30, 7)), jnp.float32), "b": jnp.zeros(7)}


def gradients(steps, seed=1):
    rng = np.random.default_rng(seed)
    return {
        name: jnp.asarray(1e-2 * rng.standard_normal((steps, *p.shape)), jnp.float32) for name, p in start().items()
    }


def run(tx, state, params, grads):
    def step(carry, g):
        updates, state = tx.update(g, carry[1], carry[0])
        return (optax.apply_updates(carry[0], updates), state), None

    (params, state), _ = jax.jit(lambda *carry: jax.lax.scan(step, carry, grads))(params, state)
    return params, state


def optaxs_run(tx):
    params = start()
    return run(tx, tx.init(params), params, gradients(STEPS))
