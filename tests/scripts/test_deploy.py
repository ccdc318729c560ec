"""The images and the compose file keep their promises, as far as that shows without a Docker engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.settings_outside_rooms import COMPOSE

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = sorted((ROOT / "deploy").glob("*.Dockerfile"))
PINNED = re.compile(r":\d+\.\d+\.?\d*(-[a-z]+)*$")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def stages(dockerfile: Path) -> dict[str, str]:
    """The text of each stage by its name, with the text of the stage it is made from before it."""
    found: dict[str, str] = {}
    for part in re.split(r"^(?=FROM )", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        _, base, _, name = part.partition("\n")[0].split()
        found[name] = found.get(base, "") + part
    return found


@pytest.mark.parametrize("service", ["intent_service", "actions", "rasa", "desk"])
def test_each_of_our_images_is_pinned_runs_as_nobody_special_and_says_whether_it_is_ready(
    compose: Any, service: str
) -> None:
    build = compose["services"][service]["build"]
    text = stages(ROOT / build["dockerfile"])[build["target"]]
    assert PINNED.search(text.partition(" AS ")[0].removeprefix("FROM "))
    assert re.findall(r"^USER (.+)$", text, flags=re.MULTILINE) == ["10001"]
    assert "/ready" in next(line for line in text.splitlines() if line.startswith("HEALTHCHECK"))


def test_what_is_not_ours_is_pinned_and_checked(compose: Any) -> None:
    others = {name: one for name, one in compose["services"].items() if "build" not in one}
    assert set(others) == {"postgres", "redis", "elasticsearch"}
    for one in others.values():
        assert PINNED.search(one["image"])
        assert one["healthcheck"]["test"]


def test_every_service_gives_up_privileges(compose: Any) -> None:
    for one in compose["services"].values():
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_only_the_gateway_is_published_and_only_on_the_loopback_address(compose: Any) -> None:
    published = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}
    assert list(published) == ["desk"]
    assert all(port.startswith("127.0.0.1:") for port in published["desk"])


def test_no_password_stands_in_the_file(compose: Any) -> None:
    given = [item for one in compose["services"].values() for item in one.get("environment", {}).items()]
    secrets = {name: value for name, value in given if value and re.search("PASSWORD|SECRET|TOKEN|AUTH", name)}
    assert len(secrets) >= 6
    assert {name: value for name, value in secrets.items() if not re.fullmatch(r"\$\{\w+:\?.+\}", value)} == {}


@pytest.mark.parametrize("service", ["actions", "setup", "desk"])
def test_letters_go_where_the_operator_says(compose: Any, service: str) -> None:
    given = compose["services"][service]["environment"]
    assert given["BACKOFFICE_MAIL"].startswith("${BACKOFFICE_MAIL:?")  # files in a folder reach no customer
    assert {"BACKOFFICE_MAIL_FROM", "BACKOFFICE_SMTP_HOST", "BACKOFFICE_SMTP_USER", "BACKOFFICE_SMTP_PASSWORD"} <= set(
        given
    )


def test_the_gateway_is_told_of_its_proxy_its_websites_and_whom_to_believe(compose: Any) -> None:
    given = compose["services"]["desk"]["environment"]
    wanted = {"TRUSTED_PROXIES", "ALLOWED_ORIGINS", "IDENTITY_SECRETS", "IDENTITY_JWKS", "REST_TOKEN"}
    assert {f"DESK_{name}" for name in wanted} <= set(given)


def test_every_secret_must_be_set_and_is_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = dict(re.findall(r"\$\{(\w+):([?-])", text))
    # Passed on as they are; documented with their room.
    of_a_room = {name for name in used if name.startswith(("ANSWERING_LLM", "BACKOFFICE_"))}
    secrets = {name for name in set(used) - of_a_room if name.endswith(("_PASSWORD", "_SECRET", "_TOKEN"))}
    assert {name for name in secrets if used[name] != "?"} == set()
    assert set(used) - of_a_room == {setting.name for setting in COMPOSE.settings} | {"ACTIONS_SECRET", "DESK_SECRET"}
    assert {setting.name for setting in COMPOSE.settings if setting.default is None} | {
        "ACTIONS_SECRET",
        "DESK_SECRET",
    } == secrets


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_what_an_image_copies_is_there_and_not_ignored(dockerfile: Path) -> None:
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for arguments in re.findall(r"^COPY (?!--from)(.+)$", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE):
        for source in arguments.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(source == name or source.startswith(f"{name}/") for name in sent), source
