"""Mails about mandates, to the gestionnaires principaux of the other side."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Droit
from services.contracts.notifications import GabaritCompte
from services.identity.domain.mandats import Acte, Cote, Objet, Periode
from services.identity.domain.roles import roles_qui
from services.identity.libelles import periode_en_mots, portee_en_mots
from services.identity.repository import mandats as repository
from services.identity.repository.mandats import LigneMandat
from services.identity.service.courriels import ecrire
from services.kit.clock import day_of, now

PAGE = "/collectivite/mandats"
GABARITS = {
    Acte.ACCEPTER: GabaritCompte.MANDAT_REPONDU,
    Acte.REFUSER: GabaritCompte.MANDAT_REPONDU,
    Acte.RETIRER: GabaritCompte.MANDAT_FINI,
    Acte.REVOQUER: GabaritCompte.MANDAT_FINI,
}


async def annoncer_la_proposition(session: AsyncSession, ligne: LigneMandat, *, a: Cote) -> None:
    await _annoncer(session, GabaritCompte.MANDAT_PROPOSE, ligne, a=a, acte="", motif="")


async def annoncer_l_acte(session: AsyncSession, ligne: LigneMandat, acte: Acte, motif: str, *, a: Cote) -> None:
    await _annoncer(session, GABARITS[acte], ligne, a=a, acte=acte, motif=motif)


async def _annoncer(session: AsyncSession, gabarit: GabaritCompte, ligne: LigneMandat, *, a: Cote, acte: str, motif: str) -> None:
    """One mail a person; where nobody is, the address of the collectivité."""
    lui, autre = (ligne.mandant, ligne.mandataire) if a is Cote.MANDANT else (ligne.mandataire, ligne.mandant)
    faits = {
        "mandant": ligne.mandant.nom,
        "mandataire": ligne.mandataire.nom,
        "autre": autre.nom,
        "acte": acte,
        "periode": periode_en_mots(Periode(ligne.mandat.debut, ligne.mandat.fin)),
        "portee": portee_en_mots([Objet(objet) for objet in ligne.mandat.portee]),
        "motif": motif,
    }
    principaux = await repository.comptes_de(session, lui.id, roles_qui(Droit.REGLER_COLLECTIVITE), day_of(now()))
    for nom, email in [(compte.nom_complet, compte.email) for compte in principaux] or [(lui.nom, lui.email)]:
        await ecrire(session, gabarit, nom=nom, email=email, page=f"{PAGE}/{ligne.mandat.id}", faits=faits)
