"""Signing in at the company's identity provider: out with a state, back with a code, in with a session."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.accounts.service import AccountDesk, SignedIn
from desk.accounts.sign_on_model import Attempt, IdentityProvider, Newcomers, SignOnRefused
from desk.adapters.sql import staff_identities
from desk.adapters.sql.database import Database
from desk.tokens import token_hash

PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the provider."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret by which it is known again."""

    url: str
    browser: str


@dataclass(frozen=True)
class SignOn:
    """Signs people in by a provider.

    Attributes:
        issuer: the provider's own name for itself.
        redirect_uri: where it sends people back to.
        newcomers: who gets an account by it.
    """

    provider: IdentityProvider
    accounts: AccountDesk
    database: Database
    issuer: str
    redirect_uri: str
    newcomers: Newcomers
    now: Callable[[], datetime]

    async def begin(self) -> Begun:
        """An attempt that only this browser can finish, once.

        Raises:
            SignOnRefused: the provider does not answer.
        """
        state, browser, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        verifier, now = secrets.token_urlsafe(48), self.now()
        url = await self.provider.address(redirect_uri=self.redirect_uri, state=state, nonce=nonce, verifier=verifier)
        attempt = Attempt(token_hash(browser), nonce, verifier, now, now + PATIENCE)
        await self.database.write(staff_identities.keep_attempt, token_hash(state), attempt)
        return Begun(url, browser)

    async def finish(self, told: Mapping[str, str], browser: str | None, client: tuple[str, str]) -> SignedIn:
        """A session for whoever comes back.

        Args:
            told: the query of the address the provider sent them to.
            browser: the secret that this browser was given by ``begin``.
            client: address and browser's name.

        Raises:
            SignOnRefused: there is none for them; nothing is signed in.
        """
        attempt = await self.database.write(
            staff_identities.take_attempt, token_hash(told.get("state", "")), self.now()
        )
        if attempt is None or not hmac.compare_digest(attempt.browser_hash, token_hash(browser or "")):
            raise SignOnRefused("expired")
        if told.get("iss", self.issuer) != self.issuer:  # RFC 9207: another provider's answer
            raise SignOnRefused("failed")
        if "code" not in told:
            raise SignOnRefused("cancelled" if told.get("error") == "access_denied" else "failed")
        identity = await self.provider.identity(
            told["code"], redirect_uri=self.redirect_uri, nonce=attempt.nonce, verifier=attempt.verifier
        )
        account = await self.database.write(staff_identities.admit, identity, self.newcomers, self.now())
        await self.accounts.drop_told_password(account)
        return await self.accounts.begin(account, client)
