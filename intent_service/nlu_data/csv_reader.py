"""Read labelled sentences from CSV: one column with the text, one with the intent."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from intent_service.errors import BadTrainingData, DataProblem
from intent_service.nlu_data.model import Example, TrainingData

TEXT_COLUMNS = ("text", "sentence", "utterance", "message")
INTENT_COLUMNS = ("intent", "label", "category")


def read_csv(path: Path, *, default_intent: str | None = None) -> TrainingData:
    """Read a CSV file with a header; empty lines are passed over.

    Args:
        path: The file.
        default_intent: The intent of every row when there is no column for it (an out-of-scope list).

    Raises:
        BadTrainingData: no such file, not UTF-8, wrong columns, or a row with the wrong number of fields.
    """
    name = path.as_posix()
    if not path.exists():
        raise BadTrainingData([DataProblem(name, 0, "there is no such file")])
    with io.StringIO(_text(path), newline="") as stream:
        reader = csv.reader(stream)
        header = [column.strip().casefold() for column in next(reader, [])]
        text_at = next((header.index(column) for column in TEXT_COLUMNS if column in header), None)
        intent_at = next((header.index(column) for column in INTENT_COLUMNS if column in header), None)
        if text_at is None or (intent_at is None and default_intent is None):
            found = ", ".join(header) or "none"
            message = f"needs the columns text and intent; found: {found}"
            raise BadTrainingData([DataProblem(name, 1, message)])
        examples, problems = [], []
        for row in reader:
            if not any(field.strip() for field in row):
                continue
            if len(row) != len(header):
                message = f"has {len(row)} fields where the header has {len(header)}"
                problems.append(DataProblem(name, reader.line_num, message))
                continue
            intent = default_intent if intent_at is None else row[intent_at].strip()
            examples.append(Example(row[text_at].strip(), intent or "", name, reader.line_num))
    if problems:
        raise BadTrainingData(problems)
    return TrainingData(tuple(examples))


def sentences_of(path: Path) -> Sequence[Example]:
    """The labelled sentences of a CSV file that something is measured on.

    Raises:
        BadTrainingData: as for ``read_csv``, or there is not one sentence.
    """
    examples = read_csv(path).examples
    if not examples:
        raise BadTrainingData([DataProblem(path.as_posix(), 1, "holds no sentence")])
    return examples


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadTrainingData([DataProblem(path.as_posix(), line, "not UTF-8 text; save it as CSV UTF-8")]) from error
