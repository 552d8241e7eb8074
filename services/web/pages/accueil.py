"""What waits for me today, by role."""

import asyncio

from fastapi import APIRouter, Request, Response

from services.contracts.acteur import Droit
from services.contracts.inscriptions import EtapeCourante, Etat
from services.kit.problems import Unavailable
from services.web.acces import Connecte, Visiteur
from services.web.formats_collectivites import ETATS
from services.web.modeles import Inscription
from services.web.modeles_collectivites import EtatCollectivite
from services.web.modeles_parametres import Demarrage
from services.web.rendu import page

router = APIRouter()


TITRES = {
    EtatCollectivite.EN_OUVERTURE: "Le compte de votre collectivité s’ouvre",
    EtatCollectivite.SUSPENDUE: "Le compte de votre collectivité est suspendu",
    EtatCollectivite.CLOSE: "Le compte de votre collectivité est clos",
}
"""What people read who may do nothing, for their collectivité does not work."""


@router.get("/")
async def accueil(request: Request, visiteur: Connecte) -> Response:
    acteur = visiteur.acteur
    if acteur.peut(Droit.LIRE_TRANSMISES):
        return page(request, "accueil_organisme.html", a_instruire=await _a_traiter(visiteur))
    if acteur.peut(Droit.LIRE_COLLECTIVITE):
        a_valider, preinscriptions, demarrage = await asyncio.gather(_a_traiter(visiteur), _preinscriptions(visiteur), _demarrage(visiteur))
        chez_le_superieur = [demande for demande in preinscriptions if demande.etape is EtapeCourante.AVIS]
        return page(request, "accueil_gestionnaire.html", a_valider=a_valider, chez_le_superieur=chez_le_superieur, demarrage=demarrage)
    if not acteur.droits and acteur.collectivite_id is not None:
        situation = await visiteur.api.situation(acteur.collectivite_id)
        if not situation.travaille:
            return page(request, "accueil_sans_droits.html", situation=situation, titre=TITRES[situation.etat], etats=ETATS)
    return page(request, "accueil_agent.html", demandes=(await visiteur.api.inscriptions()).elements)


async def _a_traiter(visiteur: Visiteur) -> list[Inscription]:
    """Oldest first: whoever waited longest is at the top."""
    demandes = (await visiteur.api.inscriptions(a_traiter=True)).elements
    return sorted(demandes, key=lambda demande: demande.depose_le)


async def _preinscriptions(visiteur: Visiteur) -> list[Inscription]:
    return (await visiteur.api.inscriptions(etat=Etat.PREINSCRIPTION)).elements


async def _demarrage(visiteur: Visiteur) -> Demarrage | None:
    """The first steps still to take; None when there are none. The day's work shows even when they cannot be read."""
    if not visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE):
        return None
    try:
        demarrage = await visiteur.api.demarrage()
    except Unavailable:
        return None
    return demarrage if demarrage.restantes else None
