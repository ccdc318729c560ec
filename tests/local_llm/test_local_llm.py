"""A real, very weak model on this machine: it invents, and what reaches a customer must hold all the same.

``python -m scripts.frontdesk.environments llm`` installs it (100 MB).
"""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import frontmatter
import httpx
import pytest

from answering.bootstrap import build_quality_check
from answering.generation.generator import GroundedGenerator
from answering.llm.adapters.openai import OpenAiModel
from answering.llm.budget import unlimited
from answering.llm.calls import FallbackModel, GuardedModel
from answering.model import Answer, Question
from answering.prompts.library import PromptLibrary
from privacy.masking import Maskings
from privacy.personal_data import PersonalData
from retrieval.model import EntryId, Hit
from retrieval.settings import RetrievalSettings
from tests.outages.conftest import free_port

PYTHON = Path(".venv-llm/bin/python")
pytestmark = [
    pytest.mark.local_llm,
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="no local language model here (.venv-llm); `make run LLM=local`"),
]

QUESTIONS = {
    "warranty-batteries": "is the battery in my headphones covered for three years",
    "payment-split": "could I settle one order with a voucher and a card together",
    "returns-cost": "who pays when I ship a toaster back",
    "delivery-safe-place": "nobody is home, may the driver leave it behind the shed",
    "delivery-uk": "what does a parcel to Leeds cost me",
    "subscriptions-pause": "we are on holiday in May, no coffee then please",
}
SECONDS = 60.0  # far more than a customer waits: these two cores are shared by much else


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    port = free_port()
    with subprocess.Popen([str(PYTHON), "scripts/local_llm.py", str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == httpx.codes.OK:
                        break
                except httpx.TransportError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def entry(name: str) -> Hit:
    (path,) = Path("knowledge/faq").glob(f"*/{name}.md")
    read = frontmatter.loads(path.read_text("utf-8"))
    return Hit(EntryId(name), name, str(read["title"]), read.content.strip(), "faq", str(path), None, 0.5)


async def ask(base_url: str, name: str, question: str) -> Answer | None:
    model = OpenAiModel(model="smollm2", api_key="", base_url=base_url, seconds=SECONDS, temperature=0)
    guarded = GuardedModel(model, unlimited(), concurrency=1, first_word_seconds=SECONDS)
    generator = GroundedGenerator(
        FallbackModel([guarded]), build_quality_check(RetrievalSettings()), PromptLibrary({"small-1": 1}),
        Maskings(PersonalData()), None, seconds=SECONDS, history_tokens=0,
    )  # fmt: skip
    try:
        return await generator.generate(Question(question, conversation_id=name), [entry(name)])
    finally:
        await generator.close()


def test_what_it_is_let_say_stands_in_the_entry(base_url: str) -> None:
    told = 0
    for name, question in QUESTIONS.items():
        answer = asyncio.run(ask(base_url, name, question))
        print(name, answer and (answer.kind, answer.text))  # noqa: T201 - worth reading, with -s
        if answer and answer.kind == "generated" and answer.citations:
            told += 1
            assert set(re.findall(r"\d+", answer.text)) <= set(re.findall(r"\d+", entry(name).answer))
            assert [citation.entry_id for citation in answer.citations] == [name]
    assert told >= 1, "the prompts no longer lead it to any answer that holds"
