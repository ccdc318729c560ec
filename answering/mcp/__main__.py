"""``python -m answering.mcp``: serve the tools over HTTP, or with ``--stdio`` to the process that started this one."""

import argparse
import asyncio
import sys

import uvicorn

from answering.mcp.server import build_http_app, build_server, serve_stdio
from answering.settings import McpSettings
from answering.tools.bootstrap import build_toolbox
from answering.tools.model import Effect
from backoffice.bootstrap import build_backoffice
from retrieval.bootstrap import build_index, utc_now
from retrieval.settings import RetrievalSettings
from telemetry.logs import configure


def main() -> None:
    """Serve until stopped. Over stdio nobody is verified, so only what is public is told."""
    parser = argparse.ArgumentParser(prog="python -m answering.mcp", description=__doc__)
    parser.add_argument("--stdio", action="store_true", help="speak on standard input and output instead of HTTP")
    options = parser.parse_args()
    settings = McpSettings()
    configure("mcp")
    effects: list[Effect] = ["reads", "proposes"] if settings.proposals else ["reads"]
    toolbox = build_toolbox(build_index(RetrievalSettings()), build_backoffice(), now=utc_now, effects=effects)
    server = build_server(toolbox)
    if options.stdio:
        asyncio.run(serve_stdio(server))
        return
    try:
        app = build_http_app(server, settings)
    except ValueError as error:
        sys.exit(str(error))
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
