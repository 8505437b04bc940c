"""Does `train --devices` train on so many, and say what each holds?  And refuse what does not fit them."""

import sys

import pytest

from adam_jax.__main__ import main
from adam_jax.tools.demo import zero

# Optax's Adam and schedules, which run here beside ours, raise under strict dtype promotion.
pytestmark = pytest.mark.standard_promotion


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "where"),
    [
        ("--devices 2", "2 devices"),
        pytest.param("--devices 4 --processes 2", "4 devices of 2 processes", marks=pytest.mark.long),
    ],
)
def test_train_on_many_devices(options, where, capfd):
    assert main(["train", *options.split(), "--steps", "3", "--batch-size", "4"]) == 0
    printed = capfd.readouterr()
    lines = printed.out.splitlines()
    assert lines[:2] == [f"A byte-level transformer on {where} (cpu)", "3 steps of 4 sequences"]
    assert "3/3" in printed.err  # the bar of process 0, and of no other
    assert printed.err.count("adamw:   0%|          | 0/3 [00:00<?, ?step/s]") == 1
    rows = [
        [part.strip() for part in line.split("|")[1:-1]] for line in lines if line.startswith(("| adamw", "| 8bit"))
    ]
    losses = {name: (float(before), float(after)) for name, before, after in rows[:2]}
    assert all(after < before - 0.1 for before, after in losses.values())
    # bytes per parameter, of the same million: float32 4 + 4 + 8, and 2 + 2 + 4
    (whole, spread), (narrow_whole, narrow_spread) = (
        [[float(x) for x in row[2:]] for row in rows[i : i + 2]] for i in (2, 4)
    )
    devices = int(where[0])
    for before, after, weights in ((whole, spread, 4), (narrow_whole, narrow_spread, 2)):
        assert before == pytest.approx([x * weights / 4 for x in (4.10, 4.10, 8.20, 16.41)], abs=0.01)
        assert after[2] == pytest.approx(before[2] / devices, abs=0.01)
        assert after[:2] == before[:2]


def test_a_process_that_fails_ends_the_others(monkeypatch):
    options = zero.Options(devices=4, processes=2, steps=1, learning_rate=0.1, batch_size=4, seed=0)
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(SystemExit, match=r"process [01] of 2 ended with exit code 1"):
        zero.run(options)


@pytest.mark.parametrize(
    ("argv", "allowed"),
    [
        ("train --processes 2", "only with --devices"),
        ("train --steps 3", "only with --devices"),
        ("train --devices 8 --processes 3", "must divide --devices 8"),
        ("train --devices 8 --batch-size 12", "must be a multiple of --devices 8"),
        ("train --devices 8 --epochs 3", "not with --devices"),
        ("--out here train --devices 8", "not with --devices"),
        ("train --devices 0", ">= 1"),
    ],
)
def test_what_does_not_fit_the_devices_is_refused(argv, allowed, capsys, monkeypatch):
    monkeypatch.setattr(zero, "run", lambda *_: pytest.fail("ran"))
    with pytest.raises(SystemExit) as stop:
        main(argv.split())
    assert stop.value.code == 2
    assert allowed in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("--seed 3 train --devices 6", (6, 1, 40, 0.003, 18, 3)),
        (
            "train --devices 6 --processes 2 --steps 5 --learning-rate 0.1 --batch-size 12",
            (6, 2, 5, 0.1, 12, 0),
        ),
    ],
)
def test_options_reach_the_devices(argv, expected, monkeypatch):
    calls = []
    monkeypatch.setattr(zero, "run", calls.append)
    assert main(argv.split()) == 0
    assert calls == [expected]
