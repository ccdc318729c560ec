"""Prompts as versioned files."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from answering.prompts.library import PromptLibrary, shares_of

FOLDER = Path("answering/prompts")
VERSIONS = sorted(path.parent.name for path in FOLDER.glob("*/prompt.toml"))


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_is_never_changed_only_followed_by_another(name: str) -> None:
    """Answers' records name the version: with other words under the same name they could not be compared."""
    digest = hashlib.sha256()
    for path in sorted((FOLDER / name).iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    known = tomllib.loads((FOLDER / "released.toml").read_text("utf-8"))
    assert known.get(name) == digest.hexdigest(), f"copy the folder to a new version, or note {digest.hexdigest()}"


def test_a_conversation_keeps_its_version_in_every_process() -> None:
    one, other = (PromptLibrary(shares_of("1:50, small-1:50")) for _ in range(2))
    names = [one.version_for(f"c-{n}").name for n in range(400)]
    assert names == [other.version_for(f"c-{n}").name for n in range(400)]
    assert 160 < names.count("1") < 240


def test_each_version_names_the_company_of_the_profile_and_no_other(tmp_path: Path) -> None:
    text = (FOLDER / "company.toml").read_text("utf-8").replace("Alderwick", "Brightwell")
    (tmp_path / "company.toml").write_text(text, "utf-8")
    for name in VERSIONS:
        system = PromptLibrary({name: 1}, tmp_path / "company.toml").version_for("c").system
        assert "Brightwell" in system
        assert "Alderwick" not in system


@pytest.mark.parametrize("setting", ["", "1:0", "1:x"])
def test_shares_that_cannot_be_are_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        shares_of(setting)


@pytest.mark.parametrize("name", ["nope", "../prompts", "../../knowledge"])
def test_a_version_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="prompts"):
        PromptLibrary({name: 1})
