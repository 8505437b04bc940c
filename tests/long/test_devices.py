"""Is a step the same on many devices?  Bit for bit: on 1, 2, 4 and 8, in every layout, in processes, in checkpoints.

The devices are virtual ones of the CPU, in processes of their own: their number is fixed before JAX starts.
"""

import gc
import os
import socket
import subprocess
import sys
from pathlib import Path

import devices_worker
import jax
import jax.numpy as jnp
import older_jax
import pytest

import adam_jax

WORKER = Path(devices_worker.__file__)
PATIENCE = 400  # seconds; the longest takes 40 on two quiet cores

# Nearly all the time goes into compiling: the formats that differ from another by a dtype are for --long.
QUICK = {"float32": "some", "bfloat16": "few", "8bit, master_weights(32)": "few"}


def begin(command, *arguments, devices=8, native="1"):
    environment = {
        **os.environ,
        "ADAM_JAX_NATIVE": native,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    return subprocess.Popen(
        [sys.executable, WORKER, command, *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(*processes):
    """What they printed; whatever happens, none is left."""
    try:
        outputs = [process.communicate(timeout=PATIENCE) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    for process, (_, errors) in zip(processes, outputs, strict=True):
        assert process.returncode == 0, errors[-3000:]
    return "".join(output for output, _ in outputs)


@pytest.mark.slow
@pytest.mark.parametrize(
    "which",
    [
        pytest.param(QUICK, id="some"),
        *(pytest.param({name: "every"}, id=name, marks=pytest.mark.long) for name in devices_worker.FORMATS),
    ],
)
@pytest.mark.parametrize("native", ["0", "1"])
def test_every_bit_is_independent_of_the_layout(which, native):
    """which: the layouts, by format."""
    names = [word for pair in which.items() for word in pair]
    printed = ended(begin("compare_layouts", *names, native=native))
    counts = {name: len(devices_worker.LAYOUTS[some]) + 1 for name, some in which.items()}
    lines = [f"{name}: identical on {count} layouts of 8 devices" for name, count in counts.items()]
    assert printed.splitlines() == lines


@pytest.mark.slow
@pytest.mark.parametrize("native", [pytest.param("0", marks=pytest.mark.long), "1"])
def test_every_bit_is_independent_of_the_processes(native, tmp_path):
    name, files = "8bit, master_weights(24)", [tmp_path / "one", tmp_path / "two"]
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    ended(*(begin("one_of_processes", name, files[1], rank, 2, port, devices=4, native=native) for rank in range(2)))
    ended(begin("one_of_processes", name, files[0], native=native))
    devices_worker.same_in_files(*files)


@pytest.mark.slow
def test_a_checkpoint_continues_on_any_layout(tmp_path):
    older_jax.needs("jax", "0.7")
    pytest.importorskip("orbax.checkpoint")
    assert "the undisturbed run" in ended(begin("checkpoints", "8bit, master_weights(32)", tmp_path))


def test_a_checkpoint_of_optax_continues_on_any_layout(tmp_path):
    older_jax.needs("jax", "0.7")  # Orbax calls what 0.6 has not
    pytest.importorskip("orbax.checkpoint")
    assert "continued" in ended(begin("from_optax", tmp_path))


def test_a_step_with_shardings_in_wrappers_and_of_one_array():
    older_jax.needs("jax", "0.7")  # a CPU of 0.6 has no memory to offload to
    assert "stepped" in ended(begin("wrappers"))


PARAMS = {"w": jnp.ones((4, 2)), "b": jnp.ones(2)}
OTHER_CHECKPOINTS = {  # the target that does not fit what was saved, and what Orbax's message names
    "float32 into 8bit": ({"params": PARAMS, "state": adam_jax.adam(0.1, moments="8bit").init(PARAMS)}, "bounds"),
    "another parameter": ({"params": {**PARAMS, "new": PARAMS["b"]}, "state": adam_jax.adam(0.1).init(PARAMS)}, "new"),
    "a missing parameter": ({"params": {"w": PARAMS["w"]}, "state": adam_jax.adam(0.1).init(PARAMS)}, "params.b"),
}


@pytest.mark.parametrize("what", OTHER_CHECKPOINTS)
def test_a_checkpoint_that_does_not_fit_says_where(what, tmp_path):
    ocp = pytest.importorskip("orbax.checkpoint")
    target, named = OTHER_CHECKPOINTS[what]
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "saved", {"params": PARAMS, "state": adam_jax.adam(0.1).init(PARAMS)})
        checkpointer.wait_until_finished()
        with pytest.raises(ValueError) as refused:  # noqa: PT011 its words are Orbax's
            checkpointer.restore(tmp_path / "saved", jax.eval_shape(lambda: target))
    assert named in str(refused.value)
    del refused
    gc.collect()  # what was abandoned warns now, and not in a later test
