"""The HTTP APIs as the scenario calls them: one person logged in, one function a call, problems said in a sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx

JSON = dict[str, Any]
T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


class StepFailedError(Exception):
    """A step of the scenario did not go as it should; the sentence says what was seen."""


class Personne:
    """Someone logged in, acting through the gateway."""

    def __init__(self, http: httpx.AsyncClient, nom: str, jeton: str) -> None:
        self._http = http
        self._jeton = jeton
        self.nom = nom

    @classmethod
    async def connecter(cls, http: httpx.AsyncClient, identifiant: str, mot_de_passe: str) -> "Personne":
        corps = {"identifiant": identifiant, "mot_de_passe": mot_de_passe}
        session = lire(await http.post("/api/identity/v1/sessions", json=corps))
        return cls(http, session["acteur"]["nom"], session["access_token"])

    async def lire(self, chemin: str, **parametres: str) -> Any:
        return lire(await self._http.get(chemin, params=parametres, headers=self._entetes()))

    async def envoyer(self, chemin: str, corps: JSON) -> Any:
        return lire(await self._http.post(chemin, json=corps, headers=self._entetes() | {"Idempotency-Key": str(uuid4())}))

    async def remplacer(self, chemin: str, corps: JSON, etag: str) -> httpx.Response:
        return verifier(await self._http.put(chemin, json=corps, headers=self._entetes() | {"If-Match": etag}))

    async def telecharger(self, chemin: str) -> httpx.Response:
        return verifier(await self._http.get(chemin, headers=self._entetes()))

    def _entetes(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._jeton}"}


def verifier(reponse: httpx.Response) -> httpx.Response:
    """The answer, or a StepFailedError with the problem's own sentences."""
    if reponse.is_success:
        return reponse
    probleme: JSON = {"title": reponse.text[:200]}
    if "json" in reponse.headers.get("content-type", ""):
        probleme = reponse.json()
    erreurs = "".join(f" [{erreur['champ']} : {erreur['message']}]" for erreur in probleme.get("errors", []))
    demande = f"{reponse.request.method} {reponse.request.url.path}"
    raise StepFailedError(f"{demande} a répondu {reponse.status_code} : {probleme.get('title', '')} {probleme.get('detail', '')}{erreurs}")


def lire(reponse: httpx.Response) -> Any:
    return verifier(reponse).json()


async def attendre(quoi: str, essai: Callable[[], Awaitable[T | None]], patience: float = PATIENCE_SECONDS) -> T:
    """What `essai` gives once it gives something; a StepFailedError after `patience` seconds."""
    echeance = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < echeance:
        trouve = await essai()
        if trouve is not None:
            return trouve
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise StepFailedError(f"Après {patience:.0f} s, toujours rien : {quoi}.")
