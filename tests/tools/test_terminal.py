"""Is a terminal treated well?  Ctrl-C, tables of 80 columns, and results that cannot be written."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import psutil
import pytest

from adam_jax.__main__ import main
from adam_jax.tools import tables
from adam_jax.tools.bench import configurations, exactness, memory, speed, speed_report, traffic, training
from adam_jax.tools.demo import bowl, train, zero

ROOT = Path(__file__).parents[2]
# as numpy, whose C code imports Python: an interrupt in there is an ImportError outside
SLOW_IMPORT = """
import time
print("importing", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    raise ImportError("Error importing numpy: you should not try to import numpy from its source directory")
"""


# Not by preexec_fn, which forks this process and its threads of JAX.
AS_A_SHELL = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def started(*argv, **options):
    """A command, as a shell starts it: also where this process has been told to ignore Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-c", AS_A_SHELL, "-m", "adam_jax", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def interrupted(process):
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    return process.returncode, err


def test_ctrl_c_during_the_imports(tmp_path):
    (tmp_path / "jax.py").write_text(SLOW_IMPORT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with started("train", cwd=tmp_path, env=environment) as process:
        assert process.stdout.readline() == "importing\n"
        assert interrupted(process) == (130, "interrupted\n")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for the processes in /proc")
def test_ctrl_c_ends_the_processes_of_train(tmp_path):
    with started("train", "--devices", "2", "--processes", "2", cwd=ROOT) as process:
        parent, children = psutil.Process(process.pid), []
        while len(children) < 2 and process.poll() is None:
            time.sleep(0.1)
            children = [child for child in parent.children() if "adam_jax.tools.demo.zero" in child.cmdline()]
        assert interrupted(process) == (130, "interrupted\n")
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


def test_a_progress_bar_keeps_its_line(tmp_path):
    """The line after a bar's, and while the main thread is in a call that no signal interrupts, as XLA's compiler."""
    program = """
import ctypes, runpy, tqdm
runpy.run_path("adam_jax/interruption.py")["end_at_once"]()
bar = tqdm.tqdm(total=3)
ctypes.CDLL(None).sleep.argtypes = [ctypes.c_uint]
print("running", flush=True)
while True:
    ctypes.CDLL(None).sleep(60)
"""
    argv = [sys.executable, "-c", AS_A_SHELL, "-c", program]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "running\n"
        code, err = interrupted(process)
        assert (code, err.splitlines()[-1]) == (130, "interrupted")


@pytest.fixture
def without_work(monkeypatch):
    """Whatever is measured fails: it must not be reached."""

    def reached(*_, **__):
        pytest.fail("worked before it looked where to write")

    for module, name in ((bowl, "walks"), (train, "train"), (speed, "measure"), (traffic, "measure")):
        monkeypatch.setattr(module, name, reached)


WRITERS = {
    "bowl": ("bowl", "--out", "bowl.png"),
    "train": ("train", "--out", "train.png"),
    "explain": ("explain", "--out", "explain.html"),
    "speed": ("bench speed", "--json", None),
    "picture": ("bench speed", "--png", None),
    "traffic": ("traffic", "--json", None),
}


def refused(command, option, value, capsys):
    """The one line, and the exit code, of a command whose option has this value."""
    try:
        code = main([*command.split(), option, str(value)])
    except SystemExit as stop:
        code, line = (stop.code, None) if isinstance(stop.code, int) else (1, stop.code)  # as the interpreter does
    printed = capsys.readouterr()
    assert printed.out == ""
    return code, line or printed.err.splitlines()[-1]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="nobody can write into /proc")
@pytest.mark.parametrize("name", WRITERS)
def test_what_cannot_be_written_is_said_at_once_in_one_line(name, without_work, capsys):
    command, option, _ = WRITERS[name]
    code, line = refused(command, option, Path("/proc/nothing.here"), capsys)
    assert code in (1, 2)
    assert "/proc/nothing.here" in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("name", [name for name, (_, _, file) in WRITERS.items() if file])
def test_a_directory_in_the_files_way(name, without_work, tmp_path, capsys):
    command, option, file = WRITERS[name]
    (tmp_path / file).mkdir()
    code, line = refused(command, option, tmp_path, capsys)
    assert code in (1, 2)
    assert str(tmp_path / file) in line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("name", ["bowl", "explain"])
def test_a_full_device(name, tmp_path):
    command, option, file = WRITERS[name]
    (tmp_path / file).symlink_to("/dev/full")
    with pytest.raises(SystemExit, match=rf"^cannot write .*{file}: No space left on device$"):
        main([*command.split(), option, str(tmp_path)])


def test_a_name_that_is_too_long(capsys):
    for command, option, _ in WRITERS.values():
        with pytest.raises(SystemExit) as stop:
            main([*command.split(), option, "x" * 5000])
        assert stop.value.code == 2
        assert f"argument {option}:" in capsys.readouterr().err.splitlines()[-1]


def test_what_is_asked_for_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(speed, "measure", lambda *_, **__: 1 / 0)
    (tmp_path / "old.json").write_text("mine")
    for name in ("old", "new"):
        with pytest.raises(ZeroDivisionError):
            main(["bench", "speed", "--json", str(tmp_path / f"{name}.json")])
    assert [file.name for file in tmp_path.iterdir()] == ["old.json"]
    assert (tmp_path / "old.json").read_text() == "mine"


def table_of_memory(monkeypatch):
    monkeypatch.setattr(memory.importlib.util, "find_spec", lambda _: True)  # a baseline, whose names are the longest
    monkeypatch.setattr(
        memory.importlib,
        "import_module",
        lambda _: SimpleNamespace(flash_adamw=lambda rate, **_: memory.optax.sgd(rate)),
    )
    return memory.report([jax.ShapeDtypeStruct((50257, 768), jnp.float32)])


def table_of_exactness(_):
    columns = {"sqrt(v_hat) max": 5.3e-9, "sqrt(v_hat) bias": 5.3e-12, "update max": 5.3e-9}
    keys = [(group, b2) for group in ("random", "steady") for b2 in exactness.B2S]
    return exactness.report(
        [{"library": lib, "gradients": g, "b2": b2, **columns} for lib in ("adam_jax", "optax") for g, b2 in keys]
    )


def table_of_speed(_):
    rows = []
    names = [
        "optax again",
        *configurations.CONFIGURATIONS,
        *configurations.BASELINES,
        "8bit+32, update",
        "torch, alone",
    ]
    for case in speed.CASES:
        for name in names:
            shared = {"case": case, "optimizer": name}
            of_step = {"seconds": 12.3456, "ratio": 12.3456, "bandwidth": 0.99, "of limit": 0.99, "copy": 4.8e12}
            rows += [
                {"what": "step", **shared, **of_step},
                {"what": "compilation", **shared, "seconds": 1234.5, "ratio": 123.45},
                {"what": "memory", **shared, "bytes": 28.12},
            ]
    device = {"kind": "NVIDIA H200", "cores": 128, "jax": "0.10.2", "optax": "0.2.8", "torch": "2.13.0+cu130"}
    left_out = {"flashoptim-jax": "not installed: pip install flashoptim-jax"}
    return speed_report.report({"device": device | {"peak bytes": 8e10}, "left_out": left_out, "rows": rows})


def table_of_traffic(_):
    counts = {"bytes": 123.456, "kernels": 1234, "passes": 1234, "temporaries": 12.345}
    return traffic.report(
        [
            {"configuration": name, "through": "update", "least": c.least, "bound": 4, **counts}
            for name, c in (configurations.CONFIGURATIONS | configurations.BASELINES).items()
        ]
    )


def table_of_training(_):
    return training.report({name: [1.2345, 12.3456] for name in training.FORMATS})


def table_of_devices(_):
    result = zero.Result(5.5452, 12.345, (4_100_000, 4_100_000, 8_200_000), (4_100_000, 4_100_000, 8_200_000))
    options = zero.Options(devices=256, processes=16, steps=10_000, learning_rate=0.1, batch_size=1024, seed=0)
    return zero.report(dict.fromkeys(zero.optimizers(lambda _: 0.0), result), options)


def table_of_digits(_):
    return train.table(dict.fromkeys(train.OPTIMIZERS, train.Result(jnp.full(10, 1.23456789), 0.98765, 16.0)))


def table_of_the_bowl(_):
    """Every number as long as a float32 is in four digits."""
    longest = -1.234567e-30
    of_two = jnp.full((99_999, 2), longest)
    states = SimpleNamespace(mu=of_two, nu=of_two)
    way = SimpleNamespace(grads=of_two, states=states, updates=of_two, params=jnp.full((100_000, 2), -0.00012345))
    return bowl.table(way)


@pytest.mark.parametrize(
    "table",
    [
        table_of_memory,
        table_of_exactness,
        table_of_speed,
        table_of_traffic,
        table_of_training,
        table_of_devices,
        table_of_digits,
        table_of_the_bowl,
    ],
)
def test_a_table_fits_80_columns(table, monkeypatch):
    if table is table_of_the_bowl:
        monkeypatch.setattr(bowl, "bias_corrected", lambda state: (state, state))
        monkeypatch.setattr(bowl.jax, "vmap", lambda _: lambda states: (states.mu, states.nu))
        monkeypatch.setattr(bowl.optax.tree, "get", lambda states, name: getattr(states, name))
    text = table(monkeypatch)
    for shown in (text, tables.aligned(text)):
        assert len(shown.splitlines()) >= 3
        assert max(shown.splitlines(), key=len)[80:] == ""


def test_an_aligned_table_has_the_cells_of_the_markdown():
    markdown = table_of_training(None)
    rows = [re.split(r" {2,}", line) for line in tables.aligned(markdown).splitlines()[2:]]
    cells = [[c.strip() for c in line.strip("|").split("|") if c.strip()] for line in markdown.splitlines()[2:]]
    assert rows == cells
    assert tables.aligned("before\n\n| a | b |\n|---|---|\nafter") == "before\n\na  b\nafter"
