"""Do native kernels give the same bits from every compiler, and on ARM?  With the compilers and the emulator there are.

apt-get install clang gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
"""

import functools
import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NATIVE = ROOT / "native"
COMPILERS = {  # and what runs what they make
    "clang": (["clang"], []),
    "gcc, ARM": (["aarch64-linux-gnu-gcc", "-static"], ["qemu-aarch64"]),
    "clang, ARM": (["clang", "--target=aarch64-linux-gnu", "-static"], ["qemu-aarch64"]),
}


@functools.cache
def options():
    spec = importlib.util.spec_from_file_location("native_compile", NATIVE / "compile.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found.OPTIONS


def checksums(compiler, emulator, folder):
    program = folder / "checksums"
    sources = [ROOT / "tests" / "support" / "native_checksums.c", *sorted(NATIVE.glob("kernels/*.c"))]
    subprocess.run([*compiler, *options(), f"-I{NATIVE}", *sources, "-o", program, "-lm"], check=True)
    return subprocess.run([*emulator, program], check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    return checksums(["gcc"], [], tmp_path_factory.mktemp("gcc"))


@pytest.mark.long
@pytest.mark.parametrize("name", COMPILERS)
def test_bits_are_independent_of_the_compiler(name, expected, tmp_path):
    compiler, emulator = COMPILERS[name]
    if missing := [tool for tool in (compiler[0], *emulator) if shutil.which(tool) is None]:
        pytest.skip(f"there is no {missing[0]}")
    assert len(set(expected)) == len(expected) >= 120
    assert checksums(compiler, emulator, tmp_path) == expected
