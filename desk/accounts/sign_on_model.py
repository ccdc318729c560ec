"""Sign-on by the company's own identity provider: values, the port, and why somebody does not get in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from desk.accounts.model import Role
from desk.errors import DeskError

Refused = Literal["cancelled", "expired", "failed", "no_account", "not_verified", "unavailable"]
"""``cancelled`` by the person; ``expired``: not finished in time, in this browser, or twice; ``failed``: the provider's
answer is not to be believed; ``no_account``: none here, closed, or another's; ``not_verified``: the provider does not
vouch for the address; ``unavailable``: the provider does not answer."""


class SignOnRefused(DeskError):
    """Somebody came back from the provider and does not get in; ``kind`` is told on the sign-in page."""

    def __init__(self, kind: Refused) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is.

    Attributes:
        subject: the provider's own id of the person; addresses change hands, this does not.
        email: in lower case, "" when it told none.
        verified: whether the provider vouches for the address.
    """

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-on under way.

    Attributes:
        browser_hash: of the cookie of the browser that began it.
        nonce: has to come back in the ID token.
        verifier: of PKCE; proves to the provider that who began fetches the token.
    """

    browser_hash: str
    nonce: str
    verifier: str
    begun_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who gets an account by signing on: people with an address of these domains, in this role."""

    domains: frozenset[str]
    role: Role

    def admits(self, email: str) -> bool:
        """Whether an address is of one of the domains; a subdomain is another domain."""
        return email.rpartition("@")[2] in self.domains


class IdentityProvider(Protocol):
    """Where the company's people sign in."""

    async def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser.

        Raises:
            SignOnRefused: ``unavailable``.
        """
        ...

    async def identity(self, code: str, *, redirect_uri: str, nonce: str, verifier: str) -> Identity:
        """Whom the code stands for, checked.

        Raises:
            SignOnRefused: ``unavailable`` or ``failed``.
        """
        ...
