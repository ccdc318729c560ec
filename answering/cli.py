"""``approve``, ``list`` and ``withdraw``: answers that beat the index."""

import argparse
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from answering.approved import ApprovedAnswer, personal_data_in
from answering.bootstrap import build_approved_store
from answering.errors import AnsweringError
from answering.normal_form import question_key
from answering.settings import AnsweringSettings
from retrieval.bootstrap import utc_now
from retrieval.company import personal_data_from
from retrieval.documents.front_matter import moment
from retrieval.history.model import os_user
from retrieval.settings import RetrievalSettings
from telemetry.wrong_settings import sentences_of

_NOT_DONE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 2 not done."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        store, retrieval = build_approved_store(AnsweringSettings()), RetrievalSettings()
    except ValidationError as error:
        console.print(f"[red]✗[/red] {escape(sentences_of(error))}", highlight=False)
        return _NOT_DONE
    zone = ZoneInfo(retrieval.time_zone)
    try:
        if options.command == "approve":
            approved = _from(options, zone, utc_now())
            if not options.allow_personal_data:
                _refuse_personal_data(approved, retrieval)
            made = store.add(approved)
            since = options.valid_from if made.valid_from and made.valid_from > utc_now() else "the next question"
            console.print(f"Approved as number {made.number}; the bot tells it from {since} on.", highlight=False)
        elif options.command == "withdraw":
            if not store.withdraw(options.number, by=options.by):
                console.print(f"There is no approved answer {options.number} in use.")
                return _NOT_DONE
            console.print(f"Answer {options.number} is withdrawn; the bot tells it no more.", highlight=False)
        elif options.command == "list":
            console.print(_table(store.all(), zone, utc_now(), every=options.all))
    except (AnsweringError, ValueError) as error:
        console.print(f"[red]✗[/red] {escape(str(error))}", highlight=False)
        return _NOT_DONE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m answering", description="Answers that staff approved.")
    commands = parser.add_subparsers(dest="command", required=True)
    approve = commands.add_parser("approve", help="answer a question with these words from now on")
    approve.add_argument("question")
    approve.add_argument("answer", help="Markdown")
    approve.add_argument("--audience", default="public", choices=["public", "customer", "staff"])
    approve.add_argument("--locale", default="en")
    approve.add_argument("--from", dest="valid_from", metavar="DAY", help="first day, e.g. 2026-12-01")
    approve.add_argument("--until", dest="valid_until", metavar="DAY", help="last day, e.g. 2026-12-31")
    approve.add_argument(
        "--allow-personal-data", action="store_true", help="approve what holds card numbers, addresses, telephones"
    )
    listing = commands.add_parser("list", help="show the approved answers that nobody withdrew")
    listing.add_argument("--all", action="store_true", help="withdrawn ones, too")
    withdraw = commands.add_parser("withdraw", help="tell an answer no longer")
    withdraw.add_argument("number", type=int)
    for command in (approve, withdraw):
        command.add_argument("--by", default=os_user(), help="who does it (default: you)")
    return parser


def _from(options: argparse.Namespace, zone: ZoneInfo, now: datetime) -> ApprovedAnswer:
    """The answer as the options say.

    Raises:
        ValueError: a question without words, an empty answer, or days that cannot be.
    """
    days = [_day(day) if day else None for day in (options.valid_from, options.valid_until)]
    since, until = (moment(day, zone, end_of_day=last) for day, last in zip(days, (False, True), strict=True))
    if not options.question.strip() or not options.answer.strip():
        raise ValueError("A question and an answer are needed.")
    if not question_key(options.question):
        raise ValueError("The question holds no words.")
    if since and until and until <= since:
        raise ValueError("The last day lies before the first.")
    if until and until <= now:
        raise ValueError(f"The last day, {days[1]}, is over.")
    return ApprovedAnswer(
        options.question.strip(), options.answer.strip(), options.audience, options.locale, since, until, options.by
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no day: write the day as 2026-12-31.") from None


def _refuse_personal_data(approved: ApprovedAnswer, settings: RetrievalSettings) -> None:
    """What a knowledge file is refused for is refused here, too.

    Raises:
        ValueError: question or answer would tell personal data.
    """
    if told := personal_data_in((approved.question, approved.answer), personal_data_from(settings)):
        raise ValueError(f"It holds personal data ({told}): take it out, or allow it with --allow-personal-data.")


def _table(answers: Sequence[ApprovedAnswer], zone: ZoneInfo, now: datetime, *, every: bool) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("number", "question", "answer", "for", "until", "by"):
        table.add_column(column)
    for item in answers:
        if item.withdrawn_at and not every:
            continue
        over = item.withdrawn_at or (item.valid_until and item.valid_until <= now)
        cells = (
            str(item.number), item.question, item.answer, f"{item.audience}, {item.locale}", _until(item, zone, now),
            item.by,
        )  # fmt: skip
        table.add_row(*map(Text, cells), style="dim" if over else None)
    return table


def _until(item: ApprovedAnswer, zone: ZoneInfo, now: datetime) -> str:
    """The last day on which it is told."""
    if item.withdrawn_at:
        return f"withdrawn by {item.withdrawn_by}"
    if item.valid_until is None:
        return "-"
    last = (item.valid_until - timedelta(microseconds=1)).astimezone(zone).date()
    return f"{last}, over" if item.valid_until <= now else f"{last}"
