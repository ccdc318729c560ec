"""The commands as a developer meets them: exit codes, and one sentence when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

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
    absent = str(tmp_path / "domain.yml")
    assert main(["train", "--check", "--data", str(tmp_path), "--domain", absent]) == 0
    assert "4 sentences of 2 intents" in capsys.readouterr().err


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
