"""The generated pages say what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from scripts import generate_settings_docs
from scripts.generate_settings_docs import ROOT, env_example, groups, markdown
from scripts.settings_outside_rooms import RASA

NAMES_IN_RASA_FILES = re.compile(r"\$\{(\w+)\}")
READ_IN_RASA = re.compile(r"os\.environ\.get\(\s*\"(\w+)\"\s*\) or (\w+)")


class Example(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="EXAMPLE_", frozen=True)

    port: int = Field(default=8001, description="port it\n listens on")
    secret: SecretStr = Field(default=SecretStr("s3"), description="Shared secret.")
    color: bool = Field(default=True, description="Whether logs are coloured.")
    url: str = Field(description="Where the data base is.")


@pytest.fixture
def example() -> generate_settings_docs.Group:
    settings = [generate_settings_docs._setting(Example, name, field) for name, field in Example.model_fields.items()]
    return generate_settings_docs.Group("Example", "example/settings.py", tuple(settings))


def test_the_pages_in_the_repository_are_the_ones_the_settings_give() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example(groups()), "run `make docs`"
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == markdown(groups()), "run `make docs`"


def test_every_room_with_settings_is_on_the_page() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/settings.py")}
    assert rooms == {group.where.partition("/")[0] for group in groups()} & rooms


def test_each_variable_stands_commented_out_with_its_default_under_its_description(example: object) -> None:
    text = env_example([example])  # type: ignore[list-item]
    assert "# Port it listens on.\n#EXAMPLE_PORT=8001\n" in text
    assert "#EXAMPLE_SECRET=s3\n" in text
    assert "#EXAMPLE_COLOR=true\n" in text
    assert "# Where the data base is. Required.\n#EXAMPLE_URL=\n" in text
    assert "| `EXAMPLE_URL` | required | Where the data base is. |" in markdown([example])  # type: ignore[list-item]


def test_a_setting_without_a_description_is_refused() -> None:
    class Bare(BaseSettings):
        port: int = 1

    with pytest.raises(ValueError, match="port needs a description"):
        generate_settings_docs._setting(Bare, "port", Bare.model_fields["port"])


def test_what_rasas_files_and_extensions_read_is_listed_with_its_default() -> None:
    listed = {setting.name: setting.default for setting in RASA.settings}
    named = [
        set(NAMES_IN_RASA_FILES.findall((ROOT / name).read_text())) for name in ("endpoints.yml", "credentials.yml")
    ]
    assert set.union(*named) - {"ACTIONS_SECRET"} <= set(listed)
    for path in Path(ROOT, "rasa_extensions").glob("*.py"):
        code = path.read_text(encoding="utf-8")
        for name, constant in READ_IN_RASA.findall(code):
            default = re.search(rf"^{constant} = \"?([^\"\n]+)", code, flags=re.MULTILINE)
            assert default is not None
            assert listed[name] == default[1]


def test_the_check_names_the_page_that_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_settings_docs, "ROOT", tmp_path)
    monkeypatch.setattr(generate_settings_docs, "groups", lambda: [RASA])
    (tmp_path / "docs").mkdir()
    assert generate_settings_docs.main([]) == 0
    assert generate_settings_docs.main(["--check"]) == 0
    (tmp_path / "docs" / "settings.md").write_text("by hand")
    assert generate_settings_docs.main(["--check"]) == 1
    assert "settings.md" in capsys.readouterr().out
