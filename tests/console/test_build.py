"""The committed console is built from the committed source by the locked tools, and builds nothing out of strings."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
CONSOLE = WEB / "console"
DIST = CONSOLE / "dist"
SHARED = ("links.ts", "markdown.ts", "sse.ts")


def _source_fingerprint() -> str:
    """As build.mjs makes it."""
    named = {name: CONSOLE / name for name in ("build.mjs", "bundle.mjs", "index.html", "package-lock.json")}
    named |= {f"../widget/src/{name}": WEB / "widget" / "src" / name for name in SHARED}
    sources = [path for path in (CONSOLE / "src").rglob("*") if path.suffix in {".ts", ".tsx", ".css"}]
    named |= {path.relative_to(CONSOLE).as_posix(): path for path in sources}
    digest = hashlib.sha256()
    for name, path in sorted(named.items()):
        digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.mark.parametrize("name", ["assets/console.js", "assets/console.css", "index.html"])
def test_the_built_file_was_made_from_this_source(name: str) -> None:
    built = (DIST / name).read_text(encoding="utf-8")

    assert _source_fingerprint() in built, "web/console has changed since: run `make console` and commit dist/"


def test_the_page_has_nothing_that_a_strict_policy_would_stop() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page) == []


def test_the_lock_names_no_registry() -> None:
    lock = (CONSOLE / "package-lock.json").read_text(encoding="utf-8")

    assert "://" not in re.sub(r'"(?:url|funding)": ("[^"]*"|\{[^}]*\})', "", lock)


def test_nothing_turns_a_string_into_markup_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|dangerouslySet"
    )
    sources = {path: path.read_text(encoding="utf-8") for path in (CONSOLE / "src").rglob("*.ts*")}

    assert [str(path) for path, text in sources.items() if forbidden.search(text)] == []


def _npm(*arguments: str) -> None:
    if shutil.which("npm") is None or not (CONSOLE / "node_modules").is_dir():
        pytest.skip("no npm, or `npm ci` was not run in web/console: the console's own checks need both")
    done = subprocess.run(["npm", *arguments], cwd=CONSOLE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_console_has_no_type_errors() -> None:
    _npm("run", "check")


def test_the_console_s_own_tests_pass() -> None:
    _npm("test")
