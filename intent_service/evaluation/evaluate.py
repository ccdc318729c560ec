"""Judge labelled sentences with a model and count."""

from collections.abc import Callable, Sequence

from contracts.nlu import ClassifyResult
from intent_service.evaluation.figures import accuracy, auroc, expected_calibration_error, macro_f1
from intent_service.evaluation.model import Evaluation, Judgement
from intent_service.nlu_data.model import Example

AT_ONCE = 32


def evaluate(
    name: str,
    classify: Callable[[Sequence[str]], list[ClassifyResult]],
    inside: Sequence[Example],
    outside: Sequence[Example],
) -> Evaluation:
    """Judge sentences with known intents and sentences that have none.

    Args:
        name: The model's version.
        classify: The model.
        inside: Sentences with their intents.
        outside: Sentences that are out of scope; may be empty.
    """
    examples = [*inside, *outside]
    gold = [example.intent for example in inside] + [""] * len(outside)
    texts = [example.text for example in examples]
    results = [result for at in range(0, len(texts), AT_ONCE) for result in classify(texts[at : at + AT_ONCE])]
    judgements = [_judgement(*row) for row in zip(texts, gold, results, strict=True)]
    return Evaluation(name, judgements, figures_of(judgements))


def _judgement(text: str, gold: str, result: ClassifyResult) -> Judgement:
    ranking, scope = result["ranking"], result["scope"]
    best = ranking[0] if ranking else {"name": "", "confidence": 0.0}
    return Judgement(text, gold, best["name"], best["confidence"], scope["score"], scope["in_scope"])


def figures_of(judgements: Sequence[Judgement]) -> dict[str, float]:
    """The figures of a set.

    ``accuracy`` and ``macro_f1`` are over in-scope sentences before rejection; ``accuracy_kept`` counts a
    rejected one as wrong; ``oos_recall`` is the share of out-of-scope sentences rejected at the model's own
    threshold; ``ece`` compares confidence and accuracy of in-scope sentences.
    """
    inside = [one for one in judgements if one.gold]
    outside = [one for one in judgements if not one.gold]
    gold, best = [one.gold for one in inside], [one.best for one in inside]
    found = {
        "sentences": len(inside),
        "accuracy": accuracy(gold, best),
        "macro_f1": macro_f1(gold, best),
        "accuracy_kept": sum(one.right for one in inside) / max(1, len(inside)),
        "in_scope_kept": sum(one.kept for one in inside) / max(1, len(inside)),
        "ece": expected_calibration_error([one.confidence for one in inside], [one.best == one.gold for one in inside]),
    }
    if outside:
        scores = [one.scope_score for one in inside], [one.scope_score for one in outside]
        found |= {
            "out_of_scope": len(outside),
            "oos_auroc": auroc(*scores),
            "oos_recall": sum(not one.kept for one in outside) / len(outside),
        }
    return {name: round(value, 4) for name, value in found.items()}
