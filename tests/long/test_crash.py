"""Does a training that is killed again and again end where an undisturbed one does?  Yes, in every bit.

`crash_worker.py` is killed with SIGKILL while it starts, steps and saves, and started again until it finishes.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import crash_worker
import numpy as np
import pytest

WORKER = Path(crash_worker.__file__)
STARTING = 0.5  # seconds after `restoring` in which the checkpoint is read and the step compiled
STEPS_A_LIFE = 12  # at most, before a kill at a step or in a save is due
SAVING = 0.06  # seconds in which a save is killed; it takes about 0.08
PATIENCE = 240.0  # seconds until a life that does not get anywhere fails the test
HALF_WRITTEN = "orbax-checkpoint-tmp"  # in the name of a checkpoint's directory until all of it is written


def start(directory, steps):
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    with (directory / "output").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, WORKER, directory, str(steps)], env=environment, stdout=output, stderr=output
        )


def events(directory):
    """The whole lines of the progress file, each in words."""
    file = directory / "progress"
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def saves(directory):
    """The steps of the finished checkpoints and the names of the others."""
    names = [entry.name for entry in (directory / "checkpoints").glob("*")]
    return [int(name) for name in names if name.isdigit()], [name for name in names if HALF_WRITTEN in name]


def wait_until(reached, process, directory):
    """Wait for a moment in the life of a process, which must not end before."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert process.poll() is None, (directory / "output").read_text()[-3000:]
        assert time.monotonic() < deadline, (directory / "output").read_text()[-3000:]
        time.sleep(0.001)


def kill_one_life(moment, directory, steps, rng):
    """Start the training, kill it `moment`, and say whether that left a half-written checkpoint."""
    before, old_halves = len(events(directory)), set(saves(directory)[1])
    process = start(directory, steps)
    try:
        life = lambda: events(directory)[before:]  # noqa: E731
        done = lambda word: sum(event[0] == word for event in life())  # noqa: E731
        wait_until(lambda: done("restoring"), process, directory)
        if moment == "while it starts":
            time.sleep(rng.uniform(0, STARTING))
        else:
            due = rng.integers(1, STEPS_A_LIFE + 1)
            wait_until(lambda: done("step") >= due, process, directory)
        if moment == "in a save":
            old_halves &= set(saves(directory)[1])  # this life begins with taking some of them away
            wait_until(lambda: set(saves(directory)[1]) - old_halves, process, directory)
            time.sleep(rng.uniform(0, SAVING))
        elif moment == "at a step":
            time.sleep(rng.uniform(0, 2 * crash_worker.PACE))
    finally:
        process.send_signal(signal.SIGKILL)
        code = process.wait()
    assert code == -signal.SIGKILL, "the training ended before it could be killed"
    return bool(set(saves(directory)[1]) - old_halves)


def finish(directory, steps):
    process = start(directory, steps)
    assert process.wait(PATIENCE) == 0, (directory / "output").read_text()[-3000:]
    assert events(directory)[-1] == ["done"]
    return json.loads((directory / "result.json").read_text())


@pytest.mark.long  # that a state continues with every bit test_a_checkpoint_continues_on_any_layout shows too
def test_a_killed_training_ends_bit_for_bit_where_an_undisturbed_one_does(tmp_path):
    kills, least_in_saves = 50, 10
    most = kills + 6  # on a busy machine kills may miss the saves, or come before any is finished: then some more
    steps = most * (STEPS_A_LIFE + 2 * crash_worker.SAVE_EVERY)
    quiet, disturbed = tmp_path / "quiet", tmp_path / "disturbed"
    quiet.mkdir()
    disturbed.mkdir()
    expected = finish(quiet, steps)
    saved = {int(step): digest for word, *rest in events(quiet) if word == "saving" for step, digest in [rest]}

    rng = np.random.default_rng(0)
    moments, hit, newest = ["in a save", "while it starts", "in a save", "at a step"], 0, []
    while len(newest) < kills or (len(newest) < most and (hit < least_in_saves or not newest[-1])):
        hit += kill_one_life(moments[len(newest) % len(moments)], disturbed, steps, rng)
        newest.append(max(saves(disturbed)[0], default=0))
    result = finish(disturbed, steps)

    lives, restored = [], []
    for event in events(disturbed):
        if event[0] == "restoring":
            lives.append([])
        lives[-1].append(event)
        if event[0] == "restored":
            restored.append((len(lives) - 1, int(event[1]), event[2]))
    print(f"{len(newest)} kills, {hit} in a save, {sum(step > 0 for _, step, _ in restored)} checkpoints restored")
    assert len(lives) == len(newest) + 1
    assert sum(["done"] in life for life in lives) == 1
    assert hit >= least_in_saves
    assert sum(step > 0 for _, step, _ in restored) >= max(1, kills // 4)
    for life, step, digest in restored:  # the newest finished checkpoint, and exactly what was saved then
        assert step == ([0, *newest])[life]
        assert step == 0 or digest == saved[step]
    redone = [int(word[1]) for life in lives for word in life if word[0] == "step"]
    assert len(redone) > len(set(redone)) == steps  # some steps were lost and done again, none was left out

    assert result == expected
    assert any(re.search("skipped", path) for path in result)
