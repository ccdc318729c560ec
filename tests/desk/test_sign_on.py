"""Signing in at the company's identity provider, against one that really serves and errs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from conftest import SECRET, Clock, Running, running
from identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, serving
from pydantic import ValidationError
from sqlalchemy import select
from staff_browser import API, Browser, accounts_of

from desk.accounts.model import Role
from desk.adapters.sql.staff_tables import audit_log
from desk.settings import DeskSettings

NIAMH = {"sub": "p-1001", "email": "Niamh@Alderwick.example", "email_verified": True, "name": "Niamh Doyle"}
CALLBACK = "https://desk/console/api/oidc/callback"


@dataclass
class House:
    """A gateway beside its company's provider."""

    gateway: Running
    provider: IdentityProvider

    async def sent_back(self, browser: Browser) -> str:
        """The address with which the provider sends this browser back."""
        begun = await browser.http.get(f"{API}/oidc/start")
        assert begun.status_code == 303, begun.text
        async with httpx.AsyncClient(trust_env=False) as visitor:
            answer = await visitor.get(begun.headers["location"])
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    async def signed_on(self, browser: Browser) -> str:
        """Where somebody ends who goes to the provider and comes back."""
        answer = await browser.http.get(await self.sent_back(browser))
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def browser(self) -> Browser:
        return Browser(self.gateway.app)


@pytest.fixture
async def provider(clock: Clock) -> AsyncIterator[IdentityProvider]:
    async with serving(IdentityProvider(clock, person=dict(NIAMH), redirect_uris={CALLBACK})) as served:
        yield served


@pytest.fixture
def with_provider(settings: DeskSettings, provider: IdentityProvider) -> DeskSettings:
    given: dict[str, Any] = {
        **settings.model_dump(),
        "public_url": "https://desk/",
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_name": "Alderwick ID",
        "sign_ins_per_address": "1000/minute",
    }
    return DeskSettings(**given)


@pytest.fixture
async def house(
    with_provider: DeskSettings, provider: IdentityProvider, dialogue: Any, clock: Clock
) -> AsyncIterator[House]:
    async with running(with_provider, dialogue, clock) as gateway:
        await accounts_of(gateway).create("niamh@alderwick.example", "Niamh", [Role.LEAD])
        yield House(gateway, provider)


async def test_somebody_with_an_account_comes_back_signed_in(house: House) -> None:
    browser = house.browser()
    assert (await browser.call("GET", "/sign-in")).json()["oidc"] == {"name": "Alderwick ID"}
    assert await house.signed_on(browser) == "/console"
    me = (await browser.call("GET", "/session")).json()
    assert (me["account"]["email"], me["account"]["roles"]) == ("niamh@alderwick.example", ["lead"])
    assert [cookie.name for cookie in browser.http.cookies.jar] == ["frontdesk_session"]
    lines = await house.gateway.desk.database.read(
        lambda connection: connection.execute(select(audit_log.c.action, audit_log.c.details)).all()
    )
    assert lines == [("session.begin", {"by": "provider"})]


async def test_the_request_carries_state_nonce_and_a_challenge_and_no_secret(house: House) -> None:
    begun = await house.browser().http.get(f"{API}/oidc/start")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert CLIENT_SECRET not in begun.headers["location"]
    cookie = begun.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/console/api/oidc", "max-age=600"))


@pytest.mark.parametrize(
    "fault", ["nonce", "expired", "audience", "issuer", "foreign_key", "unsigned", "shared_secret", "token"]
)
async def test_an_answer_that_is_not_to_be_believed_signs_nobody_in(house: House, fault: str) -> None:
    house.provider.fault = fault
    browser = house.browser()
    assert await house.signed_on(browser) == "/console?sign_in=failed"
    assert (await browser.call("GET", "/session")).status_code == 401


async def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(house: House) -> None:
    for claims in ({"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": "no address"}):
        house.provider.person = NIAMH | claims
        assert await house.signed_on(house.browser()) == "/console?sign_in=not_verified"


async def test_a_provider_that_is_down_is_said_on_the_sign_in_page(house: House) -> None:
    house.provider.fault = "broken"
    browser = house.browser()
    answer = await browser.http.get(f"{API}/oidc/start")
    assert answer.headers["location"] == "/console?sign_in=unavailable"
    house.provider.fault = ""
    assert await house.signed_on(browser) == "/console"


async def test_a_provider_that_breaks_between_out_and_back(house: House) -> None:
    browser = house.browser()
    back = await house.sent_back(browser)
    house.provider.fault = "token_broken"
    assert (await browser.http.get(back)).headers["location"] == "/console?sign_in=unavailable"


async def test_nobody_listening_at_the_providers_address(
    with_provider: DeskSettings, dialogue: Any, clock: Clock
) -> None:
    nobody_there = with_provider.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    async with running(nobody_there, dialogue, clock) as gateway:
        answer = await Browser(gateway.app).http.get(f"{API}/oidc/start")
        assert answer.headers["location"] == "/console?sign_in=unavailable"


async def test_whoever_cancels_is_told_so(house: House) -> None:
    house.provider.denies = True
    assert await house.signed_on(house.browser()) == "/console?sign_in=cancelled"


async def test_an_attempt_belongs_to_its_browser_opens_once_and_ends_in_time(house: House, clock: Clock) -> None:
    mine, other = house.browser(), house.browser()
    back = await house.sent_back(mine)
    assert (await other.http.get(back)).headers["location"] == "/console?sign_in=expired"
    assert (await mine.http.get(back)).headers["location"] == "/console?sign_in=expired"
    back = await house.sent_back(mine)
    assert (await mine.http.get(back)).headers["location"] == "/console"
    assert (await mine.http.get(back)).headers["location"] == "/console?sign_in=expired"
    back = await house.sent_back(other)
    clock.forward(minutes=11)
    assert (await other.http.get(back)).headers["location"] == "/console?sign_in=expired"
    made_up = await other.http.get(f"{CALLBACK}?code=x&state=y")
    assert made_up.headers["location"] == "/console?sign_in=expired"


async def test_another_providers_answer_is_not_taken(house: House) -> None:
    browser = house.browser()
    back = httpx.URL(await house.sent_back(browser)).copy_set_param("iss", "https://mix-up.example")
    assert (await browser.http.get(back)).headers["location"] == "/console?sign_in=failed"


async def test_strangers_closed_accounts_and_inherited_addresses_stay_outside(house: House) -> None:
    browser = house.browser()
    house.provider.person = NIAMH | {"sub": "p-7", "email": "stranger@alderwick.example"}
    assert await house.signed_on(browser) == "/console?sign_in=no_account"
    house.provider.person = dict(NIAMH)
    assert await house.signed_on(browser) == "/console"
    house.provider.person = NIAMH | {"sub": "p-8"}  # Niamh left; the next Niamh was given her address
    assert await house.signed_on(house.browser()) == "/console?sign_in=no_account"
    house.provider.person = NIAMH | {"email": "niamh.kelly@alderwick.example"}  # she married
    assert await house.signed_on(house.browser()) == "/console"
    accounts = accounts_of(house.gateway)
    await accounts.change((await accounts.find(email="niamh@alderwick.example")).id, disabled=True)
    assert await house.signed_on(house.browser()) == "/console?sign_in=no_account"
    assert (await browser.call("GET", "/session")).status_code == 401


async def test_people_of_a_named_domain_get_an_account_by_signing_in(
    with_provider: DeskSettings, provider: IdentityProvider, dialogue: Any, clock: Clock
) -> None:
    open_to_all = with_provider.model_copy(update={"oidc_domains": "alderwick.example, other.example"})
    async with running(open_to_all, dialogue, clock) as gateway:
        browser, house = Browser(gateway.app), House(gateway, provider)
        assert await house.signed_on(browser) == "/console"
        me = (await browser.call("GET", "/session")).json()["account"]
        assert (me["email"], me["name"], me["roles"]) == ("niamh@alderwick.example", "Niamh Doyle", ["agent"])
        assert (await Browser(gateway.app).sign_in("niamh@alderwick.example", "")).status_code == 422
        assert (await Browser(gateway.app).sign_in("niamh@alderwick.example", "any password!")).status_code == 401
        provider.person = {"sub": "p-9", "email": "x@evil.alderwick.example", "email_verified": True}
        assert await house.signed_on(Browser(gateway.app)) == "/console?sign_in=no_account"


async def test_new_keys_of_the_provider_are_fetched(house: House) -> None:
    assert await house.signed_on(house.browser()) == "/console"
    house.provider.new_key()
    assert await house.signed_on(house.browser()) == "/console"


async def test_a_session_planted_before_is_another_one_after(house: House) -> None:
    browser = house.browser()
    browser.http.cookies.set("frontdesk_session", "planted", domain="desk.local", path="/console")
    assert await house.signed_on(browser) == "/console"
    assert [one.value == "planted" for one in browser.http.cookies.jar if one.name == "frontdesk_session"] == [False]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"oidc_client_secret": ""}, "DESK_OIDC_CLIENT_SECRET"),
        ({"oidc_role": "admin"}, "admins are made by admins"),
        ({"environment": "production"}, "https://"),
    ],
)
def test_a_half_described_provider_stops_the_start(changed: dict[str, str], reason: str) -> None:
    whole = {"oidc_issuer": "http://id.example", "oidc_client_id": "x", "oidc_client_secret": "y"}
    with pytest.raises(ValidationError, match=reason):
        DeskSettings(**{"secret": SECRET, "public_url": "https://desk", **whole, **changed})
