"""Whom a conversation can be passed to: the inbox's view of accounts."""

from collections import Counter
from collections.abc import Mapping, Sequence

from desk.accounts.model import Permission
from desk.accounts.service import AccountDesk
from desk.errors import NotFound


class AccountColleagues:
    """A ``Colleagues``; a team is there as soon as somebody is in it."""

    def __init__(self, accounts: AccountDesk) -> None:
        self._accounts = accounts

    async def name_of(self, staff_id: str) -> str | None:
        try:
            account = await self._accounts.find(account_id=staff_id)
        except NotFound:
            return None
        if account.disabled or not account.staff("").may(Permission.ANSWER):
            return None
        return account.name

    async def teams_of(self, staff_id: str) -> Sequence[str]:
        return (await self._accounts.find(account_id=staff_id)).teams

    async def teams(self) -> Sequence[Mapping[str, str | int]]:
        members = Counter(team for one in await self._accounts.accounts() if not one.disabled for team in one.teams)
        return [{"id": team, "name": team, "agents": count} for team, count in sorted(members.items())]
