"""Mandates: those given and received, proposed, decided upon."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.formats_mandats import COTES, ETATS, GROUPES, OBJETS
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/collectivite/mandats")


@router.get("")
async def lister(request: Request, visiteur: Connecte, cursor: str = "", q: str = "", siret: str = "", nom: str = "") -> Response:
    """`nom` looks among the mandates, `q` for a collectivité to propose one to."""
    saisie = Saisie("proposition", {"siret": siret}) if siret else VIERGE
    return await _lister(request, visiteur, saisie, cursor=cursor, q=q, nom=nom)


@router.post("")
async def proposer(
    request: Request,
    visiteur: Protege,
    siret: Annotated[str, Form()] = "",
    cote: Annotated[str, Form()] = "",
    debut: Annotated[str, Form()] = "",
    fin: Annotated[str, Form()] = "",
    portee: Annotated[tuple[str, ...], Form()] = (),
    cle: Annotated[str, Form()] = "",
) -> Response:
    valeurs = {"siret": siret, "cote": cote, "debut": debut, "fin": fin, "portee": " ".join(portee)}
    try:
        corps = _proposition(siret, cote, debut, fin, portee)
        mandat = await visiteur.api.proposer_un_mandat(corps, cle=cle_d_idempotence(cle, *valeurs.values()))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("proposition", {**valeurs, "cle": cle}, problem))
    return vers(request, f"/collectivite/mandats/{mandat.id}?fait=propose")


@router.get("/{mandat_id}")
async def montrer(request: Request, visiteur: Connecte, mandat_id: UUID) -> Response:
    return await _montrer(request, visiteur, mandat_id, VIERGE)


@router.post("/{mandat_id}/decision")
async def decider(
    request: Request, visiteur: Protege, mandat_id: UUID, acte: Annotated[str, Form()] = "", motif: Annotated[str, Form()] = ""
) -> Response:
    try:
        await visiteur.api.decider_d_un_mandat(mandat_id, acte, motif)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, mandat_id, Saisie(acte, {"motif": motif}, problem))
    return vers(request, f"/collectivite/mandats/{mandat_id}?fait={acte}")


async def _lister(request: Request, visiteur: Visiteur, saisie: Saisie, *, cursor: str = "", q: str = "", nom: str = "") -> Response:
    mandats = await visiteur.api.mandats(q=nom, cursor=cursor)
    recherche, trouvees = Saisie("recherche", {"q": q}), None
    if q.strip():
        try:
            trouvees = await visiteur.api.chercher_une_collectivite(q)
        except Problem as problem:
            si_encore_connecte(problem)
            recherche = Saisie("recherche", {"q": q}, problem)
    probleme = saisie.probleme or recherche.probleme
    return page(
        request,
        "mandats.html",
        statut=probleme.status if probleme else 200,
        groupes={titre: [m for m in mandats.elements if m.etat in etats] for titre, etats in GROUPES.items()},
        suivant=mandats.suivant,
        cursor=cursor,
        nom=nom,
        decide=visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE) and visiteur.acteur.mandat is None,
        recherche=recherche,
        trouvees=trouvees,
        etats=ETATS,
        objets=OBJETS,
        cotes=COTES,
        aujourd_hui=date.today().isoformat(),  # noqa: DTZ011 -- what the form proposes; the API checks
        saisie=saisie,
    )


async def _montrer(request: Request, visiteur: Visiteur, mandat_id: UUID, saisie: Saisie) -> Response:
    return page(
        request,
        "mandat.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        mandat=await visiteur.api.mandat(mandat_id),
        etats=ETATS,
        objets=OBJETS,
        fait=request.query_params.get("fait", ""),
        saisie=saisie,
    )


def _proposition(siret: str, cote: str, debut: str, fin: str, portee: tuple[str, ...]) -> dict[str, Any]:
    """As the API takes it: people give the last day, it takes the first day out."""
    erreurs: list[FieldError] = []
    if not siret.strip():
        erreurs.append(FieldError(champ="siret", message="Cherchez la collectivité, ou écrivez son SIRET."))
    if cote not in COTES:
        erreurs.append(FieldError(champ="cote", message="Dites qui agira pour l’autre."))
    premier = _jour(debut, "debut", erreurs)
    dernier = _jour(fin, "fin", erreurs) if fin.strip() else None
    if dernier == date.max:
        erreurs.append(FieldError(champ="fin", message="Choisissez une date moins lointaine, ou aucune."))
    if not portee:
        erreurs.append(FieldError(champ="portee", message="Choisissez au moins un objet."))
    if erreurs or premier is None:
        raise Invalid("La proposition est à corriger.", errors=erreurs)
    apres = dernier + timedelta(days=1) if dernier else None
    return {
        "siret": siret,
        "cote": cote,
        "debut": premier.isoformat(),
        "fin": apres.isoformat() if apres else None,
        "portee": list(portee),
    }


def _jour(texte: str, champ: str, erreurs: list[FieldError]) -> date | None:
    try:
        return date.fromisoformat(texte.strip())
    except ValueError:
        erreurs.append(FieldError(champ=champ, message="Écrivez une date, comme 2027-03-01."))
        return None
