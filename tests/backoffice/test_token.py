"""The website's token: believed only when it is whole, in time, for this door and this conversation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice, build_memory_backoffice
from backoffice.model.code import Level
from backoffice.model.ids import CustomerId
from backoffice.service.token import TokenReader

SECRET = "s" * 32
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
READER = TokenReader(secret=SECRET, audience="frontdesk")
CLAIMS = {"sub": "a", "aud": "frontdesk", "iat": NOW, "exp": NOW + timedelta(minutes=5)}


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode({**CLAIMS, **claims}, secret, algorithm=algorithm)


def test_a_good_token_names_the_customer() -> None:
    assert READER.read(token(), "c1", NOW).customer_id == "a"
    assert READER.read(token(conversation_id="c1"), "c1", NOW).expires_at == CLAIMS["exp"]
    assert READER.read(READER.write(CustomerId("a"), NOW, timedelta(minutes=5)), "c1", NOW).customer_id == "a"


@pytest.mark.parametrize(
    "forged",
    [
        token(secret="x" * 32),
        jwt.encode(CLAIMS, None, algorithm="none"),
        token(secret="s" * 64, algorithm="HS512"),
        token(aud="shop"),
        token(exp=NOW),
        token(iat=NOW + timedelta(minutes=1)),
        token(conversation_id="c2"),
        token(sub=None),
        jwt.encode({name: CLAIMS[name] for name in ("sub", "aud", "iat")}, SECRET),
        "",
        "a.b.c",
        "x" * 5000,
    ],
)
def test_any_other_token_is_refused(forged: str) -> None:
    assert READER.read(forged, "c1", NOW) is None


def test_signing_in_opens_reading_until_the_token_ends(clock: StoppedClock) -> None:
    backoffice = build_memory_backoffice(now=clock)
    backoffice.access._tokens = READER
    customer = _aoife(backoffice)
    signed = READER.write(customer, clock.time, timedelta(minutes=5))

    assert backoffice.access.sign_in("c1", "no token", message_id="m0") is None
    assert backoffice.access.sign_in("c1", signed, message_id="m1").id == customer
    assert backoffice.access.level("c1") is Level.READING
    clock.move(minutes=5)
    assert backoffice.access.level("c1") is Level.NONE
    assert backoffice.access.sign_in("c1", signed, message_id="m2") is None
    unknown = READER.write(CustomerId("nobody"), clock.time, timedelta(minutes=5))
    assert backoffice.access.sign_in("c1", unknown, message_id="m3") is None


def test_a_customer_whom_nobody_knows_ends_the_proof_of_the_one_before(clock: StoppedClock) -> None:
    backoffice = build_memory_backoffice(now=clock)
    backoffice.access._tokens = READER
    customer = _aoife(backoffice)
    signed = READER.write(customer, clock.time, timedelta(minutes=5))
    unknown = READER.write(CustomerId("nobody"), clock.time, timedelta(minutes=5))
    assert backoffice.access.sign_in("c1", signed, message_id="m1")
    assert backoffice.access.sign_in("c1", "forged", message_id="m2") is None
    assert backoffice.access.verified_customer("c1")

    assert backoffice.access.sign_in("c1", unknown, message_id="m3") is None
    assert backoffice.access.verified_customer("c1") is None
    assert backoffice.access.level("c1") is Level.NONE
    assert backoffice.access.proved_customer("c1") == customer
    assert backoffice.access.proved_customer("c2") is None


def test_without_a_secret_no_token_is_believed(memory_backoffice: Backoffice, clock: StoppedClock) -> None:
    signed = READER.write(_aoife(memory_backoffice), clock.time, timedelta(minutes=5))

    assert memory_backoffice.access.sign_in("c1", signed, message_id="m1") is None


def _aoife(backoffice: Backoffice) -> CustomerId:
    found = backoffice.access.verify(
        "other", order_number="10046", email="aoife.brennan@example.com", message_id="v"
    ).customer
    assert found
    return found.id
