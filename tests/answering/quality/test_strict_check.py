"""The least any check must do: what is not in the sources is not told."""

import pytest

from answering.quality.markers import cited_in, sentences_of, without_markers
from answering.quality.ports import Draft, JudgeContext, Material, Source
from answering.quality.strict import StrictCheck

WARRANTY = Source(
    1, "entry", "warranty", "Warranty", "Every kettle has a warranty of 3 years from the day of delivery."
)
RETURNS = Source(
    2, "entry", "returns", "Returns",
    "You have 30 days to send goods back. A label costs €4.95. See https://alderwick.example/returns.",
)  # fmt: skip
MATERIAL = Material((WARRANTY, RETURNS))


async def kinds(text: str, kind: str = "answer", question: str = "") -> list[str]:
    draft = Draft(text, kind)  # type: ignore[arg-type]
    verdict = await StrictCheck().judge(draft, MATERIAL, JudgeContext(question))
    assert verdict.passed is not bool(verdict.reasons)
    return [reason.kind for reason in verdict.reasons]


@pytest.mark.parametrize(
    "text",
    [
        "Your kettle has a warranty of 3 years [1].",
        "Your kettle has a warranty of 3 years. [1] You have 30 days to send it back, and the label costs €4.95 [2].",
        "Send goods back within 30 days [2]:\n- the label costs €4.95 [2]\n- https://alderwick.example/returns [2]",
        "Your kettle has a warranty of three years [1].",
        "The kettle's warranty is 3 years, and you have 30 days to send goods back [1, 2].",
    ],
)
async def test_what_the_sources_say_passes(text: str) -> None:
    assert await kinds(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Your kettle has a warranty of 3 years.", "uncited"),
        ("Your kettle has a warranty of 3 years [1]. You have 30 days to send goods back.", "uncited"),
        ("Your kettle has a warranty of 3 years [7].", "uncited"),
        ("Your kettle has a warranty of 5 years [1].", "number"),
        ("Your kettle has a warranty of five years [1].", "number"),
        ("The kettle has a warranty and you have 30 days to send goods back [1].", "number"),
        ("Send goods back at https://alderwick.example.evil.test/returns [2].", "link"),
        ("Send goods back to refunds@evil.test [2].", "link"),
        ("Our founder personally repairs broken coffee machines on Mars [1].", "unsupported"),
        (" ".join(["warranty"] * 151) + " [1].", "length"),
    ],
)
async def test_what_the_sources_do_not_say_is_stopped(text: str, reason: str) -> None:
    assert reason in await kinds(text)


async def test_a_question_back_states_nothing_that_nobody_said() -> None:
    assert await kinds("Do you mean order 10046 or another one?", "question", "where is 10046") == []
    assert "number" in await kinds("Did you know you get 90 days?", "question", "returns")
    assert "length" in await kinds("Call me.", "question")


def test_markers_stand_before_or_after_the_full_stop() -> None:
    assert sentences_of("One thing [1]. Another. [2] A third [1, 3]!") == [
        "One thing [1].",
        "Another. [2]",
        "A third [1, 3]!",
    ]
    assert sentences_of("It costs e.g. 4.95 in St. Gallen [1].") == ["It costs e.g. 4.95 in St. Gallen [1]."]
    assert cited_in("a [2] b [1, 3] c [2]") == (2, 1, 3)
    assert without_markers("It is so [1]. Really. [2]") == "It is so. Really."
