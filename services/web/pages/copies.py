"""Which addresses get a copy of which messages: a line each, and a blank one to add another."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from services.contracts.acteur import Droit
from services.kit.problems import FieldError, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.modeles_parametres import Copie
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/collectivite/copies")

LIGNES_AU_PLUS = 10
_ERREUR = re.compile(r"copies\.(?P<rang>\d+)\.(?P<champ>\w+)")


@dataclass(frozen=True)
class Ligne:
    """A line of the form, at its place in it."""

    rang: int
    nom: str = ""
    email: str = ""
    gabarits: tuple[str, ...] = ()
    retiree: bool = False

    @property
    def remplie(self) -> bool:
        return bool(self.nom.strip() or self.email.strip() or self.gabarits)

    @property
    def gardee(self) -> bool:
        return self.remplie and not self.retiree

    @property
    def corps(self) -> dict[str, Any]:
        return {"nom": self.nom, "email": self.email, "gabarits": list(self.gabarits)}


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE, None)


@router.post("")
async def changer(request: Request, visiteur: Protege) -> Response:
    formulaire = await request.form()
    lignes = [_ligne(formulaire, rang) for rang in range(LIGNES_AU_PLUS)]
    gardees = [ligne for ligne in lignes if ligne.gardee]
    lue = str(formulaire.get("lue", ""))
    try:
        await visiteur.api.changer_les_copies([ligne.corps for ligne in gardees], lue=lue)
    except Problem as problem:
        si_encore_connecte(problem)
        problem.errors = [_a_sa_place(erreur, gardees) for erreur in problem.errors]
        return await _montrer(
            request, visiteur, Saisie("copies", {"lue": lue}, problem), [ligne for ligne in lignes if ligne.email or ligne.nom]
        )
    return vers(request, "/collectivite/copies?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie, saisies: list[Ligne] | None) -> Response:
    copies = await visiteur.api.copies()
    lignes = saisies if saisies is not None else [_connue(rang, copie) for rang, copie in enumerate(copies.copies)]
    libre = next((rang for rang in range(LIGNES_AU_PLUS) if rang not in {ligne.rang for ligne in lignes}), None)
    return page(
        request,
        "collectivite_copies.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        copies=copies,
        lignes=lignes,
        nouvelle=Ligne(libre) if libre is not None else None,
        lue=saisie.lue(copies.etiquette),
        regle=visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


def _connue(rang: int, copie: Copie) -> Ligne:
    return Ligne(rang, copie.nom, copie.email, tuple(copie.gabarits))


def _ligne(formulaire: FormData, rang: int) -> Ligne:
    return Ligne(
        rang=rang,
        nom=str(formulaire.get(f"nom-{rang}", "")),
        email=str(formulaire.get(f"email-{rang}", "")),
        gabarits=tuple(str(gabarit) for gabarit in formulaire.getlist(f"gabarits-{rang}")),
        retiree=bool(formulaire.get(f"retirer-{rang}")),
    )


def _a_sa_place(erreur: FieldError, envoyees: list[Ligne]) -> FieldError:
    """The API counts the lines it was sent; the form has blank ones between them."""
    trouve = _ERREUR.match(erreur.champ)
    if trouve is None:
        return erreur
    return FieldError(champ=f"{trouve['champ']}-{envoyees[int(trouve['rang'])].rang}", message=erreur.message)
