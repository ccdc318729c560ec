"""What of a conversation a model is told."""

from answering.generation.memory import remembered, summarise
from answering.model import Exchange

TALK = (
    Exchange("bot", "Hello! I'm a bot."),
    Exchange("customer", "my kettle leaks"),
    Exchange("bot", "It has 3 years of warranty.", "answered from How long is the warranty?"),
    Exchange("customer", "and the filter?"),
)


def test_a_short_conversation_is_told_as_it_was_from_the_customers_first_words_on() -> None:
    summary, messages = remembered(TALK, tokens=300)
    assert summary == ""
    assert [(message.role, message.text) for message in messages] == [
        ("user", "my kettle leaks"),
        ("assistant", "It has 3 years of warranty."),
        ("user", "and the filter?"),
    ]


def test_what_is_older_keeps_problem_what_was_done_and_what_is_open() -> None:
    summary = summarise(TALK)
    assert 'First asked: "my kettle leaks"' in summary
    assert "Done so far: answered from How long is the warranty?" in summary
    assert "not answered yet" in summary


def test_it_stays_within_its_room_whatever_is_pasted() -> None:
    pasted = tuple(
        Exchange("customer" if n % 2 else "bot", f"{n} " + "lorem ipsum " * 5000, "x" * 9000) for n in range(40)
    )
    for tokens in (0, 10, 200, 1200):
        summary, messages = remembered(pasted, tokens=tokens)
        assert len(summary) + sum(len(message.text) for message in messages) <= tokens * 4


def test_the_latest_message_is_the_last_to_go() -> None:
    talk = tuple(Exchange("customer", f"{n} " + "words " * 100) for n in range(6))
    _, messages = remembered(talk, tokens=100)
    assert messages[-1].text.startswith("5 ")
