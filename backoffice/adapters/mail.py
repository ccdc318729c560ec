"""Letters by SMTP, into a folder for development, or kept in memory for tests; sent in the background."""

import secrets
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Literal

import structlog

from backoffice.errors import MailUnavailable
from backoffice.model.mail import Mail
from backoffice.ports import Post

logger = structlog.get_logger()

Security = Literal["tls", "starttls", "none"]


class SmtpPost:
    """``Post`` over one SMTP connection a letter; certificates are checked."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        sender: str,
        timeout_seconds: float,
        now: Callable[[], datetime],
        user: str | None = None,
        password: str | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._sender, self._timeout, self._now = sender, timeout_seconds, now
        self._user, self._password = user, password
        self._context = context or ssl.create_default_context()

    def send(self, mail: Mail) -> None:
        try:
            with self._connected() as server:
                if self._user is not None:
                    server.login(self._user, self._password or "")
                server.send_message(letter(mail, self._sender, self._now()))
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(f"the mail server did not take it ({type(error).__name__})") from error

    def _connected(self) -> smtplib.SMTP:
        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._context)
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        if self._security == "starttls":
            try:
                server.starttls(context=self._context)
            except BaseException:
                server.close()
                raise
        return server


class FolderPost:
    """``Post`` as ``.eml`` files that any mail programme opens: what development and the demo use."""

    def __init__(self, folder: Path, *, sender: str, now: Callable[[], datetime]) -> None:
        self._folder, self._sender, self._now = folder, sender, now

    def send(self, mail: Mail) -> None:
        at = self._now()
        name = f"{at:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = self._folder / f".{name}.part"
            partial.write_bytes(bytes(letter(mail, self._sender, at)))
            partial.rename(self._folder / f"{name}.eml")
        except OSError as error:
            raise MailUnavailable(f"the mailbox folder took nothing ({error.strerror})") from error


class MemoryPost:
    """``Post`` that keeps what was sent: for tests here and above this room."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)


class BackgroundPost:
    """``Post`` in front of a slow one: nobody waits for the mail server, and nobody can time it.

    A letter that is not taken is logged and lost; a customer asks for another code. ``close`` waits for those
    under way.
    """

    def __init__(self, inner: Post) -> None:
        self._inner = inner
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")

    def send(self, mail: Mail) -> None:
        self._pool.submit(self._send, mail)

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _send(self, mail: Mail) -> None:
        try:
            self._inner.send(mail)
        except MailUnavailable as error:
            logger.error("mail.lost", reason=str(error))  # noqa: TRY400 - a trace may show the letter


def letter(mail: Mail, sender: str, at: datetime) -> EmailMessage:
    """The letter as it goes out. Line breaks in an address or subject are refused by ``EmailMessage``."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
