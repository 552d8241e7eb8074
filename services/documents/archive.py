"""Where contents are kept: named by their own hash, written once, never overwritten."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from services.kit.logs import get_logger
from services.kit.problems import Problem, Unavailable

log = get_logger(__name__)


class Archive:
    """`url` is `file:///folder` (made when missing) or `s3://bucket/prefix`. A store that does not answer is `Unavailable`."""

    def __init__(self, url: str) -> None:
        if url.startswith("file:"):
            Path(unquote(urlsplit(url).path)).mkdir(parents=True, exist_ok=True)
        self._store: ObjectStore = from_url(url)

    async def garder(self, contenu: bytes) -> str:
        """Keep a content; its SHA-256, which is its name. The same content is kept once."""
        empreinte = hashlib.sha256(contenu).hexdigest()
        with _joignable():
            try:
                await self._store.put_async(_chemin(empreinte), contenu, mode="create")
            except AlreadyExistsError:
                return empreinte
        return empreinte

    async def lire(self, empreinte: str) -> bytes:
        """The content; a problem rather than a content that is no longer what was archived, or is no longer there."""
        with _joignable():
            try:
                contenu = bytes(await (await self._store.get_async(_chemin(empreinte))).bytes_async())
            except (NotFoundError, FileNotFoundError):
                log.exception("archive.missing", empreinte=empreinte)
                raise _perdu("document-absent", "Ce document manque dans l’archive.") from None
        if hashlib.sha256(contenu).hexdigest() != empreinte:
            log.error("archive.altered", empreinte=empreinte)
            raise _perdu("document-altere", "Ce document n’est plus celui qui a été archivé.")
        return contenu

    async def verifier(self) -> None:
        """Raises when the store does not answer."""
        await anext(aiter(self._store.list(prefix="sha256")), None)


def _chemin(empreinte: str) -> str:
    return f"sha256/{empreinte[:2]}/{empreinte}"


def _perdu(slug: str, titre: str) -> Problem:
    return Problem(
        slug,
        titre,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="L’incident est noté pour l’exploitant. Rien n’est remis, plutôt qu’un faux.",
    )


@contextmanager
def _joignable() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        log.warning("archive.unavailable", error=type(error).__name__)
        raise Unavailable("L’archive des documents ne répond pas pour le moment.", detail="Réessayez dans quelques instants.") from error
