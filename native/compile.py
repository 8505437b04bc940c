"""Compiles the native backend: `python native/compile.py`, and what `pip install` calls (`hatch_build.py`).

With the standard library and the system's C compiler alone.
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / "adam_jax" / "backends" / "adam_jax_native.so"
# No contraction to fused operations and no fast mathematics: the same bits from every compiler and on every machine.
# Neither errno nor floating-point exceptions are asked for, and a compiler that must provide them does not vectorize.
OPTIONS = [
    "-std=c11",
    "-O3",
    "-fPIC",
    "-fvisibility=hidden",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
]


def sources() -> list[Path]:
    """What is compiled."""
    return sorted(HERE.glob("*.c")) + sorted(HERE.glob("kernels/*.c"))


def digest() -> str:
    """Of all sources and headers: a library that has another was compiled from others."""
    files = sorted([*sources(), *HERE.glob("*.h")])
    return hashlib.sha256(b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files)).hexdigest()[:16]


def compiler() -> str | None:
    """The C compiler: what CC names, else cc, gcc or clang; None where there is none, or no kernel for the machine."""
    if platform.machine().lower() not in ("x86_64", "amd64", "aarch64", "arm64") or os.name != "posix":
        return None
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CC"), "cc", "gcc", "clang")))), None)


def build(target: Path = LIBRARY) -> Path | None:
    """The library, compiled; None without a compiler.  Raises CalledProcessError where the compiler fails."""
    cc = compiler()
    if cc is None:
        return None
    defined = [f'-DADAM_JAX_DIGEST="{digest()}"']
    with tempfile.TemporaryDirectory() as folder:

        def compiled(number: int, source: Path) -> str:
            made = str(Path(folder) / f"{number}.o")
            subprocess.run([cc, *OPTIONS, *defined, f"-I{HERE}", "-c", str(source), "-o", made], check=True)
            return made

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(compiled, *zip(*enumerate(sources()), strict=True)))
        linked = Path(folder) / target.name
        subprocess.run([cc, "-shared", *objects, "-o", str(linked)], check=True)
        beside = target.with_suffix(f".{os.getpid()}.so")  # two installations at once, each with its own
        shutil.copy(linked, beside)
        beside.replace(target)  # a program that has the old one loaded keeps it
    return target


if __name__ == "__main__":
    print(build() or "no C compiler was found")
