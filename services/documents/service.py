"""Use cases: make a paper once, give it back, verify it."""

from uuid import UUID

from asgi_correlation_id import correlation_id
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.documents import DocumentArchive, DocumentProduit
from services.contracts.inscriptions import Dossier, Etat
from services.documents import jumeau, papier, pdf, repository
from services.documents.archive import Archive
from services.documents.domain import Genre, normaliser, nouvelle_reference
from services.documents.models import Document, Reservation
from services.documents.schemas import DocumentList, DocumentPublic, Verification
from services.kit.clock import now
from services.kit.outbox import publish
from services.kit.problems import Conflict, NotFound

LIBELLES = {Genre.CONVOCATION: "Convocation"}

CONVOCABLES = frozenset({Etat.ACCEPTEE, Etat.CONVOQUEE})


async def reserver(session: AsyncSession, dossier: Dossier) -> Reservation:
    """Reference and date of the convocation, the same however often it is tried. `non-convocable` when not accepted."""
    _agent_convocable(dossier)
    voulue = Reservation(
        inscription_id=dossier.inscription_id,
        genre=Genre.CONVOCATION,
        reference=nouvelle_reference(Genre.CONVOCATION),
        etabli_le=now().replace(microsecond=0),
    )
    return await repository.reserver(session, voulue)


async def preparer_convocation(
    archive: Archive, dossier: Dossier, reservation: Reservation, *, public_url: str, annulation_jours: int
) -> Document:
    """Compose and archive the contents; the row to keep. No transaction is open meanwhile."""
    agent_id = _agent_convocable(dossier)
    compose = papier.convocation(
        dossier,
        reference=reservation.reference,
        etabli_le=reservation.etabli_le,
        public_url=public_url,
        annulation_jours=annulation_jours,
    )
    contenu = await pdf.imprimer(compose)
    return Document(
        genre=Genre.CONVOCATION,
        version=reservation.version,
        reference=reservation.reference,
        inscription_id=dossier.inscription_id,
        agent_id=agent_id,
        collectivite_id=dossier.collectivite_id,
        services=list(dossier.agent_services),
        structure=dossier.structure,
        structure_nom=dossier.structure_nom,
        session_code=dossier.session_code,
        intitule=dossier.intitule,
        empreinte=await archive.garder(contenu),
        empreinte_html=await archive.garder(jumeau.rendre(compose)),
        taille=len(contenu),
        cree_le=reservation.etabli_le,
        correlation=correlation_id.get() or "",
    )


async def deja_produite(session: AsyncSession, inscription_id: UUID) -> DocumentProduit | None:
    document = await repository.de_la_demande(session, inscription_id, Genre.CONVOCATION)
    return _produit(document, deja_fait=True) if document else None


async def archiver(session: AsyncSession, prepare: Document) -> DocumentProduit:
    """Keep the paper and say so, unless another call did it first: then that one is given."""
    await repository.seul_pour(session, prepare.inscription_id, prepare.genre)
    deja = await deja_produite(session, prepare.inscription_id)
    if deja is not None:
        return deja
    session.add(prepare)
    await session.flush()
    await publish(
        session,
        DocumentArchive(
            survenu_le=now(),
            document_id=prepare.id,
            inscription_id=prepare.inscription_id,
            genre=prepare.genre,
            reference=prepare.reference,
            empreinte=prepare.empreinte,
        ),
    )
    return _produit(prepare, deja_fait=False)


async def lister(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> DocumentList:
    return DocumentList(elements=[_public(document) for document in await repository.lister(session, acteur, inscription_id)])


async def lire(session: AsyncSession, acteur: Acteur, document_id: UUID) -> Document:
    document = await repository.lire(session, acteur, document_id)
    if document is None:
        raise inconnu()
    return document


async def verifier(session: AsyncSession, saisie: str) -> Verification:
    reference = normaliser(saisie)
    document = await repository.par_reference(session, reference)
    if document is None:
        return Verification(statut="inconnue", reference=reference)
    return Verification(
        statut="valide",
        reference=document.reference,
        genre=Genre(document.genre),
        libelle=LIBELLES[Genre(document.genre)],
        cree_le=document.cree_le,
        session_code=document.session_code,
        intitule=document.intitule,
        emetteur=document.structure_nom,
    )


def nom_fichier(document: Document) -> str:
    return f"{document.genre}-{document.session_code.replace(' ', '-')}-{document.reference}.pdf"


def inconnu() -> NotFound:
    return NotFound("Ce document n’existe pas, ou vous n’y avez pas accès.", slug="document-introuvable")


def _agent_convocable(dossier: Dossier) -> UUID:
    if dossier.etat not in CONVOCABLES or dossier.agent.agent_id is None:
        raise Conflict("non-convocable", "Seule une demande acceptée donne lieu à une convocation.")
    return dossier.agent.agent_id


def _produit(document: Document, *, deja_fait: bool) -> DocumentProduit:
    return DocumentProduit(document_id=document.id, reference=document.reference, deja_fait=deja_fait)


def _public(document: Document) -> DocumentPublic:
    return DocumentPublic(
        id=document.id,
        genre=Genre(document.genre),
        libelle=LIBELLES[Genre(document.genre)],
        reference=document.reference,
        version=document.version,
        taille=document.taille,
        cree_le=document.cree_le,
        nom_fichier=nom_fichier(document),
    )
