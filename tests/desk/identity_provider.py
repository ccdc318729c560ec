"""A small OpenID Connect provider that really signs, demands PKCE and client secret, and errs when it is told to."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID = "frontdesk-console"
CLIENT_SECRET = "the-console-proves-itself-with-this-0123"
_LIFETIME_SECONDS = 300


@dataclass
class IdentityProvider:
    """Signs in ``person`` whoever comes.

    Attributes:
        person: claims of whoever sits in front of the browser.
        fault: what it does wrong: nonce, expired, audience, issuer, foreign_key, unsigned, shared_secret, token,
            broken, token_broken.
        denies: the person clicks on cancel.
    """

    now: Callable[[], datetime]
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    denies: bool = False
    redirect_uris: set[str] = field(default_factory=set)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    def new_key(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    async def _describe(self, _: Request) -> Response:
        if self.fault == "broken":
            return Response(status_code=503)
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        known = asked["client_id"] == CLIENT_ID and asked["redirect_uri"] in self.redirect_uris
        whole = asked["response_type"] == "code" and "openid" in asked["scope"].split()
        if not known or not whole or asked.get("code_challenge_method") != "S256" or not asked.get("nonce"):
            return Response("this is no request of a careful client", status_code=400)
        told = {"state": asked["state"], "iss": self.issuer}
        if self.denies:
            told["error"] = "access_denied"
        else:
            told["code"] = secrets.token_urlsafe(16)
            self._codes[told["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 302)

    async def _token(self, request: Request) -> Response:
        if self.fault == "token_broken":
            return Response(status_code=502)
        form = dict(await request.form())
        asked = self._codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = asked and (challenge, form.get("redirect_uri")) == (asked["code_challenge"], asked["redirect_uri"])
        if asked is None or not right or self.fault == "token":
            return JSONResponse({"error": "invalid_grant"}, 400)
        told = {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "expires_in": _LIFETIME_SECONDS}
        return JSONResponse({**told, "id_token": self._signed(asked["nonce"])})

    def _signed(self, nonce: str) -> str:
        at = int(self.now().timestamp()) - (3600 if self.fault == "expired" else 0)
        claims = {
            "iss": "https://somebody.else.example" if self.fault == "issuer" else self.issuer,
            "aud": "another-client" if self.fault == "audience" else CLIENT_ID,
            "nonce": "of-another-browser" if self.fault == "nonce" else nonce,
            "iat": at,
            "exp": at + _LIFETIME_SECONDS,
            **self.person,
        }
        if self.fault == "unsigned":
            parts = [{"alg": "none", "kid": self.key.kid}, claims]
            return ".".join(base64.urlsafe_b64encode(_json(one)).decode().rstrip("=") for one in parts) + "."
        if self.fault == "shared_secret":
            secret = OctKey.import_key(CLIENT_SECRET)
            return jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, secret, algorithms=["HS256"])
        foreign = RSAKey.generate_key(2048, {"kid": self.key.kid}) if self.fault == "foreign_key" else self.key
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, foreign)


def _json(value: Any) -> bytes:
    return JSONResponse(value).body  # type: ignore[return-value]  # bytes, as JSONResponse renders them


@asynccontextmanager
async def serving(provider: IdentityProvider) -> AsyncIterator[IdentityProvider]:
    """On a free port, which becomes part of its issuer."""
    config = uvicorn.Config(provider.app(), port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn only sets a flag
        await asyncio.sleep(0.01)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await task
