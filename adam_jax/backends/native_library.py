"""Is there a compiled library for CPUs, can it run here, and why not?"""

from __future__ import annotations

import concurrent.futures
import ctypes
import functools
import os
import threading
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

FILE = Path(__file__).with_name("adam_jax_native.so")
STEP, OBSERVE = "adam_jax_step", "adam_jax_observe"  # of its functions, and as XLA knows them
_AGAIN = "pip install --force-reinstall --no-deps --no-cache-dir adam_jax"

_trying = threading.Lock()


def why_not() -> str | None:
    """Why native kernels cannot run in this process, in words; None where they can."""
    if os.environ.get("ADAM_JAX_NATIVE", "1") == "0":
        return "is turned off by ADAM_JAX_NATIVE=0"
    with _trying:  # so that one thread registers it
        return _tried()


@functools.cache
def has_kernel(name: str) -> bool:
    """Whether the library has this kernel; one that is compiled from other sources may not."""
    return bool(_loaded().adam_jax_has(name.encode()))


def digest() -> str:
    """Of the sources that the library was compiled from."""
    return _loaded().adam_jax_digest().decode()


@functools.cache
def _loaded() -> ctypes.CDLL:
    library = ctypes.CDLL(str(FILE))
    library.adam_jax_digest.restype = ctypes.c_char_p
    return library


@functools.cache
def _tried() -> str | None:
    if not FILE.exists():
        return f"was not compiled when adam_jax was installed: there was no C compiler. With one: {_AGAIN}"
    try:
        library = _loaded()
    except OSError as error:
        return f"cannot be loaded ({error}). Compile it on this machine: {_AGAIN}"
    if not library.adam_jax_can_run():
        return "needs a processor with AVX2"
    for name in (STEP, OBSERVE):
        function = jax.ffi.pycapsule(getattr(library, name))
        jax.ffi.register_ffi_target(name, function, platform="cpu")
    try:
        with concurrent.futures.ThreadPoolExecutor(1) as thread:  # where no program is being traced
            return thread.submit(_probed).result()
    except Exception as error:  # jaxlib says only here that it is too new or too old for the library
        return f"is refused by this jaxlib ({str(error).splitlines()[0]}). Compile it with this one: {_AGAIN}"


def _probed() -> str | None:
    """Calls it once."""
    numbers = jax.device_put(np.array([3.0, -4.0, np.inf], np.float32), jax.local_devices(backend="cpu")[0])
    result = [jax.ShapeDtypeStruct((1,), dtype) for dtype in (jnp.float32, jnp.int32)]
    square, is_finite = jax.device_get(jax.jit(jax.ffi.ffi_call(OBSERVE, result))(numbers))
    return None if square[0] == 16 and not is_finite[0] else "gives wrong numbers here; please report it"
