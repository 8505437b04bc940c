"""How many bytes does a step move?  The bars, counted in what XLA compiles for an H200 on a machine that has none."""

import importlib.util
import os

import jax
import jax.numpy as jnp
import optax
import pytest

import adam_jax
from adam_jax.bench import traffic

if importlib.util.find_spec("jax_plugins") is None or importlib.util.find_spec("jax_plugins.xla_cuda13") is None:
    pytest.skip("the compiler for NVIDIA GPUs (jax-cuda13-plugin) is not installed", allow_module_level=True)
if (os.environ.get("JAX_PLATFORMS"), os.environ.get("JAX_SKIP_CUDA_CONSTRAINTS_CHECK")) != ("cpu", "1"):
    pytest.skip("needs JAX_PLATFORMS=cpu JAX_SKIP_CUDA_CONSTRAINTS_CHECK=1", allow_module_level=True)

F32, BF16 = jnp.float32, jnp.bfloat16
LEAVES = [(4096, 4096), (50257, 768)]  # the second has an odd number of rows


def leaf(dtype, shape=(4096, 4096)):
    return jax.ShapeDtypeStruct(shape, dtype)


def eight_bits():
    return adam_jax.adamw(1e-3, moments="8bit")


@pytest.mark.parametrize(
    ("program", "arguments", "expected"),
    [
        (lambda x, y: 2 * x + y, (leaf(F32), leaf(F32)), 4 + 4 + 4),
        (lambda x: x.astype(F32), (leaf(BF16),), 2 + 4),
        (lambda x: (x + 1, x.astype(BF16)), (leaf(F32),), 4 + 4 + 2),
    ],
    ids=["axpy", "convert", "two outputs"],
)
def test_programs_of_known_traffic(program, arguments, expected):
    assert traffic.of_program(program, *arguments) == (expected, 1, 1, 0)


def test_a_donated_argument_is_still_read_and_written():
    assert traffic.of_program(lambda x: x + 1, leaf(F32), donate_argnums=0) == (8, 1, 1, 0)


def test_an_argument_returned_as_it_came_is_copied():
    assert traffic.of_program(lambda x: (x, x + 1), leaf(F32)).bytes == 16


def test_a_loop_has_no_count():
    with pytest.raises(NotImplementedError, match="while"):
        traffic.of_program(lambda x: jax.lax.while_loop(lambda a: a.sum() < 9, lambda a: a * 2, x), leaf(F32))


def test_the_text_is_read_in_every_form_it_is_written():
    hlo = """HloModule jit_step
%fused (p: f32[8]) -> f32[8] {
  ROOT %unread = f32[8]{0} add(%p, %p)
}
ENTRY %main.1 (a: f32[8,2], b: s8[]) -> (f32[8,2], bf16[8,2], u64[3]) {
  %a = f32[8,2]{1,0:T(8,128)(2,1)} parameter(0), sharding={replicated}
  b.1 = s8[] parameter(1)
  %constant = pred[3]{0} constant({1, 0, 1})
  %two = (f32[8,2]{1,0}, /*index=1*/bf16[8,2]{1,0}) fusion(f32[8,2]{1,0} %a, /*index=1*/s8[] b.1), calls=%fused
  %get-tuple-element = bf16[8,2]{1,0} get-tuple-element((f32[8,2]{1,0}, bf16[8,2]{1,0}) %two), index=1
  %bitcast = bf16[16]{0} bitcast(%get-tuple-element)
  %copy-start = (bf16[16]{0}, bf16[16]{0}, u32[]) copy-start(%bitcast)
  %copy-done = bf16[16]{0} copy-done(%copy-start)
  %blas = (u64[3]{0}, s8[1024]{0}) custom-call(pred[3]{0} %constant, %b.1), metadata={op_name="f(x) = (y)"}
  ROOT %tuple = (f32[8,2], bf16[8,2], u64[3]) tuple(%a, %get-tuple-element, %blas)
}
"""
    assert traffic.kernels_of(hlo) == {"two": 64 + 1 + 64 + 32, "copy-done": 32 + 32, "blas": 3 + 1 + 24 + 1024}
    with pytest.raises(NotImplementedError, match="f8e4m3fn"):
        traffic.kernels_of(hlo.replace("pred[3]", "f8e4m3fn[3]"))


@pytest.mark.standard_promotion
def test_optax_adam():
    moved = traffic.h200(optax.adam(1e-3), leaf(F32))
    assert moved.bytes == pytest.approx(28, abs=0.01)
    assert moved.passes == 1


# make, the weights' and gradients' dtype, and at most how many bytes, passes, bytes of temporaries
BARS = {
    "float32": (lambda: adam_jax.adam(1e-3), F32, 28.1, 1, 0.05),
    "8-bit, float32": (eight_bits, F32, 20.2, 2, 0.05),
    "8-bit, 32-bit weights": (lambda: adam_jax.master_weights(eight_bits(), 32), BF16, 16.2, 2, 0.05),
    "8-bit, 24-bit weights": (lambda: adam_jax.master_weights(eight_bits(), 24), BF16, 14.2, 2, 0.05),
    "8-bit, 16-bit weights": (lambda: adam_jax.master_weights(eight_bits(), 16), BF16, 12.2, 2, 0.05),
    "skipped if not finite": (
        lambda: adam_jax.skip_nonfinite(adam_jax.master_weights(eight_bits(), 32)), BF16, 16.2, 2, 0.05
    ),
    "clipped": (
        lambda: optax.chain(optax.clip_by_global_norm(1.0), adam_jax.master_weights(eight_bits(), 32)),
        BF16, 20.2, 3, 2.2,
    ),
}  # fmt: skip


@pytest.mark.standard_promotion
@pytest.mark.parametrize("shape", LEAVES, ids=str)
@pytest.mark.parametrize("name", BARS)
def test_bars(name, shape):
    make, dtype, most, passes, temporaries = BARS[name]
    moved = traffic.h200(make(), leaf(dtype, shape))
    assert moved.bytes <= most
    assert moved.passes == passes
    assert moved.temporaries <= temporaries
