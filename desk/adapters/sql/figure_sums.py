"""Sums, medians and lists over the facts of conversations: one bounded statement each, grouped by the data base."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, literal, or_, select

from desk.adapters.sql.figures_tables import conversation_figures
from desk.adapters.sql.tables import conversations, items
from desk.analytics.figures import Sums
from desk.analytics.period import Scope
from desk.analytics.ports import AgentLoad, Behind, VersionKind

_FACTS = conversation_figures.c
_LONGEST_TEXT = 120


def sums_by(connection: Connection, scope: Scope, now: datetime, key: ColumnElement[Any]) -> dict[str, Sums]:
    """Sums by the values of a column; where it is empty the conversations are left out."""
    decided, resolved = _decided(now), _resolved(now)
    columns = {
        "conversations": func.count(),
        "handed_over": _count(_FACTS.handed_over),
        "decided": _count(decided),
        "resolved": _count(resolved),
        "resolved_by_bot": _count(and_(resolved, ~_FACTS.handed_over)),
        "reopened": _count(and_(decided, _FACTS.reopened)),
        "rated": func.count(_FACTS.rating),
        "rating_sum": func.sum(_FACTS.rating),
        "bot_turns": func.sum(_FACTS.bot_turns),
        "fallbacks": func.sum(_FACTS.fallbacks),
        "unanswered": func.sum(_FACTS.unanswered),
        "generated": func.sum(_FACTS.generated),
    }
    labelled = [column.label(name) for name, column in columns.items()]
    query = select(key.label("key"), *labelled).where(*_within(scope), key.is_not(None)).group_by(key)
    return {
        row.key: Sums(**{name: int(getattr(row, name) or 0) for name in columns}) for row in connection.execute(query)
    }


def sums_by_day(connection: Connection, scope: Scope, now: datetime) -> dict[str, Sums]:
    return sums_by(connection, scope, now, _FACTS.day)


def first_day(connection: Connection) -> str | None:
    day: str | None = connection.execute(select(func.min(_FACTS.day))).scalar_one()
    return day


def sums_by_version(connection: Connection, scope: Scope, now: datetime, kind: VersionKind) -> dict[str, Sums]:
    return sums_by(connection, scope, now, _FACTS.model_version if kind == "model" else _FACTS.prompt_version)


def medians(connection: Connection, scope: Scope, now: datetime) -> dict[str, dict[str, float]]:
    """By column of times: the middle value, or the mean of the two middle ones, by day and under ``""`` of the whole.

    One statement fetches the bare times; they are ordered here. Asking the data base for the middle of each day takes a
    window over all rows for each column: 1.0 s of CPU at 100,000 conversations on SQLite against 0.25 s.
    """
    solved = case((_resolved(now), _FACTS.resolution_time))
    columns = (_FACTS.first_response, _FACTS.person_response, solved.label("resolution_time"))
    values: list[defaultdict[str, list[float]]] = [defaultdict(list) for _ in columns]
    for day, *times in connection.execute(select(_FACTS.day, *columns).where(*_within(scope))):
        for by_day, time in zip(values, times, strict=True):
            if time is not None:
                by_day[day].append(time)
    return {column.key: _middles(by_day) for column, by_day in zip(columns, values, strict=True)}


def _middles(by_day: Mapping[str, list[float]]) -> dict[str, float]:
    found = {day: median(times) for day, times in by_day.items()}
    return found | ({"": median(chain.from_iterable(by_day.values()))} if by_day else {})


def _medians(
    connection: Connection, key: ColumnElement[Any], value: ColumnElement[Any], where: Sequence[ColumnElement[bool]]
) -> dict[str, float]:
    ranked = (
        select(
            key.label("key"),
            value.label("value"),
            func.row_number().over(partition_by=key, order_by=value).label("place"),
            func.count().over(partition_by=key).label("of"),
        )
        .where(*where, value.is_not(None))
        .subquery()
    )
    # Of five the 3rd, of six the 3rd and 4th: places p with of <= 2p <= of + 2.
    middle = and_(ranked.c.place * 2 >= ranked.c.of, ranked.c.place * 2 <= ranked.c.of + 2)
    query = select(ranked.c.key, func.avg(ranked.c.value).label("median")).where(middle).group_by(ranked.c.key)
    return {row.key: float(row.median) for row in connection.execute(query)}


def escalations(connection: Connection, scope: Scope) -> list[tuple[str, int]]:
    count = func.count().label("how_many")
    query = select(_FACTS.reason, count).where(*_within(scope), _FACTS.handed_over).group_by(_FACTS.reason)
    return [(row.reason, row.how_many) for row in connection.execute(query.order_by(count.desc(), _FACTS.reason))]


def intents(connection: Connection, scope: Scope, most: int) -> Mapping[str, Mapping[str, int]]:
    known = [*_within(scope), _FACTS.intent.is_not(None)]
    count = func.count()
    top = select(_FACTS.intent).where(*known).group_by(_FACTS.intent).order_by(count.desc(), _FACTS.intent).limit(most)
    names = list(connection.execute(top).scalars())
    rows = connection.execute(
        select(_FACTS.intent, _FACTS.day, count.label("how_many"))
        .where(*known, _FACTS.intent.in_(names))
        .group_by(_FACTS.intent, _FACTS.day)
    )
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for row in rows:
        found[row.intent][row.day] = row.how_many
    return found


def agents(connection: Connection, scope: Scope, now: datetime) -> list[AgentLoad]:
    """By the name that customers see; the id is the account's where a conversation still carries it."""
    within = [*_within(scope), _FACTS.agent_name.is_not(None)]
    resolved = {
        row.agent_name: row
        for row in connection.execute(
            select(
                _FACTS.agent_name, func.max(_FACTS.agent_id).label("agent_id"), _count(_resolved(now)).label("resolved")
            )
            .where(*within)
            .group_by(_FACTS.agent_name)
        )
    }
    table = conversations.c
    open_now = {
        row.agent_name: row
        for row in connection.execute(
            select(table.agent_name, func.max(table.agent_id).label("agent_id"), func.count().label("open"))
            .where(table.state == "agent", table.agent_name.is_not(None))
            .group_by(table.agent_name)
        )
    }
    times = _medians(connection, _FACTS.agent_name, _FACTS.person_response, within)
    made = []
    for name in sorted(resolved.keys() | open_now.keys()):
        did, has = resolved.get(name), open_now.get(name)
        agent_id = (has.agent_id if has else None) or (did.agent_id if did else None)
        load = AgentLoad(agent_id, name, has.open if has else 0, int(did.resolved or 0) if did else 0, times.get(name))
        made.append(load)
    return made


def choices(connection: Connection, scope: Scope) -> tuple[list[str], list[str]]:
    whole = _within(Scope(scope.period))
    channels = select(_FACTS.channel).where(*whole).distinct()
    models = select(_FACTS.model_version).where(*whole, _FACTS.model_version.is_not(None)).distinct()
    return sorted(connection.execute(channels).scalars()), sorted(connection.execute(models).scalars())


def behind(
    connection: Connection, scope: Scope, now: datetime, figure_id: str, *, offset: int, limit: int
) -> list[Behind]:
    """Conversations that a figure is made of, those that pull it the wrong way first, then the newest."""
    where, value, order = _behind(figure_id, now)
    query = (
        select(
            _FACTS.conversation_id, _FACTS.at, _FACTS.channel, _FACTS.rating, _FACTS.reason, _FACTS.agent_name,
            value.label("value"),
        )
        .where(*_within(scope), *where)
        .order_by(*order, _FACTS.at.desc(), _FACTS.conversation_id)
        .offset(offset)
        .limit(limit)
    )  # fmt: skip
    rows = connection.execute(query).all()
    texts = _first_texts(connection, [row.conversation_id for row in rows])
    return [
        Behind(
            row.conversation_id,
            row.at,
            row.channel,
            texts.get(row.conversation_id, ""),
            row.rating,
            row.reason,
            row.agent_name,
            None if row.value is None else float(row.value),
        )
        for row in rows
    ]


def _behind(
    figure_id: str, now: datetime
) -> tuple[list[ColumnElement[bool]], ColumnElement[Any], list[ColumnElement[Any]]]:
    decided, resolved, handed_over = _decided(now), _resolved(now), _FACTS.handed_over
    nothing: ColumnElement[Any] = literal(None, Integer)
    by_bot = and_(resolved, ~handed_over)
    parts: dict[str, tuple[list[ColumnElement[bool]], ColumnElement[Any]]] = {
        # Figures of a yes or no have 0 or 1; the noes come first, for they are what one wants to read.
        "resolved_by_bot": ([decided], _flag(by_bot)),
        "resolved": ([decided], _flag(resolved)),
        "containment": ([~handed_over], nothing),
        "escalation": ([handed_over], nothing),
        "rating": ([_FACTS.rating.is_not(None)], _FACTS.rating),
        "reopened": ([decided, _FACTS.reopened], nothing),
        "fallback": ([_FACTS.fallbacks > 0], -_FACTS.fallbacks),
        "unanswered": ([_FACTS.unanswered > 0], -_FACTS.unanswered),
        "first_response": ([_FACTS.first_response.is_not(None)], -_FACTS.first_response),
        "person_response": ([_FACTS.person_response.is_not(None)], -_FACTS.person_response),
        "resolution_time": ([resolved, _FACTS.resolution_time.is_not(None)], -_FACTS.resolution_time),
        "cost": ([or_(handed_over, _FACTS.generated > 0)], nothing),
        "saved": ([by_bot], nothing),
    }
    where, weight = parts.get(figure_id, ([], nothing))
    ordered: list[ColumnElement[Any]] = [] if weight is nothing else [weight.asc()]
    return where, func.abs(weight) if weight is not nothing else nothing, ordered


def _first_texts(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    table = items.c
    first = (
        select(table.conversation_id, func.min(table.position).label("position"))
        .where(table.conversation_id.in_(ids), table.speaker == "customer")
        .group_by(table.conversation_id)
        .subquery()
    )
    same = and_(table.conversation_id == first.c.conversation_id, table.position == first.c.position)
    rows = connection.execute(select(table.conversation_id, table.text).join(first, same))
    return {row.conversation_id: row.text[:_LONGEST_TEXT] for row in rows}


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    period = scope.period
    where: list[ColumnElement[bool]] = [
        _FACTS.day >= period.first.isoformat(),
        _FACTS.day <= period.last.isoformat(),
    ]
    if scope.channel:
        where.append(_FACTS.channel == scope.channel)
    if scope.model:
        where.append(_FACTS.model_version == scope.model)
    return where


def _decided(now: datetime) -> ColumnElement[bool]:
    return or_(_FACTS.verdict.is_not(None), _FACTS.quiet_until <= now)


def _resolved(now: datetime) -> ColumnElement[bool]:
    return or_(_FACTS.verdict == "yes", and_(_FACTS.verdict.is_(None), _FACTS.quiet_until <= now))


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_flag(condition))
