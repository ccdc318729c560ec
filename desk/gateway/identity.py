"""The host site's signed word about who its customer is: JSON Web Tokens, HS256 or RS256, with rotation of keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import structlog

from desk.errors import IdentityInvalid

logger = structlog.get_logger()

_LONGEST = 4096
_LEEWAY = timedelta(seconds=30)
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a token names, and until when."""

    customer_id: str
    until: datetime


class IdentityReader:
    """Checks signature, audience and expiry. An old key stays valid until it is taken out of the settings.

    Args:
        secrets: HS256 secrets, newest first.
        public_keys: RS256 keys by ``kid``.
        audience: the tokens' ``aud``.
    """

    def __init__(self, *, secrets: Sequence[str], public_keys: dict[str, Any], audience: str) -> None:
        if any(len(secret) < _SHORTEST_SECRET for secret in secrets):
            raise ValueError("each of DESK_IDENTITY_SECRETS must have at least 32 characters")
        self._secrets, self._public_keys, self._audience = tuple(secrets), public_keys, audience

    def read(self, token: str, conversation_id: str | None, now: datetime) -> Vouched:
        """Whom the token vouches for at ``now``; ``conversation_id`` in it ties it to that conversation.

        Raises:
            IdentityInvalid: it is not to be believed; why stands in the log only.
        """
        for key, algorithm in self._keys(token):
            try:
                claims = self._decode(token, key, algorithm)
            except jwt.InvalidSignatureError:
                continue
            except (jwt.InvalidTokenError, ValueError, TypeError) as error:
                logger.info("identity.refused", why=type(error).__name__)
                raise IdentityInvalid from None
            return self._believed(claims, conversation_id, now)
        logger.info("identity.refused", why="signature")
        raise IdentityInvalid

    def write(self, customer_id: str, now: datetime, lasts: timedelta) -> str:
        """A token as the host site makes them: for the demo page and tests.

        Raises:
            IdentityInvalid: no secret is set.
        """
        if not self._secrets:
            raise IdentityInvalid
        claims = {"sub": customer_id, "aud": self._audience, "iat": now, "exp": now + lasts}
        return jwt.encode(claims, self._secrets[0], algorithm="HS256")

    def _keys(self, token: str) -> list[tuple[Any, str]]:
        """The algorithm decides which keys are tried, never the other way round."""
        if len(token) > _LONGEST:
            return []
        try:
            head = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            return []
        if head.get("alg") == "RS256":
            key = self._public_keys.get(str(head.get("kid")))
            return [(key, "RS256")] if key is not None else []
        if head.get("alg") == "HS256":
            return [(secret, "HS256") for secret in self._secrets]
        return []

    def _decode(self, token: str, key: Any, algorithm: str) -> dict[str, Any]:
        options: Any = {"require": ["sub", "aud", "exp", "iat"], "verify_exp": False, "verify_iat": False}
        return dict(jwt.decode(token, key, algorithms=[algorithm], audience=self._audience, options=options))

    @staticmethod
    def _believed(claims: dict[str, Any], conversation_id: str | None, now: datetime) -> Vouched:
        try:
            issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
        except (ValueError, TypeError, OverflowError, OSError):
            raise IdentityInvalid from None
        meant = claims.get("conversation_id", conversation_id) == conversation_id
        if not (meant and issued - _LEEWAY <= now < expires):
            logger.info("identity.refused", why="time" if meant else "conversation")
            raise IdentityInvalid
        return Vouched(str(claims["sub"])[:128], expires)


def read_public_keys(jwks: Path | None) -> dict[str, Any]:
    """RS256 keys of a JWKS file by their ``kid``."""
    if jwks is None:
        return {}
    keys = json.loads(jwks.read_text(encoding="utf-8"))["keys"]
    return {str(key["kid"]): jwt.PyJWK(key).key for key in keys if key.get("kty") == "RSA"}
