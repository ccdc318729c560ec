"""``python -m intent_service serve|train|activate|evaluate|compare|export|info``."""

import argparse
import os
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from intent_service.commands import activate, compare, evaluate, export, info, serve, train
from intent_service.errors import BadTrainingData, ModelUnusable
from telemetry.wrong_settings import sentences_of

COMMANDS = (serve, train, activate, evaluate, compare, export, info)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked for."""
    parser = argparse.ArgumentParser(prog="intent_service", description="The intent service.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        name = command.__name__.rsplit(".", 1)[-1]
        own = commands.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(own)
        own.set_defaults(run=command.run, command=name)
    chosen = parser.parse_args(arguments)
    # one message is one small product: more BLAS threads only wait for each other (measured: 10 ms instead of 0.8)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the same: 1 ms a message for handing it round
    try:
        code: int = chosen.run(chosen)
    except BadTrainingData as error:
        print(error, file=sys.stderr)
        undone = " in the training data; nothing was trained" if chosen.command == "train" else "; nothing was measured"
        print(f"{len(error.problems)} to mend{undone}.", file=sys.stderr)
        return 2
    except ModelUnusable as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        place = f"{error.filename} cannot be used: " if error.filename else ""
        print(f"{place}{error.strerror or error}.", file=sys.stderr)
        return 1
    except ValidationError as error:
        print(sentences_of(error), file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
