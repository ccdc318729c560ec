"""The command line: what can be asked of the runner, and where things lie by default."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_URL = "http://127.0.0.1:5005"
RECORD = "record"
ELSEWHERE = Path("tests/coverage_elsewhere.yml")


@dataclass(frozen=True)
class Arguments:
    """A parsed command line; ``record_to`` is set for ``record`` only."""

    paths: tuple[Path, ...]
    url: str
    token: str | None
    timeout: float
    filter: str
    jobs: int
    fail_fast: bool
    check: bool
    verbose: bool
    junit: Path | None
    coverage: bool
    domain: Path
    rules: Path
    elsewhere: Path
    knowledge: Path
    tickets_db: Path | None
    mailbox: Path | None
    record_to: Path | None = None
    transcript: Path | None = None
    description: str = ""


def parse(argv: Sequence[str]) -> Arguments:
    """Parse ``argv``; argparse ends the programme with status 2 on a mistake."""
    if RECORD in argv and not Path(RECORD).exists():
        return _from(_recording().parse_args([word for word in argv if word != RECORD]))
    return _from(_running().parse_args(argv))


def _running() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conversation_runner",
        description="Play written-down conversations against the running assistant. "
        "`record --out FILE` writes one by talking. The file format: docs/conversations.md.",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: tests/conversations)"
    )
    _where(parser)
    parser.add_argument(
        "-k",
        "--filter",
        default="",
        metavar="TEXT",
        help="only scenarios with TEXT in name, description or tag",
    )
    parser.add_argument("-j", "--jobs", type=_positive, default=4, help="conversations at a time (default: 4)")
    parser.add_argument("-x", "--fail-fast", action="store_true", help="start nothing more after a failure")
    parser.add_argument("--check", action="store_true", help="only read the files and check the names in them")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the conversations that passed, too")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="show what was reached; write var/coverage/conversations.{json,html}",
    )
    parser.add_argument("--domain", type=Path, default=Path("domain"), help="Rasa domain, file or folder")
    parser.add_argument("--rules", type=Path, default=Path("data/rules"), help="folder of rules, for coverage")
    parser.add_argument(
        "--elsewhere", type=Path, default=ELSEWHERE, help="what only other tests can reach, for coverage"
    )
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="folder of knowledge entries")
    parser.add_argument(
        "--tickets-db",
        type=Path,
        metavar="FILE",
        help="SQLite file with the tickets (default: var/backoffice.db if it is there)",
    )
    parser.add_argument(
        "--mailbox",
        type=Path,
        metavar="FOLDER",
        help="where the back office's letters lie, for codes (default: var/mailbox if it is there)",
    )
    parser.add_argument(
        "--transcript",
        type=Path,
        metavar="FILE",
        help="write the conversations that were played as a Markdown page",
    )
    return parser


def _recording() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conversation_runner record",
        description="Talk to the assistant and keep it as a scenario.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the scenario file to write")
    parser.add_argument("--description", default="Recorded: say here what it shows.", help="the file's first line")
    _where(parser)
    return parser


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default=DEFAULT_URL, help=f"where Rasa listens (default: {DEFAULT_URL})")
    parser.add_argument("--auth-token", metavar="TOKEN", help="Rasa's --auth-token (default: $RASA_AUTH_TOKEN)")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds a turn may take (default: 30)")


def _from(parsed: argparse.Namespace) -> Arguments:
    given = vars(parsed)
    mailbox = Path("var/mailbox")
    tickets, default = given.get("tickets_db"), Path("var/backoffice.db")
    return Arguments(
        paths=tuple(given.get("paths") or (Path("tests/conversations"),)),
        url=given["url"],
        token=given["auth_token"] or os.environ.get("RASA_AUTH_TOKEN") or None,
        timeout=given["timeout"],
        filter=given.get("filter", ""),
        jobs=given.get("jobs", 1),
        fail_fast=given.get("fail_fast", False),
        check=given.get("check", False),
        verbose=given.get("verbose", False),
        junit=given.get("junit"),
        coverage=given.get("coverage", False),
        domain=given.get("domain", Path("domain")),
        rules=given.get("rules", Path("data/rules")),
        elsewhere=given.get("elsewhere", ELSEWHERE),
        knowledge=given.get("knowledge", Path("knowledge")),
        mailbox=given.get("mailbox") or (mailbox if mailbox.is_dir() else None),
        transcript=given.get("transcript"),
        tickets_db=tickets or (default if default.is_file() else None),
        record_to=given.get("out"),
        description=given.get("description", ""),
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
