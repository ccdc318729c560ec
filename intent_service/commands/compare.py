"""Show what got better and what got worse from one version to another, sentence by sentence."""

import argparse
from pathlib import Path

HELP = "compare two versions on tests/evaluation, sentence by sentence"

EVALUATION = Path("tests/evaluation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which versions and which sentences."""
    parser.add_argument("before", help="a version")
    parser.add_argument("after", help="another version")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    parser.add_argument("--intents", type=Path, default=EVALUATION / "intents.csv", help="text,intent")
    parser.add_argument("--out-of-scope", type=Path, default=EVALUATION / "out_of_scope.csv", help="text")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures side by side, then each sentence whose verdict changed."""
    from intent_service.commands.models import open_model
    from intent_service.evaluation.compare import comparison
    from intent_service.evaluation.evaluate import evaluate
    from intent_service.nlu_data.csv_reader import read_csv, sentences_of

    inside = sentences_of(arguments.intents)
    outside = read_csv(arguments.out_of_scope, default_intent="out_of_scope").examples
    before, after = (
        evaluate(version, open_model(arguments.models, version).classify, inside, outside)
        for version in (arguments.before, arguments.after)
    )
    print(comparison(before, after))
    return 0
