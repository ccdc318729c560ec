"""Tables of a manual in the chat."""

from actions.tables import tables_as_lists


def test_a_table_becomes_a_list_and_the_text_around_it_stays() -> None:
    entry = (
        "Look here:\n\n| what | do |\n|---|:--|\n| it leaks | empty the tray |\n| it hums | refill |\n\nElse call us."
    )
    assert tables_as_lists(entry) == (
        "Look here:\n\n- **it leaks**: empty the tray\n- **it hums**: refill\n\nElse call us."
    )


def test_a_line_with_bars_alone_is_no_table() -> None:
    assert tables_as_lists("press | or | twice") == "press | or | twice"
