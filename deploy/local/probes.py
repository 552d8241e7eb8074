"""Questions that only a program ready to work answers well."""

import asyncio
from http import HTTPStatus

import psycopg

from deploy.local.programs import NotReady, Probe
from deploy.local.settings import HOST

ANSWER_SECONDS = 4.0


def http_ready(port: int, path: str, *, host: str = HOST, named: str | None = None) -> Probe:
    """GET answers 200. `named` is the Host header, when it matters."""

    async def probe() -> None:
        status, body = await _get(host, port, path, named or f"{host}:{port}")
        if status != HTTPStatus.OK:
            raise NotReady(_reason(status, body))

    return probe


def postgres_ready(url: str) -> Probe:
    """A connection is accepted and a statement answered."""

    async def probe() -> None:
        try:
            async with await psycopg.AsyncConnection.connect(url, connect_timeout=int(ANSWER_SECONDS)) as connection:
                await connection.execute("select 1")
        except (psycopg.Error, OSError) as error:
            raise NotReady(f"pas de connexion ({str(error).splitlines()[0]})") from error

    return probe


def smtp_ready(port: int) -> Probe:
    """The server greets."""

    async def probe() -> None:
        greeting = await _exchange(HOST, port, b"QUIT\r\n")
        if not greeting.startswith(b"220"):
            raise NotReady("le serveur de messagerie ne salue pas")

    return probe


async def http_body(port: int, path: str) -> str:
    """The body of a GET on this machine. NotReady unless it answers 200."""
    status, body = await _get(HOST, port, path, f"{HOST}:{port}")
    if status != HTTPStatus.OK:
        raise NotReady(_reason(status, body))
    return body


def all_of(*probes: Probe) -> Probe:
    async def probe() -> None:
        for one in probes:
            await one()

    return probe


async def _get(host: str, port: int, path: str, named: str) -> tuple[int, str]:
    """Status and body of a GET; a few lines here spare the launcher an HTTP client and its TLS store at every probe."""
    request = f"GET {path} HTTP/1.0\r\nHost: {named}\r\n\r\n".encode()
    head, _, body = (await _exchange(host, port, request)).partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004 -- version and status
        raise NotReady("réponse illisible")
    return int(words[1]), body.decode(errors="replace")


async def _exchange(host: str, port: int, request: bytes) -> bytes:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request)
                await writer.drain()
                return await reader.read()
            finally:
                writer.close()
    except TimeoutError as error:
        raise NotReady("ne répond pas à temps") from error
    except OSError as error:
        raise NotReady("n’écoute pas") from error


def _reason(status: int, body: str) -> str:
    marker = '"detail":"'
    if marker in body:
        return body.split(marker, 1)[1].split('"', 1)[0]
    return f"répond {status}"


async def never() -> None:
    """For a task that ends: it is never ready, it is done."""
    raise NotReady("tâche qui se termine")
