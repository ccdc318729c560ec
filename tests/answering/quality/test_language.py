"""The language of an answer, by the real identifier."""

import pytest

from answering.quality.language import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Batteries are covered for 1 year, also when they came inside a product with 3 years.", "en"),
        ("Du kannst die Ware innerhalb von dreißig Tagen an uns zurückschicken, das ist kostenlos.", "de"),
        ("It is covered.", None),
    ],
)
def test_it_is_told_where_the_text_is_long_enough(text: str, code: str | None) -> None:
    assert language_of(text) == code
