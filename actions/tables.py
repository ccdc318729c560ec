"""Tables of an entry as lines of a chat: a phone shows no columns."""

import re

_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^\s*\|[\s:|-]+\|\s*$")


def tables_as_lists(markdown: str) -> str:
    """The same Markdown with each row of a table as ``- **first cell**: the others``; heads are left out."""
    lines = markdown.splitlines()
    if not any(map(_RULE.match, lines)):
        return markdown
    heads = {place - 1 for place, line in enumerate(lines) if _RULE.match(line)}
    told = (_as_item(line) for place, line in enumerate(lines) if place not in heads and not _RULE.match(line))
    return "\n".join(told)


def _as_item(line: str) -> str:
    row = _ROW.match(line)
    if row is None:
        return line
    first, *others = (cell.strip() for cell in row[1].split("|"))
    return f"- **{first}**: {'; '.join(cell for cell in others if cell)}" if others else f"- {first}"
