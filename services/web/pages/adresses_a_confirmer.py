"""The gestionnaire principal answers for the mailboxes that his people have lost."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/collectivite/adresses")

LONGUEUR_DU_MOTIF = 5
MESSAGES = {
    "attend_l_autre": "C’est noté\N{NO-BREAK SPACE}: l’adresse changera dès que la nouvelle sera confirmée.",
    "applique": "C’est fait\N{NO-BREAK SPACE}: l’adresse est changée.",
    "adresse_prise": "La nouvelle adresse est devenue celle d’un autre compte\N{NO-BREAK SPACE}: le changement est abandonné.",
}


@router.get("")
async def montrer(request: Request, visiteur: Connecte, fait: str = "") -> Response:
    return await _montrer(request, visiteur, VIERGE, MESSAGES.get(fait))


@router.post("/{changement_id}")
async def confirmer(request: Request, visiteur: Protege, changement_id: UUID, motif: Annotated[str, Form()] = "") -> Response:
    try:
        if len(motif.strip()) < LONGUEUR_DU_MOTIF:
            message = "Écrivez comment vous savez que c’est bien cette personne qui le demande."
            raise Invalid("La saisie est à compléter.", errors=[FieldError(champ="motif", message=message)])
        suite = await visiteur.api.confirmer_une_adresse(changement_id, motif.strip())
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie(str(changement_id), {"motif": motif}, problem))
    return vers(request, f"/collectivite/adresses?fait={suite}")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie, message: str | None = None) -> Response:
    changements = await visiteur.api.adresses_a_confirmer()
    statut = saisie.probleme.status if saisie.probleme else HTTPStatus.OK
    return page(request, "adresses_a_confirmer.html", statut=statut, changements=changements, saisie=saisie, message=message)
