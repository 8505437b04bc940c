"""Does `bench speed` time everybody alike?  Its turns, its tables, and what it leaves out."""

import dataclasses
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
import optax
import pytest
from pictures import is_picture

from adam_jax.__main__ import main
from adam_jax.tools.bench import cases, configurations, speed, speed_report
from adam_jax.tools.bench.commands import SPEED_CASES

# Optax's Adam, which runs here beside ours, raises under strict dtype promotion.
pytestmark = [pytest.mark.standard_promotion, pytest.mark.slow]

TINY = {
    "matrix": cases.leaves("two leaves", [(3, 2), (5,)]),
    "transformer": cases.Case(
        "a whole step", lambda: [jax.numpy.ones(7)], lambda: jax.numpy.ones(7), lambda p, x: (p[0] @ x) ** 2
    ),
}
FORMATS = ["float32", "8bit", "8bit+32", "8bit+16"]
NATIVE = cases.has_native_kernels()
UPDATES = [f"{name}, update" for name in FORMATS if NATIVE or "+" in name or jax.default_backend() == "tpu"]
JAX = ["optax", "optax again", *FORMATS, *UPDATES]
LIMIT = [speed.LIMIT] if NATIVE else []


SOME = ["optax", "float32", "8bit"]  # nearly all the time goes into compiling each contestant's step


@pytest.fixture
def some(monkeypatch):
    """Some of the contestants, and who is left out."""
    available = cases.available

    def some_of_them():
        configurations, left_out = available()
        return {name: configurations[name] for name in SOME}, left_out

    monkeypatch.setattr(cases, "available", some_of_them)


def measure_tiny(*args, measure=speed.measure, **kwargs):
    return measure(*args, compilations=1, copy_elements=8, **kwargs)


def found(measured, what, case):
    return [row["optimizer"] for row in measured["rows"] if (row["what"], row["case"]) == (what, case)]


def test_speed_measures_every_contestant():
    measured = measure_tiny({"matrix": TINY["matrix"]}, 2)
    torch = [] if "torch" in measured["left_out"] else ["torch", "torch, alone"]
    baselines = list(configurations.BASELINES) if jax.default_backend() == "gpu" else []
    assert sorted(set(found(measured, "step", "matrix")) - set(baselines)) == sorted(JAX + LIMIT + torch)
    assert set(found(measured, "compilation", "matrix")) >= set(JAX)
    assert set(found(measured, "memory", "matrix")) >= {"optax", "float32", "8bit", "8bit+32", "8bit+16"}
    for row in measured["rows"]:
        assert min(value for value in row.values() if isinstance(value, int | float)) >= 0
        assert row["what"] == "memory" or row["seconds"] > 0
        if row["what"] == "step":
            assert row["ratio"] == row["seconds"] / row["optax"]
            assert row["parameters"] == 11
            assert row["copy"] > 0
            assert "bandwidth" in row
            if NATIVE and row["optimizer"] == "8bit":
                (limit,) = (other for other in measured["rows"] if other["optimizer"] == speed.LIMIT)
                assert row["of limit"] == pytest.approx(limit["seconds"] / row["seconds"] * 20 / 28)
    assert json.loads(json.dumps(measured)) == measured


@pytest.mark.usefixtures("some")
def test_a_whole_step_is_measured_without_bandwidths():
    """Nor memory, nor PyTorch, nor the limit of one pass: those are of the optimizer alone."""
    rows = measure_tiny({"transformer": TINY["transformer"]}, 1)["rows"]
    assert [(row["what"], row["optimizer"]) for row in rows] == [
        (what, name) for what in ("compilation", "step") for name in SOME
    ]
    for row in rows[len(SOME) :]:
        assert row["parameters"] == 7
        assert row["ratio"] == row["seconds"] / row["optax"]
        assert "bandwidth" not in row


@pytest.mark.usefixtures("some")
def test_speed_prints_tables_and_writes_what_is_asked(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(speed, "CASES", TINY)
    monkeypatch.setattr(speed, "measure", measure_tiny)
    files = {name: tmp_path / f"speed.{name}" for name in ("json", "png")}
    options = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    assert main(["bench", "speed", "--markdown", "--models", "matrix", "--repeats", "2", *options]) == 0
    printed = capsys.readouterr()
    written = json.loads(files["json"].read_text())
    assert printed.out == speed_report.report(written) + "\n"
    assert {row["case"] for row in written["rows"]} == {"matrix"}
    assert "two leaves: stepping" in printed.err
    assert is_picture(files["png"])


def test_the_speed_tables():
    rows = [
        {"what": "step", "case": "a", "optimizer": "optax", "seconds": 0.02, "ratio": 1.0, "copy": 2e9},
        {"what": "step", "case": "a", "optimizer": "8bit", "seconds": 1.5, "ratio": 75.0, "copy": 3e9},
        {"what": "step", "case": "b", "optimizer": "optax", "seconds": 2e-3, "ratio": 1.0, "copy": 2e9},
        {"what": "compilation", "case": "a", "optimizer": "8bit", "seconds": 3, "ratio": 1.5},
        {"what": "memory", "case": "a", "optimizer": "8bit", "bytes": 16.0},
    ]
    rows[1] |= {"bandwidth": 0.5, "of limit": 0.25}
    device = {"kind": "abacus", "cores": 10, "jax": "1", "optax": "2", "peak bytes": 4e9}
    lines = speed_report.report({"device": device, "left_out": {"torch": "not installed"}, "rows": rows}).splitlines()
    assert lines[:3] == [
        "abacus, 10 cores, jax 1, optax 2",
        "optimizers one after another in one process; at most 4.0 GB in use",
        "left out: torch: not installed",
    ]
    table = "| optimizer | step | / optax | of copy | of limit | compile | / optax | bytes |"
    a, b = (i for i, line in enumerate(lines) if line == table)
    assert lines[a - 2] == "a; a copy reads and writes 2.0 to 3.0 GB/s"
    assert lines[a + 2 : a + 4] == [
        "| optax | 20.0 ms | 1.00 |  |  |  |  |  |",
        "| 8bit | 1,500 ms | 75.00 | 0.50 | 0.25 | 3.00 s | 1.5 | 16.00 |",
    ]
    assert lines[b - 2] == "b; a copy reads and writes 2.0 to 2.0 GB/s"
    assert lines[b + 2 :] == ["| optax | 2.00 ms | 1.00 |  |  |  |  |  |"]


@pytest.mark.usefixtures("some")
def test_speed_tells_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    measured = measure_tiny({"matrix": TINY["matrix"]}, 1)
    assert measured["left_out"]["torch"].startswith("not installed: pip install ")
    assert "torch" not in found(measured, "step", "matrix")
    assert "left out: torch: not installed" in speed_report.report(measured)
    if jax.default_backend() != "gpu":
        assert measured["left_out"]["flashoptim-jax"] == "needs a GPU"


def test_a_rival_that_fails_is_left_out_and_named(monkeypatch):
    def fails(_):
        raise RuntimeError("no kernel\nfor this device")

    some = {name: configurations.CONFIGURATIONS[name] for name in ("optax", "float32")}
    some["flashoptim+32"] = dataclasses.replace(configurations.BASELINES["flashoptim+32"], make=fails)
    monkeypatch.setattr(cases, "available", lambda: (some, {"torch": "absent"}))
    measured = measure_tiny({"matrix": TINY["matrix"]}, 1)
    assert measured["left_out"]["flashoptim+32, two leaves"] == "RuntimeError: no kernel"
    assert found(measured, "step", "matrix") == ["optax", "float32", *LIMIT]


@pytest.mark.usefixtures("some")
def test_heats_hold_what_fits_beside_optax(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    measured = measure_tiny({"matrix": TINY["matrix"]}, 1, held=1)  # nothing fits: everybody alone
    rows = [row for row in measured["rows"] if row["what"] == "step"]
    assert {row["optimizer"] for row in rows} == {*SOME, *LIMIT}
    assert len(rows) == len({row["optimizer"] for row in rows})
    assert len({row["optax"] for row in rows}) > 1


def test_the_turns_are_fair():
    for names in (["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]):
        orders = [speed.order_of_round(names, turn) for turn in range(2 * len(names))]
        assert all(sorted(order) == names for order in orders)
        for pairs in ([pair for order in orders for pair in itertools.pairwise(order)], [o[0] for o in orders]):
            assert set(Counter(pairs).values()) == {2}


@pytest.mark.parametrize("missing", ["matplotlib", "tqdm"])
def test_speed_needs_the_demos_extra_at_once(missing, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(speed, "measure", lambda *_, **__: pytest.fail("measured before it looked"))
    for loaded in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["bench", "speed", "--png", str(tmp_path / "speed.png")]) == 1
    assert capsys.readouterr().err.startswith(f"{missing} is missing: pip install ")


def test_the_command_offers_every_case():
    assert tuple(speed.CASES) == SPEED_CASES


def test_gpt2_has_its_shapes():
    assert len(configurations.MODELS["gpt2"]) == 148
    assert configurations.parameters(configurations.MODELS["gpt2"]) == 124_439_808  # as published


@pytest.mark.parametrize("fused", [False, True])
def test_the_timed_step_steps_and_donates(fused):
    tx = optax.sgd(0.5)
    params = [jax.numpy.ones(3)]
    new, _ = cases.jitted_step(tx, fused=fused)(params, tx.init(params), [jax.numpy.full(3, 2.0)])
    assert np.asarray(new[0]).tolist() == [0.0, 0.0, 0.0]
    assert params[0].is_deleted()
    params = [jax.numpy.ones(3)]
    step = cases.jitted_step(tx, lambda p, x: jax.numpy.sum(p[0] * x))
    new, _ = step(params, tx.init(params), jax.numpy.full(3, 4.0))
    assert np.asarray(new[0]).tolist() == [-1.0, -1.0, -1.0]


def test_a_rival_with_a_step_of_its_own_is_stepped():
    class Baseline(NamedTuple):
        init: Callable
        step: Callable

    baseline = Baseline(lambda params: 0, lambda params, state, grads: (params - grads, state + 1))
    new, state = cases.jitted_step(baseline)(jax.numpy.ones(3), jax.numpy.zeros(()), jax.numpy.ones(3))
    assert (np.asarray(new).tolist(), float(state)) == ([0.0, 0.0, 0.0], 1.0)


@pytest.mark.skipif(not NATIVE, reason="needs a C compiler")
def test_the_limit_passes_over_all_arrays():
    case = TINY["matrix"]
    turn = cases.start_limit(case, case.inputs())
    for times in (1, 2):
        for arrays, g in zip(turn(), case.inputs(), strict=True):
            for x in arrays:
                np.testing.assert_allclose(x, times * g)


def test_torch_steps_as_optax_does():
    pytest.importorskip("torch")
    case, configuration = TINY["matrix"], configurations.CONFIGURATIONS["optax"]
    grads = case.inputs_for("float32")
    step = cases.compiled_step(configuration, case)
    turns = cases.start_torch(case, grads), cases.start(configuration, case, step, grads)
    theirs, ours = ([turn() for _ in range(3)][-1] for turn in turns)
    for a, b in zip(theirs, ours, strict=True):
        assert np.ptp(b) > 1e-3
        assert a.detach().cpu().numpy() == pytest.approx(np.asarray(b), rel=1e-5)
