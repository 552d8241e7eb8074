"""A convocation is asked for over NATS, made once, archived, and said."""

import asyncio
import base64
import hashlib
import io
from uuid import uuid4

import pytest
from asgi_correlation_id import correlation_id
from pypdf import PdfReader
from sqlalchemy import text

from services.contracts.documents import DocumentLu, LireDocument
from services.contracts.inscriptions import Etat
from services.documents import service
from services.documents.archive import Archive
from services.kit.problems import Problem
from tests.integration.documents.conftest import PUBLIC, Maison, jusqu_a
from tests.servers import NatsServer
from tests.unit.documents.test_lettre import demande as demande_de_lettre
from tests.voisins import voisin


async def test_the_convocation_of_a_dossier_is_made_and_given(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte(intitule="Conduire un marché public")
    produit = await maison.produire(inscription_id)
    lu: DocumentLu = await maison.workflows.request(LireDocument(document_id=produit.document_id))
    contenu = base64.b64decode(lu.contenu_base64)
    (page,) = PdfReader(io.BytesIO(contenu)).pages
    assert "Conduire un marché public" in page.extract_text()
    assert produit.reference in page.extract_text()
    assert f"{PUBLIC}/verification/{produit.reference}" in page.extract_text()
    assert lu.type_mime == "application/pdf"
    assert lu.nom_fichier == f"convocation-SXM5A-001-{produit.reference}.pdf"


async def test_it_is_archived_under_its_hash_and_said_once(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte()
    correlation_id.set("fil-de-la-demande")
    produit = await maison.produire(inscription_id)
    for chemin in maison.archives():
        assert hashlib.sha256(chemin.read_bytes()).hexdigest() == chemin.name
    async with maison.database.transaction() as session:
        (evenement,) = (await session.execute(text("select subject, payload from outbox"))).all()
        (document,) = (await session.execute(text("select empreinte, taille, version, correlation from documents"))).all()
    assert evenement.subject == f"documents.v1.document.archive.{produit.document_id}"
    assert evenement.payload["empreinte"] == document.empreinte
    assert evenement.payload["inscription_id"] == str(inscription_id)
    assert (document.version, document.correlation) == (1, "fil-de-la-demande")
    assert len(maison.archives()) == 2


async def test_ten_requests_at_once_make_one_paper(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte()
    produits = await asyncio.gather(*(maison.produire(inscription_id) for _ in range(10)))
    assert len({(produit.document_id, produit.reference) for produit in produits}) == 1
    assert sum(not produit.deja_fait for produit in produits) == 1
    assert await maison.compte("documents") == await maison.compte("outbox") == await maison.compte("reservations") == 1
    # One PDF and its twin: those who came second made the same bytes, and kept nothing more.
    assert len(maison.archives()) == 2


async def test_asked_again_it_answers_without_making_it_again(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte()
    premier = await maison.produire(inscription_id)
    demandes = maison.inscriptions.demandes
    second = await maison.produire(inscription_id)
    assert (second.document_id, second.reference, second.deja_fait) == (premier.document_id, premier.reference, True)
    assert maison.inscriptions.demandes == demandes


async def test_tried_again_after_a_crash_it_is_the_same_to_the_byte(maison: Maison) -> None:
    """The process died between the archive and the database: the second try finds its own paper there."""
    inscription_id = maison.inscriptions.accepte()
    lu = maison.inscriptions.dossiers[inscription_id]
    async with maison.database.transaction() as session:
        reservation = await service.reserver(session, lu)
    archive = Archive(maison.dossier_archive.as_uri())
    perdu = await service.preparer_convocation(archive, lu, reservation, public_url=PUBLIC, annulation_jours=15)
    archives = maison.archives()
    produit = await maison.produire(inscription_id)
    assert produit.reference == perdu.reference
    assert maison.archives() == archives


@pytest.mark.parametrize("etat", [Etat.PREINSCRIPTION, Etat.LISTE_ATTENTE, Etat.REFUSEE_ORGANISME, Etat.RETIREE])
async def test_only_an_accepted_request_is_convoked(maison: Maison, etat: Etat) -> None:
    inscription_id = maison.inscriptions.accepte(etat=etat)
    with pytest.raises(Problem, match="non-convocable") as refus:
        await maison.produire(inscription_id)
    assert refus.value.status == 409
    assert await maison.compte("reservations") == 0
    assert maison.archives() == []


async def test_an_unknown_request_is_the_problem_of_inscriptions(maison: Maison) -> None:
    with pytest.raises(Problem, match="demande-introuvable"):
        await maison.produire(uuid4())


async def test_a_paper_that_is_not_there_is_not_found(maison: Maison) -> None:
    with pytest.raises(Problem, match="document-introuvable"):
        await maison.workflows.request(LireDocument(document_id=uuid4()))


async def test_the_event_reaches_the_stream(maison: Maison) -> None:
    await maison.produire(maison.inscriptions.accepte())

    async def tout_est_parti() -> bool:
        return await maison.compte("outbox where published_at is not null") == 1

    await jusqu_a(tout_est_parti)


async def test_an_archive_that_cannot_be_written_is_a_passing_problem(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte()
    obstacle = maison.dossier_archive / "sha256"
    obstacle.write_text("a file where a folder must be")
    with pytest.raises(Problem, match="indisponible") as refus:
        await maison.produire(inscription_id)
    assert refus.value.status == 503
    obstacle.unlink()
    assert not (await maison.produire(inscription_id)).deja_fait


async def test_a_letter_is_made_for_who_asks_and_kept_nowhere(maison: Maison, nats_server: NatsServer) -> None:
    async with voisin(nats_server, "identity", {}) as identity:
        lu: DocumentLu = await identity.request(demande_de_lettre())
    (page,) = PdfReader(io.BytesIO(base64.b64decode(lu.contenu_base64))).pages
    assert "29-K7M2-9QXT" in page.extract_text()
    assert f"{PUBLIC}/ouverture" in page.extract_text()
    assert (lu.type_mime, lu.nom_fichier) == ("application/pdf", "lettre-21350950800015.pdf")
    assert maison.archives() == []
