"""Words about a danger, and about an account in a stranger's hands."""

import pytest

from actions.safety import is_misuse
from actions.told_first import wants_it_done
from actions.wishes import takes_return_back


@pytest.mark.parametrize(
    ("text", "misuse"),
    [
        ("a stranger paid with my card", True),
        ("somebody is shopping through my account", True),
        ("my account was hijacked", True),
        ("we never cancelled this", True),
        ("what happens if someone uses my account", False),
        ("could somebody order for me with my account", False),
        ("someone gave me a gift card", False),
        ("i never cancelled a subscription before", False),
        ("can someone help me with my card", False),
    ],
)
def test_misuse_is_told_from_questions_about_it(text: str, misuse: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_misuse(text) is misuse


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("the grinder stops after a second", False),
        ("i would like a new grinder, it stops after a second", True),
        ("can you replace the grinder", True),
        ("the grinder of 10027 stops", True),
    ],
)
def test_a_plain_wish_is_told_from_a_description(text: str, wish: bool) -> None:  # noqa: FBT001 - a parameter
    assert wants_it_done(text) is wish


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("please call off my return", True),
        ("undo the return of the lamp", True),
        ("cancel my order", False),
        ("can i cancel and return it later", False),
        ("cancel 10041, return 10026", False),
        ("cancel my order, return the lamp", False),
    ],
)
def test_a_return_that_is_taken_back_is_no_order_to_cancel(text: str, back: bool) -> None:  # noqa: FBT001
    assert takes_return_back(text) is back
