"""The company's own customers, through the real back office."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backoffice.adapters.sql.migrate import migrate
from backoffice.adapters.sql.seed import seed
from backoffice.bootstrap import build_backoffice, build_calendar, build_database
from backoffice.demo_data import load_demo
from backoffice.model.ids import ConversationId
from backoffice.settings import BackofficeSettings
from desk.adapters.accounts import BackofficeAccounts
from desk.errors import StoreUnavailable


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackofficeSettings:
    monkeypatch.delenv("BACKOFFICE_TOKEN_SECRET", raising=False)
    return BackofficeSettings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", mailbox=tmp_path / "mail")


@pytest.fixture
def accounts(settings: BackofficeSettings) -> Iterator[BackofficeAccounts]:
    database, now = build_database(settings), datetime.now(UTC)
    migrate(database)
    seed(database, load_demo(now, build_calendar(settings)), now)
    database.close()
    made = BackofficeAccounts(settings)
    yield made
    made.close()


async def test_whom_the_website_vouches_for_is_known_to_the_actions(
    accounts: BackofficeAccounts, settings: BackofficeSettings
) -> None:
    someone = load_demo(datetime.now(UTC), build_calendar(settings)).customers[0]
    until = datetime.now(UTC) + timedelta(minutes=10)
    assert await accounts.sign_in("c_1", str(someone.id), until)
    assert not await accounts.sign_in("c_2", "nobody", until)
    actions = build_backoffice(settings)
    customer = actions.access.verified_customer(ConversationId("c_1"))
    assert customer is not None
    assert customer.email == someone.email
    assert actions.access.verified_customer(ConversationId("c_2")) is None
    actions.close()


async def test_who_leaves_an_address_gets_one_ticket(accounts: BackofficeAccounts) -> None:
    numbers = {await accounts.ask_for_letter("c_1", "anna@example.com", "what was said") for _ in range(2)}
    assert len(numbers) == 1
    assert str(numbers.pop()).startswith("T-")


async def test_a_conversation_has_one_ticket_however_many_addresses_are_left(
    accounts: BackofficeAccounts,
) -> None:
    numbers = {await accounts.ask_for_letter("c_1", f"anna{n}@example.com", "what was said") for n in range(5)}
    assert len(numbers) == 1
    ticket = accounts.backoffice.tickets.ticket_for(ConversationId("c_1"), str(numbers.pop()))
    assert ticket is not None
    assert ticket.contact_email == "anna4@example.com"


async def test_a_back_office_that_is_away_takes_no_address_silently(tmp_path: Path) -> None:
    away = BackofficeAccounts(BackofficeSettings(database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    with pytest.raises(StoreUnavailable):
        await away.ask_for_letter("c_1", "anna@example.com", "")
    away.close()
