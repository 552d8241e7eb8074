"""Who is at the door: the session behind the cookie, and forms that only our pages send."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from services.contracts.acteur import Acteur
from services.kit.problems import Problem, Unavailable
from services.web import csrf
from services.web.client import Api
from services.web.session import Sessions, SessionWeb
from services.web.settings import Settings
from services.web.tiers import TiersConnu

COOKIE_SESSION = "__Host-iel"
COOKIE_TEMOIN = "__Host-iel-formulaire"
TEXTES = frozenset({"motivation", "motif", "raison", "commentaire"})
"""Fields where people write sentences: shown again when the page cannot come back as it was."""

OUVERTES_SANS_FACTEUR = ("/mon-compte", "/organisation")
"""Where one adds the second factor that is missing, or acts for another organisation, which may not ask for it."""


class ConnexionRequiseError(Exception):
    """Nobody is logged in, or no longer."""


class SecondFacteurAttenduError(Exception):
    """His organisation requires a second factor: he may do nothing but add one."""


@dataclass(frozen=True)
class Web:
    """What the pages hold in their hands."""

    settings: Settings
    api: Api
    sessions: Sessions
    tiers: TiersConnu


@dataclass(frozen=True)
class Visiteur:
    """Someone logged in, and the APIs as he calls them."""

    identifiant: str
    session: SessionWeb
    api: Api

    @property
    def acteur(self) -> Acteur:
        return self.session.acteur


def web_de(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


async def connecte(request: Request) -> Visiteur:
    """The person logged in, who has all that his organisation requires, or is about to mend it."""
    visiteur = await _quelqu_un(request)
    if visiteur.acteur.second_facteur_attendu and not request.url.path.startswith(OUVERTES_SANS_FACTEUR):
        raise SecondFacteurAttenduError
    return visiteur


async def _quelqu_un(request: Request) -> Visiteur:
    """The person logged in. `ConnexionRequiseError` when there is nobody."""
    web = web_de(request)
    identifiant = request.cookies.get(COOKIE_SESSION)
    session = await web.sessions.lire_vivante(identifiant, web.api) if identifiant else None
    if identifiant is None or session is None:
        raise ConnexionRequiseError
    visiteur = Visiteur(identifiant, session, web.api.au_nom_de(session.acces))
    request.state.visiteur = visiteur
    return visiteur


async def peut_etre_connecte(request: Request) -> Visiteur | None:
    """For pages open to all: they show who is logged in, and never depend on it."""
    try:
        return await _quelqu_un(request)
    except (ConnexionRequiseError, Unavailable):
        return None


async def protege(request: Request) -> Visiteur:
    """The person logged in, who sends one of our forms, opened for the organisation that he acts for now."""
    visiteur, ailleurs = await _envoi(request)
    if ailleurs is not None:
        raise _ouvert_pour_une_autre(ailleurs, visiteur.session.organisation)
    return visiteur


async def protege_partout(request: Request) -> Visiteur:
    """The person logged in, who sends one of our forms, whatever organisation it was opened for."""
    visiteur, _ = await _envoi(request)
    return visiteur


async def formulaire_public(request: Request) -> None:
    """Someone without a session sends one of our forms."""
    formulaire = await _formulaire(request)
    cle = web_de(request).settings.cle_des_formulaires
    if not csrf.temoin_reconnu(_jeton(formulaire), request.cookies.get(COOKIE_TEMOIN), cle):
        raise _formulaire_perime()


Connecte = Annotated[Visiteur, Depends(connecte)]
PeutEtreConnecte = Annotated[Visiteur | None, Depends(peut_etre_connecte)]
Protege = Annotated[Visiteur, Depends(protege)]
FormulairePublic = Depends(formulaire_public)


async def champs_envoyes(request: Request) -> dict[str, str]:
    """All that a form sent, but for its proof that it is ours."""
    return {nom: str(valeur) for nom, valeur in (await request.form()).items() if nom != "csrf"}


def si_encore_connecte(problem: Problem) -> None:
    """Goes on, unless the problem is that the session ended: then there is nothing to show but the login."""
    if problem.status == HTTPStatus.UNAUTHORIZED:
        raise ConnexionRequiseError from problem


def poser_cookie(response: Response, nom: str, valeur: str) -> None:
    """Until the browser closes: computers are shared in a mairie."""
    response.set_cookie(nom, valeur, path="/", secure=True, httponly=True, samesite="lax")


def retirer_cookie(response: Response, nom: str) -> None:
    response.delete_cookie(nom, path="/", secure=True, httponly=True, samesite="lax")


async def _envoi(request: Request) -> tuple[Visiteur, str | None]:
    """Who sends the form; and the organisation it was opened for, when he acts for another now."""
    jeton = _jeton(await _formulaire(request))
    visiteur = await _quelqu_un(request)
    if csrf.session_reconnue(jeton, visiteur.session.csrf):
        return visiteur, None
    ailleurs = visiteur.session.formulaire_d_ailleurs(jeton)
    if ailleurs is None:
        raise _formulaire_perime()
    return visiteur, ailleurs


async def _formulaire(request: Request) -> dict[str, Any]:
    formulaire = dict(await request.form())
    request.state.textes = [str(valeur) for nom, valeur in formulaire.items() if nom in TEXTES and valeur]
    if not csrf.origine_reconnue(request.headers.get("origin"), request.headers.get("host")):
        raise _formulaire_perime()
    return formulaire


def _jeton(formulaire: dict[str, Any]) -> str:
    return str(formulaire.get("csrf", ""))


def _formulaire_perime() -> Problem:
    return Problem(
        "formulaire-perime",
        "Ce formulaire n’est plus valable.",
        status=HTTPStatus.FORBIDDEN,
        detail="Rien n’a été enregistré. Revenez à la page précédente, rechargez-la, puis envoyez de nouveau.",
    )


def _ouvert_pour_une_autre(avant: str, maintenant: str) -> Problem:
    return Problem(
        "autre-organisation",
        f"Ce formulaire a été ouvert pour {avant}.",
        status=HTTPStatus.CONFLICT,
        detail=f"Vous agissez maintenant pour {maintenant}\N{NO-BREAK SPACE}: rien n’a été enregistré. Choisissez de nouveau"
        " l’organisation en haut de la page, ou rouvrez le formulaire pour celle-ci.",
    )
