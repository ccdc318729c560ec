"""Whether the model in use has learnt the corrections, asked of an intent service that is played."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import WORKDAY
from review_desk import Reviewing, seconds, turn_rows

from desk.adapters.intent_service import IntentService
from desk.reviews.training_files import TrainingFiles
from intent_service.nlu_data.reader import read_training_data

DATA, DOMAIN = Path("data/nlu"), Path("domain")


class Played:
    """An intent service; ``fingerprint`` None: it is away."""

    fingerprint: str | None = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.fingerprint is None:
            raise httpx.ConnectError("away")
        if request.url.path == "/info":
            told = {"model": "v2", "created": "2026-11-25T10:00:00+00:00", "examples": 3059}
            return httpx.Response(200, json=told | {"data_fingerprint": self.fingerprint})
        return httpx.Response(200, json={"results": [_heard(text) for text in json.loads(request.content)["texts"]]})


def _heard(text: str) -> dict[str, Any]:
    score = {"name": "refund_status", "confidence": 0.3 if "perhaps" in text else 0.9}
    scope = {"in_scope": True, "score": 0.9, "threshold": 0.3}
    more = {"entities": [], "segments": [], "sentiment": 0.0, "urgency": "low", "language": {"code": "en"}}
    return {"intent": score, "ranking": [score], "scope": scope, **more}


@pytest.fixture
def played(reviewing: Reviewing) -> Played:
    played = Played()
    service = IntentService("http://intents", transport=httpx.MockTransport(played.answer))
    object.__setattr__(reviewing.desk.reviews.desk.corrections, "understander", service)
    return played


def test_gateway_and_trainer_name_the_same_sentences_alike() -> None:
    assert TrainingFiles(DATA, DOMAIN).fingerprint() == read_training_data(DATA).fingerprint()


async def test_the_model_in_use_has_learnt_them_when_it_was_trained_on_what_is_here(
    reviewing: Reviewing, played: Played
) -> None:
    reviewing.store.write(turn_rows("ann", "has the dosh come home", at=seconds(WORKDAY)))
    await reviewing.read()
    await reviewing.put("/ann/turns/0", intent="refund_status")
    played.fingerprint = "of other sentences"
    told = await reviewing.get("/corrections/learning")
    assert (told["waiting"], told["exported"], told["learnt"]) == (1, 0, False)
    assert told["model"] == {"version": "v2", "created": "2026-11-25T10:00:00Z", "examples": 3059}
    played.fingerprint = TrainingFiles(DATA, DOMAIN).fingerprint()
    assert (await reviewing.get("/corrections/learning"))["learnt"] is True
    played.fingerprint = None
    told = await reviewing.get("/corrections/learning")
    assert (told["model"], told["learnt"]) == (None, None)


async def test_each_sentence_is_judged_as_rasa_would_be_told(reviewing: Reviewing, played: Played) -> None:
    texts = ["has the dosh come home", "perhaps"]
    heard = (await reviewing.call("POST", "/corrections/heard", json={"texts": texts})).json()
    assert [one["intent"] for one in heard] == ["refund_status", "nlu_fallback"]
    played.fingerprint = None
    refused = await reviewing.call("POST", "/corrections/heard", json={"texts": texts})
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "not_possible")
