"""Measure a trained model on sentences written apart from its training data."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

HELP = "measure the current model on tests/evaluation, or the recipe on public sets"

EVALUATION = Path("tests/evaluation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which model and which sentences."""
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    parser.add_argument("--version", help="a version other than the current one")
    parser.add_argument("--intents", type=Path, default=EVALUATION / "intents.csv", help="text,intent")
    parser.add_argument("--out-of-scope", type=Path, default=EVALUATION / "out_of_scope.csv", help="text")
    parser.add_argument("--public", nargs="*", metavar="SET", help="train and test on public sets instead (EVAL_DATA)")
    parser.add_argument("--robust", action="store_true", help="measure what typos, shouting and the like cost instead")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each public set")


def run(arguments: argparse.Namespace) -> int:
    """Measure, explain, and end with one line of JSON."""
    if arguments.public is not None:
        return _public(arguments)
    if arguments.robust:
        return _robust(arguments)
    from intent_service.commands.models import open_model
    from intent_service.evaluation.evaluate import evaluate
    from intent_service.evaluation.extras import measure_extras
    from intent_service.evaluation.pictures import draw_confusion
    from intent_service.evaluation.report import MEASUREMENTS, account, keep
    from intent_service.nlu_data.csv_reader import read_csv, sentences_of

    inside = sentences_of(arguments.intents)
    outside = read_csv(arguments.out_of_scope, default_intent="out_of_scope").examples
    model = open_model(arguments.models, arguments.version)
    if not any(example.intent in model.info.labels for example in inside):
        return _other_intents(arguments.intents, model.info.version)
    found = evaluate(model.info.version, model.classify, inside, outside)
    extras = measure_extras(model.classify, arguments.intents.parent)
    print(account(found))
    print("\n".join(f"  {name:<20} {value:g}" for name, value in extras.items()))
    MEASUREMENTS.mkdir(parents=True, exist_ok=True)
    gold = [one.gold for one in found.judgements if one.gold]
    best = [one.best for one in found.judgements if one.gold]
    draw_confusion(gold, best, MEASUREMENTS / "eval-intents-confusion.png", title=f"model {found.model}")
    print(keep("eval-intents", {"model": found.model, **found.figures, **extras}, now=datetime.now(UTC)))
    return 0


def _robust(arguments: argparse.Namespace) -> int:
    from intent_service.commands.models import open_model
    from intent_service.evaluation.report import keep
    from intent_service.evaluation.robust import measure_robustness
    from intent_service.nlu_data.csv_reader import sentences_of

    inside = sentences_of(arguments.intents)
    model = open_model(arguments.models, arguments.version)
    if not any(example.intent in model.info.labels for example in inside):
        return _other_intents(arguments.intents, model.info.version)
    figures = measure_robustness(model.classify, inside)
    print("\n".join(f"  {name:<20} {value:+.3f}" for name, value in figures.items()))
    print(keep("eval-intents-robust", {"model": model.info.version, **figures}, now=datetime.now(UTC)))
    return 0


def _other_intents(file: Path, version: str) -> int:
    print(f"Not one intent of {file} is known to the model {version}; nothing was measured.", file=sys.stderr)
    return 2


def _public(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # see commands/train.py
    from intent_service.evaluation.public_sets import SETS, eval_data
    from intent_service.training.public import measure_set

    folder = eval_data()
    if folder is None:
        print("The evaluation data is not here: set EVAL_DATA to its folder.", file=sys.stderr)
        return 0
    unknown = sorted(set(arguments.public) - set(SETS))
    if unknown:
        print(f"There is no public set {unknown[0]!r}; there are: {', '.join(SETS)}.", file=sys.stderr)
        return 2
    for name in arguments.public or SETS:
        print(measure_set(name, folder, arguments.models, seeds=arguments.seeds, say=_progress))
    return 0


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
