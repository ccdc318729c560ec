"""Reading and checking training data: a developer is told file and line before the first epoch."""

from pathlib import Path

import pytest

from intent_service.errors import BadTrainingData
from intent_service.nlu_data.checks import check_training_data
from intent_service.nlu_data.reader import read_training_data

GOOD = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good morning [Tarn kettle](product) people
    - hey [ketle]{"entity": "product", "value": "Tarn kettle"}
- intent: ask_price
  examples: |
    - how much is the [kettle](product:Tarn kettle)
    - what does it cost [in euro]
- lookup: product
  examples: |
    - Tarn kettle
    - Wren headphones
- synonym: Wren headphones
  examples: |
    - wrens
- synonym: Nobody
  examples: |
    - no owner
- regex: order_number
  examples: |
    - \\b10\\d{3}\\b
"""


def write(folder: Path, text: str, name: str = "a.yml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, *, domain: Path | None = None) -> list[str]:
    with pytest.raises(BadTrainingData) as refused:
        check_training_data(read_training_data(folder), domain=domain)
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in refused.value.problems]


def nlu(**intents: list[str]) -> str:
    sections = (
        f"- intent: {name}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for name, texts in intents.items()
    )
    return "nlu:\n" + "".join(sections)


def test_annotations_are_stripped_and_remembered(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    data = read_training_data(tmp_path)
    assert [example.text for example in data.examples] == [
        "hello",
        "good morning Tarn kettle people",
        "hey ketle",
        "how much is the kettle",
        "what does it cost [in euro]",
    ]
    assert data.gazetteer.synonyms["product"] == {
        "ketle": "Tarn kettle", "kettle": "Tarn kettle", "wrens": "Wren headphones",
    }  # fmt: skip
    assert data.gazetteer.lookups["product"] == ("Tarn kettle", "Wren headphones")
    assert data.gazetteer.patterns == {"order_number": (r"\b10\d{3}\b",)}


def test_every_example_knows_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    lines = file.read_text(encoding="utf-8").splitlines()
    for example in read_training_data(tmp_path).examples:
        assert example.text.split()[0] in lines[example.line - 1]


def test_examples_may_be_a_list_with_metadata(tmp_path: Path) -> None:
    text = "nlu:\n- intent: greet\n  examples:\n  - text: |\n      - hello there\n    metadata: {}\n  - text: hi\n"
    write(tmp_path, text)
    assert [(e.text, e.line) for e in read_training_data(tmp_path).examples] == [("hello there", 4), ("hi", 7)]


def test_good_data_passes_and_repeats_are_only_noted(tmp_path: Path) -> None:
    write(tmp_path, nlu(greet=["hello", "hi", "Hello!"], bye=["bye", "see you"]))
    notes = check_training_data(read_training_data(tmp_path))
    assert len(notes) == 1
    assert (notes[0].line, notes[0].fatal) == (6, False)


def test_one_example_is_too_few(tmp_path: Path) -> None:
    write(tmp_path, nlu(greet=["hello"], bye=["bye", "see you"]))
    assert problems(tmp_path) == ["a.yml:4: intent 'greet' has one example; 2 are the least, 10 a good start"]


def test_one_sentence_in_two_intents_names_both_places(tmp_path: Path) -> None:
    write(tmp_path, nlu(greet=["hello", "hi  there"]), "a.yml")
    write(tmp_path, nlu(bye=["bye", "Hi there!"]), "b.yml")
    found = problems(tmp_path)
    assert found == ["b.yml:5: 'Hi there!' is in 'bye' and, at a.yml:5, in 'greet'"]


def test_an_empty_example_is_found(tmp_path: Path) -> None:
    write(tmp_path, nlu(greet=["hello", "", "hi"], b=["x", "y"]))
    assert problems(tmp_path) == ["a.yml:5: an example of 'greet' is empty"]


def test_an_intent_that_the_domain_does_not_know_is_named_once(tmp_path: Path) -> None:
    data, domain = tmp_path / "nlu", tmp_path / "domain.yml"
    data.mkdir()
    write(data, nlu(greet=["hello", "hi"], bye=["bye", "see you"], faq_a=["what", "why"]))
    domain.write_text("intents:\n- greet:\n    use_entities: []\n- faq_a\n", encoding="utf-8")
    assert [line.split(": ", 1)[1].split(" is")[0] for line in problems(data, domain=domain)] == ["intent 'bye'"]
    assert problems(data, domain=tmp_path / "absent.yml")[0] == f"{tmp_path}/absent.yml:0: there is no such domain"
    assert check_training_data(read_training_data(data)) == []


def test_broken_yaml_is_reported_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "nlu:\n- intent: greet\n  examples: [\n")
    assert problems(tmp_path)[0].startswith("a.yml:4: is not valid YAML")


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        ("intents:\n- greet\n actions:\n- b\n", "base.yml:3: is not valid YAML: "),
        ("- greet\n", "base.yml:1: must be a mapping with the key intents"),
        ("intents: greet\n", "base.yml:1: intents must be a list"),
    ],
)
def test_a_broken_domain_file_is_named_with_its_line(tmp_path: Path, domain: str, told: str) -> None:
    data, folder = tmp_path / "nlu", tmp_path / "domain"
    data.mkdir()
    folder.mkdir()
    write(data, nlu(greet=["hello", "hi"], bye=["bye", "see you"]))
    write(folder, domain, "base.yml")
    assert problems(data, domain=folder)[0].startswith(f"{folder}/{told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nlu:\n- intnet: a\n  examples: |\n    - x\n", "2: a section without intent, lookup, synonym or regex"),
        ("nul:\n- intent: a\n  examples: |\n    - x\n", "1: 'nul' is no key of training data: nlu is meant?"),
        ("nlu:\n- intent: [a]\n  examples: |\n    - x\n", "2: the name of the intent must be plain text"),
    ],
)
def test_a_misspelt_key_loses_no_intent_in_silence(tmp_path: Path, text: str, told: str) -> None:
    write(tmp_path, text, "a.yml")
    write(tmp_path, nlu(b=["y", "z"], c=["v", "w"]), "b.yml")
    assert problems(tmp_path) == [f"a.yml:{told}"]


def test_yaml_without_training_data_may_lie_beside_it(tmp_path: Path) -> None:
    write(tmp_path, 'version: "3.1"\nresponses:\n  utter_a:\n  - text: a\n', "a.yml")
    write(tmp_path, nlu(b=["y", "z"], c=["v", "w"]), "b.yml")
    assert read_training_data(tmp_path).intents == ("b", "c")


def test_an_intent_without_examples_and_an_empty_folder(tmp_path: Path) -> None:
    assert "no training data" in problems(tmp_path)[0]
    write(tmp_path, "nlu:\n- intent: greet\n  examples: |\n")
    assert problems(tmp_path) == ["a.yml:2: intent 'greet' has no examples"]


def test_csv_needs_its_columns(tmp_path: Path) -> None:
    file = write(tmp_path, "message id,what\n1,hello\n", "data.csv")
    with pytest.raises(BadTrainingData, match="needs the columns text and intent"):
        read_training_data(file)
    write(tmp_path, "text,intent\nhello,greet\nonly one field\n", "data.csv")
    with pytest.raises(BadTrainingData, match=r"data.csv:3: has 1 fields"):
        read_training_data(file)
    write(tmp_path, 'sentence,label\n"hello, you",greet\n', "data.csv")
    assert read_training_data(file).examples[0].text == "hello, you"


def test_empty_lines_of_a_csv_are_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, "text,intent\n\nhello,greet\n\nhi,greet\n\n", "data.CSV")
    assert [(example.text, example.line) for example in read_training_data(file).examples] == [("hello", 3), ("hi", 5)]


def test_a_csv_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes("text,intent\ncaf\xe9,greet\n".encode("latin-1"))
    with pytest.raises(BadTrainingData, match=r"data.csv:2: not UTF-8 text"):
        read_training_data(file)


def test_the_fingerprint_knows_the_content_and_not_the_order(tmp_path: Path) -> None:
    write(tmp_path, nlu(a=["one", "two"], b=["three", "four"]))
    first = read_training_data(tmp_path).fingerprint()
    write(tmp_path, nlu(b=["four", "three"], a=["two", "one"]))
    assert read_training_data(tmp_path).fingerprint() == first
    write(tmp_path, nlu(b=["four", "three"], a=["two", "won"]))
    assert read_training_data(tmp_path).fingerprint() != first


def test_out_of_scope_examples_are_no_intent_and_may_be_few(tmp_path: Path) -> None:
    write(tmp_path, nlu(a=["one", "two"], b=["three", "four"], nlu_fallback=["what is love"]))
    data = read_training_data(tmp_path)
    assert check_training_data(data) == []
    assert data.intents == ("a", "b")
    assert data.strangers == ("what is love",)
