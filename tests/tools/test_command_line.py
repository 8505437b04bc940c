"""Does `python -m adam_jax` do what it says?  Its demonstrations, its measurements and its refusals, in-process."""

import re
import sys

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import is_picture

from adam_jax.__main__ import main
from adam_jax.tools.bench import distance, exactness, learning_rates, training
from adam_jax.tools.demo import bowl, figures, train

# Optax's own Adam and schedules, which run here beside ours, raise under strict dtype promotion.
pytestmark = pytest.mark.standard_promotion

EXTRA = [("bowl", "matplotlib"), ("train", "flax"), ("train", "sklearn"), ("train", "tqdm")]


def table_of(printed: str) -> list[tuple[str, list[float]]]:
    """The lines of bowl's table: the coordinate, and gradient, m, v, m_hat, v_hat, step, theta."""
    lines = [re.fullmatch(r"\s*\d*\s+([xy])((?:\s+[-+.e\d]+)+)", line) for line in printed.splitlines()]
    return [(line[1], [float(number) for number in line[2].split()]) for line in lines if line]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("", "bowl train explain figures bench --seed --out out"),
        ("explain", "explain.html --out out"),
        ("bowl", "--steps 150 --learning-rate 0.2 --seed --out out"),
        (
            "train",
            "--epochs 20 --learning-rate 0.003 --batch-size 64 --devices --processes --steps 40 --seed --out out",
        ),
        ("bench", "exactness speed"),
        ("bench exactness", "--elements 64"),
        ("bench speed", "--models matrix sixteen gpt2 small transformer --repeats 11 --json --png"),
    ],
)
def test_help_names_every_choice_and_default(argv, expected, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*argv.split(), "--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in expected.split())


@pytest.mark.parametrize(
    ("argv", "allowed"),
    [
        ("bowl --steps -5", ">= 1"),
        ("bowl --steps 1.5", "integer"),
        ("bowl --learning-rate -0.1", ">= 0"),
        ("bowl --learning-rate nan", "finite"),
        ("train --learning-rate inf", "finite"),
        ("train --learning-rate fast", "number"),
        ("train --epochs 0", ">= 1"),
        ("train --batch-size 0", ">= 1"),
        ("train --seed -1", ">= 0"),
        ("--seed 4294967296", "<= 4294967295"),
        ("bench exactness --elements 0", ">= 1"),
        ("bench speed --repeats 0", ">= 1"),
        ("bench speed --models gpt5", "gpt2"),
        ("bench speed --json no/such/place.json", "directory that exists"),
        ("bench speed --png .", "must be a file"),
    ],
)
def test_bad_arguments_are_refused_by_name(argv, allowed, capsys):
    with pytest.raises(SystemExit) as stop:
        main(argv.split())
    assert stop.value.code == 2
    message = capsys.readouterr().err.splitlines()[-1]
    *_, argument, value = argv.split()
    assert all(part in message for part in (f"argument {argument}:", f"'{value}'", allowed))


@pytest.mark.parametrize("below", ["", "further/down"])
@pytest.mark.parametrize("command", [[], ["bowl"], ["train"], ["explain"]])
def test_out_must_be_a_directory(command, below, tmp_path, capsys):
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    with pytest.raises(SystemExit) as stop:
        main([*command, "--out", str(file / below)])
    assert stop.value.code == 2
    message = capsys.readouterr().err.splitlines()[-1]
    assert all(part in message for part in ("argument --out:", f"{file} is a file"))
    assert file.read_text() == "mine"


def test_bowl(tmp_path, capsys):
    out = tmp_path / "new" / "pictures"
    assert main(["bowl", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert is_picture(out / "bowl.png")
    assert max(printed.replace(str(out), "out").splitlines(), key=len)[80:] == ""

    lines = table_of(printed)
    assert [numbers for _, numbers in lines[:2]] == [[-9.0], [4.0]]
    # The gradients of (x**2 + 20 y**2) / 2 at (-9, 4); b1 = 0.9, b2 = 0.999, learning rate 0.2
    assert [coordinate for coordinate, _ in lines[2:4]] == ["x", "y"]
    for (_, numbers), g, start in zip(lines[2:4], (-9.0, 80.0), (-9.0, 4.0), strict=True):
        step = -0.2 * np.sign(g)
        assert numbers == pytest.approx([g, 0.1 * g, 0.001 * g**2, g, g**2, step, start + step], rel=5e-4)
    assert all(abs(numbers[-1]) < 0.02 for _, numbers in lines[-2:])


def test_the_bowl_says_why_adam():
    """Steps that are the same for gradients ten times as large, and less noise than each of the three."""
    steps, rate = 150, 0.2
    here = {name: float(bowl.loss(way.params[-1])) for name, way in bowl.walks(steps, rate).items()}
    steep, noisy = bowl.elsewhere(steps, rate).values()
    assert here["gradient descent"] < here["Adam"]
    assert steep["Adam"] == pytest.approx(here["Adam"], rel=1e-2)
    assert not steep["gradient descent"] < 1e6
    assert min(noisy, key=noisy.get) == "Adam"
    # of gradient descent in float64: x <- (1 - 0.09 h) x - 0.09 h noise ends at a variance of its own
    h, a = np.array(bowl.CURVATURE), 1 - 0.09 * np.array(bowl.CURVATURE)
    variance = (0.09 * h * 0.5) ** 2 / (1 - a**2)
    assert noisy["gradient descent"] == pytest.approx(np.sum(h * variance) / 2, rel=0.3)  # of 100 walks
    assert "diverges" in bowl.ends({"steep": steep})


def test_steps_and_learning_rate_reach_the_bowl(tmp_path, capsys):
    assert main(["bowl", "--steps", "3", "--learning-rate", "0.5", "--out", str(tmp_path)]) == 0
    lines = table_of(capsys.readouterr().out)
    assert len(lines) == 2 + 3 * 2  # the start and three steps, two coordinates each
    assert lines[2][1][-2] == pytest.approx(0.5, rel=1e-3)


def test_walks_follow_their_methods():
    ways = bowl.walks(steps=3, learning_rate=0.2)
    x0 = np.array([-9.0, 4.0])
    curvature = np.array([1.0, 20.0])
    gd, momentum = (np.asarray(ways[name].params) for name in ("gradient descent", "momentum"))
    assert gd[1:] == pytest.approx(np.array([x0 * (1 - 0.09 * curvature) ** t for t in (1, 2, 3)]), rel=1e-5)
    x1 = x0 - 0.02 * curvature * x0
    x2 = x1 + 0.9 * (x1 - x0) - 0.02 * curvature * x1
    assert momentum[:3] == pytest.approx(np.array([x0, x1, x2]), rel=1e-5, abs=1e-5)
    # Adam by the paper, in float64
    theta, m, v = x0, np.zeros(2), np.zeros(2)
    for t in (1, 2, 3):
        g = curvature * theta
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        theta = theta - 0.2 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        assert np.asarray(ways["Adam"].params[t]) == pytest.approx(theta, rel=1e-5)


def accuracies_losses_and_bytes(printed: str) -> dict[str, tuple[float, float, float]]:
    rows = re.findall(r"^(\S+\.adamw|half the memory)\s+([\d.]+)%\s+([\d.]+)\s+([\d.]+)$", printed, re.MULTILINE)
    return {name: (float(accuracy), float(loss), float(kept)) for name, accuracy, loss, kept in rows}


@pytest.mark.slow
def test_train(tmp_path, capsys):
    argv = ["train", "--epochs", "15", "--batch-size", "479", "--out", str(tmp_path)]  # a third: one program for all
    assert main([*argv, "--seed", "3"]) == 0
    printed = capsys.readouterr()
    assert is_picture(tmp_path / "train.png")
    assert "step/s" in printed.err
    results = accuracies_losses_and_bytes(printed.out)
    accuracy, loss, kept = results["optax.adamw"]
    assert accuracy > 90
    assert kept == pytest.approx(16, abs=0.1)
    for name, bytes_per_parameter in (("adam_jax.adamw", 16), ("half the memory", 8)):
        ours, our_loss, kept = results[name]
        assert abs(ours - accuracy) <= 1
        assert our_loss == pytest.approx(loss, rel=0.1)
        assert kept == pytest.approx(bytes_per_parameter, abs=0.1)

    assert main([*argv, "--seed", "3"]) == 0
    assert capsys.readouterr().out == printed.out
    assert main(["--seed", "4", *argv]) == 0
    assert accuracies_losses_and_bytes(capsys.readouterr().out) != results


def test_batches_are_a_new_order_each_epoch():
    first, again, other = ([b.tolist() for b in train.batches(10, 2, 4, seed)] for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert [len(batch) for batch in first] == [4, 4, 2] * 2
    epochs = [[i for batch in half for i in batch] for half in (first[:3], first[3:])]
    assert epochs[0] != epochs[1]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)


def test_held_out_digits_are_not_trained_on():
    training, held_out = train.digits()
    assert (training.images.shape, held_out.images.shape) == ((1437, 64), (360, 64))
    assert [training.images.mean(), training.images.std()] == pytest.approx([0, 1], abs=1e-5)
    assert set(held_out.labels) == set(range(10))
    seen = {image.tobytes() for image in training.images}
    assert not any(image.tobytes() in seen for image in held_out.images)


def test_without_a_subcommand_the_demonstrations_run_in_turn(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(bowl, "run", lambda *args: calls.append(args))
    monkeypatch.setattr(train, "run", lambda *args: calls.append(args))
    assert main(["--seed", "7", "--out", str(tmp_path)]) == 0
    assert calls == [(tmp_path, 150, 0.2), (tmp_path, 20, 0.003, 64, 7)]
    monkeypatch.setattr(sys, "argv", ["adam_jax", "--out", str(tmp_path), "bowl"])
    assert main() == 0
    assert calls[2:] == calls[:1]


@pytest.mark.parametrize(("command", "missing"), EXTRA)
def test_a_missing_extra_is_named_with_its_cure(command, missing, monkeypatch, tmp_path, capsys):
    for loaded in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, f"adam_jax.tools.demo.{command}")
    monkeypatch.delattr(f"adam_jax.tools.demo.{command}")
    assert main([command, "--out", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{missing} is missing: pip install ")
    assert "'tqdm>=" in printed.err  # by names that an index has, also where this is a copy of the repository


def test_another_missing_module_is_not_blamed_on_the_extra(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "adam_jax.diagnostics.adam_part", None)
    monkeypatch.delitem(sys.modules, "adam_jax.tools.demo.bowl")
    monkeypatch.delattr("adam_jax.tools.demo.bowl")
    with pytest.raises(ModuleNotFoundError, match=r"adam_jax\.diagnostics\.adam_part"):
        main(["bowl", "--out", str(tmp_path)])


def test_bench_exactness(monkeypatch, capsys):
    measure = exactness.measure
    rows = []

    def tiny(elements):
        rows.extend(measure(b1s=(0.9,), b2s=(0.999,), steps=(1, 10, 100), elements=elements))
        return rows

    monkeypatch.setattr(exactness, "measure", tiny)
    assert main(["bench", "exactness", "--elements", "8", "--markdown"]) == 0
    assert capsys.readouterr().out == exactness.report(rows) + "\n"
    errors = {(row["library"], row["gradients"]): row["sqrt(v_hat) max"] for row in rows}
    assert 0 < errors["adam_jax", "random"] < errors["optax", "random"]
    assert errors["adam_jax", "random"] < 1e-6


def test_memory_prints_the_table(capsys):
    assert main(["memory", "--markdown"]) == 0
    assert "| 8.00 |" in capsys.readouterr().out.splitlines()[-3]
    assert main(["memory"]) == 0
    assert capsys.readouterr().out.splitlines()[-3].split()[-1] == "8.00"


def test_training_prints_every_format(monkeypatch, capsys):
    monkeypatch.setitem(training.TASKS, "digits", lambda name, seed, steps, b1, b2: seed + steps + b1 - b2)
    assert main(["bench", "training", "--seeds", "2", "--steps", "3", "--b1", "0.5", "--b2", "0.5", "--markdown"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert lines[2] == "| float32 | 3.5000 |  |  |"
    assert lines[3:] == [
        f"| {name} | 3.5000 | +0.0000 ± 0.0000 | +0.00 |" for name in training.FORMATS if name != "float32"
    ]


def test_figures(monkeypatch, tmp_path, capsys):
    curve = np.geomspace(2, 0.1, 60)[None]
    looks = len(distance.looked_at(distance.STEPS))
    one = {name: np.geomspace(1e-6, 1e-4, looks) * [[1], [2]] for name in distance.OPTIMIZERS}
    far = {(name, b2): one for name in distance.DATASETS for b2 in distance.B2S}
    monkeypatch.setattr(figures, "losses", lambda formats: dict.fromkeys(formats, curve))
    monkeypatch.setattr(distance, "measure_all", lambda: far)
    losses = dict.fromkeys(learning_rates.METHODS, np.where(learning_rates.RATES > 1, np.inf, 0.5))
    monkeypatch.setattr(learning_rates, "measure_all", lambda: dict.fromkeys(learning_rates.TASKS, losses))
    assert main(["figures", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    for name in ("overview.png", "learning_rates.png", "distance.png"):
        assert is_picture(tmp_path / name)
        assert str(tmp_path / name) in printed


@pytest.mark.slow
def test_the_losses_of_the_figure_are_alike():
    """From the same starts, on the same batches."""
    measured = figures.losses(["float32", "8bit + master_weights(16)"], seeds=1, steps=20)
    exact, narrow = measured.values()
    assert exact.shape == narrow.shape == (1, 20)
    assert exact[0, -1] < exact[0, 0]
    np.testing.assert_allclose(narrow, exact, rtol=0.02)
    assert np.any(narrow != exact)


@pytest.mark.slow
def test_losses_over_learning_rates():
    """Gradient descent on c x**2 / 2 multiplies x by 1 - c rate in each step."""
    curvatures = jnp.array([1.0, 100.0])

    def loss(x, _):
        return jnp.sum(curvatures * x**2) / 2

    steps, start = 30, np.array([-9.0, 4.0])
    task = learning_rates.Task(jnp.asarray(start)[None], jnp.zeros((1, steps)), loss, lambda x: loss(x, None))
    rates = np.array([1e-4, 1e-2, 1.0])
    measured = learning_rates.measure(task, rates)
    assert list(measured) == ["gradient descent", "momentum", "RMSprop", "Adam"]
    factor = 1 - np.array([1.0, 100.0]) * rates[:, None]
    last = np.arange(steps - 9, steps + 1)[:, None, None]
    exact = ((np.array([1.0, 100.0]) * (start * factor**last) ** 2).sum(axis=-1) / 2).mean(axis=0)
    np.testing.assert_allclose(measured["gradient descent"][:2], exact[:2], rtol=1e-4)  # thirty float32 steps
    assert measured["gradient descent"][2] == np.inf
    assert measured["RMSprop"][2] < 100 > measured["Adam"][2]
    text = learning_rates.report({"a bowl": {name: np.geomspace(1, 25, 25) for name in measured}})
    assert text.splitlines()[2].startswith("| a bowl | gradient descent | 1 | 1e-05 |  | ")


@pytest.mark.slow
def test_a_training_stays_nearer_to_float64():
    """The first steps of Optax's are off by its bias correction: 1 - b2 is rounded apart from 1 - b2**t."""
    measured = distance.measure("wine", 0.9999, seeds=2, steps=10)
    assert list(distance.looked_at(10)) == list(range(1, 11))
    theirs, ours = (np.median(away, axis=0) for away in measured.values())
    assert list(measured) == ["optax.adamw", "adam_jax.adamw"]
    assert np.all(ours < 3e-6)
    assert np.all(theirs > 10 * ours)
