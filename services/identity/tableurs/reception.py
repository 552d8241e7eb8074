"""A file on its way in: its octets are counted as they come, and kept on disk."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.identity.tableurs.feuille import FichierRefuse, Limites, trop_lourd

ENVELOPPE = 10_000
"""Octets that a form adds to its file."""
PATIENCE = 300_000_000
"""Octets let go by of a file too heavy."""
SANS_FICHIER = "Choisissez un fichier à importer."


class _TropLourdError(MultiPartException):
    """More octets came than a file may have."""


@dataclass(frozen=True)
class Recu:
    """A file received; whoever reads it closes it."""

    nom: str
    contenu: BinaryIO


async def recevoir(request: Request, limites: Limites) -> Recu:
    """The part `fichier` of a multipart form. FichierRefuse as soon as it is known to be too heavy."""
    annonce = request.headers.get("content-length", "")
    if annonce.isdigit() and int(annonce) > limites.octets + ENVELOPPE:
        await _laisser_passer(request, int(annonce))
        raise trop_lourd(limites)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FichierRefuse(SANS_FICHIER)
    try:
        # An error of this kind is the one for which the parser closes what it has begun to keep.
        formulaire = await MultiPartParser(request.headers, _compter(request, limites), max_files=1, max_fields=5).parse()
    except _TropLourdError as erreur:
        raise trop_lourd(limites) from erreur
    except (MultiPartException, KeyError) as erreur:
        raise FichierRefuse("L’envoi du fichier est incomplet. Envoyez-le de nouveau.") from erreur
    fichier = formulaire.get("fichier")
    if not isinstance(fichier, UploadFile):
        raise FichierRefuse(SANS_FICHIER)
    if fichier.size is not None and fichier.size > limites.octets:
        await fichier.close()
        raise trop_lourd(limites)
    return Recu((fichier.filename or "agents")[:200], fichier.file)


async def _compter(request: Request, limites: Limites) -> AsyncGenerator[bytes, None]:
    recus = 0
    async for morceau in request.stream():
        recus += len(morceau)
        if recus > limites.octets + ENVELOPPE:
            await _laisser_passer(request, 0)
            raise _TropLourdError("too heavy")
        yield morceau


async def _laisser_passer(request: Request, annonce: int) -> None:
    """Let the rest go by, kept nowhere: a browser that is cut while it sends never reads why. Beyond reason, it is cut."""
    if annonce > PATIENCE:
        return
    recus = 0
    async for morceau in request.stream():
        recus += len(morceau)
        if recus > PATIENCE:
            return
