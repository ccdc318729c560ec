"""``python -m desk …``: serve, migrate, dead letters, the human part, erasing."""

import argparse
import asyncio
import sys
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import uvicorn
from pydantic import ValidationError

from contracts.secrets import SECRET_HEADER
from desk.accounts.commands import add_account_commands
from desk.accounts.service import AccountDesk
from desk.adapters.sql import dead_letters
from desk.adapters.sql.migrate import migrate
from desk.analytics.commands import add_number_commands
from desk.bootstrap import build_app, build_desk, build_limiter, build_neighbours
from desk.console import build_staffing
from desk.errors import DeskError
from desk.reviews.commands import add_review_commands
from desk.room import Desk
from desk.settings import DeskSettings
from telemetry.logs import configure
from telemetry.wrong_settings import sentences_of

_GRACE_SECONDS = 5
_REFUSED = 400


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one sentence when not."""
    options = _parser().parse_args(arguments)
    try:
        settings = DeskSettings()
        return int(options.run(options, settings))
    except ValidationError as error:
        print(sentences_of(error), file=sys.stderr)
        return 1
    except (DeskError, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desk", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    commands.add_parser("serve", help="serve the gateway").set_defaults(run=_serve)
    commands.add_parser("migrate", help="bring the tables to this version of the code").set_defaults(run=_migrate)
    dead = commands.add_parser("dead", help="messages and errands that were given up")
    dead_commands = dead.add_subparsers(required=True, metavar="what")
    dead_commands.add_parser("list", help="list them, oldest first").set_defaults(run=_dead_list)
    resend = dead_commands.add_parser("resend", help="try them again")
    resend.add_argument("ids", nargs="*", metavar="ID", help="all of them when none is named")
    resend.set_defaults(run=_dead_resend)
    _add_agent(commands)
    add_account_commands(commands, _open_accounts)
    add_review_commands(commands)
    add_number_commands(commands)
    erase = commands.add_parser("erase", help="erase a conversation for good")
    erase.add_argument("conversation")
    erase.set_defaults(run=_erase)
    commands.add_parser("retention", help="erase what is older than it may be, now").set_defaults(run=_retention)
    return parser


def _add_agent(commands: Any) -> None:
    agent = commands.add_parser("agent", help="be the person: take a conversation, reply, give it back")
    agent.add_argument("act", choices=("take", "reply", "return"))
    agent.add_argument("conversation")
    agent.add_argument("text", nargs="?", default="", help="what to say, for reply")
    agent.add_argument("--name", default="Niamh", help="name that the customer sees")
    agent.add_argument("--version", type=int, help="refuse when the conversation has changed since this version")
    agent.set_defaults(run=_agent)


def _open_accounts(settings: DeskSettings) -> tuple[AccountDesk, Callable[[], None]]:
    desk = build_desk(settings)
    return build_staffing(desk, build_limiter(desk)).accounts, desk.database.close


class _Server(uvicorn.Server):
    """Ends open streams as soon as it is told to stop; uvicorn itself would wait for them."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: Any) -> None:
        asyncio.get_running_loop().call_soon_threadsafe(self._desk.hub.close)
        super().handle_exit(sig, frame)


def _serve(_options: argparse.Namespace, settings: DeskSettings) -> int:
    configure("desk", level=settings.log_level)
    accounts, customers = build_neighbours()
    desk = build_desk(settings, accounts=accounts, customers=customers)
    config = uvicorn.Config(
        build_app(desk),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=30,
        forwarded_allow_ips=settings.trusted_proxies,
        h11_max_incomplete_event_size=32_000,
    )
    _Server(config, desk).run()
    return 0


def _migrate(_options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    print(f"the gateway's tables are at version {migrate(desk.database)}")
    desk.database.close()
    return 0


def _dead_list(_options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    letters = asyncio.run(desk.database.read(dead_letters.listed))
    for one in letters:
        print(f"{one.at:%Y-%m-%d %H:%M:%S}  {one.id}  {one.box:6}  {one.error or '':14}  {one.conversation_id}")
    print(f"{len(letters)} dead letters" if letters else "there are no dead letters")
    desk.database.close()
    return 0


def _dead_resend(options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    count = asyncio.run(desk.database.write(dead_letters.resend, options.ids, desk.now()))
    print(f"{count} will be tried again")
    desk.database.close()
    return 0 if count or not options.ids else 1


def _agent(options: argparse.Namespace, settings: DeskSettings) -> int:
    body: dict[str, Any] = {"version": options.version}
    if options.act != "return":
        body |= {"agent_id": options.name.lower(), "agent_name": options.name}
    if options.act == "reply":
        body |= {"text": options.text, "client_id": uuid.uuid4().hex}
    url = f"http://{settings.host}:{settings.port}/internal/agent/{options.conversation}/{options.act}"
    headers = {SECRET_HEADER: settings.secret.get_secret_value()}
    answer = httpx.post(url, json=body, headers=headers, trust_env=False, timeout=10)
    told = answer.json()
    if answer.status_code >= _REFUSED:
        print(told["error"]["message"], file=sys.stderr)
        return 1
    print(f"{told['id']} is {told['state']} (version {told['version']}, {told['position']} items)")
    return 0


def _erase(options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    receipt = asyncio.run(desk.retention.erase(options.conversation, why="operator"))
    print(f"{receipt.receipt}: {receipt.erased}")
    desk.database.close()
    return 0


def _retention(_options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)

    async def all_of_it() -> int:
        count = 0
        while erased := await desk.retention.run_schedule():
            count += erased
        return count

    print(f"{asyncio.run(all_of_it())} conversations erased")
    desk.database.close()
    return 0
