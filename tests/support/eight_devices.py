"""How does a test run on 8 devices?  In a process of its own: their number is fixed before JAX starts."""

import os
import subprocess
import sys


def printed(file, *arguments):
    """The lines that a program printed on 8 virtual devices of a CPU; it must have ended well."""
    environment = {
        **os.environ,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, file, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()
