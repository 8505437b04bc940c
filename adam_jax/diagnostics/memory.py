"""How many bytes does training keep for a parameter?  Weights, gradients and every tree of the state."""

import importlib
import importlib.util
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax


def bytes_of(tree: Any) -> int:
    """The bytes of all arrays (or `ShapeDtypeStruct`s) of a tree.

    >>> bytes_of({"w": jnp.zeros((2, 3)), "b": jnp.zeros(3, jnp.bfloat16)})
    30
    """
    return sum(int(np.prod(x.shape)) * jnp.dtype(x.dtype).itemsize for x in jax.tree.leaves(tree))


def bytes_a_parameter(
    tx: optax.GradientTransformation, params: Any, grads_dtype: jax.typing.DTypeLike | None = None
) -> dict[str, float]:
    """What a training step with `tx` keeps between steps, in bytes a parameter.

    Args:
      tx: any transformation.
      params: a tree of arrays, or of `jax.ShapeDtypeStruct`.
      grads_dtype: the gradients' dtype; None: the parameters'.

    Returns:
      "weights", "gradients", one entry for each field of the state that holds arrays, by its path, and "total".

    >>> params = jax.ShapeDtypeStruct((1000, 1000), jnp.bfloat16)
    >>> tx = adam_jax.master_weights(adam_jax.adam(1e-3, moments="8bit"))
    >>> print(round(bytes_a_parameter(tx, params)["total"], 3))
    8.0
    """
    shapes = jax.eval_shape(lambda: jax.tree.map(jnp.zeros_like, params))
    parameters = sum(int(np.prod(p.shape)) for p in jax.tree.leaves(shapes))
    state = jax.eval_shape(tx.init, shapes)
    grads = jax.tree.map(lambda p: jax.ShapeDtypeStruct(p.shape, grads_dtype or p.dtype), shapes)
    fields: dict[str, float] = {"weights": bytes_of(shapes), "gradients": bytes_of(grads)}
    for path, leaf in jax.tree_util.tree_leaves_with_path(state):
        names = [key.name for key in path if isinstance(key, jax.tree_util.GetAttrKey)]
        field = names[-1] if names else "state"
        fields[field] = fields.get(field, 0) + bytes_of(leaf)
    fields["total"] = sum(fields.values())
    return {name: value / parameters for name, value in fields.items()}


def float32_masters(tx: optax.GradientTransformation) -> optax.GradientTransformation:
    """What is usual in place of `master_weights`: a float32 copy of bfloat16 parameters in the state (init only)."""

    def init(params: Any) -> Any:
        copies = jax.tree.map(lambda p: jnp.zeros(p.shape, jnp.float32), params)
        return adam_jax.MasterWeightsState(tx.init(copies), copies, jnp.zeros((), jnp.int32))

    def update(updates: Any, state: Any, params: Any = None) -> Any:
        raise NotImplementedError("float32_masters only tells its memory")

    return optax.GradientTransformation(init, update)


def report(params: Any) -> str:
    """The bytes a parameter of every configuration on `params`' shapes, as a Markdown table of 80 columns."""
    float32, bfloat16 = (
        jax.tree.map(lambda p, d=d: jax.ShapeDtypeStruct(p.shape, d), params) for d in (jnp.float32, jnp.bfloat16)
    )
    packed = adam_jax.adamw(1e-3, moments="8bit")
    configurations = [
        ("optax.adamw, float32", optax.adamw(1e-3), float32),
        ("optax.adamw, bfloat16, float32 masters", float32_masters(optax.adamw(1e-3)), bfloat16),
        ('adamw(moments="bfloat16"), float32', adam_jax.adamw(1e-3, moments="bfloat16"), float32),
        ('adamw(moments="8bit"), float32', packed, float32),
        *(
            (f'master_weights(adamw(moments="8bit"), {bits})', adam_jax.master_weights(packed, bits), bfloat16)
            for bits in (32, 24, 16)
        ),
    ]
    if importlib.util.find_spec("flashoptim_jax"):  # a peer, compared when it is installed
        flash_adamw = importlib.import_module("flashoptim_jax").flash_adamw
        configurations += [
            (f"flashoptim_jax.flash_adamw, {bits} bits", flash_adamw(1e-3, master_weight_bits=bits), bfloat16)
            for bits in (32, 24)
        ]
    lines = [
        "| configuration | weights | gradients | moments | master or remainder | total |",
        "|---|---|---|---|---|---|",
    ]
    for name, tx, shapes in configurations:
        fields = bytes_a_parameter(tx, shapes)
        masters = fields.get("remainder", 0) + fields.get("ecc", 0)
        moments = fields["total"] - fields["weights"] - fields["gradients"] - masters
        columns = (fields["weights"], fields["gradients"], moments, masters, fields["total"])
        lines.append(f"| {name} | " + " | ".join(f"{column:.2f}" for column in columns) + " |")
    return "\n".join(lines)
