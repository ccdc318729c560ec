"""What is served at /console: one page for every address, its assets, nothing else."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from desk.metrics import build_metrics
from desk.web.console import build_console_page
from desk.web.http_errors import install_error_handlers


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>the page")
    (tmp_path / "assets" / "console.js").write_text("// the script")
    (tmp_path / "assets" / "secret.txt").write_text("no")
    app = FastAPI()
    install_error_handlers(app, build_metrics())
    app.include_router(build_console_page(tmp_path))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk")


@pytest.mark.parametrize("path", ["/console", "/console/inbox/mine", "/console/reviews/a%2Fb", "/console/apiary"])
async def test_every_address_is_the_one_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, answer.text) == (200, "<!doctype html>the page")
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_are_kept_for_good_under_the_address_of_their_build(client: httpx.AsyncClient) -> None:
    named = await client.get("/console/assets/console.js?v=abc")
    bare = await client.get("/console/assets/console.js")

    assert named.headers["content-type"].startswith("text/javascript")
    assert "immutable" in named.headers["cache-control"]
    assert bare.headers["cache-control"] == "no-cache"
    same = await client.get("/console/assets/console.js", headers={"if-none-match": bare.headers["etag"]})
    assert same.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/console/api",
        "/console/api/nothing",
        "/console/assets/secret.txt",
        "/console/assets/..%2Findex.html",
        "/console/assets/none.js",
        "/console/assets/a/b.js",
    ],
)
async def test_what_is_neither_page_nor_asset_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "not_found"
