"""The dashboard as JSON and as CSV."""

import csv
import io
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from desk.analytics.figures import BY_ID, Figure
from desk.analytics.period import Scope
from desk.analytics.ports import Behind
from desk.analytics.savings import COST_FORMULA, Savings
from desk.analytics.service import Counted, Dashboard
from desk.gateway.wire import moment

API = "/console/api/numbers"
_MINOR = 100
_EXACT = 1e6  # above it six digits would not be the whole number


def dashboard_json(board: Dashboard) -> dict[str, Any]:
    """The whole page."""
    return {
        "from": board.scope.period.first.isoformat(),
        "to": board.scope.period.last.isoformat(),
        "complete": board.complete,
        "currency": board.savings.currency,
        "channels": list(board.channels),
        "models": list(board.models),
        "figures": [_figure_json(one, board.scope, board.savings.currency) for one in board.figures],
        "escalations": [{"reason": reason, "count": count} for reason, count in board.escalations],
        "intents": [
            {"intent": name, "series": [{"at": day, "value": days.get(day, 0)} for day in board.scope.period.days()]}
            for name, days in board.intents.items()
        ],
        "versions": [
            {"kind": one.kind, "version": one.version, "figures": [_short_json(*pair) for pair in one.values.items()]}
            for one in board.versions
        ],
        "agents": [asdict(agent) | {"id": agent.id or agent.name} for agent in board.agents],
    }


def _short_json(figure_id: str, value: float | None) -> dict[str, Any]:
    figure = BY_ID[figure_id]
    return {"id": figure.id, "name": figure.name, "value": value, "unit": figure.unit}


def _figure_json(one: Counted, scope: Scope, currency: str) -> dict[str, Any]:
    figure = one.figure
    chosen = {"channel": scope.channel, "model": scope.model}
    query = {
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        **{name: value for name, value in chosen.items() if value},
    }
    return {
        "id": figure.id,
        "name": figure.name,
        "definition": figure.definition,
        "value": _shown(figure, one.value),
        "unit": figure.unit,
        "currency": currency if figure.unit == "money" else None,
        "previous": _shown(figure, one.previous),
        "decided": dict(zip(("count", "of"), one.decided, strict=True)) if one.decided else None,
        "target": asdict(figure.target) if figure.target else None,
        "series": [{"at": day, "value": _shown(figure, value)} for day, value in one.series],
        "conversations_url": f"{API}/{figure.id}/conversations?{urlencode(query)}",
    }


def _shown(figure: Figure, value: float | None) -> float | None:
    """Money in minor units, as everywhere in this product."""
    return minor(value) if figure.unit == "money" else value


def minor(value: float | None) -> int | None:
    return None if value is None else round(value * _MINOR)


def behind_json(one: Behind) -> dict[str, Any]:
    return {**asdict(one), "at": moment(one.at)}


def savings_json(savings: Savings, saved: float | None) -> dict[str, Any]:
    """The formula with its parameters, and what it comes to, in minor units."""
    return {
        "saved": minor(saved),
        "currency": savings.currency,
        "formula": savings.formula,
        "cost_formula": COST_FORMULA,
        "parameters": savings.parameters(),
    }


def dashboard_csv(board: Dashboard) -> str:
    """A line a day and one of the whole; the first names the figures. Shares lie between 0 and 1, times in seconds."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["day", *(one.figure.id for one in board.figures)])
    for number, day in enumerate(board.scope.period.days()):
        writer.writerow([day, *(_cell(one.series[number][1]) for one in board.figures)])
    writer.writerow(["all", *(_cell(one.value) for one in board.figures)])
    return file.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}" if abs(value) < _EXACT else str(round(value))
