"""From Markdown to entries and passages."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents.entries import entries_from
from retrieval.documents.markdown import plain_text, sections
from retrieval.documents.passages import WORDS_PER_PASSAGE, passages_of, pieces_of
from retrieval.errors import DocumentRefused
from retrieval.model import Entry, EntryId

DUBLIN = ZoneInfo("Europe/Dublin")

MANUAL = """---
id: brew
title: Brew manual
kind: manual
product: [AW-201]
category: products
questions: [brew handbook]
---

# Brew manual

What this machine is.

## Cleaning

### Filter

Rinse it.

- weekly
- with *cold* water

### Tank

```
# not a heading
```

## Repair
"""


def manual() -> tuple[Entry, ...]:
    return entries_from(MANUAL, source="brew.md", zone=DUBLIN)


def test_a_manual_becomes_one_entry_a_section_with_its_path() -> None:
    assert [(entry.entry_id, entry.path) for entry in manual()] == [
        ("brew", ("Brew manual",)),
        ("brew#Cleaning > Filter", ("Brew manual", "Cleaning", "Filter")),
        ("brew#Cleaning > Tank", ("Brew manual", "Cleaning", "Tank")),
    ]


def test_a_section_keeps_its_markdown_and_the_manuals_head() -> None:
    section = manual()[1]
    assert section.answer == "Rinse it.\n\n- weekly\n- with *cold* water"
    assert (section.title, section.document_id) == ("Filter (Brew manual)", "brew")
    assert (section.category, section.products, section.questions) == ("products", ("AW-201",), ())


def test_a_sharp_inside_a_code_block_is_no_heading() -> None:
    assert "# not a heading" in manual()[2].answer


def test_questions_of_a_manual_belong_to_its_opening() -> None:
    assert manual()[0].questions == ("brew handbook",)


def test_a_manual_gives_questions_to_its_sections_by_their_headings() -> None:
    head = 'sections: {"Cleaning > Filter": [mesh is clogged, how do I rinse it]}'
    _, cleaned, tank = entries_from(MANUAL.replace("questions:", f"{head}\nquestions:"), source="brew.md", zone=DUBLIN)
    assert (cleaned.questions, tank.questions) == (("mesh is clogged", "how do I rinse it"), ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            MANUAL.replace("questions:", "sections: {Cleaning > Filtre: [x]}\nquestions:"),
            "no section 'Cleaning > Filtre'",
        ),
        ("---\nid: a\ntitle: A\nsections: {B: [x]}\n---\nText.\n", "only a manual has sections"),
    ],
)
def test_questions_for_a_section_that_is_not_there_refuse_the_file(text: str, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        entries_from(text, source="brew.md", zone=DUBLIN)


def test_sections_of_the_same_name_keep_apart() -> None:
    text = MANUAL + "\n## Cleaning\n\n### Filter\n\nAgain.\n"
    ids = [entry.entry_id for entry in entries_from(text, source="", zone=DUBLIN)]
    assert ids[-1] == "brew#Cleaning > Filter (2)"


def test_a_long_section_is_cut_between_paragraphs() -> None:
    paragraphs = "\n\n".join("word " * 90 for _ in range(5))
    made = entries_from(MANUAL + "\n## Long\n\n" + paragraphs, source="", zone=DUBLIN)
    parts = [entry for entry in made if entry.path[-1] == "Long"]
    assert [len(entry.answer.split()) for entry in parts] == [180, 180, 90]
    assert len({entry.entry_id for entry in parts}) == 3


def test_the_hash_follows_what_is_told_not_where_the_file_lies() -> None:
    text = "---\nid: a\ntitle: A\n---\n\nText."
    first = entries_from(text, source="a.md", zone=DUBLIN)[0]
    moved = entries_from(text, source="b/a.md", zone=DUBLIN)[0]
    changed = entries_from(text.replace("title: A", "title: A\nvalid_until: 2027-01-01"), source="a.md", zone=DUBLIN)[0]
    assert first.content_hash == moved.content_hash != changed.content_hash


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    text = "---\nid: a\ntitle: A\n---\n\nText."
    assert entries_from(text, source="", zone=DUBLIN)[0].answer == "Text."


def test_passages_are_title_questions_and_pieces_read_with_the_title() -> None:
    entry = Entry(EntryId("a"), "a", "Returns", "Within *30* days.", questions=("send back", "return it"))
    assert [(passage.kind, passage.text) for passage in passages_of(entry)] == [
        ("title", "Returns"),
        ("question", "send back"),
        ("question", "return it"),
        ("answer", "Returns Within 30 days."),
    ]


def test_a_section_is_read_with_its_whole_path() -> None:
    passages = passages_of(manual()[1])
    assert passages[0].text == "Brew manual > Cleaning > Filter"
    assert passages[-1].text.startswith("Brew manual > Cleaning > Filter Rinse it.")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Bold** and `code`", "Bold and code"),
        ("[link](https://x.example)", "link"),
        ("- one\n- two", "one two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a, b 1, 2"),
        ("line\nbreak", "line break"),
        ("<b>html</b>", "<b>html</b>"),
        ("", ""),
    ],
)
def test_plain_text_is_what_a_reader_reads(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


@given(st.text(max_size=3000))
def test_no_piece_is_longer_than_the_limit_and_no_word_is_lost(text: str) -> None:
    pieces = list(pieces_of(text))
    assert all(len(piece.split()) <= WORDS_PER_PASSAGE for piece in pieces)
    assert " ".join(pieces).split() == plain_text(text).split()


@given(st.text(alphabet="# a\n-`>1.", max_size=300))
def test_cutting_at_headings_survives_any_markdown(text: str) -> None:
    for section in sections(text):
        assert section.body
