"""The first steps of a collectivité that has just opened: five at most, each short, each may be skipped."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from services.contracts.acteur import Droit
from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai
from services.kit.problems import NotFound, Problem
from services.web import formats_parametres
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.pages.collectivite import IDENTITE
from services.web.pages.gestionnaires import invitation
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/collectivite/demarrage")

AVIS = EtapeAvis(
    delai=Delai(valeur=5, unite=UniteDelai.JOURS_OUVRES),
    relances=(Delai(valeur=3, unite=UniteDelai.JOURS_OUVRES),),
    relance_la_veille=True,
    escalade_suppleant=True,
)
"""What a circuit that asked nobody becomes when the supérieur is to be asked; the page of the circuit tells it in detail."""


@router.get("")
async def montrer(request: Request, visiteur: Connecte, etape: str = "") -> Response:
    return await _montrer(request, visiteur, etape, VIERGE)


@router.post("/{etape}")
async def faire(request: Request, visiteur: Protege, etape: str) -> Response:
    action = ACTIONS.get(etape)
    if action is None:
        raise NotFound("Cette étape n’existe pas.")
    saisi = {nom: str(valeur) for nom, valeur in (await request.form()).items() if nom != "csrf"}
    passee = "passer" in saisi
    try:
        if not passee:
            await action(visiteur, saisi)
        await visiteur.api.conclure_une_etape(etape, "passee" if passee else "faite")
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, etape, Saisie(etape, saisi, problem))
    return vers(request, "/collectivite/demarrage")


async def _identite(visiteur: Visiteur, saisi: Mapping[str, str]) -> None:
    await visiteur.api.changer_l_identite({champ: saisi.get(champ, "") for champ in IDENTITE}, lue=saisi.get("lue", ""))


async def _preinscription(visiteur: Visiteur, saisi: Mapping[str, str]) -> None:
    await visiteur.api.changer_la_preinscription(permise=saisi.get("permise") == "oui", lue=saisi.get("lue", ""))


async def _avis(visiteur: Visiteur, saisi: Mapping[str, str]) -> None:
    """As the page of the circuit does; a circuit that asks already stays as it is."""
    circuit = await visiteur.api.circuit()
    demande = saisi.get("avis") == "oui"
    if demande != bool(circuit.etapes):
        await visiteur.api.changer_circuit([AVIS] if demande else [], depuis=circuit.version)


async def _agents(_: Visiteur, __: Mapping[str, str]) -> None:
    """They are added on their own pages."""


async def _collegue(visiteur: Visiteur, saisi: Mapping[str, str]) -> None:
    await visiteur.api.inviter_un_gestionnaire(invitation(saisi), cle=cle_d_idempotence(saisi.get("cle", ""), *saisi.values()))


ACTIONS: dict[str, Callable[[Visiteur, Mapping[str, str]], Awaitable[None]]] = {
    "identite": _identite,
    "preinscription": _preinscription,
    "avis": _avis,
    "agents": _agents,
    "collegue": _collegue,
}


async def _montrer(request: Request, visiteur: Visiteur, demandee: str, saisie: Saisie) -> Response:
    demarrage = await visiteur.api.demarrage()
    regle = visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE)
    restantes = [etape.etape for etape in demarrage.restantes]
    courante = (demandee if demandee in {etape.etape for etape in demarrage.etapes} else next(iter(restantes), "")) if regle else ""
    return page(
        request,
        "demarrage.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        demarrage=demarrage,
        courante=courante,
        formats=formats_parametres,
        saisie=saisie,
        **await _de_l_etape(visiteur, courante, saisie),
    )


async def _de_l_etape(visiteur: Visiteur, etape: str, saisie: Saisie) -> dict[str, Any]:
    """What the form of this step shows, and the mark of what was read."""
    deja = saisie.valeurs if saisie.formulaire else None
    if etape == "identite":
        identite = await visiteur.api.identite()
        connues = {champ: str(getattr(identite, champ)) for champ in IDENTITE}
        return {"identite": identite, "valeurs": deja or connues, "lue": saisie.lue(identite.etiquette)}
    if etape == "preinscription":
        preinscription = await visiteur.api.preinscription()
        permise = "oui" if preinscription.preinscription_agents else "non"
        return {"valeurs": deja or {"permise": permise}, "lue": saisie.lue(preinscription.etiquette)}
    if etape == "avis":
        circuit = await visiteur.api.circuit()
        return {"valeurs": deja or {"avis": "oui" if circuit.etapes else "non"}, "lue": ""}
    return {"valeurs": deja or {"role": "gestionnaire"}, "lue": ""}
