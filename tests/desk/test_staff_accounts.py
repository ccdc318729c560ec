"""Who gets into the console and what each may do there, over HTTP with real sessions."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from conftest import Clock, Running, running
from staff_browser import API, PASSWORD, Browser, accounts_of

from desk.accounts.model import PERMISSIONS, Permission, Role
from desk.settings import DeskSettings


@pytest.fixture
async def office(settings: DeskSettings, dialogue: Any, clock: Clock) -> AsyncIterator[Running]:
    generous = settings.model_copy(
        update={"sign_ins_per_address": "1000/minute", "sign_ins_per_account": "1000/minute"}
    )
    async with running(generous, dialogue, clock) as gateway:
        for role in (Role.AGENT, Role.ADMIN):
            await accounts_of(gateway).create(f"{role}@shop.example", role.value.title(), [role], PASSWORD)
        yield gateway


def routes_of(gateway: Running) -> list[tuple[str, str]]:
    """Method and path of every route of the console's API, with made-up ids."""
    found = []
    for path, operations in _paths(gateway.app.router.routes):
        if path.startswith(API) and "{rest" not in path:
            found += [(method, re.sub(r"\{[^}]+\}", "x", path).removeprefix(API)) for method in operations]
    return found


def _paths(routes: Any, before: str = "") -> list[tuple[str, set[str]]]:
    """FastAPI keeps included routers as they are; the prefix under which each was included comes in front."""
    found: list[tuple[str, set[str]]] = []
    for route in routes:
        if included := getattr(route, "original_router", None):
            found += _paths(included.routes, before + route.include_context.prefix)
        elif getattr(route, "methods", None):
            found.append((before + route.path, route.methods))
    return found


OPEN = {("GET", "/sign-in"), ("POST", "/session"), ("GET", "/session")}
FOR_ANYBODY = re.compile(r"^/(me(/(?!away).*)?|session|accounts)$")
DEMANDED: tuple[tuple[Any, ...], ...] = (
    (re.compile(r"^(GET|POST|PATCH|DELETE) /(audit|accounts/x.*|customer-data.*)$"), Permission.ADMIN),
    (re.compile(r"^(POST /accounts|PUT /assignment)$"), Permission.ADMIN),
    (re.compile(r"^GET /knowledge$"), Permission.REVIEW),  # whoever reviews names the entry that was missed
    (re.compile(r"^(POST|PATCH|DELETE) /macros"), Permission.ASSIGN),
    (re.compile(r"^(GET /questions|POST /questions/x/answer)$"), Permission.ANSWER, Permission.KNOWLEDGE),
    (re.compile(r"^\w+ /approvals"), Permission.KNOWLEDGE, Permission.ASSIGN),
    (re.compile(r"^\w+ /knowledge"), Permission.KNOWLEDGE),
    (re.compile(r"^POST /reviews/(teach|corrections/export)$"), Permission.TEACH),
    (re.compile(r"^\w+ /reviews"), Permission.REVIEW),
    (re.compile(r"^\w+ /numbers"), Permission.NUMBERS),
)


def needed(method: str, path: str) -> set[Permission]:
    """Any of these opens the route, says the console's contract; nothing: anybody signed in."""
    for pattern, *permissions in DEMANDED:
        if pattern.match(f"{method} {path}"):
            return set(permissions)
    return set() if FOR_ANYBODY.match(path) else {Permission.ANSWER}


async def test_every_route_refuses_nobody_strangers_to_csrf_and_wrong_roles(office: Running) -> None:
    routes = routes_of(office)
    assert len(routes) > 40, "the walk over the app's routes finds too few"
    nobody, wrong = Browser(office.app), []
    for method, path in routes:
        if (method, path) not in OPEN and path != "/events":
            answer = await nobody.call(method, path, json={})
            assert (answer.status_code, answer.json()["error"]["type"]) == (401, "not_signed_in"), (method, path)
    for role in Role:
        if role not in (Role.AGENT, Role.ADMIN):
            await accounts_of(office).create(f"{role}@shop.example", role.value.title(), [role], PASSWORD)
        browser = Browser(office.app)
        await browser.sign_in(f"{role}@shop.example")
        for method, path in routes:
            if (method, path) in OPEN or path in {"/events", "/session"}:
                continue
            if method != "GET":
                forged = await browser.call(method, path, csrf="forged", json={})
                assert (forged.status_code, forged.json()["error"]["type"]) == (403, "csrf_invalid"), (method, path)
            permissions = needed(method, path)
            allowed = not permissions or bool(permissions & PERMISSIONS[role])
            answer = await browser.call(method, path, json={})
            is_json = answer.content and answer.headers["content-type"] == "application/json"
            told = answer.json() if is_json else {}
            kind = told["error"]["type"] if isinstance(told, dict) and "error" in told else "ok"
            if (kind == "forbidden") is allowed:
                wrong.append((role, method, path, kind))
    assert wrong == []


async def test_wrong_password_unknown_address_and_closed_account_sound_the_same(office: Running) -> None:
    admin = accounts_of(office)
    closed = await admin.find(email="agent@shop.example")
    await admin.change(closed.id, disabled=True)
    told = [
        await Browser(office.app).sign_in("admin@shop.example", "wrong password!"),
        await Browser(office.app).sign_in("nobody@shop.example"),
        await Browser(office.app).sign_in("agent@shop.example"),
    ]
    assert {(one.status_code, one.json()["error"]["message"]) for one in told} == {
        (401, "E-mail, password or code is wrong.")
    }


async def test_a_stranger_costs_a_password_check_too(office: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts, checked = accounts_of(office), []
    real = accounts._passwords._hasher.__class__.verify

    def counting(hasher: Any, stored: str, given: str) -> Any:
        checked.append(stored)
        return real(hasher, stored, given)

    monkeypatch.setattr(accounts._passwords._hasher.__class__, "verify", counting)
    await Browser(office.app).sign_in("nobody@shop.example")
    assert len(checked) == 1


async def test_wrong_tries_close_an_account_to_the_address_they_come_from_and_to_no_other(
    settings: DeskSettings, dialogue: Any, clock: Clock
) -> None:
    strict = settings.model_copy(update={"sign_ins_per_account": "3/minute"})
    async with running(strict, dialogue, clock) as gateway:
        await accounts_of(gateway).create("a@shop.example", "A", [Role.AGENT], PASSWORD)
        for number in range(12):
            stranger = Browser(gateway.app, f"192.0.2.{number // 3}")
            assert (await stranger.sign_in("A@shop.example", "wrong password!")).status_code == 401
        locked = await Browser(gateway.app, "192.0.2.0").sign_in("a@shop.example")
        assert locked.status_code == 429, "not even with the right password: the answer tells nothing"
        assert int(locked.headers["retry-after"]) > 0
        owner = Browser(gateway.app, "198.51.100.1")
        for _ in range(5):
            assert (await owner.sign_in("a@shop.example")).status_code == 200, "who gets in spends no tries"
        assert (await owner.call("POST", "/me/totp", json={"password": PASSWORD})).status_code == 200


async def test_tries_from_everywhere_close_an_account_late(settings: DeskSettings, dialogue: Any, clock: Clock) -> None:
    strict = settings.model_copy(update={"sign_ins_per_account_overall": "6/hour"})
    async with running(strict, dialogue, clock) as gateway:
        await accounts_of(gateway).create("a@shop.example", "A", [Role.AGENT], PASSWORD)
        tries = [await Browser(gateway.app, f"192.0.2.{n}").sign_in("a@shop.example", "wrong!") for n in range(7)]
        assert [one.status_code for one in tries] == [401] * 6 + [429]


async def test_wrong_codes_are_wrong_tries(settings: DeskSettings, dialogue: Any, clock: Clock) -> None:
    strict = settings.model_copy(update={"sign_ins_per_account": "3/minute"})
    async with running(strict, dialogue, clock) as gateway:
        await accounts_of(gateway).create("a@shop.example", "A", [Role.AGENT], PASSWORD)
        browser = Browser(gateway.app)
        await browser.sign_in("a@shop.example")
        app = pyotp.TOTP((await browser.call("POST", "/me/totp", json={"password": PASSWORD})).json()["secret"])
        await browser.call("POST", "/me/totp/confirm", json={"code": app.at(clock())})
        stranger = Browser(gateway.app, "192.0.2.66")
        tries = [await stranger.sign_in("a@shop.example", PASSWORD, "000000") for _ in range(4)]
        assert [one.status_code for one in tries] == [401, 401, 401, 429]


async def test_a_session_planted_before_is_not_the_one_after_signing_in(office: Running) -> None:
    browser = Browser(office.app)
    browser.http.cookies.set("frontdesk_session", "planted-by-somebody", domain="desk", path="/console")
    await browser.sign_in("agent@shop.example")
    first = browser.http.cookies.get("frontdesk_session", path="/console", domain="desk.local") or "; ".join(
        cookie.value or "" for cookie in browser.http.cookies.jar
    )
    assert "planted" not in [cookie.value for cookie in browser.http.cookies.jar][-1]
    again = await browser.sign_in("agent@shop.example")
    cookie = again.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/console" in cookie
    assert again.headers["set-cookie"].split(";")[0] not in first


async def test_sessions_end_by_idling_by_age_by_signing_out_and_by_the_admin(office: Running, clock: Clock) -> None:
    agent, admin = Browser(office.app), Browser(office.app)
    await agent.sign_in("agent@shop.example")
    clock.forward(hours=11)
    assert (await agent.call("GET", "/session")).status_code == 200
    clock.forward(hours=13)
    assert (await agent.call("GET", "/session")).status_code == 401
    await agent.sign_in("agent@shop.example")
    for _ in range(15):
        clock.forward(hours=11)
        assert (await agent.call("GET", "/session")).status_code == 200
    clock.forward(hours=11)
    assert (await agent.call("GET", "/session")).status_code == 401
    await agent.sign_in("agent@shop.example")
    account = (await agent.call("GET", "/session")).json()["account"]["id"]
    await admin.sign_in("admin@shop.example")
    assert (await admin.call("DELETE", f"/accounts/{account}/sessions")).status_code == 204
    assert (await agent.call("GET", "/session")).status_code == 401
    await agent.sign_in("agent@shop.example")
    assert (await agent.call("DELETE", "/session")).status_code == 204
    assert (await agent.call("GET", "/session")).status_code == 401


async def test_sessions_that_hold_no_more_are_removed(office: Running, clock: Clock) -> None:
    browser = Browser(office.app)
    account = (await browser.sign_in("agent@shop.example")).json()["account"]["id"]
    clock.forward(hours=13)
    await browser.sign_in("agent@shop.example")
    await accounts_of(office).tidy()
    assert len(await accounts_of(office).sessions(account)) == 1


async def test_a_code_opens_once_and_only_with_the_password(office: Running, clock: Clock) -> None:
    browser = Browser(office.app)
    await browser.sign_in("agent@shop.example")
    begun = (await browser.call("POST", "/me/totp", json={"password": PASSWORD})).json()
    app = pyotp.TOTP(begun["secret"])
    assert (await browser.call("POST", "/me/totp/confirm", json={"code": "000000"})).status_code == 422
    assert (await browser.call("POST", "/me/totp/confirm", json={"code": app.at(clock())})).status_code == 200
    clock.forward(seconds=31)
    missing = await Browser(office.app).sign_in("agent@shop.example")
    assert missing.json()["error"]["type"] == "code_required"
    code = app.at(clock())
    assert (await Browser(office.app).sign_in("agent@shop.example", "wrong password!", code)).status_code == 401
    assert (await Browser(office.app).sign_in("agent@shop.example", PASSWORD, code)).status_code == 200
    replayed = await Browser(office.app).sign_in("agent@shop.example", PASSWORD, code)
    assert replayed.json()["error"]["type"] == "sign_in_failed"
    wrong = await browser.call("DELETE", "/me/totp", json={"password": "wrong password!"})
    assert wrong.status_code == 401
    assert (await browser.call("DELETE", "/me/totp", json={"password": PASSWORD})).status_code == 204
    assert (await Browser(office.app).sign_in("agent@shop.example")).status_code == 200


async def test_the_session_alone_gives_no_other_second_factor(office: Running, clock: Clock) -> None:
    thief, owner = Browser(office.app), Browser(office.app)
    await owner.sign_in("agent@shop.example")
    begun = (await owner.call("POST", "/me/totp", json={"password": PASSWORD})).json()
    code = pyotp.TOTP(begun["secret"]).at(clock())
    await thief.sign_in("agent@shop.example")
    assert (await thief.call("POST", "/me/totp", json={"password": "wrong password!"})).status_code == 401
    assert (await thief.call("POST", "/me/totp", json={})).status_code == 422
    assert (await owner.call("POST", "/me/totp/confirm", json={"code": code})).status_code == 200
    assert (await thief.call("GET", "/session")).status_code == 401, "whoever came in without a code is out"
    assert (await owner.call("GET", "/session")).status_code == 200


async def test_a_changed_password_ends_the_other_sessions(office: Running) -> None:
    here, there = Browser(office.app), Browser(office.app)
    await here.sign_in("agent@shop.example")
    await there.sign_in("agent@shop.example")
    new = "another long password"
    assert (await here.call("POST", "/me/password", json={"old": "wrong", "new": new})).status_code == 401
    assert (await here.call("POST", "/me/password", json={"old": PASSWORD, "new": "short"})).status_code == 422
    assert (await here.call("POST", "/me/password", json={"old": PASSWORD, "new": new})).status_code == 204
    assert (await here.call("GET", "/session")).status_code == 200
    assert (await there.call("GET", "/session")).status_code == 401
    assert (await there.sign_in("agent@shop.example", new)).status_code == 200


async def test_admins_make_and_close_accounts_and_never_lock_themselves_out(office: Running) -> None:
    admin = Browser(office.app)
    me = (await admin.sign_in("admin@shop.example")).json()["account"]["id"]
    body = {"email": "New@Shop.example", "name": "New", "roles": ["agent"]}
    made = (await admin.call("POST", "/accounts", json=body)).json()
    assert (await admin.call("POST", "/accounts", json=body)).status_code == 422
    newcomer = Browser(office.app)
    assert (await newcomer.sign_in("new@shop.example", made["password"])).status_code == 200
    await admin.call("PATCH", f"/accounts/{made['id']}", json={"disabled": True})
    assert (await newcomer.call("GET", "/session")).status_code == 401
    assert (await admin.call("PATCH", f"/accounts/{me}", json={"roles": ["agent"]})).status_code == 422
    assert (await admin.call("PATCH", f"/accounts/{me}", json={"disabled": True})).status_code == 422
    lines = (await admin.call("GET", "/audit", params={"subject": made["id"]})).json()["items"]
    assert [line["action"] for line in lines] == ["account.change", "account.create"]
    assert "password" not in str(lines).replace("account.password", "")


async def test_stored_secrets_are_not_what_people_type(office: Running) -> None:
    browser = Browser(office.app)
    await browser.sign_in("agent@shop.example")
    secret = (await browser.call("POST", "/me/totp", json={"password": PASSWORD})).json()["secret"]
    cookie = next(iter(browser.http.cookies.jar)).value
    with office.desk.database.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM staff_accounts").all())
        rows += str(connection.exec_driver_sql("SELECT * FROM staff_sessions").all())
    assert all(one not in rows for one in (PASSWORD, secret, str(cookie)))
    assert timedelta(hours=office.desk.settings.session_hours) == timedelta(days=7)


async def test_a_password_that_an_admin_knows_opens_nothing_but_the_way_to_another(office: Running) -> None:
    admin, new = Browser(office.app), Browser(office.app)
    await admin.sign_in("admin@shop.example")
    body = {"email": "new@shop.example", "name": "New", "roles": ["agent"]}
    told = (await admin.call("POST", "/accounts", json=body)).json()["password"]
    signed_in = await new.sign_in("new@shop.example", told)
    assert signed_in.json()["account"]["must_change"] is True
    for method, path in (("GET", "/inbox"), ("GET", "/accounts"), ("GET", "/events"), ("PATCH", "/me")):
        refused = await new.call(method, path, **({"json": {}} if method == "PATCH" else {}))
        assert (refused.status_code, refused.json()["error"]["type"]) == (403, "password_to_change"), path
    again = {"old": told, "new": told}
    assert (await new.call("POST", "/me/password", json=again)).status_code == 422
    chosen = {"old": told, "new": "a long password of my own"}
    assert (await new.call("POST", "/me/password", json=chosen)).status_code == 204
    assert (await new.call("GET", "/inbox")).status_code == 200
    account = signed_in.json()["account"]["id"]
    reset = (await admin.call("POST", f"/accounts/{account}/password")).json()["password"]
    again_in = Browser(office.app)
    assert (await again_in.sign_in("new@shop.example", reset)).json()["account"]["must_change"] is True
