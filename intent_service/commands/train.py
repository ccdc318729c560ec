"""Train a model from labelled sentences."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

HELP = "train, calibrate and export a model, and make it current"

DATA, DOMAIN = Path("data/nlu"), Path("domain")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data is and where the model goes."""
    parser.add_argument("--data", type=Path, default=DATA, help="folder of Rasa NLU YAML, or a CSV file")
    parser.add_argument(
        "--domain", type=Path, help=f"Rasa domain that must know the intents (with {DATA}: {DOMAIN}; else none)"
    )
    parser.add_argument("--out", type=Path, default=Path("models/intent"), help="folder of versions, named intent")
    parser.add_argument("--seed", type=int, default=1, help="same data, seed and machine give the same model")
    parser.add_argument("--encoder", help="hub name or folder of another DistilBERT or BERT to start from")
    parser.add_argument("--check", action="store_true", help="only check the data")


def run(arguments: argparse.Namespace) -> int:
    """Check, train, say where the model is."""
    from intent_service.nlu_data.checks import check_training_data
    from intent_service.nlu_data.hints import hints
    from intent_service.nlu_data.reader import read_training_data

    if arguments.out.name != "intent":
        print(f"Versions are kept in a folder called intent: --out {arguments.out / 'intent'}", file=sys.stderr)
        return 2
    data = read_training_data(arguments.data)
    # the domain here is the one of the sentences here: other sentences have other intents
    domain = arguments.domain or (DOMAIN if arguments.data == DATA else None)
    for note in check_training_data(data, domain=domain):
        print(note, file=sys.stderr)
    for hint in hints(data, domain=domain):
        print(hint, file=sys.stderr)
    print(f"{len(data.examples)} sentences of {len(data.intents)} intents.", file=sys.stderr)
    if arguments.check:
        return 0

    # waiting threads sleep: spinning, they cost ten times the processor when other processes share it (measured)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from intent_service.commands.progress import ProgressReport
    from intent_service.training.train import train

    with ProgressReport() as report:
        folder = train(
            data,
            arguments.out.parent,
            seed=arguments.seed,
            now=lambda: datetime.now(UTC),
            report=report,
            encoder=arguments.encoder,
        )
    print(f"The model is in {folder}; {folder / 'MODEL_CARD.md'} says how good it is.", file=sys.stderr)
    return 0
