"""``python -m desk account …``: the first admin, and whatever has to be done while nobody can sign in."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from desk.accounts.model import Role
from desk.accounts.service import AccountDesk
from desk.errors import Invalid, NotPossible
from desk.settings import DeskSettings

DEMO_STAFF: Sequence[tuple[str, str, tuple[Role, ...]]] = (
    ("agent", "Niamh Doyle", (Role.AGENT,)),
    ("agent2", "Omar Haddad", (Role.AGENT,)),
    ("lead", "Ruth Lindqvist", (Role.LEAD,)),
    ("editor", "Pia Moreau", (Role.EDITOR,)),
    ("developer", "Tomás Reilly", (Role.DEVELOPER,)),
    ("admin", "Greta Volk", (Role.ADMIN,)),
)
"""In development: one of each role, ``<first>@alderwick.example``."""

DEMO_PASSWORD = "DESK_DEMO_STAFF_PASSWORD"  # noqa: S105 - the name of a variable

Open = Callable[[DeskSettings], tuple[AccountDesk, Callable[[], None]]]
Work = Callable[[AccountDesk, argparse.Namespace], Awaitable[int]]


def add_account_commands(commands: Any, open_accounts: Open) -> None:
    """Add them to the parser; ``open_accounts`` gives the accounts and how to close them."""
    account = commands.add_parser("account", help="accounts of the console: the first admin, passwords, sessions")
    what = account.add_subparsers(required=True, metavar="what")

    def add(name: str, text: str, work: Work, *, development: bool = False) -> Any:
        parser = what.add_parser(name, help=text)

        def run(options: argparse.Namespace, settings: DeskSettings) -> int:
            if development and settings.environment != "development":
                raise NotPossible("This is for development only.")
            accounts, close = open_accounts(settings)
            try:
                return asyncio.run(work(accounts, options))  # type: ignore[arg-type]
            finally:
                close()

        parser.set_defaults(run=run)
        return parser

    create = add("create", "a new account; its password is read from standard input, or made and shown", _create)
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--role", required=True, action="append", choices=[role.value for role in Role])
    create.add_argument("--password-stdin", action="store_true", help="read the password instead of making one")
    add("list", "all accounts", _list)
    add("disable", "close an account and end its sessions", _disable).add_argument("email")
    add("password", "a new password, shown once; sessions end", _password).add_argument("email")
    add("totp-off", "no code any more, for somebody who lost the phone", _totp_off).add_argument("email")
    add("sign-out", "end all sessions of an account", _sign_out).add_argument("email")
    add(
        "demo",
        f"in development: an account of each role, with the password in {DEMO_PASSWORD}",
        _demo,
        development=True,
    )


async def _create(accounts: AccountDesk, options: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else None
    roles = [Role(role) for role in options.role]
    account, made = await accounts.create(options.email, options.name, roles, password, must_change=password is None)
    print(f"{account.email} ({', '.join(sorted(account.roles))}) can sign in at /console")
    if made:
        print(f"password, shown only now: {made}")
    return 0


async def _list(accounts: AccountDesk, _: argparse.Namespace) -> int:
    for one in await accounts.accounts():
        print(f"{one.email:40}  {one.name:24}  {', '.join(sorted(one.roles))}{'  (closed)' if one.disabled else ''}")
    return 0


async def _disable(accounts: AccountDesk, options: argparse.Namespace) -> int:
    account = await accounts.find(email=options.email)
    await accounts.change(account.id, disabled=True)
    print(f"{account.email} is closed; all its sessions have ended")
    return 0


async def _password(accounts: AccountDesk, options: argparse.Namespace) -> int:
    account = await accounts.find(email=options.email)
    print(f"new password of {account.email}, shown only now: {await accounts.set_password(account.id)}")
    return 0


async def _totp_off(accounts: AccountDesk, options: argparse.Namespace) -> int:
    account = await accounts.reset_totp((await accounts.find(email=options.email)).id)
    print(f"{account.email} needs no code any more")
    return 0


async def _sign_out(accounts: AccountDesk, options: argparse.Namespace) -> int:
    account = await accounts.find(email=options.email)
    print(f"{await accounts.end_sessions(account.id)} sessions of {account.email} ended")
    return 0


async def _demo(accounts: AccountDesk, _: argparse.Namespace) -> int:
    """Make those that are missing; who does not want them leaves the variable empty."""
    password = os.environ.get(DEMO_PASSWORD, "")
    if not password:
        return 0
    there = {one.email for one in await accounts.accounts()}
    for login, name, roles in DEMO_STAFF:
        address = f"{login}@alderwick.example"
        if address not in there:
            try:
                await accounts.create(address, name, roles, password)
            except Invalid as error:
                print(error, file=sys.stderr)
                return 1
    return 0
