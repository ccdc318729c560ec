"""The action server as Rasa and an operator see it, over HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

CALL = {"next_action": "action_resume", "sender_id": "anna", "version": "3.6.21", "tracker": {
    "sender_id": "anna", "slots": {}, "latest_message": {}, "events": [], "paused": False, "active_loop": {},
    "latest_action_name": None, "followup_action": None}}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    env = os.environ | {
        "ACTIONS_SECRET": "s3cret", "ACTIONS_PORT": str(port), "RETRIEVAL_INDEX_DIR": str(folder / "index"),
        "BACKOFFICE_DATABASE_URL": f"sqlite:///{folder / 'none.db'}", "ANSWERING_APPROVED": str(folder / "approved.db"),
    }  # fmt: skip
    with Path(folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "actions"], env=env, stdout=log, stderr=log)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                client.get("/health")
                break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "log").read_text()
        yield client
        client.close()
        process.terminate()
        process.wait(10)


def test_an_action_runs_without_its_domain(server: httpx.Client) -> None:
    answer = server.post("/webhook", json=CALL, headers={"x-frontdesk-secret": "s3cret"})
    assert answer.status_code == 200
    assert answer.json()["events"][0]["name"] == "action_listen"


@pytest.mark.parametrize("headers", [{}, {"x-frontdesk-secret": "wrong"}])
def test_nobody_runs_an_action_without_the_secret(server: httpx.Client, headers: dict[str, str]) -> None:
    answer = server.post("/webhook", json=CALL, headers=headers)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "unauthorized")


@pytest.mark.parametrize("path", ["/webhook/", "/webhook//", "/actions/", "/actions//", "/staff/abilities/", "/docs"])
def test_no_other_spelling_of_a_path_opens_the_door(server: httpx.Client, path: str) -> None:
    asked = server.post(path, json=CALL), server.get(path)
    assert {one.status_code for one in asked} <= {401, 404, 405}


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_what_watches_the_server_needs_no_secret(server: httpx.Client, path: str) -> None:
    assert server.get(path).status_code == 200


def test_an_error_does_not_repeat_the_request(server: httpx.Client) -> None:
    call = CALL | {"tracker": "my card number is a secret of mine"}
    answer = server.post("/webhook", json=call, headers={"x-frontdesk-secret": "s3cret"})
    assert answer.status_code == 500
    assert answer.json()["error"].keys() == {"type", "message", "request_id"}
    assert "secret of mine" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/staff/drafts",
        "/staff/translations",
        "/staff/approvals",
        "/staff/approvals/list",
        "/staff/approvals/withdraw",
        "/staff/approvals/validity",
    ],
)
def test_nobody_asks_for_colleagues_without_the_secret(server: httpx.Client, path: str) -> None:
    assert server.post(path, json={}).status_code == 401


def test_without_a_model_that_is_said_and_nothing_is_translated(server: httpx.Client) -> None:
    secret = {"x-frontdesk-secret": "s3cret"}
    assert server.get("/staff/abilities", headers=secret).json() == {"language_model": False}
    body = {"conversation_id": "c", "text": "Hallo", "to": "en"}
    refused = server.post("/staff/translations", json=body, headers=secret)
    assert (refused.status_code, refused.json()["error"]["message"]) == (503, "NoLanguageModel")
    unreadable = server.post("/staff/translations", json={"text": "my card 4111"}, headers=secret)
    assert unreadable.status_code == 422
    assert "4111" not in unreadable.text


def test_an_approved_answer_is_kept_once(server: httpx.Client) -> None:
    body = {"question": "Do you repair kettles?", "answer": "Yes.", "by": "Lena", "locale": "en"}
    told = [server.post("/staff/approvals", json=body, headers={"x-frontdesk-secret": "s3cret"}) for _ in range(2)]
    assert [one.status_code for one in told] == [200, 200]
    assert told[0].json() == told[1].json()


def test_an_answer_with_somebodys_data_is_not_told_to_everybody(server: httpx.Client) -> None:
    secret = {"x-frontdesk-secret": "s3cret"}
    body = {"question": "Whom do I ask?", "answer": "It goes to DE89 3704 0044 0532 0130 00.", "by": "Lena"}
    refused = server.post("/staff/approvals", json=body, headers=secret)
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "invalid")
    assert "bank account number" in refused.json()["error"]["message"]
    assert "3704" not in refused.text
    asked = {"question": "I am ann@mail.test, do you paint?", "answer": "No.", "by": "Lena"}
    assert server.post("/staff/approvals", json=asked, headers=secret).status_code == 200
    (kept,) = server.post("/staff/approvals/list", json={"words": "paint"}, headers=secret).json()["items"]
    assert kept["question"] == "I am [e-mail], do you paint?"


def test_an_approved_answer_is_listed_and_withdrawn(server: httpx.Client) -> None:
    def ask(path: str, **body: object) -> httpx.Response:
        return server.post(f"/staff/approvals{path}", json=body, headers={"x-frontdesk-secret": "s3cret"})

    number = ask("", question="Do you engrave?", answer="Yes.", by="Lena").json()["number"]
    assert [one["number"] for one in ask("/list", words="engrave").json()["items"]] == [number]
    assert ask("/withdraw", number=number, by="Edda").json()["withdrawn_by"] == "Edda"
    assert ask("/list", words="engrave").json()["items"] == []
    assert ask("/withdraw", number=number, by="Lena").status_code == 409
    assert ask("/withdraw", number=number + 1, by="Lena").status_code == 404


def test_readiness_names_what_is_missing(server: httpx.Client) -> None:
    answer = server.get("/ready")
    assert answer.status_code == 503
    assert "retrieval ingest" in answer.json()["error"]["message"]


def test_metrics_are_served(server: httpx.Client) -> None:
    assert "actions_run_duration_seconds" in server.get("/metrics").text


def test_an_empty_secret_stops_the_start() -> None:
    env = os.environ | {"ACTIONS_SECRET": ""}
    done = subprocess.run([sys.executable, "-m", "actions"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ACTIONS_SECRET is empty" in done.stderr
