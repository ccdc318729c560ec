"""The golden examples of ``contracts/golden``: made here, accepted by the Rasa side's tests.

After a wanted change: ``UPDATE_GOLDEN=1 python -m pytest tests/intent_service/test_golden.py``.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

GOLDEN = Path(__file__).parents[2] / "contracts" / "golden"

REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "classify_question": ("/classify", {"text": "How long does delivery take?"}),
    "classify_bare_fact": ("/classify", {"text": "order 10046 thanks"}),
    "classify_entities": (
        "/classify",
        {"text": "My order 10046 of 5 November, €49.90, is late. Write to jo@example.org or +353 87 123 4567."},
    ),
    "classify_out_of_scope": ("/classify", {"text": "Who won the match in Lisbon?"}),
    "classify_without_words": ("/classify", {"text": "🎉 🎉"}),
    "classify_two_requests": ("/classify", {"text": "Where is my parcel? And when are you open on Saturday"}),
    "classify_several_texts": ("/classify", {"texts": ["hello", "I want to talk to a human right now!"]}),
    "embed_texts": ("/embed", {"texts": ["hello"]}),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_service_still_gives_the_golden_answer(client: httpx.AsyncClient, name: str) -> None:
    path, request = REQUESTS[name]
    answer = (await client.post(path, json=request)).json()
    if "timings_ms" in answer:
        answer["timings_ms"] = {"total": 1.0}
    else:
        answer["embeddings"] = [[round(number, 4) for number in row] for row in answer["embeddings"]]
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        text = json.dumps({"request": request, "response": answer}, indent=1, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8")) == {"request": request, "response": answer}
