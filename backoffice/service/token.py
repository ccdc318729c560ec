"""The website's signed token: who is signed in there, so that nobody has to prove it again here."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from backoffice.model.ids import ConversationId, CustomerId

LONGEST = 4096
LEEWAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a token names, and until when."""

    customer_id: CustomerId
    expires_at: datetime


class TokenReader:
    """Reads and writes JSON Web Tokens signed with HS256 and a secret shared with the website.

    Claims: ``sub`` the customer's id, ``aud`` this door, ``iat`` and ``exp``; ``conversation_id`` where the
    website knows it, and then the token is good for that conversation only.
    """

    def __init__(self, *, secret: str, audience: str) -> None:
        self._secret = secret
        self._audience = audience

    def read(self, token: str, conversation_id: ConversationId, now: datetime) -> Vouched | None:
        """Whom the token vouches for at ``now``, or ``None`` when it is not to be believed."""
        if len(token) > LONGEST:
            return None
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=self._audience,
                options={"require": ["sub", "aud", "exp", "iat"], "verify_exp": False, "verify_iat": False},
            )
            issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, OSError):
            return None
        meant = claims.get("conversation_id", conversation_id) == conversation_id
        held = issued - LEEWAY <= now < expires
        return Vouched(CustomerId(claims["sub"]), expires) if meant and held else None

    def write(self, customer_id: CustomerId, now: datetime, lasts: timedelta) -> str:
        """A token as the website makes them: for the demo and for tests."""
        claims = {"sub": customer_id, "aud": self._audience, "iat": now, "exp": now + lasts}
        return jwt.encode(claims, self._secret, algorithm="HS256")
