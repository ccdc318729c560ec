"""The commands as a developer meets them: exit codes, and one sentence when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from intent_service.__main__ import main

ROOT = Path(__file__).parents[2]
NLU = "nlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n- intent: bye\n  examples: |\n    - bye\n"


def test_bad_data_stops_before_training_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yml").write_text(NLU, encoding="utf-8")
    code = main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "models" / "intent")])
    said = capsys.readouterr().err
    assert code == 2
    assert "a.yml:8: intent 'bye' has one example" in said
    assert "nothing was trained" in said
    assert not (tmp_path / "models").exists()


def test_good_data_can_be_checked_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yml").write_text(NLU + "    - see you\n", encoding="utf-8")
    assert main(["train", "--check", "--data", str(tmp_path)]) == 0
    assert "4 sentences of 2 intents" in capsys.readouterr().err


def test_what_is_seldom_meant_is_told_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = f"    - see you\n    - bye {'now ' * 400}\n    - until [tomorrow(date)\n"
    (tmp_path / "a.yml").write_text(NLU + examples, encoding="utf-8")
    domain = tmp_path / "domain" / "base.yml"
    domain.parent.mkdir()
    domain.write_text("intents: [greet, bye, ask_carrier, nlu_fallback]", encoding="utf-8")
    assert main(["train", "--check", "--data", str(tmp_path / "a.yml"), "--domain", str(domain)]) == 0
    said = capsys.readouterr().err
    assert "fewer than 10 examples: bye (4), greet (2); 10 are a good start" in said
    assert "a.yml:10: 1603 characters, of which" in said
    assert "a.yml:11: a square bracket is left over" in said
    assert "without an example, so that only buttons can mean it: ask_carrier\n" in said


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "none" / "model.tar.gz"
    (tmp_path / "intent" / "v1").mkdir(parents=True)
    (tmp_path / "intent" / "current").write_text("v1")
    assert main(["export", "--models", str(tmp_path), "--pack", str(pack)]) == 1
    assert f"{pack} cannot be used: No such file or directory." in capsys.readouterr().err


def test_ones_own_data_is_checked_against_a_domain_only_when_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "my.csv"
    own.write_text("text,intent\nfeed the cat,feed\nfood for it,feed\npet it,pet\nstroke it,pet\n", encoding="utf-8")
    monkeypatch.chdir(ROOT)
    assert main(["train", "--check", "--data", str(own)]) == 0
    assert main(["train", "--check", "--data", str(own), "--domain", "domain"]) == 2
    assert "intent 'feed' is not in domain" in capsys.readouterr().err
    assert main(["train", "--check", "--data", str(own), "--domain", "domian"]) == 2
    assert "domian:0: there is no such domain" in capsys.readouterr().err


def test_versions_are_kept_in_a_folder_called_intent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yml").write_text(NLU + "    - see you\n", encoding="utf-8")
    assert main(["train", "--check", "--data", str(tmp_path), "--out", str(tmp_path / "mine")]) == 2
    assert f"{tmp_path}/mine/intent" in capsys.readouterr().err


def test_what_cannot_be_measured_is_said_and_measures_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    outside, sentences = tmp_path / "outside.csv", tmp_path / "sentences.csv"
    outside.write_text("text\nwhat is love\n", encoding="utf-8")

    def said(*more: str) -> str:
        models = str(ROOT / "models")
        code = main(
            ["evaluate", "--models", models, "--intents", str(sentences), "--out-of-scope", str(outside), *more]
        )
        assert code == 2
        return capsys.readouterr().err

    assert "sentences.csv:0: there is no such file\n1 to mend; nothing was measured." in said()
    sentences.write_text("text,intent\n", encoding="utf-8")
    assert "sentences.csv:1: holds no sentence" in said()
    assert "sentences.csv:1: holds no sentence" in said("--robust")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("more", [[], ["--robust"]])
def test_a_model_of_other_intents_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    sentences, outside = tmp_path / "sentences.csv", tmp_path / "outside.csv"
    sentences.write_text("text,intent\nfeed the cat,feed\n", encoding="utf-8")
    outside.write_text("text\nwhat is love\n", encoding="utf-8")
    model = SimpleNamespace(info=SimpleNamespace(version="v1", labels=("greet", "bye")))
    monkeypatch.setattr("intent_service.commands.models.open_model", lambda *_: model)
    sets = ["--intents", str(sentences), "--out-of-scope", str(outside)]
    assert main(["evaluate", *sets, *more]) == 2
    assert "Not one intent of" in capsys.readouterr().err


def test_an_address_without_its_beginning_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTENT_SERVICE_ADMIN_TOKEN", "x")
    assert main(["activate", "v1", "--url", "127.0.0.1:9"]) == 1
    assert "'127.0.0.1:9' must begin with http:// or https://" in capsys.readouterr().err


def test_the_demo_companys_data_passes_its_check() -> None:
    arguments = ["train", "--check", "--data", str(ROOT / "data" / "nlu"), "--domain", str(ROOT / "domain")]
    assert main(arguments) == 0


@pytest.mark.parametrize("command", [["info"], ["evaluate"], ["export", "--pack", "x.tar.gz"], ["compare", "a", "b"]])
def test_without_a_model_one_sentence_says_how_to_get_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    for name in ("intents.csv", "out_of_scope.csv"):
        (tmp_path / name).write_text("text,intent\nhello,greet\n", encoding="utf-8")
    sets = ["--intents", str(tmp_path / "intents.csv"), "--out-of-scope", str(tmp_path / "out_of_scope.csv")]
    more = sets if command[0] in {"evaluate", "compare"} else []
    assert main([*command, *more, "--models", str(tmp_path)]) == 1
    said = capsys.readouterr().err.strip()
    assert "train" in said or "no model version" in said
    assert "\n" not in said


def test_serving_without_a_model_ends_with_a_sentence(tmp_path: Path) -> None:
    env = {**os.environ, "INTENT_SERVICE_MODELS_DIR": str(tmp_path), "INTENT_SERVICE_PORT": "21499"}
    command = [sys.executable, "-m", "intent_service", "serve"]
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("No model is current in")
    assert "Traceback" not in ended.stderr


def test_public_sets_that_are_not_here_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVAL_DATA", str(tmp_path / "absent"))
    assert main(["evaluate", "--public"]) == 0
    assert "EVAL_DATA" in capsys.readouterr().err
