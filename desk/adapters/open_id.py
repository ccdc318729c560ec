"""An OpenID Connect provider, by Authlib: authorization code with PKCE, and an ID token that is checked."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from email_validator import EmailNotValidError, validate_email
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from desk.accounts.sign_on_model import Identity, SignOnRefused

_TIMEOUT_SECONDS = 5.0
_LEEWAY_SECONDS = 60
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key of the provider only: ``none`` and shared secrets are no signatures to us."""
_DISCOVERY = "/.well-known/openid-configuration"
_LONGEST_SUBJECT = 255
_LONGEST_NAME = 128


class OpenIdProvider:
    """An ``IdentityProvider``. What it tells of itself is fetched on first use and kept; its keys when one is unknown.

    Args:
        issuer: its address, exactly as it names itself.
        client_id: how it knows us.
        client_secret: how we prove it.
        now: the desk's clock, by which tokens expire.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, now: Callable[[], datetime]) -> None:
        self._issuer, self._client_id, self._secret, self._now = issuer, client_id, client_secret, now
        self._metadata: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None

    async def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        metadata = await self._told()
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return str(url)

    async def identity(self, code: str, *, redirect_uri: str, nonce: str, verifier: str) -> Identity:
        metadata = await self._told()
        async with self._client(redirect_uri) as client:
            token = await client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code"
            )
        with _believed():
            claims = await self._claims(dict(token), nonce)
            return _identity(claims)

    async def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        signed = str(token["id_token"])
        try:
            decoded = _decoded(signed, await self._key_set())
        except InvalidKeyIdError:  # it has new keys
            decoded = _decoded(signed, await self._key_set(anew=True))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"essential": True, "value": self._issuer}, "aud": {"essential": True, "value": self._client_id}},
            {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(self._now().timestamp()), leeway=_LEEWAY_SECONDS)
        return dict(claims)

    async def _told(self) -> Mapping[str, Any]:
        if self._metadata is None:
            told: Mapping[str, Any] = await self._fetched(self._issuer.rstrip("/") + _DISCOVERY)
            if told.get("issuer") != self._issuer:
                raise SignOnRefused("failed")
            self._metadata = told
        return self._metadata

    async def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            metadata = await self._told()
            self._keys = KeySet.import_key_set(await self._fetched(metadata["jwks_uri"]))
        return self._keys

    async def _fetched(self, url: str) -> Any:
        async with self._client() as client:
            answer = await client.request("GET", url, withhold_token=True)
            answer.raise_for_status()
            return answer.json()

    @asynccontextmanager
    async def _client(self, redirect_uri: str | None = None) -> AsyncIterator[AsyncOAuth2Client]:
        with _believed():
            async with AsyncOAuth2Client(
                self._client_id,
                self._secret,
                scope="openid email profile",
                redirect_uri=redirect_uri,
                code_challenge_method="S256",
                timeout=_TIMEOUT_SECONDS,
                trust_env=False,
            ) as client:
                yield client


@contextmanager
def _believed() -> Iterator[None]:
    """Whatever the libraries raise, as one of two reasons."""
    try:
        yield
    except httpx2.HTTPStatusError as error:
        raise SignOnRefused("unavailable" if error.response.is_server_error else "failed") from error
    except httpx2.TransportError as error:
        raise SignOnRefused("unavailable") from error
    except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
        raise SignOnRefused("failed") from error


def _decoded(signed: str, keys: KeySet) -> jwt.Token:
    registry = JWSRegistry(algorithms=list(_ALGORITHMS), strict_check_header=False)
    return jwt.decode(signed, keys, registry=registry)


def _identity(claims: Mapping[str, Any]) -> Identity:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise ValueError("the subject is no id")
    email = _address(claims.get("email"))
    name = "".join(one for one in str(claims.get("name") or "") if one.isprintable()).strip()[:_LONGEST_NAME]
    verified = bool(email) and claims.get("email_verified") in (True, "true")  # some providers write it as text
    return Identity(str(claims["iss"]), subject, email, verified=verified, name=name or email.partition("@")[0])


def _address(told: object) -> str:
    try:
        return validate_email(str(told or ""), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return ""
