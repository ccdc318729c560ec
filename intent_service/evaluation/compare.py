"""Two evaluations of the same sentences, side by side."""

from contracts.nlu import FALLBACK_INTENT
from intent_service.evaluation.model import Evaluation, Judgement


def comparison(before: Evaluation, after: Evaluation) -> str:
    """Figures with their change, then the sentences that got worse and those that got better."""
    lines = [f"{'':<14} {before.model[:24]:>26} {after.model[:24]:>26}"]
    for name, value in before.figures.items():
        new = after.figures.get(name, 0.0)
        lines.append(f"{name:<14} {value:>26g} {new:>26g}  {new - value:+.4f}")
    pairs = list(zip(before.judgements, after.judgements, strict=True))
    worse = [(old, new) for old, new in pairs if old.right and not new.right]
    better = [(old, new) for old, new in pairs if new.right and not old.right]
    for title, changed in (("worse", worse), ("better", better)):
        lines.append(f"{len(changed)} {title}:")
        lines += [_line(old, new) for old, new in changed]
    return "\n".join(lines)


def _line(old: Judgement, new: Judgement) -> str:
    return f"  {old.text[:80]!r}: {_verdict(old)} → {_verdict(new)} (true: {old.gold or FALLBACK_INTENT})"


def _verdict(one: Judgement) -> str:
    name = one.best if one.kept else FALLBACK_INTENT
    return f"{name} {one.confidence if one.kept else 1 - one.scope_score:.2f}"
