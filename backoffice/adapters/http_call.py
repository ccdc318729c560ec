"""Calls to a neighbour over HTTP: a timeout, a few tries where they are safe, and one kind of error."""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx

from backoffice.errors import BackofficeUnavailable

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0
"""A customer waits: what asks for more patience is given up and told."""

_AGAIN = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


class NeighbourUnavailable(BackofficeUnavailable):
    """The neighbour did not answer usefully. ``retry_after`` is the pause it asked for, in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class HttpCall:
    """One neighbour. Errors name it and the status, never an address, a value or a body."""

    def __init__(
        self, client: httpx.Client, *, name: str, tries: int = 3, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._name, self._tries, self._sleep = client, name, tries, sleep

    def __call__(
        self,
        method: str,
        path: str,
        *,
        expect: frozenset[HTTPStatus] = frozenset({HTTPStatus.OK}),
        again: bool = True,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer, its status one of ``expect``; ``again``: asking once more cannot do it twice.

        Raises:
            NeighbourUnavailable: No such answer came, also after the tries there are.
        """
        last = self._tries if again else 1
        for number in range(1, last + 1):
            try:
                return self._once(method, path, expect, json=json, params=params, headers=headers)
            except _Passing as passing:
                pause = passing.retry_after or FIRST_PAUSE_SECONDS * 2 ** (number - 1)
                if number == last or pause > LONGEST_PAUSE_SECONDS:
                    raise NeighbourUnavailable(str(passing), passing.retry_after) from passing.__cause__
                self._sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, path: str, expect: frozenset[HTTPStatus], **parts: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **parts)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Passing(f"{self._name} did not answer ({type(error).__name__})") from error
        if response.status_code in expect:
            return response
        told = f"{self._name} answered {response.status_code}"
        if response.status_code in _REFUSED:
            raise NeighbourUnavailable(f"{told}: are the credentials right?")
        if response.status_code in _AGAIN:
            raise _Passing(told, retry_after(response.headers.get("Retry-After")))
        raise NeighbourUnavailable(told)


class _Passing(Exception):
    """Something that may be over in a moment."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def retry_after(header: str | None) -> float | None:
    """The header in seconds, be it a number or a date; ``None`` when there is none that can be read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def body(response: httpx.Response, name: str) -> Any:
    """The JSON of an answer.

    Raises:
        NeighbourUnavailable: It is none.
    """
    try:
        return response.json()
    except ValueError as error:
        raise NeighbourUnavailable(f"{name} answered with something that is no JSON") from error
