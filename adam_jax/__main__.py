"""What can I see at once?  `python -m adam_jax`: demonstrations, measurements and reports, one subcommand each."""

import argparse
import functools
import importlib
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

_SPEED_CASES = ("matrix", "gpt2", "small", "transformer")  # bench.speed.CASES, whose import takes seconds
_EXTRA = ("flax", "matplotlib", "sklearn", "tqdm")


def _bowl(args: argparse.Namespace) -> None:
    from adam_jax.demo import bowl

    bowl.run(args.out, args.steps, args.learning_rate)


def _train(args: argparse.Namespace) -> None:
    from adam_jax.demo import train

    train.run(args.out, args.epochs, args.learning_rate, args.batch_size, args.seed)


def _exactness(args: argparse.Namespace) -> None:
    from adam_jax.bench import exactness

    print(exactness.report(exactness.measure(elements=args.elements)))


def _speed(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.bench import speed, speed_report

    if args.png:
        importlib.import_module("matplotlib")  # if it is missing, better now than after minutes
    cases = {name: speed.CASES[name] for name in args.models}
    progress = functools.partial(tqdm, unit="turn", leave=False)
    measured = speed.measure(cases, args.repeats, progress=progress)
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1) + "\n")
    print(speed_report.report(measured))
    if args.png:
        speed_report.picture(measured, args.png)


def _memory(_: argparse.Namespace) -> None:
    import jax
    import jax.numpy as jnp

    from adam_jax.bench.configurations import MODELS
    from adam_jax.diagnostics import memory

    print("bytes a parameter between two steps, GPT-2 small\n")
    print(memory.report([jax.ShapeDtypeStruct(shape, jnp.float32) for shape in MODELS["gpt2"]]))


def _training(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from adam_jax.bench import training

    progress = functools.partial(tqdm, desc=args.task, unit="run")
    print(training.report(training.measure(args.task, args.seeds, args.steps, progress)))


def _integer(at_least: int, at_most: float = math.inf) -> Callable[[str], int]:
    allowed = f"an integer >= {at_least}" + (f" and <= {at_most}" if at_most < math.inf else "")

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = math.nan
        if isinstance(value, float) or not at_least <= value <= at_most:
            raise argparse.ArgumentTypeError(f"must be {allowed}; got {text!r}")
        return value

    return parse


def _non_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a finite number >= 0; got {text!r}")
    return value


def _directory(text: str) -> Path:
    path = Path(text)
    existing = next(p for p in (path, *path.parents) if p.exists())
    if not existing.is_dir():
        raise argparse.ArgumentTypeError(
            f"must be a directory, which may be a new one; got {text!r}: {existing} is a file"
        )
    return path


def _file(text: str) -> Path:
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"must be a file in a directory that exists; got {text!r}")
    return path


def _add_shared(parser: argparse.ArgumentParser, seed: int | str, out: str) -> None:
    parser.add_argument(
        "--seed",
        type=_integer(0, 2**32 - 1),
        default=seed,
        metavar="INT",
        help="draws the first weights and the order of the data in train; nothing in bowl is random (default: 0)",
    )
    parser.add_argument(
        "--out", type=_directory, default=out, metavar="DIR", help="for the pictures; created if need be (default: out)"
    )


def _add_demonstrations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    does = "walk down a quadratic bowl: a table of Adam's steps, and bowl.png with three other methods beside it"
    bowl = commands.add_parser("bowl", help=does, description=does)
    bowl.set_defaults(run=_bowl)
    bowl.add_argument(
        "--steps", type=_integer(1), default=150, metavar="INT", help="of each method (default: %(default)s)"
    )
    bowl.add_argument(
        "--learning-rate",
        type=_non_negative,
        default=0.2,
        metavar="FLOAT",
        help="of Adam and RMSprop (default: %(default)s)",
    )

    does = "train a small Flax network on handwritten digits with adam_jax.adamw and with optax.adamw"
    train = commands.add_parser("train", help=does, description=does)
    train.set_defaults(run=_train)
    train.add_argument(
        "--epochs", type=_integer(1), default=20, metavar="INT", help="passes over the data (default: %(default)s)"
    )
    train.add_argument(
        "--learning-rate",
        type=_non_negative,
        default=0.003,
        metavar="FLOAT",
        help="the schedule's peak (default: %(default)s)",
    )
    train.add_argument(
        "--batch-size", type=_integer(1), default=64, metavar="INT", help="images a step (default: %(default)s)"
    )

    for demonstration in (bowl, train):
        # Without defaults of their own, else they would overwrite what stands before the subcommand.
        _add_shared(demonstration, seed=argparse.SUPPRESS, out=argparse.SUPPRESS)


def _add_measurements(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    does = "measure exactness, speed or loss, and print Markdown tables"
    bench = commands.add_parser("bench", help=does, description=does)
    measurements = bench.add_subparsers(title="measurements", dest="measurement", required=True)

    does = "the error of sqrt(v_hat) and of the update against float64 (about a minute)"
    exactness = measurements.add_parser("exactness", help=does, description=does)
    exactness.set_defaults(run=_exactness)
    exactness.add_argument(
        "--elements",
        type=_integer(1),
        default=64,
        metavar="INT",
        help="of each kind of gradient (default: %(default)s)",
    )

    _add_speed(measurements)

    does = "the held-out loss of real training in every format (an hour for the transformer)"
    training = measurements.add_parser("training", help=does, description=does)
    training.set_defaults(run=_training)
    training.add_argument(
        "--task", choices=("transformer", "digits"), default="digits", help="what to train (default: %(default)s)"
    )
    for name, default, what in (("--seeds", 5, "runs of each format"), ("--steps", 400, "of each run")):
        training.add_argument(
            name, type=_integer(1), default=default, metavar="INT", help=f"{what} (default: %(default)s)"
        )


def _add_speed(measurements: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    does = "the time of a jitted step and of its compilation, beside Optax, PyTorch and a copy (8 GB, many minutes)"
    speed = measurements.add_parser("speed", help=does, description=does)
    speed.set_defaults(run=_speed)
    speed.add_argument(
        "--models", nargs="+", choices=_SPEED_CASES, default=_SPEED_CASES, help="what to step (default: all)"
    )
    speed.add_argument(
        "--repeats", type=_integer(1), default=11, metavar="INT", help="timed turns of each (default: %(default)s)"
    )
    for name, what in (("--json", "every number, for programs"), ("--png", "the steps as bars")):
        speed.add_argument(name, type=_file, metavar="FILE", help=f"{what}; overwritten (default: none)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m adam_jax",
        description="Adam for JAX at work. Without a subcommand: bowl, then train.",
        epilog="bowl and train need: pip install 'adam_jax[demo]'",
    )
    parser.set_defaults(run=None)
    _add_shared(parser, seed=0, out="out")
    commands = parser.add_subparsers(title="subcommands")
    _add_demonstrations(commands)
    _add_measurements(commands)
    does = "the bytes a parameter of weights, gradients and state in every configuration"
    commands.add_parser("memory", help=does, description=does).set_defaults(run=_memory)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command line (that of the process, if None) and return its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    parser = _parser()
    args = parser.parse_args(argv)
    try:
        for each in [args] if args.run else [parser.parse_args([*argv, name]) for name in ("bowl", "train")]:
            each.run(each)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        print(f"{missing} is missing: pip install 'adam_jax[demo]'", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
