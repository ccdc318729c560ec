"""What the bot saved, by a formula that a lead can edit: arithmetic over named numbers, and nothing else."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desk.analytics.figures import Sums
from desk.errors import Invalid

_LONGEST = 500
_MOST_DEPTH = 40
_TWO: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
PARAMETERS = ("minutes_per_conversation", "cost_per_hour", "cost_per_generated_answer", "running_cost_per_day")
COUNTED = ("conversations", "handed_over", "resolved", "resolved_by_bot", "generated", "unanswered", "days")

DEFAULT_FORMULA = (
    "resolved_by_bot * minutes_per_conversation / 60 * cost_per_hour"
    " - generated * cost_per_generated_answer - days * running_cost_per_day"
)
COST_FORMULA = (
    "(handed_over * minutes_per_conversation / 60 * cost_per_hour"
    " + generated * cost_per_generated_answer + days * running_cost_per_day) / conversations"
)


@dataclass(frozen=True, slots=True)
class Savings:
    """The formula and its parameters. Money is in ``currency``, per the named unit."""

    formula: str = DEFAULT_FORMULA
    minutes_per_conversation: float = 8.0
    cost_per_hour: float = 30.0
    cost_per_generated_answer: float = 0.002
    running_cost_per_day: float = 10.0
    currency: str = "EUR"
    more: Mapping[str, float] = field(default_factory=dict)

    def saved(self, sums: Sums, days: int) -> float | None:
        """By the formula; None where it divides by nothing."""
        return evaluate(self.formula, self._names(sums, days))

    def cost_per_conversation(self, sums: Sums, days: int) -> float | None:
        """By the fixed formula; None without conversations."""
        return evaluate(COST_FORMULA, self._names(sums, days))

    def checked(self) -> "Savings":
        """Itself, once the formula was tried.

        Raises:
            Invalid: the formula is not arithmetic over known names.
        """
        evaluate(self.formula, self._names(Sums(), 1))
        return self

    def parameters(self) -> dict[str, float]:
        """Every number that can be edited."""
        own = {name: float(getattr(self, name)) for name in PARAMETERS}
        return {**own, **self.more}

    def with_parameters(self, given: Mapping[str, float]) -> "Savings":
        """Some of the numbers changed; names that are not its own are added to ``more``."""
        own: dict[str, Any] = {name: value for name, value in given.items() if name in PARAMETERS}
        more = {name: value for name, value in given.items() if name not in PARAMETERS}
        return replace(self, **own, more={**self.more, **more})

    def _names(self, sums: Sums, days: int) -> dict[str, float]:
        counted = {name: float(getattr(sums, name)) for name in COUNTED if name != "days"}
        return {**self.parameters(), **counted, "days": float(days)}


def evaluate(formula: str, names: Mapping[str, float]) -> float | None:
    """The value of ``+ - * /``, brackets, numbers and names; None when it divides by zero.

    Raises:
        Invalid: anything else stands in it.
    """
    if len(formula) > _LONGEST:
        raise Invalid(f"The formula is longer than {_LONGEST} characters.")
    try:
        tree = ast.parse(formula, mode="eval")
        return _value(tree.body, names, _MOST_DEPTH)
    except ZeroDivisionError:
        return None
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise Invalid("The formula cannot be read: use names, numbers, + - * / and brackets.") from error


def _value(node: Any, names: Mapping[str, float], depth: int) -> float:
    if depth == 0:
        raise Invalid("The formula is nested too deeply.")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise Invalid(f"The formula has an unknown name: {node.id[:40]}. Known: {', '.join(sorted(names))}.")
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names, depth - 1)
    if isinstance(node, ast.BinOp) and type(node.op) in _TWO:
        left, right = _value(node.left, names, depth - 1), _value(node.right, names, depth - 1)
        return _TWO[type(node.op)](left, right)
    raise Invalid("The formula may hold names, numbers, + - * / and brackets only.")
