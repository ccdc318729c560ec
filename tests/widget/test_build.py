"""The committed build is that of the committed source, small enough, and made by the locked tools."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "web" / "widget"
DIST = WIDGET / "dist"
LARGEST = 20_000


def _source_fingerprint() -> str:
    """As build.mjs makes it."""
    own = [WIDGET / name for name in ("bundle.mjs", "build.mjs", "package-lock.json")]
    sources = [path for folder in ("src", "texts") for path in (WIDGET / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(WIDGET).as_posix(), path) for path in (*own, *sources)):
        digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.mark.parametrize("name", ["widget.js", "widget/panel.js", "widget/rasa.js"])
def test_the_built_file_was_made_from_this_source(name: str) -> None:
    first_line = (DIST / name).read_text(encoding="utf-8").splitlines()[0]

    assert _source_fingerprint() in first_line, "web/widget has changed since: run `make widget` and commit dist/"


def test_what_a_page_loads_and_what_the_open_chat_adds_are_each_at_most_20_kb() -> None:
    sizes = {name: len(gzip.compress((DIST / name).read_bytes(), 9)) for name in ("widget.js", "widget/panel.js")}

    assert max(sizes.values()) <= LARGEST, sizes


def test_every_language_is_built() -> None:
    assert {path.name for path in (WIDGET / "texts").iterdir()} == {path.name for path in DIST.glob("widget/*.json")}


def test_the_lock_names_no_registry() -> None:
    lock = (WIDGET / "package-lock.json").read_text(encoding="utf-8")

    assert "://" not in re.sub(r'"(?:url|funding)": ("[^"]*"|\{[^}]*\})', "", lock)


def test_nothing_turns_a_string_into_markup_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    )
    sources = {path: path.read_text(encoding="utf-8") for path in (WIDGET / "src").rglob("*.ts")}

    assert [str(path) for path, text in sources.items() if forbidden.search(text)] == []


def test_the_shop_sells_what_the_back_office_knows() -> None:
    shop = json.loads((ROOT / "desk" / "demo" / "catalogue.json").read_text(encoding="utf-8"))["products"]
    known = yaml.safe_load((ROOT / "backoffice" / "demo" / "products.yaml").read_text(encoding="utf-8"))
    compared = ("sku", "name", "category", "price", "stock")

    def essence(products: list[dict[str, object]]) -> list[list[object]]:
        return sorted([product[field] for field in compared] for product in products)

    assert essence(shop) == essence(known)
    drawings = (ROOT / "desk" / "demo" / "products.svg").read_text(encoding="utf-8")
    assert [p["sku"] for p in shop if f'id="{p["sku"]}"' not in drawings] == []


def _npm(*arguments: str) -> None:
    if shutil.which("npm") is None or not (WIDGET / "node_modules").is_dir():
        pytest.skip("no npm, or `npm ci` was not run in web/widget: the widget's own checks need both")
    done = subprocess.run(["npm", *arguments], cwd=WIDGET, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_widget_has_no_type_errors() -> None:
    _npm("run", "check")


def test_the_widget_s_own_tests_pass() -> None:
    _npm("test")
