"""Which earlier question a follow-up refers to."""

from typing import Any

import pytest

from actions.fallback import ActionFallback
from actions.questions import ActionAnswerQuestion
from tests.actions.conftest import Run, ScriptedLadder
from tests.actions.test_gaps import bot, user

OTHER: dict[str, Any] = {"event": "bot", "text": "Hello."}
SESSION: dict[str, Any] = {"event": "session_started"}
WARRANTY = [user("how long is the warranty"), bot("entry")]


@pytest.mark.parametrize(
    ("before", "refers_to"),
    [
        (WARRANTY, "how long is the warranty"),
        ([*WARRANTY, user("and for lamps?"), bot("entry")], "how long is the warranty"),
        ([*WARRANTY, user("do you deliver to Spain"), bot("entry")], "do you deliver to Spain"),
        ([*WARRANTY, user("thanks"), OTHER], "how long is the warranty"),
        ([*WARRANTY, *[user("hm"), OTHER] * 3], None),
        ([*WARRANTY, SESSION], None),
        ([user("hello"), OTHER], None),
        ([user('/ask_entry{"entry_id": "a"}'), bot("entry")], None),
        ([], None),
    ],
)
async def test_a_follow_up_refers_to_the_last_whole_question_that_was_answered(
    run: Run, ladder: ScriptedLadder, before: list[dict[str, Any]], refers_to: str | None
) -> None:
    await run(ActionFallback, "and for headphones?", before=before)
    assert ladder.asked[0].refers_to == refers_to


async def test_a_whole_question_refers_to_nothing(run: Run, ladder: ScriptedLadder) -> None:
    await run(ActionAnswerQuestion, "how do I descale my kettle", intent="product_support", before=WARRANTY)
    assert ladder.asked[0].refers_to is None
