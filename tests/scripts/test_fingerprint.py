"""Nothing is rebuilt that did not change, and everything that did."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.frontdesk.imports import files_behind
from scripts.frontdesk.problems import RunError

APPEND = "open('built', 'a').write('x\\n'); open('out', 'w').write('')"


@pytest.fixture
def step(workshop: Any, tmp_path: Path) -> Any:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.yml").write_text("a")
    return workshop.step("model", APPEND, inputs=("data", "config*.yml"), outputs=(tmp_path / "out",))


async def test_a_step_whose_inputs_are_the_same_runs_once(
    workshop: Any, step: Any, lines_of: Callable[[str], Any]
) -> None:
    await workshop.run(step).execute()
    second = workshop.run(step)
    await second.execute()
    assert len(lines_of("built")) == 1
    assert second.unchanged == ["the model"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: (root / "data" / "one.yml").write_text("b"), id="a file's content"),
        pytest.param(lambda root: (root / "data" / "two.yml").write_text(""), id="a new file"),
        pytest.param(lambda root: (root / "data" / "one.yml").rename(root / "data" / "1.yml"), id="a file's name"),
        pytest.param(lambda root: (root / "config.local.yml").write_text(""), id="a file that a pattern names"),
        pytest.param(lambda root: (root / "out").unlink(), id="the result is gone"),
        pytest.param(lambda root: (root / "state" / "model.json").write_text("{"), id="the stamp is broken"),
    ],
)
async def test_a_change_runs_the_step_again(
    workshop: Any, step: Any, lines_of: Callable[[str], Any], tmp_path: Path, change: Callable[[Path], object]
) -> None:
    await workshop.run(step).execute()
    change(tmp_path)
    await workshop.run(step).execute()
    assert len(lines_of("built")) == 2


@pytest.mark.parametrize("changed", [{"salt": "postgresql://"}, {"command": (sys.executable, "-c", APPEND + ";")}])
async def test_the_command_and_its_salt_count_too(
    workshop: Any, step: Any, lines_of: Callable[[str], Any], changed: Any
) -> None:
    await workshop.run(step).execute()
    await workshop.run(replace(step, **changed)).execute()
    assert len(lines_of("built")) == 2


async def test_compiled_python_files_are_no_input(
    workshop: Any, step: Any, lines_of: Callable[[str], Any], tmp_path: Path
) -> None:
    await workshop.run(step).execute()
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "one.pyc").write_text("")
    await workshop.run(step).execute()
    assert len(lines_of("built")) == 1


async def test_after_a_failure_the_earlier_good_run_counts_no_more(
    workshop: Any, step: Any, lines_of: Callable[[str], Any]
) -> None:
    await workshop.run(step).execute()
    broken = replace(step, command=(*step.command[:2], "open('out', 'w').write('half'); raise SystemExit(3)"))
    with pytest.raises(RunError):
        await workshop.run(broken).execute()
    await workshop.run(step).execute()
    assert len(lines_of("built")) == 2


async def test_a_step_that_failed_does_not_count_although_its_result_lies_there(workshop: Any, step: Any) -> None:
    broken = replace(step, command=(*step.command[:2], step.command[2] + "; raise SystemExit(3)"))
    for _ in range(2):
        run = workshop.run(broken)
        with pytest.raises(RunError):
            await run.execute()
        assert run.unchanged == []


def test_the_files_behind_a_module_are_its_own_imports_and_theirs(tmp_path: Path) -> None:
    for name, code in {
        "room/__init__.py": "",
        "room/train.py": "import os\nfrom room import model\nimport numpy\n",
        "room/model.py": "def read():\n    from room.parts.text import words\n",
        "room/parts/__init__.py": "",
        "room/parts/text.py": "from room.train import x\n",
        "room/routes.py": "from room import train\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    behind = files_behind(tmp_path, "room.train")
    assert set(behind) == {
        *("room/__init__.py", "room/train.py", "room/model.py"),
        *("room/parts/__init__.py", "room/parts/text.py"),
    }
