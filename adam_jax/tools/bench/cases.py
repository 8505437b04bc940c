"""Who runs?  Optax twice, ours, PyTorch and FlashOptim where they can: each a configuration, compiled for a case."""

import dataclasses
import functools
import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax
from adam_jax.backends import native, native_library
from adam_jax.diagnostics import memory
from adam_jax.tools import extras
from adam_jax.tools.bench import configurations, torch_alone, traffic, training
from adam_jax.tools.bench.configurations import Configuration, Shapes

_RATE = 1e-3
_OURS = ("float32", "8bit", "8bit+32", "8bit+16")
TORCH = "torch"
TORCH_LEAST = 28  # bytes per parameter: float32 weight, gradient and two moments read, all but the gradient written


@dataclasses.dataclass(frozen=True)
class Case:
    """What is stepped: the leaves alone with gradients at hand, or with a loss a whole training step from a batch."""

    title: str
    params: Callable[[], Any]  # in float32
    inputs: Callable[[], Any]  # gradients in float32, or the batch
    loss: Callable[[Any, Any], jax.Array] | None = None

    @functools.cached_property
    def parameters(self) -> int:
        """How many parameters there are."""
        return sum(leaf.size for leaf in jax.tree.leaves(jax.eval_shape(self.params)))

    def shapes(self) -> list[tuple[int, ...]]:
        """Of the parameters."""
        return [leaf.shape for leaf in jax.tree.leaves(jax.eval_shape(self.params))]

    def inputs_for(self, dtype: Any) -> Any:
        """Gradients in the dtype of the weights; a batch is what it is."""
        inputs = self.inputs()
        return inputs if self.loss else jax.tree.map(lambda g: g.astype(dtype), inputs)

    def params_for(self, dtype: Any) -> Any:
        """The parameters in the dtype of a configuration's weights."""
        return jax.tree.map(lambda p: p.astype(dtype), self.params())


def leaves(title: str, shapes: Shapes) -> Case:
    """A case of leaves alone; the gradients are normal."""

    def gradients() -> Any:
        rng = np.random.default_rng(0)
        return [jnp.asarray(rng.standard_normal(shape, np.float32)) for shape in shapes]

    return Case(title, lambda: [jnp.ones(shape, jnp.float32) for shape in shapes], gradients)


def transformer(title: str) -> Case:
    """A whole training step of the byte-level transformer of `bench training` on random bytes."""

    def batch() -> jax.Array:
        return jax.random.randint(jax.random.key(1), training.BATCH_SHAPE, 0, 256)

    return Case(title, lambda: training.init_transformer(jax.random.key(0)), batch, training.transformer_loss)


def jitted_step(
    tx: optax.GradientTransformation, loss: Callable[[Any, Any], jax.Array] | None = None, *, fused: bool = False
) -> Any:
    """`update` and `apply_updates`, after the gradient if there is a loss, overwriting the parameters and the state.

    fused: `adam_jax.step` instead of the two.
    """
    whole: Any = getattr(tx, "step", None)  # FlashOptim has no update: its step writes the parameters itself

    def step(params: Any, state: Any, inputs: Any) -> tuple[Any, Any]:
        grads = jax.grad(loss)(params, inputs) if loss else inputs
        if whole:
            return whole(params, state, grads)
        if fused:
            return adam_jax.step(tx, params, state, grads)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return jax.jit(step, donate_argnames=("params", "state"))


def available() -> tuple[dict[str, Configuration], dict[str, str]]:
    """The JAX optimizers by name, and who is left out and why (PyTorch runs unless it is named there)."""
    backend = jax.default_backend()
    optimizers = {"optax": configurations.CONFIGURATIONS["optax"]}
    optimizers["optax again"] = optimizers["optax"]  # what it differs from the first by is noise
    for name in _OURS:
        optimizers[name] = dataclasses.replace(configurations.CONFIGURATIONS[name], fused=True)
        if traffic.has_fused_step(optimizers[name].make(_RATE), "local"):
            optimizers[f"{name}, update"] = configurations.CONFIGURATIONS[name]
    left_out = {}
    if backend != "gpu":
        left_out["flashoptim-jax"] = "needs a GPU"
    elif importlib.util.find_spec("flashoptim_jax") is None:
        left_out["flashoptim-jax"] = "not installed: pip install flashoptim-jax"
    else:
        optimizers |= configurations.BASELINES
    if reason := _torch_cannot(backend):
        left_out[TORCH] = reason
    return optimizers, left_out


def _torch_cannot(backend: str) -> str | None:
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        return f"not installed: {extras.install('torch')}"
    if backend == "gpu" and not torch.cuda.is_available():
        return "installed without CUDA, and JAX runs on a GPU"
    return None if backend in ("cpu", "gpu") else f"does not run on JAX's {backend}"


def compiled_step(configuration: Configuration, case: Case) -> Any:
    """The step of a configuration, traced, lowered and compiled."""
    tx = configuration.make(_RATE)
    params = jax.eval_shape(lambda: case.params_for(configuration.dtype))
    inputs = jax.eval_shape(case.inputs) if case.loss else params
    step = jitted_step(tx, case.loss, fused=configuration.fused)
    return step.trace(params, jax.eval_shape(tx.init, params), inputs).lower().compile()


def held_bytes(configuration: Configuration | None, case: Case) -> int:
    """The bytes of the weights and the state between steps; None stands for PyTorch."""
    if configuration is None:
        return 12 * case.parameters
    params = jax.eval_shape(lambda: case.params_for(configuration.dtype))
    return memory.bytes_of((params, jax.eval_shape(configuration.make(_RATE).init, params)))


def start(configuration: Configuration, case: Case, step: Any, inputs: Any) -> Callable[[], Any]:
    """Fresh weights and state; each call of the result is one finished step, and returns the weights."""
    params = case.params_for(configuration.dtype)
    carry = [params, configuration.make(_RATE).init(params)]
    del params

    def turn() -> Any:
        carry[:] = jax.block_until_ready(step(*carry, inputs))
        return carry[0]

    return turn


def start_torch(case: Case, grads: Any) -> Callable[[], Any]:
    """`torch.optim.AdamW(fused=True)` on float32 leaves; it reads JAX's gradients where they lie."""
    torch = importlib.import_module("torch")
    return torch_alone.start([torch.from_dlpack(g) for g in jax.tree.leaves(grads)], _RATE)


def has_native_kernels() -> bool:
    """Whether steps are compiled C here."""
    return jax.default_backend() == "cpu" and native_library.why_not() is None


def start_limit(case: Case, grads: Any) -> Callable[[], Any]:
    """One pass over the arrays of a float32 step, compiled as native kernels are, that only adds the gradients."""
    step = jax.jit(native.one_pass, donate_argnums=0)
    held = [[[jnp.zeros_like(g) for _ in range(3)] for g in jax.tree.leaves(grads)]]

    def turn() -> Any:
        held[0] = jax.block_until_ready(step(held[0], jax.tree.leaves(grads)))
        return held[0]

    return turn


def start_copy(elements: int) -> Callable[[], Any]:
    """A float32 array that is read, added to and written in place: the device's bandwidth."""
    step = jax.jit(lambda x: x + 1, donate_argnums=0)
    carry = [jnp.zeros(elements, jnp.float32)]

    def turn() -> Any:
        carry[0] = jax.block_until_ready(step(carry[0]))
        return carry[0]

    return turn
