"""What words say, and what only sounds like it."""

import pytest

from contracts.escalation import words

WORDS = words.load()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I don't want to live any more", "self_harm"),
        ("some days I think everyone would be better off without me", "self_harm"),
        ("i will kill myself if this goes on", "self_harm"),
        ("there is smoke coming out of the Brio right now", "emergency"),
        ("my dad got an electric shock from the kettle", "emergency"),
        ("it's on fire what do i do", "emergency"),
        ("this queue is killing me", None),
        ("the battery died after a week", None),
        ("I'd kill for a decent espresso", None),
        ("does Moss remove smoke", None),
        ("can I watch it on a Fire TV, is it on fire tv stick too", None),
        ("the price nearly gave me a heart attack", None),
        ("what happens if the battery catches fire", None),
        ("I cut myself on the blade, is there a guard", None),
    ],
)
def test_a_crisis_is_told_from_a_manner_of_speaking(text: str, kind: str | None) -> None:
    assert WORDS.crisis(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "you will hear from my solicitor",
        "I'll take you to the small claims court",
        "I'm going straight to the papers with this",
        "then I report you to the CCPC",
        "I am a reporter with the Connacht Tribune, for an article",
        "this is grounds for a lawsuit",
    ],
)
def test_lawyers_the_press_and_authorities_are_heard(text: str) -> None:
    assert WORDS.alarming(text)


@pytest.mark.parametrize(
    "text",
    [
        "which setting for a French press",
        "do I press the power button twice",
        "what are my legal rights besides the warranty",
        "a lamp for my solicitor, gift wrapped",
        "is there a pressure regulator inside",
        "please send it to 15 Hazel Court",
        "does Heron work with a media player",
    ],
)
def test_what_only_sounds_like_law_or_press_is_let_through(text: str) -> None:
    assert not WORDS.alarming(text)


@pytest.mark.parametrize(
    "text",
    ["you useless idiots", "f u c k you", "you're a pack of thieving bastards", "shut up you stupid bot", "go to hell"],
)
def test_insults_are_abuse(text: str) -> None:
    assert WORDS.abusive(text)


@pytest.mark.parametrize(
    "text",
    [
        "this is the worst service I have ever had, I am furious",
        "absolutely useless, still no parcel after three weeks!!!",
        "this stupid lid won't close",
        "I feel like an idiot for buying it",
        "how do I make it shut up, it beeps all night",
        "what a load of rubbish this damn machine is",
        "bloody hell that was quick",
    ],
)
def test_frustration_without_an_insult_is_no_abuse(text: str) -> None:
    assert not WORDS.abusive(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("which tablets should I take for a headache", "medical"),
        ("my landlord keeps the deposit, what can I do", "legal"),
        ("is now a good time for investing in gold", "financial"),
        ("is a Dyson better", "competitors"),
        ("write me an essay on the French revolution", "homework"),
        ("does the app run on android tablets", None),
        ("is the Dune in stock", None),
        ("can I put it in the dishwasher", None),
    ],
)
def test_topics_that_are_not_ours(text: str, topic: str | None) -> None:
    assert WORDS.off_topic(text) == topic
