"""Connections to the action server that are kept open between calls.

Stock Rasa opens a new connection for each action call, two to five of them in a turn.
"""

from __future__ import annotations

import asyncio
import weakref

import aiohttp
from rasa.utils import endpoints
from rasa.utils.endpoints import EndpointConfig

KEPT_OPEN_SECONDS = 3.0
"""Well below the time after which a server closes an idle connection (rasa-sdk: 120 s, older ones 5 s)."""

_connectors: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.TCPConnector] = weakref.WeakKeyDictionary()


def _connector() -> aiohttp.TCPConnector:
    """The event loop's own; a connection belongs to the loop that opened it."""
    loop = asyncio.get_running_loop()
    kept = _connectors.get(loop)
    if kept is None or kept.closed:
        kept = _connectors[loop] = aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_SECONDS, limit=0)
    return kept


def session(self: EndpointConfig) -> aiohttp.ClientSession:
    """Stands in for ``EndpointConfig.session``: the same session over connections that outlive it."""
    auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
    return aiohttp.ClientSession(
        headers=self.headers,
        auth=auth,
        timeout=aiohttp.ClientTimeout(total=endpoints.DEFAULT_REQUEST_TIMEOUT),
        connector=_connector(),
        connector_owner=False,
    )


def install() -> None:
    """Replace the stock method; ``internals.check`` has been called before."""
    EndpointConfig.session = session
