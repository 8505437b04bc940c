"""How much arithmetic is a step?  Operations a parameter: an H200 hides about a hundred behind its memory traffic."""

import jax
import jax.numpy as jnp
import optax
import pytest

import adam_jax

# Primitives on arrays of the parameter's shape, after tracing update and apply_updates.
MOST = {"float32": 24, "bfloat16": 50, "8bit": 92, "8bit + master_weights": 146}
EXACT = {"float32": 4, "8bit": 5, "8bit + master_weights": 5}  # divisions and square roots: one each to a GPU, if near
SHAPE = (256, 256)  # larger than the leaves whose checksum master_weights keeps
FREE = ("bitcast_convert_type", "broadcast_in_dim", "optimization_barrier")  # no instruction at all


def operations(tx, dtype):
    params = jnp.zeros(SHAPE, dtype)

    def step(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    def count(jaxpr):
        for equation in jaxpr.eqns:
            # where libtpu is installed there is a TPU's program beside that of all others, which is `otherwise`
            inner = [
                getattr(v, "jaxpr", v)
                for name, v in equation.params.items()
                if hasattr(v, "jaxpr") or (name == "otherwise" and hasattr(v, "eqns"))
            ]
            if equation.primitive.name == "cond":  # by platform: a CPU's way, and that of all others
                inner = [equation.params["branches"][-1].jaxpr]
            if inner:
                for jaxpr_ in inner:
                    yield from count(jaxpr_)
            elif equation.primitive.name not in FREE and any(
                getattr(v.aval, "shape", None) == SHAPE for v in equation.outvars
            ):
                yield equation.primitive.name

    with jax.numpy_dtype_promotion("standard"):
        return list(count(jax.make_jaxpr(step)(params, tx.init(params), params).jaxpr))


CONFIGURATIONS = {
    "float32": (lambda: adam_jax.adam(1e-3), jnp.float32),
    "bfloat16": (lambda: adam_jax.adam(1e-3, moments="bfloat16"), jnp.float32),
    "8bit": (lambda: adam_jax.adam(1e-3, moments="8bit"), jnp.float32),
    "8bit + master_weights": (lambda: adam_jax.master_weights(adam_jax.adam(1e-3, moments="8bit")), jnp.bfloat16),
}


@pytest.mark.parametrize("name", MOST)
def test_operations_a_parameter(name, record_property):
    make, dtype = CONFIGURATIONS[name]
    names = operations(make(), dtype)
    record_property("operations", len(names))
    assert len(names) <= MOST[name], (len(names), sorted(names))
    if name in EXACT:
        assert sum(n in ("div", "sqrt") for n in names) <= EXACT[name], sorted(names)
