"""How many files does a leaf pass, and is a state read and written once?  Counted while a step is traced."""

import sys
from collections import Counter
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest

import adam_jax
from adam_jax.backends import selection
from adam_jax.backends.pallas_tpu import PallasTPU

PACKAGE = str(Path(adam_jax.__file__).parent)


def entered(function, *arguments):
    """The library's functions that run while a program is traced, by file, and how often."""
    calls = Counter()

    def profile(frame, event, _):
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(PACKAGE):
            calls[name.removeprefix(PACKAGE).lstrip("/"), frame.f_code.co_name] += 1

    jax.clear_caches()
    sys.setprofile(profile)
    try:
        jax.jit(function).trace(*arguments)
    finally:
        sys.setprofile(None)
    return calls


def passed_by_a_leaf(function, leaf):
    """The files whose functions run once more for one more leaf, of another shape."""

    def of(leaves):
        return function({number: jnp.ones((3, 128 * number + 128), leaf) for number in range(leaves)})

    one, two = (entered(*of(leaves)) for leaves in (1, 2))
    more = {file for (file, name), count in two.items() if count > one[file, name]}
    return more, two


def test_an_update_in_float32():
    tx = adam_jax.adamw(1e-3)

    def update(params):
        return lambda p, s, g: tx.update(g, s, p), params, tx.init(params), params

    files, calls = passed_by_a_leaf(update, jnp.float32)
    assert "core/leaf_step.py" in files
    assert len(files) <= 8, files
    assert sum(calls["transforms/learning_rate.py", name] for name in ("read_state", "write_state")) == 2


@pytest.mark.standard_promotion
def test_a_step_with_master_weights_and_8_bits_in_a_kernel(monkeypatch):
    monkeypatch.setattr(selection, "TPU_KERNEL", PallasTPU(interpret=True))
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", implementation="pallas"))

    def step(params):
        return lambda p, s, g: adam_jax.step(tx, p, s, g), params, tx.init(params), params

    files, calls = passed_by_a_leaf(step, jnp.bfloat16)
    assert {"core/leaf_step.py", "core/split_float.py", "core/formats/eightbit.py"} <= files
    assert len(files) <= 12, files
    for file in ("master_weights", "learning_rate", "base"):
        assert [calls[f"transforms/{file}.py", name] for name in ("read_state", "write_state")] == [1, 1]
