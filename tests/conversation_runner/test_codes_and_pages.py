"""Codes from letters, and conversations written as a page."""

from __future__ import annotations

import asyncio
import os
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from conversation_runner.errors import RunnerError
from conversation_runner.mailbox import Mailbox
from tests.conversation_runner.conftest import Project


def letter(folder: Path, to: str, text: str, *, age_s: float = 0.0) -> None:
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = "Your code 999999 is below"
    message.set_content(text)
    path = folder / f"{to}-{text[-6:]}.eml"
    path.write_bytes(message.as_bytes())
    os.utime(path, (time.time() - age_s, time.time() - age_s))


async def test_the_newest_letter_to_the_address_counts(tmp_path: Path) -> None:
    letter(tmp_path, "ann@example.com", "Your code: 111111", age_s=0.5)
    letter(tmp_path, "ann@example.com", "Your code: 222222")
    letter(tmp_path, "ben@example.com", "Your code: 333333")
    assert await Mailbox(tmp_path).code_for("Ann@example.com", since=time.time() - 10) == "222222"


async def test_a_letter_from_before_the_conversation_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversation_runner.mailbox._WAIT_S", 0.2)
    letter(tmp_path, "ann@example.com", "Your code: 111111", age_s=60)
    with pytest.raises(RunnerError, match="No letter"):
        await Mailbox(tmp_path).code_for("ann@example.com", since=time.time())


async def test_a_letter_that_the_scenario_before_has_read_is_none_to_this_one(tmp_path: Path) -> None:
    began = time.time()
    letter(tmp_path, "ann@example.com", "Your code: 111111")
    mailbox = Mailbox(tmp_path)
    assert await mailbox.code_for("ann@example.com", since=began) == "111111"
    asked = asyncio.create_task(mailbox.code_for("ann@example.com", since=began + 0.5))
    await asyncio.sleep(0.2)
    letter(tmp_path, "ann@example.com", "Your code: 222222")
    assert await asked == "222222"
    assert await mailbox.code_for("ann@example.com", since=began + 0.5) == "222222"


def test_a_step_types_the_code_and_the_page_hides_it(project: Project) -> None:
    (project.root / "var" / "mailbox").mkdir(parents=True)
    letter(project.root / "var" / "mailbox", "ann@example.com", "Your code: 482913")
    project.scenario("a", '- customer: "{code}"\n  code_from_mail: ann@example.com\n')
    run = project.run("--transcript", "page.md")
    assert run.status == 0, run.output
    page = (project.root / "page.md").read_text("utf-8")
    assert "the code from the letter" in page
    assert "482913" not in page


def test_a_code_without_an_address_is_a_mistake_of_the_file(project: Project) -> None:
    project.scenario("a", '- customer: "{code}"\n')
    assert "code_from_mail" in project.run("--check").output


def test_what_changes_the_data_for_good_is_played_last(project: Project) -> None:
    project.scenario("a_lasting", "- customer: hi\n")
    file = project.root / "tests" / "conversations" / "a_lasting.yml"
    file.write_text(file.read_text("utf-8").replace("steps:", "tags: [lasting]\nsteps:", 1), encoding="utf-8")
    project.scenario("b", "- customer: hi\n")
    output = project.run("--jobs", "1").output
    assert output.index("✓ b") < output.index("✓ a_lasting")
