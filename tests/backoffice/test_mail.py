"""Letters: into a folder, to a mail server that may fail, in the background."""

import email
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest

from backoffice.adapters.mail import LETTERS, BackgroundPost, FolderPost, SmtpPost
from backoffice.errors import MailUnavailable
from backoffice.model.mail import Mail

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MAIL = Mail("aoife@example.com", "Your code", "It is 123456, Zieliński.\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a letter needs; ``refuse`` is the command it answers with an error."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.refuse, self.answer = "", "451 not now"
        self.letters: list[bytes] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is part of these tests."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode()
            if word == self.server.refuse:
                self.wfile.write(f"{self.server.answer}\r\n".encode())
            elif word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"250 taken\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == "QUIT" else b"250 fine\r\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def smtp(server: MailServer, security: str = "none") -> SmtpPost:
    return SmtpPost(
        host="127.0.0.1",
        port=server.server_address[1],
        security=security,
        sender="Alderwick <help@alderwick.example>",
        timeout_seconds=0.5,
        now=lambda: NOW,
    )


def test_a_letter_reaches_the_server_whole(server: MailServer) -> None:
    smtp(server).send(MAIL)
    letter = email.message_from_bytes(server.letters[0], policy=default)

    assert (letter["To"], letter["Subject"], letter["From"]) == (
        MAIL.to,
        MAIL.subject,
        "Alderwick <help@alderwick.example>",
    )
    assert letter.get_content().replace("\r\n", "\n") == MAIL.text


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "EHLO"])
def test_a_server_that_refuses_is_told_as_ours(server: MailServer, step: str) -> None:
    server.refuse = step
    if step == "EHLO":
        smtp(server).send(MAIL)  # HELO is tried then
        return
    with pytest.raises(MailUnavailable):
        smtp(server).send(MAIL)


def test_no_letter_goes_out_in_the_clear_when_tls_is_wanted(server: MailServer) -> None:
    for security in ("starttls", "tls"):
        with pytest.raises(MailUnavailable):
            smtp(server, security).send(MAIL)
    assert server.letters == []


def test_no_server_is_told_as_ours(server: MailServer) -> None:
    post = smtp(server)
    server.server_close()
    with pytest.raises(MailUnavailable):
        post.send(MAIL)


def test_the_folder_holds_letters_that_can_be_opened(tmp_path: Path) -> None:
    post = FolderPost(tmp_path / "new" / "mailbox", sender="help@alderwick.example", now=lambda: NOW)
    post.send(MAIL)
    post.send(MAIL)
    files = sorted((tmp_path / "new" / "mailbox").iterdir())

    assert len(files) == 2
    assert all(file.suffix == ".eml" for file in files)
    assert email.message_from_bytes(files[0].read_bytes(), policy=default).get_content() == MAIL.text


def test_a_letter_that_is_lost_stops_nothing_in_the_background(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    post = BackgroundPost(FolderPost(tmp_path / "file" / "mailbox", sender="a@b.example", now=lambda: NOW))
    post.send(MAIL)
    post.close()


def test_a_letter_that_was_not_taken_is_sent_again_as_the_same_one(server: MailServer) -> None:
    server.refuse = "DATA"
    post = BackgroundPost(smtp(server), pauses=(0.05, 0.05, 0.05))
    tried = LETTERS.labels("again")._value.get()
    post.send(MAIL)
    while LETTERS.labels("again")._value.get() < tried + 2:
        time.sleep(0.01)
    server.refuse = ""
    while not server.letters:
        time.sleep(0.01)
    post.send(MAIL)
    post.close()
    ids = {email.message_from_bytes(one, policy=default)["Message-ID"] for one in server.letters}
    assert (len(server.letters), len(ids)) == (2, 1)


def test_what_waits_for_another_try_is_sent_when_the_process_ends(server: MailServer) -> None:
    server.refuse = "DATA"
    post = BackgroundPost(smtp(server), pauses=(60,))
    tried = LETTERS.labels("again")._value.get()
    post.send(MAIL)
    while LETTERS.labels("again")._value.get() == tried:
        time.sleep(0.01)
    server.refuse = ""
    post.close()
    assert len(server.letters) == 1


@pytest.mark.parametrize("answer", ["550 nobody here", "bad"])
def test_a_letter_that_can_never_be_sent_is_counted_as_lost_at_once(server: MailServer, answer: str) -> None:
    mail = MAIL
    if answer == "bad":
        mail = Mail("a@b.example\nBcc: x", "s", "t")  # raises what is no MailUnavailable
    else:
        server.refuse, server.answer = "RCPT", answer
    lost = LETTERS.labels("lost")._value.get()
    post = BackgroundPost(smtp(server), pauses=(60,))
    post.send(mail)
    post.close()
    assert LETTERS.labels("lost")._value.get() == lost + 1


def test_a_line_break_in_an_address_adds_no_header(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        FolderPost(tmp_path, sender="a@b.example", now=lambda: NOW).send(Mail("a@b.example\nBcc: x", "s", "t"))
