"""How many bytes per parameter does each configuration keep?  A table."""

import importlib
import importlib.util
from typing import Any

import jax
import jax.numpy as jnp
import optax

import adam_jax
from adam_jax.diagnostics import bytes_a_parameter


def float32_masters(tx: optax.GradientTransformation) -> optax.GradientTransformation:
    """What is usual in place of `master_weights`: a float32 copy of bfloat16 parameters in the state (init only)."""

    def init(params: Any) -> Any:
        copies = jax.tree.map(lambda p: jnp.zeros(p.shape, jnp.float32), params)
        return adam_jax.MasterWeightsState(tx.init(copies), copies, jnp.zeros((), jnp.int32))

    def update(updates: Any, state: Any, params: Any = None) -> Any:
        raise NotImplementedError("float32_masters only tells its memory")

    return optax.GradientTransformation(init, update)


KINDS = ("weights", "grads", "moments", "copy or remainder")


def measure(params: Any) -> dict[str, tuple[float, ...]]:
    """The bytes per parameter of each of `KINDS`, and their sum, by configuration, on `params`' shapes."""
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
    measured: dict[str, tuple[float, ...]] = {}
    for name, tx, shapes in configurations:
        fields = bytes_a_parameter(tx, shapes)
        masters = fields.get("remainder", 0) + fields.get("ecc", 0)
        moments = fields["total"] - fields["weights"] - fields["gradients"] - masters
        measured[name] = (fields["weights"], fields["gradients"], moments, masters, fields["total"])
    return measured


def report(params: Any) -> str:
    """`measure` as a Markdown table."""
    lines = [f"| configuration | {' | '.join(KINDS)} | total |", "|---" * (len(KINDS) + 2) + "|"]
    for name, columns in measure(params).items():
        lines.append(f"| {name} | " + " | ".join(f"{column:.2f}" for column in columns) + " |")
    return "\n".join(lines)
