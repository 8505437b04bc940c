"""What can I see at once?  `python -m adam_jax`: demonstrations, measurements and reports, one subcommand each."""

import argparse
import sys

from adam_jax import arguments
from adam_jax.bench import commands as measurements

_EXTRA = ("flax", "matplotlib", "sklearn", "tqdm")


def _bowl(args: argparse.Namespace) -> None:
    from adam_jax.demo import bowl

    bowl.run(args.out, args.steps, args.learning_rate)


def _train(args: argparse.Namespace) -> None:
    from adam_jax.demo import train

    train.run(args.out, args.epochs, args.learning_rate, args.batch_size, args.seed)


def _add_shared(parser: argparse.ArgumentParser, seed: int | str, out: str) -> None:
    parser.add_argument(
        "--seed",
        type=arguments.integer(0, 2**32 - 1),
        default=seed,
        metavar="INT",
        help="draws the first weights and the order of the data in train; nothing in bowl is random (default: 0)",
    )
    parser.add_argument(
        "--out",
        type=arguments.directory,
        default=out,
        metavar="DIR",
        help="for the pictures; created if need be (default: out)",
    )


def _add_demonstrations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    does = "walk down a quadratic bowl: a table of Adam's steps, and bowl.png with three other methods beside it"
    bowl = commands.add_parser("bowl", help=does, description=does)
    bowl.set_defaults(run=_bowl)
    bowl.add_argument(
        "--steps", type=arguments.integer(1), default=150, metavar="INT", help="of each method (default: %(default)s)"
    )
    bowl.add_argument(
        "--learning-rate",
        type=arguments.non_negative,
        default=0.2,
        metavar="FLOAT",
        help="of Adam and RMSprop (default: %(default)s)",
    )

    does = "train a small Flax network on handwritten digits with adam_jax.adamw and with optax.adamw"
    train = commands.add_parser("train", help=does, description=does)
    train.set_defaults(run=_train)
    train.add_argument(
        "--epochs",
        type=arguments.integer(1),
        default=20,
        metavar="INT",
        help="passes over the data (default: %(default)s)",
    )
    train.add_argument(
        "--learning-rate",
        type=arguments.non_negative,
        default=0.003,
        metavar="FLOAT",
        help="the schedule's peak (default: %(default)s)",
    )
    train.add_argument(
        "--batch-size",
        type=arguments.integer(1),
        default=64,
        metavar="INT",
        help="images a step (default: %(default)s)",
    )

    for demonstration in (bowl, train):
        # Without defaults of their own, else they would overwrite what stands before the subcommand.
        _add_shared(demonstration, seed=argparse.SUPPRESS, out=argparse.SUPPRESS)


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
    measurements.add(commands)
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
