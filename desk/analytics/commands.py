"""``python -m desk summary``: a day in figures, printed or by mail."""

import argparse
import asyncio
import sys
from datetime import date, timedelta
from typing import Any

from backoffice.bootstrap import build_post
from backoffice.errors import MailUnavailable
from backoffice.model.mail import Mail
from backoffice.settings import BackofficeSettings
from desk.analytics.period import Period, Scope
from desk.analytics.summary import summary_of
from desk.bootstrap import build_desk
from desk.room import Desk
from desk.settings import DeskSettings


def add_number_commands(commands: Any) -> None:
    """Put it beside the others."""
    summary = commands.add_parser("summary", help="a day in figures, printed or by mail")
    summary.add_argument("--day", type=date.fromisoformat, help="which (default: yesterday, in the company's zone)")
    summary.add_argument("--to", action="append", metavar="ADDRESS", help="send it there instead; may be repeated")
    summary.set_defaults(run=_summary)


def _summary(options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    try:
        subject, text = asyncio.run(_written(desk, options.day))
    finally:
        desk.database.close()
    if not options.to:
        print(text, end="")
        return 0
    # Mail goes the way that the back office's letters go: BACKOFFICE_MAIL, BACKOFFICE_SMTP_….
    post = build_post(BackofficeSettings(), desk.now)
    try:
        for address in options.to:
            post.send(Mail(to=address, subject=subject, text=text))
    except MailUnavailable as error:
        print(f"The summary was not sent: {error}.", file=sys.stderr)
        return 1
    print(f"sent to {', '.join(options.to)}")
    return 0


async def _written(desk: Desk, day: date | None) -> tuple[str, str]:
    chosen = day or desk.now().astimezone(desk.company.hours.zone).date() - timedelta(days=1)
    await desk.numbers.numbers.up_to_date()
    board = await desk.numbers.numbers.dashboard(Scope(Period(chosen, chosen)), compared=True)
    return summary_of(board, desk.company.name)
