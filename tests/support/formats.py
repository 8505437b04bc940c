"""Other people's 8-bit moments, written from their papers: blocks that share a scale, and nearest rounding."""

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import optax


class FlashOptim:
    """int8 momentum through softsign and uint8 of sqrt(v), each with the largest of 32 values as scale."""

    block = 32

    def encode(self, m: Any, v: Any) -> Any:
        scale_m = jnp.maximum(jnp.abs(m).max(-1, keepdims=True), 1e-30)
        x = m / scale_m
        code_m = jnp.round(127 * 2 * x / (1 + jnp.abs(x)))
        root = jnp.sqrt(v)
        scale_v = jnp.maximum(root.max(-1, keepdims=True), 1e-30)
        return code_m, scale_m, jnp.round(255 * root / scale_v), scale_v

    def decode(self, code_m: Any, scale_m: Any, code_v: Any, scale_v: Any) -> Any:
        y = code_m / 127
        return scale_m * y / (2 - jnp.abs(y)), (code_v / 255 * scale_v) ** 2


class BitsAndBytes:
    """Dettmers et al. 2022: a dynamic tree of 256 values, signed for m, unsigned for v; a scale for 256 elements."""

    block = 256

    def __init__(self) -> None:
        def values(bits: int) -> np.ndarray:  # decades of 10, each with twice the resolution of the one below
            decades = [np.linspace(0.1, 1, 2**i + 1) for i in range(bits)]
            parts = [10.0 ** (i - bits + 1) * (d[:-1] + d[1:]) / 2 for i, d in enumerate(decades)]
            return np.sort(np.concatenate([[0.0, 1.0], *parts]))

        unsigned, half = values(8), values(7)
        self.v = jnp.asarray(unsigned, jnp.float32)
        self.m = jnp.asarray(np.sort(np.concatenate([-half[1:], half])), jnp.float32)

    def _nearest(self, table: Any, x: Any) -> Any:
        upper = jnp.clip(jnp.searchsorted(table, x), 1, len(table) - 1)
        return jnp.where(x - table[upper - 1] < table[upper] - x, upper - 1, upper)

    def encode(self, m: Any, v: Any) -> Any:
        scale_m = jnp.maximum(jnp.abs(m).max(-1, keepdims=True), 1e-30)
        scale_v = jnp.maximum(v.max(-1, keepdims=True), 1e-30)
        return self._nearest(self.m, m / scale_m), scale_m, self._nearest(self.v, v / scale_v), scale_v

    def decode(self, code_m: Any, scale_m: Any, code_v: Any, scale_v: Any) -> Any:
        return self.m[code_m] * scale_m, self.v[code_v] * scale_v


class State(NamedTuple):
    count: Any
    codes: Any


def blockwise_adam(storage: Any, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Any:
    """Adam on one flat array whose size is a multiple of the block, with its moments in `storage`."""

    def init(params: Any) -> State:
        zeros = jnp.zeros((params.size // storage.block, storage.block))
        return State(jnp.zeros((), jnp.int32), storage.encode(zeros, zeros))

    def update(g: Any, state: State, params: Any = None) -> Any:
        del params
        g = g.reshape(-1, storage.block)
        m, v = storage.decode(*state.codes)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        t = (state.count + 1).astype(jnp.float32)
        u = m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + eps)
        return u.reshape(-1), State(state.count + 1, storage.encode(m, v))

    return optax.GradientTransformation(init, update)
