"""``approve``, ``list`` and ``withdraw``: answers that beat the index."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from answering.approved import ApprovedAnswer
from answering.bootstrap import build_approved_store
from answering.errors import AnsweringError
from answering.settings import AnsweringSettings
from retrieval.bootstrap import utc_now
from retrieval.documents.front_matter import moment
from retrieval.history.model import os_user
from retrieval.settings import RetrievalSettings

_NOT_DONE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 2 not done."""
    options = _parser().parse_args(arguments)
    console = Console()
    store = build_approved_store(AnsweringSettings())
    try:
        if options.command == "approve":
            made = store.add(_from(options))
            console.print(f"Approved as number {made.number}; the bot tells it from the next question on.")
        elif options.command == "withdraw" and not store.withdraw(options.number, by=options.by):
            console.print(f"There is no approved answer {options.number} in use.")
            return _NOT_DONE
        elif options.command == "list":
            console.print(_table(store.all(), every=options.all))
    except (AnsweringError, ValueError) as error:
        console.print(f"[red]✗[/red] {error}")
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
    listing = commands.add_parser("list", help="show the approved answers in use")
    listing.add_argument("--all", action="store_true", help="withdrawn ones, too")
    withdraw = commands.add_parser("withdraw", help="tell an answer no longer")
    withdraw.add_argument("number", type=int)
    for command in (approve, withdraw):
        command.add_argument("--by", default=os_user(), help="who does it (default: you)")
    return parser


def _from(options: argparse.Namespace) -> ApprovedAnswer:
    """The answer as the options say.

    Raises:
        ValueError: an empty question or answer, or days that cannot be.
    """
    zone = ZoneInfo(RetrievalSettings().time_zone)
    days = [datetime.fromisoformat(day).date() if day else None for day in (options.valid_from, options.valid_until)]
    since, until = (moment(day, zone, end_of_day=last) for day, last in zip(days, (False, True), strict=True))
    if not options.question.strip() or not options.answer.strip():
        raise ValueError("A question and an answer are needed.")
    if since and until and until <= since:
        raise ValueError("The last day lies before the first.")
    return ApprovedAnswer(
        options.question.strip(), options.answer.strip(), options.audience, options.locale, since, until, options.by
    )


def _table(answers: Sequence[ApprovedAnswer], *, every: bool) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("number", "question", "answer", "for", "until", "by"):
        table.add_column(column)
    now = utc_now()
    for item in answers:
        if item.withdrawn_at and not every:
            continue
        over = item.withdrawn_at or (item.valid_until and item.valid_until <= now)
        until = f"withdrawn by {item.withdrawn_by}" if item.withdrawn_at else f"{item.valid_until or '-':}"
        table.add_row(
            str(item.number), item.question, item.answer, f"{item.audience}, {item.locale}", until, item.by,
            style="dim" if over else None,
        )  # fmt: skip
    return table
