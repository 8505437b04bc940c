"""What can I see at once?  `python -m adam_jax`: demonstrations, measurements and reports, one subcommand each."""

import argparse
import functools
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adam_jax import interruption
from adam_jax.tools import argument_types, extras
from adam_jax.tools.bench import commands as measurements

_EXTRA = ("flax", "matplotlib", "sklearn", "tqdm")


# What train uses where nothing is given: digits, and a transformer on many devices
_OUT, _EPOCHS, _RATE, _BATCH = Path("out"), 20, 0.003, 64
_STEPS, _SEQUENCES = 40, 16


def _bowl(args: argparse.Namespace) -> None:
    from adam_jax.tools.demo import bowl

    bowl.run(args.out or _OUT, args.steps, args.learning_rate)


def _explain(args: argparse.Namespace) -> None:
    from adam_jax.tools import explain

    explain.run(args.out or _OUT)


def _figures(args: argparse.Namespace) -> None:
    from adam_jax.tools.demo import figures

    figures.run(args.out or _OUT)


def _train(args: argparse.Namespace, refuse: Callable[[str], Any]) -> None:
    for name in ("steps", "processes") if args.devices is None else ("epochs", "out"):
        if (value := getattr(args, name)) is not None:
            when = "only with" if args.devices is None else "not with"
            refuse(f"argument --{name}: {when} --devices; got '{value}'")
    if args.devices is not None:
        _train_on_devices(args, refuse)
        return
    from adam_jax.tools.demo import train

    train.run(args.out or _OUT, args.epochs or _EPOCHS, args.learning_rate, args.batch_size or _BATCH, args.seed)


def _train_on_devices(args: argparse.Namespace, refuse: Callable[[str], Any]) -> None:
    devices, processes = args.devices, args.processes or 1
    if devices % processes:
        refuse(f"argument --processes: must divide --devices {devices}; got '{processes}'")
    batch_size = args.batch_size or devices * math.ceil(_SEQUENCES / devices)
    if batch_size % devices:
        refuse(f"argument --batch-size: must be a multiple of --devices {devices}; got '{batch_size}'")
    from adam_jax.tools.demo import zero

    zero.run(zero.Options(devices, processes, args.steps or _STEPS, args.learning_rate, batch_size, args.seed))


def _add_shared(parser: argparse.ArgumentParser, seed: int | str, out: str | None) -> None:
    parser.add_argument(
        "--seed",
        type=argument_types.integer(0, 2**32 - 1),
        default=seed,
        metavar="INT",
        help="seed of the first weights and of the order of the data in train; nothing else is random (default: 0)",
    )
    _add_out(parser, out)


def _add_out(parser: argparse.ArgumentParser, out: str | None) -> None:
    parser.add_argument(
        "--out",
        type=argument_types.directory,
        default=out,
        metavar="DIR",
        help=f"directory for the pictures and the page; created if necessary (default: {_OUT})",
    )


def _add_demonstrations(commands: Any) -> None:
    does = "minimize a quadratic bowl: a table of Adam's steps, and bowl.png with three other methods for comparison"
    bowl = commands.add_parser("bowl", help=does, description=does)
    bowl.set_defaults(run=_bowl)
    bowl.add_argument(
        "--steps",
        type=argument_types.integer(1),
        default=150,
        metavar="INT",
        help="steps of each method (default: %(default)s)",
    )
    bowl.add_argument(
        "--learning-rate",
        type=argument_types.non_negative,
        default=0.2,
        metavar="FLOAT",
        help="learning rate of Adam and RMSprop (default: %(default)s)",
    )
    # Without defaults of their own: they would overwrite the options that are given before the subcommand.
    _add_shared(bowl, seed=argparse.SUPPRESS, out=argparse.SUPPRESS)
    _add_train(commands)
    does = "write explain.html, an interactive page about Adam for a browser; it needs no network"
    explain = commands.add_parser("explain", help=does, description=does)
    explain.set_defaults(run=_explain)
    _add_out(explain, out=argparse.SUPPRESS)
    does = (
        "draw overview.png, the bytes per parameter and the losses in every format; learning_rates.png, the losses of "
        "four methods over the learning rate; and distance.png, the distance of float32 trainings from float64"
    )
    figures = commands.add_parser("figures", help=does, description=does)
    figures.set_defaults(run=_figures)
    _add_out(figures, out=argparse.SUPPRESS)


def _add_train(commands: Any) -> None:
    does = (
        "train a small Flax network on handwritten digits with adam_jax.adamw and with optax.adamw; with --devices, "
        "train a byte-level transformer on many devices, with the optimizer state sharded over them (ZeRO-1)"
    )
    train = commands.add_parser("train", help=does, description=does)
    train.set_defaults(run=functools.partial(_train, refuse=train.error))
    train.add_argument(
        "--epochs",
        type=argument_types.integer(1),
        metavar="INT",
        help=f"passes over the digits (default: {_EPOCHS})",
    )
    train.add_argument(
        "--learning-rate",
        type=argument_types.non_negative,
        default=_RATE,
        metavar="FLOAT",
        help="peak of the learning rate schedule (default: %(default)s)",
    )
    train.add_argument(
        "--batch-size",
        type=argument_types.integer(1),
        metavar="INT",
        help=f"images per step (default: {_BATCH}); with --devices, sequences per step on all devices together "
        f"(default: {_SEQUENCES}, or the next multiple of the number of devices)",
    )
    for name, what in (
        ("--devices", "train the transformer on so many devices, virtual ones of the CPU if there are fewer"),
        ("--processes", "number of processes that share the virtual devices (default: 1)"),
        ("--steps", f"steps of the transformer with each optimizer (default: {_STEPS})"),
    ):
        train.add_argument(name, type=argument_types.integer(1), metavar="INT", help=what)
    _add_shared(train, seed=argparse.SUPPRESS, out=argparse.SUPPRESS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m adam_jax",
        description="Demonstrations and measurements of adam_jax. Without a subcommand: bowl, then train.",
        epilog=f"Alone run explain, memory and bench exactness; all others need: {extras.install('demo')}",
    )
    parser.set_defaults(run=None)
    parser.add_argument(
        "--version", action="store_true", help="print the installed versions, and whether native kernels are installed"
    )
    _add_shared(parser, seed=0, out=None)
    commands = parser.add_subparsers(title="subcommands")
    _add_demonstrations(commands)
    measurements.add(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command line (that of the process, if None) and return its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    parser = _parser()
    args = parser.parse_args(argv)
    if args.version:
        from adam_jax.tools import version

        print(version.text())
        return 0
    try:
        for each in [args] if args.run else [parser.parse_args([*argv, name]) for name in ("bowl", "train")]:
            each.run(each)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        print(f"{missing} is missing: {extras.install('demo')}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    interruption.end_at_once()  # also where options of Python's own stand before `-m adam_jax`
    sys.exit(main())
