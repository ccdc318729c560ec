"""Getting in without the phone: each code on paper once, an admin when the paper is gone, too."""

from collections.abc import AsyncIterator
from typing import Any

import pyotp
import pytest
from conftest import Clock, Running, running
from staff_browser import PASSWORD, Browser, accounts_of

from desk.accounts.model import Role
from desk.adapters.sql.staff_tables import staff_recovery_codes
from desk.settings import DeskSettings

AGENT = "agent@shop.example"


@pytest.fixture
async def office(settings: DeskSettings, dialogue: Any, clock: Clock) -> AsyncIterator[Running]:
    generous = settings.model_copy(update={"sign_ins_per_account": "1000/minute", "sign_ins_per_address": "999/minute"})
    async with running(generous, dialogue, clock) as gateway:
        for role in (Role.AGENT, Role.ADMIN):
            await accounts_of(gateway).create(f"{role}@shop.example", role.value.title(), [role], PASSWORD)
        yield gateway


async def with_codes(office: Running) -> tuple[Browser, list[str]]:
    """The agent's browser, and the codes on paper."""
    browser = Browser(office.app)
    await browser.sign_in(AGENT)
    app = pyotp.TOTP((await browser.call("POST", "/me/totp", json={"password": PASSWORD})).json()["secret"])
    confirmed = await browser.call("POST", "/me/totp/confirm", json={"code": app.at(office.clock())})
    codes: list[str] = confirmed.json()["recovery_codes"]
    return browser, codes


async def test_a_code_on_paper_opens_once_and_only_with_the_password(office: Running) -> None:
    _, codes = await with_codes(office)
    assert len(set(codes)) == 10
    assert (await Browser(office.app).sign_in(AGENT, "wrong password!", codes[0])).status_code == 401
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, codes[0].lower().replace("-", " "))).status_code == 200
    again = await Browser(office.app).sign_in(AGENT, PASSWORD, codes[0])
    assert again.json()["error"]["type"] == "sign_in_failed"
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, "ABCD-EFGH-IJKL-MNOP")).status_code == 401
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, "é１２３４５")).status_code == 401
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, codes[1])).status_code == 200


async def test_new_codes_replace_the_old_and_switching_off_takes_them_away(office: Running) -> None:
    browser, old = await with_codes(office)
    assert (await browser.call("POST", "/me/totp/recovery", json={"password": "wrong password!"})).status_code == 401
    new = (await browser.call("POST", "/me/totp/recovery", json={"password": PASSWORD})).json()["recovery_codes"]
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, old[0])).status_code == 401
    assert (await Browser(office.app).sign_in(AGENT, PASSWORD, new[0])).status_code == 200
    with office.desk.database.engine.connect() as connection:
        stored = str(connection.execute(staff_recovery_codes.select()).all())
    assert not any(code in stored or code.replace("-", "") in stored for code in new)
    assert (await browser.call("DELETE", "/me/totp", json={"password": PASSWORD})).status_code == 204
    refused = await browser.call("POST", "/me/totp/recovery", json={"password": PASSWORD})
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "not_possible")
    with office.desk.database.engine.connect() as connection:
        assert connection.execute(staff_recovery_codes.select()).all() == []


async def test_an_admin_lets_in_whoever_lost_phone_and_paper(office: Running) -> None:
    browser, _ = await with_codes(office)
    account = (await browser.call("GET", "/session")).json()["account"]["id"]
    assert (await browser.call("DELETE", f"/accounts/{account}/totp")).status_code == 403
    admin = Browser(office.app)
    await admin.sign_in("admin@shop.example")
    assert (await admin.call("DELETE", f"/accounts/{account}/totp")).status_code == 204
    assert (await Browser(office.app).sign_in(AGENT)).status_code == 200
    lines = (await admin.call("GET", "/audit", params={"subject": account})).json()["items"]
    assert [line["action"] for line in lines] == ["account.totp_reset"]
