"""Compiles a custom call of XLA's FFI inside host code.  python host_ffi.py TARGET [registered]

A process of its own: the compiler for the H200 ends it where the custom call's handler is not registered.
"""

import ctypes
import importlib.util
import sys
from pathlib import Path

import host_offload
import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental.compute_on import compute_on

from adam_jax.tools.bench import targets

NAME = "lapack_spotrf_ffi"  # jaxlib registers it for platform cpu
PLUGINS = {"h200": ("jax_plugins.xla_cuda13", "xla_cuda_plugin.so"), "v5e": ("libtpu", "libtpu.so")}
FFI = 5  # PJRT_Extension_Type_FFI


class Extension(ctypes.Structure):
    """An extension of PJRT's C API: a list, each with functions after these."""


Extension._fields_ = (("size", ctypes.c_size_t), ("kind", ctypes.c_int), ("next", ctypes.POINTER(Extension)))


class Api(ctypes.Structure):
    _fields_ = (("size", ctypes.c_size_t), ("extensions", ctypes.POINTER(Extension)))


class Registration(ctypes.Structure):
    """The argument of PJRT_FFI_Register_Handler."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("name", ctypes.c_char_p),
        ("name_size", ctypes.c_size_t),
        ("handler", ctypes.c_void_p),
        ("platform", ctypes.c_char_p),
        ("platform_size", ctypes.c_size_t),
        ("traits", ctypes.c_int),
    )


def register(target, name, handler):
    """With the plugin's own registry, which jax.ffi.register_ffi_target does not reach.  handler: a PyCapsule."""
    package, library = PLUGINS[target]
    plugin = ctypes.CDLL(str(Path(importlib.util.find_spec(package).origin).parent / library))
    plugin.GetPjrtApi.restype = ctypes.POINTER(Api)
    extension = plugin.GetPjrtApi().contents.extensions
    while extension.contents.kind != FFI:
        extension = extension.contents.next
    functions = ctypes.cast(
        ctypes.addressof(extension.contents) + ctypes.sizeof(Extension), ctypes.POINTER(ctypes.c_void_p)
    )
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    pointer = pointer_of(handler, b"xla._CUSTOM_CALL_TARGET")
    given = Registration(ctypes.sizeof(Registration), name, len(name), pointer, b"Host", len(b"Host"), 0)
    register_handler = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(Registration))(functions[2])
    assert register_handler(ctypes.byref(given)) is None


def factor(x):
    with compute_on("device_host"):
        call = jax.ffi.ffi_call(NAME, (jax.typeof(x), jax.ShapeDtypeStruct((), jnp.int32)))
        return jax.jit(lambda x: call(x, uplo=np.uint8(ord("L")))[0])(x)


def main(target, registered=""):
    targets.prepare(target)
    place = host_offload.place(target)
    if registered:
        from jaxlib.cpu import _lapack

        register(target, NAME.encode(), dict(_lapack.registrations())[NAME])
    x = jax.ShapeDtypeStruct((256, 256), jnp.float32, sharding=place)
    text = host_offload.compile_for(target, factor, x, out_shardings=place).as_text()
    host_code = text[: text.index("\nENTRY ")]
    print("in host code" if f'custom_call_target="{NAME}"' in host_code and "HostExecute" in text else text)


if __name__ == "__main__":
    main(*sys.argv[1:])
