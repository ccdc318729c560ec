"""What proves that somebody is who they say: passwords (Argon2id) and time-based codes (RFC 6238)."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

from desk.errors import Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_STEP_SECONDS = 30
_DRIFT_STEPS = 1
_ISSUER = "Frontdesk"


class Passwords:
    """Hashes and checks. An unknown account costs the same time as a wrong password."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """What is stored of a password.

        Raises:
            Invalid: too short or too long.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise Invalid(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; with nothing stored the answer is no, as late as any other."""
        try:
            right = self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None


class Codes:
    """Secrets of authenticator apps, kept encrypted with a key made from the gateway's secret.

    Args:
        secret: the gateway's.
    """

    def __init__(self, secret: str) -> None:
        key = hmac.new(secret.encode(), b"frontdesk totp secrets", hashlib.sha256).digest()
        self._box = Fernet(base64.urlsafe_b64encode(key))

    def new(self) -> str:
        """A secret, encrypted."""
        return self._box.encrypt(pyotp.random_base32().encode()).decode()

    def shown(self, sealed: str, email: str) -> tuple[str, str]:
        """The secret for typing in, and as the address that a QR code carries."""
        secret = self._opened(sealed)
        return secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)

    def step_of(self, sealed: str, code: str, now: datetime, used: int | None) -> int | None:
        """The time step that this code belongs to; None when it is wrong, too old or was used already."""
        totp = pyotp.TOTP(self._opened(sealed))
        current = int(now.timestamp()) // _STEP_SECONDS
        given = code.replace(" ", "").encode("utf-8", "surrogatepass")
        for step in range(current - _DRIFT_STEPS, current + _DRIFT_STEPS + 1):
            right = hmac.compare_digest(totp.generate_otp(step).encode(), given)
            if right and (used is None or step > used):
                return step
        return None

    def _opened(self, sealed: str) -> str:
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:  # DESK_SECRET was exchanged
            raise Invalid("The code generator of this account has to be set up again. Ask an admin.") from error
