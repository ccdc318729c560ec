"""Letters by SMTP, into a folder for development, or kept in memory for tests; sent in the background."""

import secrets
import smtplib
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from threading import Lock, Timer
from typing import Literal

import structlog
from prometheus_client import Counter

from backoffice.errors import MailRefused, MailUnavailable
from backoffice.model.mail import Mail
from backoffice.ports import Post

logger = structlog.get_logger()

LETTERS = Counter("backoffice_letters", "Letters to customers by what became of a try: sent, again, lost.", ["outcome"])
for _outcome in ("sent", "again", "lost"):
    LETTERS.labels(_outcome)  # shown as 0 from the start, so that the first one lost is a rise
_PAUSES = (2.0, 10.0, 30.0, 90.0)
_PERMANENT = 500

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
            kind = MailRefused if _for_good(error) else MailUnavailable
            raise kind(f"the mail server did not take it ({type(error).__name__})") from error

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

    A letter that is not taken is tried again after each of ``pauses`` (seconds); then it is logged, counted and lost,
    and a customer asks for another code. ``close`` tries what is left once more and waits for it.
    """

    def __init__(self, inner: Post, *, pauses: Sequence[float] = _PAUSES) -> None:
        self._inner, self._pauses = inner, pauses
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
        self._later: dict[Timer, Mail] = {}
        self._guard = Lock()
        self._closing = False

    def send(self, mail: Mail) -> None:
        self._pool.submit(self._send, mail, 0)

    def close(self) -> None:
        with self._guard:
            self._closing = True
            left = list(self._later.items())
            self._later.clear()
        for timer, mail in left:
            timer.cancel()
            self._pool.submit(self._send, mail, len(self._pauses))
        self._pool.shutdown(wait=True)

    def _send(self, mail: Mail, tries: int) -> None:
        try:
            self._inner.send(mail)
        except MailRefused as error:
            self._lost(str(error))
        except MailUnavailable as error:
            if not self._again(mail, tries):
                self._lost(str(error))
        except Exception as error:  # noqa: BLE001 - in a thread of its own nobody would hear of it
            self._lost(type(error).__name__)
        else:
            LETTERS.labels("sent").inc()

    def _again(self, mail: Mail, tries: int) -> bool:
        """Whether there is another try, which begins by itself."""
        with self._guard:
            if self._closing or tries >= len(self._pauses):
                return False
            timer = Timer(self._pauses[tries], self._once_more)
            timer.args, timer.daemon = (timer, mail, tries + 1), True
            self._later[timer] = mail
            timer.start()
        LETTERS.labels("again").inc()
        return True

    def _once_more(self, timer: Timer, mail: Mail, tries: int) -> None:
        with self._guard:
            if self._later.pop(timer, None) is not None:
                self._pool.submit(self._send, mail, tries)

    @staticmethod
    def _lost(reason: str) -> None:
        LETTERS.labels("lost").inc()
        logger.error("mail.lost", reason=reason)  # no trace: it may show the letter


def _for_good(error: Exception) -> bool:
    """Whether the server said that it will never take this letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _PERMANENT


def letter(mail: Mail, sender: str, at: datetime) -> EmailMessage:
    """The letter as it goes out. Line breaks in an address or subject are refused by ``EmailMessage``."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    message["Message-ID"] = f"<{mail.id}@{domain}>"  # the same at every try: whoever gets it twice shows it once
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
