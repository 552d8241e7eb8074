"""NATS: requests this service answers."""

import base64
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from services.contracts.documents import ComposerLettre, DocumentLu, DocumentProduit, LireDocument, ProduireConvocation
from services.contracts.inscriptions import Dossier, LireDossier
from services.documents import repository, service
from services.documents.archive import Archive
from services.documents.lettre import nom_fichier as nom_de_la_lettre
from services.documents.lettre import rediger
from services.documents.pdf import a_son_tour
from services.documents.pdf_lettre import rendre_la_lettre
from services.documents.settings import Settings
from services.kit.context import Context
from services.kit.problems import Problem
from services.kit.requests import RequestHandler

# Base64 makes it a third larger, and the bus carries one megabyte.
TAILLE_MAXIMUM = 700_000


def requests(archive: Archive) -> Mapping[Any, RequestHandler]:
    async def produire(context: Context, request: ProduireConvocation) -> DocumentProduit:
        async with context.database.transaction() as session:
            deja = await service.deja_produite(session, request.inscription_id)
        if deja is not None:
            return deja
        settings = context.settings_as(Settings)
        dossier: Dossier = await context.bus.request(LireDossier(inscription_id=request.inscription_id))
        async with context.database.transaction() as session:
            reservation = await service.reserver(session, dossier)
        prepare = await service.preparer_convocation(
            archive, dossier, reservation, public_url=settings.public_url, annulation_jours=settings.annulation_jours
        )
        async with context.database.transaction() as session:
            return await service.archiver(session, prepare)

    async def lire(context: Context, request: LireDocument) -> DocumentLu:
        async with context.database.transaction() as session:
            document = await repository.lire_sans_acteur(session, request.document_id)
        if document is None:
            raise service.inconnu()
        if document.taille > TAILLE_MAXIMUM:
            raise Problem("document-trop-gros", "Ce document est trop gros pour un message.", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        contenu = await archive.lire(document.empreinte)
        return _lu(service.nom_fichier(document), contenu)

    async def composer(context: Context, request: ComposerLettre) -> DocumentLu:
        contenu = await a_son_tour(partial(rendre_la_lettre, rediger(request, context.settings.public_url)))
        return _lu(nom_de_la_lettre(request.siret), contenu)

    return {ProduireConvocation: produire, LireDocument: lire, ComposerLettre: composer}


def _lu(nom_fichier: str, contenu: bytes) -> DocumentLu:
    return DocumentLu(nom_fichier=nom_fichier, type_mime="application/pdf", contenu_base64=base64.b64encode(contenu).decode())
