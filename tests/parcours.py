"""The main job through the HTTP APIs, by people who insist: what is momentarily unavailable is asked again, with the same key."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx

JSON = dict[str, Any]
T = TypeVar("T")

MOT_DE_PASSE = "Demonstration2026!"
MOTIVATION = "Je reprends le suivi des marchés publics du service et souhaite en maîtriser les procédures."
PASSAGERS = {429, 502, 503, 504}
PATIENCE_SECONDES = 60.0
REGARDER_SECONDES = 0.1


class Insistant:
    """Someone who calls the APIs through the gateway and tries again while they are unavailable."""

    def __init__(self, http: httpx.AsyncClient, jeton: str | None = None) -> None:
        self._http = http
        self._jeton = jeton

    @classmethod
    async def connecter(cls, http: httpx.AsyncClient, identifiant: str) -> "Insistant":
        corps = {"identifiant": identifiant, "mot_de_passe": MOT_DE_PASSE}
        session = await cls(http).envoyer("/api/identity/v1/sessions", corps)
        return cls(http, session["access_token"])

    async def lire(self, chemin: str, **parametres: str) -> Any:
        return (await self.appeler("GET", chemin, params=parametres)).json()

    async def envoyer(self, chemin: str, corps: JSON) -> Any:
        return (await self.appeler("POST", chemin, json=corps, headers={"Idempotency-Key": str(uuid4())})).json()

    async def appeler(self, methode: str, chemin: str, **options: Any) -> httpx.Response:
        """The answer, once it is neither lost nor a momentary refusal; AssertionError when it is a refusal for good."""
        entetes = {"Authorization": f"Bearer {self._jeton}"} if self._jeton else {}
        options["headers"] = entetes | options.get("headers", {})

        async def essai() -> httpx.Response | None:
            try:
                reponse = await self._http.request(methode, chemin, **options)
            except httpx.TransportError:
                return None
            return None if reponse.status_code in PASSAGERS else reponse

        reponse = await jusqu_a(f"{methode} {chemin}", essai)
        assert reponse.is_success, f"{methode} {chemin} → {reponse.status_code} {reponse.text}"
        return reponse


async def jusqu_a(quoi: str, essai: Callable[[], Awaitable[T | None]], patience: float = PATIENCE_SECONDES) -> T:
    """What `essai` gives once it gives something; AssertionError when it is too long in coming."""
    fin = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < fin:
        trouve = await essai()
        if trouve is not None:
            return trouve
        await asyncio.sleep(REGARDER_SECONDES)
    raise AssertionError(f"still nothing after {patience:.0f} s: {quoi}")


class Parcours:
    """One request, from its deposit to its convocation."""

    def __init__(self, http: httpx.AsyncClient, agent: Insistant, gestionnaire: Insistant, conseiller: Insistant) -> None:
        self._http = http
        self.agent, self.gestionnaire, self.conseiller = agent, gestionnaire, conseiller
        self.demande: JSON = {}

    @classmethod
    async def commencer(cls, http: httpx.AsyncClient, agent: str = "claire.lebris") -> "Parcours":
        noms = (agent, "solene.morvan", "gwenaelle.legoff")
        return cls(http, *[await Insistant.connecter(http, nom) for nom in noms])

    @property
    def chemin(self) -> str:
        return f"/api/inscriptions/v1/inscriptions/{self.demande['id']}"

    async def session_libre(self) -> JSON:
        """A session of Bretagne with seats, that this agent has not asked for."""
        demandes = (await self.agent.lire("/api/inscriptions/v1/inscriptions"))["elements"]
        prises = {demande["session"]["id"] for demande in demandes}
        sessions: list[JSON] = (await self.agent.lire("/api/catalogue/v1/sessions", structure="BRE"))["elements"]
        return next(s for s in sessions if s["ouverte"] and s["disponibles"] > 0 and s["id"] not in prises)

    async def deposer(self) -> JSON:
        session = await self.session_libre()
        corps = {"session_id": session["id"], "motivation": MOTIVATION}
        self.demande = await self.agent.envoyer("/api/inscriptions/v1/inscriptions", corps)
        return self.demande

    async def lien_d_avis(self) -> str:
        """The token of the link, as it stands in the mail of the supérieur."""
        courriel = await self.courriel("avis est demandé")
        return str(courriel["texte"].split("/avis/", 1)[1].split()[0])

    async def donner_l_avis(self) -> None:
        corps = {"sens": "favorable", "commentaire": ""}
        await Insistant(self._http).envoyer(f"/api/inscriptions/v1/avis/{await self.lien_d_avis()}", corps)

    async def valider(self) -> None:
        await self.attendre("etape", "validation")
        await self.gestionnaire.envoyer(f"{self.chemin}/validation", {"issue": "valider"})

    async def instruire(self, issue: str = "accepter", motif: str = "") -> None:
        await self.attendre("etape", "instruction")
        await self.conseiller.envoyer(f"{self.chemin}/instruction", {"issue": issue, "motif": motif})

    async def attendre(self, champ: str, valeur: str) -> JSON:
        async def essai() -> JSON | None:
            lue: JSON = await self.gestionnaire.lire(self.chemin)
            return lue if lue[champ] == valeur else None

        return await jusqu_a(f"{champ} = {valeur}", essai)

    async def courriels(self, sujet: str, a: str = "") -> list[JSON]:
        """Mails about this request whose subject holds `sujet`, newest first."""
        numero = self.demande["numero"]
        messages: list[JSON] = await Insistant(self._http).lire("/courrier/api/messages", subject=sujet, to=a)
        return [message for message in messages if numero in message["sujet"] or numero in message["texte"]]

    async def courriel(self, sujet: str, a: str = "") -> JSON:
        async def essai() -> JSON | None:
            return next(iter(await self.courriels(sujet, a)), None)

        return await jusqu_a(f"un courriel « {sujet} »", essai)
