"""What can I measure?  The subcommands of `python -m adam_jax` that print tables: bench, memory, traffic."""

import argparse
import functools
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from adam_jax.tools import argument_types, files, tables

# What bench.speed.CASES, bench.configurations.MODELS and bench.targets.TARGETS hold; to import these takes seconds.
SPEED_CASES = ("matrix", "sixteen", "gpt2", "small", "transformer")
MODELS = ("matrix", "vocabulary", "gpt2", "sixteen", "small")
TARGETS = ("local", "h200", "v5e", "v6e")


def add(commands: Any) -> None:
    """Adds them to the subcommands of a parser."""
    _add_bench(commands)
    does = "the bytes per parameter of weights, gradients and state in every configuration"
    memory = commands.add_parser("memory", help=does, description=does)
    memory.set_defaults(run=_memory)
    _add_markdown(memory)
    _add_traffic(commands)


def _add_markdown(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")


def _announce(what: str) -> None:
    """What will be done and how long that takes.  To stderr, so that it is not in a file with the tables."""
    print(what, file=sys.stderr, flush=True)


def _print(args: argparse.Namespace, report: str) -> None:
    print(report if args.markdown else tables.aligned(report))


def _add_bench(commands: Any) -> None:
    does = "measure exactness, speed or loss, and print tables"
    bench = commands.add_parser("bench", help=does, description=does)
    measurements = bench.add_subparsers(title="measurements", dest="measurement", required=True)

    does = "the error of sqrt(v_hat) and of the update, compared with float64 (about a minute)"
    exactness = measurements.add_parser("exactness", help=does, description=does)
    exactness.set_defaults(run=_exactness)
    _add_markdown(exactness)
    exactness.add_argument(
        "--elements",
        type=argument_types.integer(1),
        default=64,
        metavar="INT",
        help="elements of each kind of gradient (default: %(default)s)",
    )

    does = "the distance of small float32 trainings from the same trainings in float64 (about two minutes)"
    distance = measurements.add_parser("distance", help=does, description=does)
    distance.set_defaults(run=_distance)
    _add_markdown(distance)

    does = "the loss over the learning rate: Adam, RMSprop, momentum, gradient descent (about a minute)"
    learning_rates = measurements.add_parser("learning-rates", help=does, description=does)
    learning_rates.set_defaults(run=_learning_rates)
    _add_markdown(learning_rates)

    _add_speed(measurements)

    does = "the loss of training in every format (an hour for the transformer)"
    training = measurements.add_parser("training", help=does, description=does)
    training.set_defaults(run=_training)
    _add_markdown(training)
    training.add_argument(
        "--task",
        choices=("digits", "transformer", "quadratic", "zipf"),
        default="digits",
        help="what to train; quadratic: the stationary loss at a constant learning rate (default: %(default)s)",
    )
    for name, default in (("--b1", 0.9), ("--b2", 0.999)):
        training.add_argument(
            name, type=argument_types.decay_rate, default=default, metavar="FLOAT", help="default: %(default)s"
        )
    for name, default, what in (("--seeds", 5, "runs of each format"), ("--steps", 400, "steps of each run")):
        training.add_argument(
            name, type=argument_types.integer(1), default=default, metavar="INT", help=f"{what} (default: %(default)s)"
        )


def _add_speed(measurements: Any) -> None:
    does = (
        "the time of a jitted step and of its compilation, compared with Optax, PyTorch and a copy (needs 8 GB and "
        "many minutes)"
    )
    speed = measurements.add_parser("speed", help=does, description=does)
    speed.set_defaults(run=_speed)
    _add_markdown(speed)
    speed.add_argument(
        "--models",
        nargs="+",
        choices=SPEED_CASES,
        default=SPEED_CASES,
        help="models whose step is timed (default: all)",
    )
    speed.add_argument(
        "--repeats",
        type=argument_types.integer(1),
        default=11,
        metavar="INT",
        help="timed steps of each optimizer (default: %(default)s)",
    )
    for name, what in (("--json", "write all numbers as JSON"), ("--png", "draw the times of the steps as bars")):
        speed.add_argument(name, type=argument_types.file, metavar="FILE", help=f"{what}; FILE is overwritten")


def _add_traffic(commands: Any) -> None:
    does = (
        "the bytes per parameter that a step moves, counted in the program that the compiler for a GPU or a TPU makes; "
        "this machine needs no GPU or TPU"
    )
    traffic = commands.add_parser("traffic", help=does, description=does, epilog=_HOW_TO_COUNT)
    traffic.set_defaults(run=_traffic)
    _add_markdown(traffic)
    traffic.add_argument(
        "--target",
        choices=TARGETS,
        default="local",
        help="the machine to compile for (default: %(default)s, this machine)",
    )
    what = traffic.add_mutually_exclusive_group()
    what.add_argument("--model", choices=MODELS, default="matrix", help="the model to update (default: %(default)s)")
    what.add_argument(
        "--shapes",
        type=argument_types.shapes,
        metavar="SHAPES",
        help="shapes of parameters in place of a model, such as 4096x4096,768",
    )
    traffic.add_argument("--configurations", nargs="+", metavar="NAME", help="rows of the table (default: all)")
    traffic.add_argument(
        "--json",
        type=argument_types.file,
        metavar="FILE",
        help="write all numbers as JSON; FILE is overwritten",
    )


_HOW_TO_COUNT = (
    "update: tx.update and optax.apply_updates in one program. step: adam_jax.step, if that is a different program. "
    "least: every array read and written once, plus one more pass over the gradient for the bound of 8-bit moments. "
    "bytes: the sum over all kernels of the arrays that they read and write in memory. passes: kernels that move more "
    "than a hundredth of a byte per parameter. temporaries: bytes per parameter of scratch memory. There is "
    "a second table for h200, and for the kernel of v5e with a model of one leaf. instructions: per parameter, in "
    "kernels that write arrays; PTX instructions on h200, where a division counts as 8, and vector operations on v5e. "
    "ps: picoseconds per parameter that the bytes take at 0.9 of the peak (4.3 and 0.74 TB/s), or the instructions at "
    "30e12 per second (132 multiprocessors of 128 lanes at 1.785 GHz) and 6.1e12 (4 vector units of 1,024 lanes at "
    "1.5 GHz); the longer of the two limits the step."
)


def _write(file: Path, numbers: Any) -> None:
    with files.writing(file):
        file.write_text(json.dumps(numbers, indent=1) + "\n")


def _exactness(args: argparse.Namespace) -> None:
    from adam_jax.tools.bench import exactness

    _announce("50,000 steps in float32, with Optax and in float64: about a minute")
    _print(args, exactness.report(exactness.measure(elements=args.elements)))


def _distance(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.tools.bench import distance

    _announce("small trainings in float32 and float64: about two minutes")
    _print(args, distance.report(distance.measure_all(functools.partial(tqdm, unit="task", leave=False))))


def _learning_rates(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.tools.bench import learning_rates

    _announce("four methods at 25 learning rates: about a minute")
    _print(args, learning_rates.report(learning_rates.measure_all(functools.partial(tqdm, unit="task", leave=False))))


def _speed(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.tools.bench import speed, speed_report

    for file in filter(None, (args.json, args.png)):
        files.prepare(file)
    if args.png:
        importlib.import_module("matplotlib")  # if it is missing, the error comes now and not after minutes
    cases = {name: speed.CASES[name] for name in args.models}
    _announce(f"{len(cases)} models, {args.repeats} timed steps each: some minutes; run nothing else meanwhile")
    progress = functools.partial(tqdm, unit="turn", leave=False)
    measured = speed.measure(cases, args.repeats, progress=progress)
    if args.json:
        _write(args.json, measured)
    _print(args, speed_report.report(measured))
    if args.png:
        with files.writing(args.png):
            speed_report.picture(measured, args.png)


def _memory(args: argparse.Namespace) -> None:
    import jax
    import jax.numpy as jnp

    from adam_jax.tools.bench import memory
    from adam_jax.tools.bench.configurations import MODELS

    print("bytes per parameter between two steps, GPT-2 small\n")
    _print(args, memory.report([jax.ShapeDtypeStruct(shape, jnp.float32) for shape in MODELS["gpt2"]]))


def _training(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.tools.bench import training

    runs = args.seeds * len(training.FORMATS)
    _announce(f"{runs} trainings of {args.steps} steps: seconds each for digits, minutes each for the transformer")
    progress = functools.partial(tqdm, desc=args.task, unit="run")
    _print(args, training.report(training.measure(args.task, args.seeds, args.steps, progress, b1=args.b1, b2=args.b2)))


def _traffic(args: argparse.Namespace) -> None:
    from adam_jax.tools.bench import targets

    targets.prepare(args.target)
    from tqdm import tqdm

    from adam_jax.tools.bench import configurations, traffic

    available = configurations.available()
    if unknown := set(args.configurations or ()) - set(available):
        raise SystemExit(f"no configuration {', '.join(sorted(unknown))}; there are: {', '.join(available)}")
    if problem := targets.missing(args.target):
        raise SystemExit(problem)
    if args.json:
        files.prepare(args.json)
    chosen = {name: available[name] for name in args.configurations or available}
    _announce(f"{len(chosen)} configurations compiled for {args.target}: some seconds each")
    shapes = args.shapes or configurations.MODELS[args.model]
    rows = traffic.measure(chosen, shapes, args.target, functools.partial(tqdm, unit="program", leave=False))
    if args.json:
        _write(args.json, rows)
    print(f"bytes per parameter of a step on {args.target}, {configurations.parameters(shapes):,} parameters\n")
    _print(args, traffic.report(rows))
