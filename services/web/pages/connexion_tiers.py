"""The way to the provider of identities and back: to log in, or to link an identity to one's account."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.kit.problems import Problem
from services.web.acces import Connecte, ConnexionRequiseError, Protege, Visiteur, connecte, poser_cookie, retirer_cookie, web_de
from services.web.appareil import appareil
from services.web.modeles_comptes import Retour
from services.web.pages.connexion import chez_nous, demander_second_facteur, entrer
from services.web.rendu import page, vers
from services.web.saisie import VIERGE
from services.web.tiers import COOKIE_TIERS, Voyage, ouvrir, sceller

router = APIRouter()

RECOMMENCEZ = "Recommencez depuis la page de connexion."
MESSAGES = {"liee": "Cette identité ouvre désormais votre compte.", "retiree": "Cette identité n’ouvre plus votre compte."}


@router.get("/connexion/tiers")
async def partir(request: Request, suite: str = "/") -> Response:
    """By a link and not by a form: our policy lets forms go nowhere else than here."""
    try:
        adresse, voyage = await _preparer(request, suite=chez_nous(suite))
    except Problem as problem:
        return _echec(request, problem)
    response = Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": adresse})
    poser_cookie(response, COOKIE_TIERS, sceller(voyage, web_de(request).settings.cle_des_formulaires))
    return response


@router.post("/mon-compte/identites")
async def partir_pour_lier(request: Request, visiteur: Protege) -> Response:
    """Asked for by a form of ours, then left by a page: nobody else makes this browser link an identity that is not its owner's."""
    try:
        adresse, voyage = await _preparer(request, suite="/mon-compte/identites", compte_id=visiteur.acteur.compte_id)
    except Problem as problem:
        return _echec(request, problem)
    response = page(request, "identite_depart.html", adresse=adresse, tiers=await web_de(request).tiers.nom())
    response.headers["Refresh"] = f"0; url={adresse}"
    poser_cookie(response, COOKIE_TIERS, sceller(voyage, web_de(request).settings.cle_des_formulaires))
    return response


@router.get("/connexion/tiers/retour")
async def revenir(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
    voyage = ouvrir(request.cookies.get(COOKIE_TIERS), state, web_de(request).settings.cle_des_formulaires)
    try:
        response = await _arriver(request, voyage, code, error)
    except Problem as problem:
        suite = voyage.suite if voyage else "/"
        if problem.slug == "second-facteur-requis":
            response = demander_second_facteur(request, problem.extras["defi"], problem.extras["moyens"], suite, VIERGE)
        else:
            response = _echec(request, problem, suite=suite)
    # It serves once, whatever came of it.
    retirer_cookie(response, COOKIE_TIERS)
    return response


@router.get("/mon-compte/identites")
async def montrer(request: Request, visiteur: Connecte, fait: str = "") -> Response:
    return await _montrer(request, visiteur, message=MESSAGES.get(fait))


@router.post("/mon-compte/identites/{identite_id}/retrait")
async def retirer(request: Request, visiteur: Protege, identite_id: UUID) -> Response:
    try:
        await visiteur.api.delier_une_identite(identite_id)
    except Problem as problem:
        if problem.status == HTTPStatus.CONFLICT:
            return await _montrer(request, visiteur, probleme=problem)
        if problem.status != HTTPStatus.NOT_FOUND:
            raise
        # It was taken away meanwhile: what was wanted is so.
    return vers(request, "/mon-compte/identites?fait=retiree")


async def _preparer(request: Request, *, suite: str, compte_id: UUID | None = None) -> tuple[str, Voyage]:
    depart = await web_de(request).api.partir_chez_le_tiers(_retour(request))
    voyage = Voyage(etat=depart.etat, nonce=depart.nonce, verificateur=depart.verificateur, suite=suite, compte_id=compte_id)
    return depart.adresse, voyage


async def _arriver(request: Request, voyage: Voyage | None, code: str, error: str) -> Response:
    if voyage is None:
        detail = f"Elle a déjà servi, a trop attendu, ou une autre a commencé depuis dans ce navigateur. {RECOMMENCEZ}"
        raise Problem("voyage-inconnu", "Cette connexion n’est plus en cours.", status=HTTPStatus.GONE, detail=detail)
    if error or not code:
        raise await _refus_du_tiers(request, error)
    retour = Retour(code=code, code_verifier=voyage.verificateur, nonce=voyage.nonce, redirect_uri=_retour(request))
    if voyage.compte_id is not None:
        await (await _le_meme(request, voyage.compte_id)).api.lier_une_identite(retour)
        return vers(request, "/mon-compte/identites?fait=liee")
    jetons = await web_de(request).api.ouvrir_session_tierce(retour, depuis=appareil(request.headers.get("user-agent", "")))
    return await entrer(request, jetons, voyage.suite)


async def _le_meme(request: Request, compte_id: UUID) -> Visiteur:
    """The person who left to link an identity, still logged in."""
    try:
        visiteur = await connecte(request)
    except ConnexionRequiseError:
        visiteur = None
    if visiteur is None or visiteur.acteur.compte_id != compte_id:
        detail = "Connectez-vous, puis recommencez depuis votre compte."
        raise Problem("connexion-terminee", "Votre connexion a pris fin avant la liaison.", status=HTTPStatus.GONE, detail=detail)
    return visiteur


async def _refus_du_tiers(request: Request, error: str) -> Problem:
    nom = await web_de(request).tiers.nom() or "Le fournisseur d’identité"
    if error == "access_denied":
        return Problem("refus", "Vous n’avez pas été connecté.", status=HTTPStatus.FORBIDDEN, detail=f"{nom} n’a pas eu votre accord.")
    if error in {"server_error", "temporarily_unavailable"}:
        titre = f"{nom} ne répond pas pour le moment."
        return Problem("fournisseur-muet", titre, status=HTTPStatus.SERVICE_UNAVAILABLE, detail="Réessayez dans quelques instants.")
    return Problem("refus", f"{nom} ne vous a pas reconnu.", status=HTTPStatus.FORBIDDEN, detail=RECOMMENCEZ)


def _echec(request: Request, problem: Problem, suite: str = "/") -> Response:
    """Never the login's own refusal: whoever comes back from elsewhere must read why."""
    return page(request, "connexion_tiers.html", statut=problem.status, probleme=problem, suite=suite)


def _retour(request: Request) -> str:
    return web_de(request).settings.public_url.rstrip("/") + "/connexion/tiers/retour"


async def _montrer(request: Request, visiteur: Visiteur, message: str | None = None, probleme: Problem | None = None) -> Response:
    identites = await visiteur.api.mes_identites()
    statut = probleme.status if probleme else HTTPStatus.OK
    return page(request, "identites.html", statut=statut, identites=identites, message=message, probleme=probleme)
