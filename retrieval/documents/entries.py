"""A document's text as entries: the whole as one answer, or a manual as one entry a section."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import frontmatter
import orjson
import yaml
from frontmatter.default_handlers import YAMLHandler

from retrieval.documents.front_matter import FrontMatter, head_yaml, moment, parse
from retrieval.documents.markdown import sections, top_level_blocks
from retrieval.documents.model import Reading
from retrieval.errors import DocumentRefused
from retrieval.model import Entry, EntryId

_LONGEST_HEAD = 64 * 1024
_WORDS_PER_SECTION = 220  # more than this is too long a message to send as one answer


def entries_from(text: str, *, source: str, zone: ZoneInfo) -> tuple[Entry, ...]:
    """The entries of one Markdown file with front matter, each with its content hash.

    Raises:
        DocumentRefused: the front matter is missing or wrong, or there is no text below it.
    """
    return reading_from(text, source=source, zone=zone).entries


def reading_from(text: str, *, source: str, zone: ZoneInfo) -> Reading:
    """The same, with what the front matter says about the file beside its entries."""
    metadata, body = _split(text)
    head = parse(metadata)
    if not body.strip():
        raise DocumentRefused("no text below the front matter: write the answer there")
    return Reading(made_from(head, body, source=source, zone=zone), personal_data_allowed=allowed_by(head))


def allowed_by(head: FrontMatter) -> frozenset[str]:
    """The document's id if its author lets personal data be told."""
    return frozenset({head.id}) if head.personal_data == "allowed" else frozenset()


def made_from(head: FrontMatter, body: str, *, source: str, zone: ZoneInfo) -> tuple[Entry, ...]:
    """The entries of a document that is already Markdown: one, or one a section of a manual.

    Raises:
        DocumentRefused: the document would end before it begins, or gives questions to a section it has not.
    """
    whole = Entry(
        entry_id=EntryId(head.id), document_id=head.id, title=head.title, answer=body.strip(),
        questions=head.questions, category=head.category, products=head.product, audience=head.audience,
        locale=head.locale, valid_from=moment(head.valid_from, zone, end_of_day=False),
        valid_until=moment(head.valid_until, zone, end_of_day=True),
        updated=head.updated, url=head.url, source=source, version=head.version,
    )  # fmt: skip
    _check_validity(whole)
    if head.sections and head.kind != "manual":
        raise DocumentRefused("front matter: sections: only a manual has sections")
    made = tuple(_manual(whole, head)) if head.kind == "manual" else (whole,)
    return tuple(replace(entry, content_hash=content_hash(entry)) for entry in made)


def content_hash(entry: Entry) -> str:
    """A fingerprint of all that an entry says and who may see it; where its file lies does not count."""
    told = {name: getattr(entry, name) for name in Entry.__slots__ if name not in {"content_hash", "source"}}
    return hashlib.blake2b(orjson.dumps(told, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


class _Head(YAMLHandler):  # type: ignore[misc]  # the package gives no types
    def load(self, fm: str, **_options: object) -> object:
        return head_yaml(fm)


def _split(text: str) -> tuple[dict[str, object], str]:
    if len(text.split("\n---", 1)[0]) > _LONGEST_HEAD:
        raise DocumentRefused("no front matter: begin the file with ---, give id and title, close with ---")
    try:
        metadata, body = frontmatter.parse(text, handler=_Head())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        raise DocumentRefused(
            f"front matter is not valid YAML{where}: put texts with : # [ or {{ between quotation marks"
        ) from error
    except (ValueError, RecursionError) as error:
        raise DocumentRefused("front matter cannot be read: write it as in a neighbouring file") from error
    return dict(metadata) if isinstance(metadata, dict) else {}, body


def _check_validity(entry: Entry) -> None:
    if entry.valid_from and entry.valid_until and entry.valid_until <= entry.valid_from:
        raise DocumentRefused("valid_until lies before valid_from: swap them")


def _manual(whole: Entry, head: FrontMatter) -> Iterator[Entry]:
    taken: set[str] = set()
    unclaimed = dict(head.sections)
    for section in sections(whole.answer):
        headings = tuple(text for text in section.headings if text != head.title)
        asked = unclaimed.pop(" > ".join(headings), ()) if headings else whole.questions
        for number, body in enumerate(_portions(section.body), start=1):
            names = (*headings, f"part {number}") if number > 1 else headings
            yield replace(
                whole,
                entry_id=EntryId(_unique(f"{head.id}#{' > '.join(names)}" if names else head.id, taken)),
                title=f"{headings[-1]} ({head.title})" if headings else head.title,
                answer=body,
                path=(head.title, *headings),
                questions=asked if number == 1 else (),
            )
    if unclaimed:
        raise DocumentRefused(f"front matter: sections: the text has no section {next(iter(unclaimed))!r}")


def _portions(body: str) -> Iterator[str]:
    """A long section in portions that stay readable: cut only between whole paragraphs, lists and tables."""
    portion: list[str] = []
    words = 0
    for block in top_level_blocks(body):
        count = len(block.split())
        if portion and words + count > _WORDS_PER_SECTION:
            yield "\n\n".join(portion)
            portion, words = [], 0
        portion.append(block)
        words += count
    if portion:
        yield "\n\n".join(portion)


def _unique(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    taken.add(name)
    return name
