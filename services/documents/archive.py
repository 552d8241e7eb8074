"""Where contents are kept: named by their own hash, written once, never overwritten."""

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore, from_url

from services.kit.problems import Problem


class Archive:
    """`url` is `file:///folder` (made when missing) or `s3://bucket/prefix`."""

    def __init__(self, url: str) -> None:
        if url.startswith("file:"):
            Path(unquote(urlsplit(url).path)).mkdir(parents=True, exist_ok=True)
        self._store: ObjectStore = from_url(url)

    async def garder(self, contenu: bytes) -> str:
        """Keep a content; its SHA-256, which is its name. The same content is kept once."""
        empreinte = hashlib.sha256(contenu).hexdigest()
        try:
            await self._store.put_async(_chemin(empreinte), contenu, mode="create")
        except AlreadyExistsError:
            return empreinte
        return empreinte

    async def lire(self, empreinte: str) -> bytes:
        """The content; a problem rather than a content that is no longer what was archived."""
        contenu = bytes(await (await self._store.get_async(_chemin(empreinte))).bytes_async())
        if hashlib.sha256(contenu).hexdigest() != empreinte:
            raise Problem(
                "document-altere",
                "Ce document n’est plus celui qui a été archivé.",
                status=500,
                detail="L’exploitant est prévenu. Le document n’est pas remis, plutôt qu’un faux.",
            )
        return contenu

    async def verifier(self) -> None:
        """Raises when the store does not answer."""
        await anext(aiter(self._store.list(prefix="sha256")), None)


def _chemin(empreinte: str) -> str:
    return f"sha256/{empreinte[:2]}/{empreinte}"
