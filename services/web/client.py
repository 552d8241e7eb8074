"""The HTTP APIs, one typed function per call. Whatever goes wrong is raised as a `Problem`, with the errors of its fields."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, BinaryIO, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from asgi_correlation_id import correlation_id
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.contracts.inscriptions import EtapeAvis, Etat, Issue
from services.contracts.ouvertures import EtapeOuverture
from services.kit.logs import get_logger
from services.kit.problems import Problem, ProblemBody, Unavailable
from services.web.clients.adresses import AppelsAdresses
from services.web.clients.identifiants import AppelsIdentifiants
from services.web.clients.identites import AppelsIdentites
from services.web.modeles import (
    Circuit,
    DemandeAvis,
    Document,
    Documents,
    ImportAgents,
    Inscription,
    InscriptionDetail,
    Jetons,
    Lien,
    LigneImport,
    MessagesSuivis,
    MessageSuivi,
    Moi,
    Page,
    SessionOuverte,
    Stage,
    Structure,
    Verification,
)
from services.web.modeles_ouvertures import Acces, DossierOuverture, Ouverture, OuvertureResume

DOSSIER_OUVERTURE = "identity/v1/ouvertures/acces/dossier"

DELAI = httpx.Timeout(15.0, connect=3.0)
"""A decision may take the ten seconds that the circuit is given."""

SILENCES = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})

log = get_logger(__name__)

ModelT = TypeVar("ModelT", bound=BaseModel)


def nouveau_client(api_url: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=api_url.rstrip("/") + "/api/", timeout=DELAI, transport=transport)


class Api(AppelsAdresses, AppelsIdentifiants, AppelsIdentites):
    """The APIs as one person calls them; without a token, as anybody does."""

    def __init__(self, http: httpx.AsyncClient, jeton: str | None = None) -> None:
        self._http = http
        self._jeton = jeton

    def au_nom_de(self, jeton: str) -> "Api":
        return Api(self._http, jeton)

    async def ouvrir_session(self, identifiant: str, mot_de_passe: str, *, depuis: str) -> Jetons:
        corps = {"identifiant": identifiant, "mot_de_passe": mot_de_passe, "depuis": depuis}
        return await self._lire(Jetons, "POST", "identity/v1/sessions", json=corps)

    async def renouveler(self, renouvellement: str) -> Jetons:
        return await self._lire(Jetons, "POST", "identity/v1/sessions/renouvellement", json={"refresh_token": renouvellement})

    async def fermer_session(self, renouvellement: str) -> None:
        await self._appeler("POST", "identity/v1/sessions/fermeture", json={"refresh_token": renouvellement})

    async def moi(self) -> Moi:
        return await self._lire(Moi, "GET", "identity/v1/moi")

    async def lien(self, jeton: str) -> Lien:
        return await self._lire(Lien, "GET", f"identity/v1/liens/{quote(jeton, safe='')}")

    async def choisir_mot_de_passe(self, jeton: str, mot_de_passe: str) -> None:
        await self._appeler("POST", f"identity/v1/liens/{quote(jeton, safe='')}", json={"mot_de_passe": mot_de_passe})

    async def renvoyer_lien(self, jeton: str) -> None:
        await self._appeler("POST", f"identity/v1/liens/{quote(jeton, safe='')}/renvoi")

    async def oublier_mot_de_passe(self, identifiant: str) -> None:
        await self._appeler("POST", "identity/v1/mot-de-passe-oublie", json={"identifiant": identifiant})

    async def changer_mot_de_passe(self, ancien: str, nouveau: str) -> None:
        await self._appeler("PUT", "identity/v1/moi/mot-de-passe", json={"ancien": ancien, "nouveau": nouveau})

    async def mes_sessions(self) -> list[SessionOuverte]:
        reponse = await self._appeler("GET", "identity/v1/moi/sessions")
        return TypeAdapter(list[SessionOuverte]).validate_json(reponse.content)

    async def fermer_une_session(self, session_id: UUID) -> None:
        await self._appeler("DELETE", f"identity/v1/moi/sessions/{session_id}")

    async def se_deconnecter_partout(self) -> None:
        await self._appeler("DELETE", "identity/v1/moi/sessions")

    async def structures(self) -> list[Structure]:
        reponse = await self._appeler("GET", "identity/v1/structures")
        return TypeAdapter(list[Structure]).validate_json(reponse.content)

    async def sessions(self, *, q: str = "", structure: str = "", fermees: bool = False, cursor: str = "") -> Page[Stage]:
        params = {"q": q, "structure": structure, "fermees": "true" if fermees else "", "cursor": cursor}
        return await self._lire(Page[Stage], "GET", "catalogue/v1/sessions", params=params)

    async def session(self, session_id: UUID) -> Stage:
        return await self._lire(Stage, "GET", f"catalogue/v1/sessions/{session_id}")

    async def deposer(self, session_id: UUID, motivation: str, *, cle: str) -> InscriptionDetail:
        corps = {"session_id": str(session_id), "motivation": motivation}
        return await self._lire(InscriptionDetail, "POST", "inscriptions/v1/inscriptions", json=corps, cle=cle)

    async def inscriptions(self, *, etat: Etat | None = None, a_traiter: bool = False, cursor: str = "") -> Page[Inscription]:
        params = {"etat": etat or "", "a_traiter": "true" if a_traiter else "", "cursor": cursor}
        return await self._lire(Page[Inscription], "GET", "inscriptions/v1/inscriptions", params=params)

    async def inscription(self, inscription_id: UUID) -> InscriptionDetail:
        return await self._lire(InscriptionDetail, "GET", f"inscriptions/v1/inscriptions/{inscription_id}")

    async def valider(self, inscription_id: UUID, issue: Issue, motif: str, *, cle: str) -> InscriptionDetail:
        return await self._decider(inscription_id, "validation", {"issue": issue, "motif": motif}, cle)

    async def instruire(self, inscription_id: UUID, issue: Issue, motif: str, *, cle: str) -> InscriptionDetail:
        return await self._decider(inscription_id, "instruction", {"issue": issue, "motif": motif}, cle)

    async def retirer(self, inscription_id: UUID, motif: str, *, cle: str) -> InscriptionDetail:
        return await self._decider(inscription_id, "retrait", {"motif": motif}, cle)

    async def demande_avis(self, jeton: str) -> DemandeAvis:
        return await self._lire(DemandeAvis, "GET", f"inscriptions/v1/avis/{jeton}")

    async def donner_avis(self, jeton: str, sens: str, commentaire: str) -> DemandeAvis:
        corps = {"sens": sens, "commentaire": commentaire}
        return await self._lire(DemandeAvis, "POST", f"inscriptions/v1/avis/{jeton}", json=corps)

    async def circuit(self) -> Circuit:
        return await self._lire(Circuit, "GET", "inscriptions/v1/circuit")

    async def changer_circuit(self, etapes: list[EtapeAvis], *, depuis: int) -> Circuit:
        corps = {"etapes": [etape.model_dump(mode="json") for etape in etapes]}
        return await self._lire(Circuit, "PUT", "inscriptions/v1/circuit", json=corps, entetes={"If-Match": f'"{depuis}"'})

    async def messages(self, inscription_id: UUID) -> list[MessageSuivi]:
        params = {"inscription_id": str(inscription_id)}
        return (await self._lire(MessagesSuivis, "GET", "notifications/v1/messages", params=params)).elements

    async def documents(self, inscription_id: UUID) -> list[Document]:
        params = {"inscription_id": str(inscription_id)}
        return (await self._lire(Documents, "GET", "documents/v1/documents", params=params)).elements

    async def contenu(self, document_id: UUID) -> httpx.Response:
        return await self._appeler("GET", f"documents/v1/documents/{document_id}/contenu")

    async def version_html(self, document_id: UUID) -> httpx.Response:
        return await self._appeler("GET", f"documents/v1/documents/{document_id}/version-html")

    async def verification(self, reference: str) -> Verification:
        return await self._lire(Verification, "GET", f"documents/v1/verification/{quote(reference, safe='')}")

    async def deposer_import(self, nom: str, contenu: BinaryIO, *, cle: str) -> ImportAgents:
        return await self._lire(ImportAgents, "POST", "identity/v1/imports", fichier=(nom, contenu), cle=cle)

    async def imports(self, *, cursor: str = "") -> Page[ImportAgents]:
        return await self._lire(Page[ImportAgents], "GET", "identity/v1/imports", params={"cursor": cursor})

    async def import_d_agents(self, import_id: UUID) -> ImportAgents:
        return await self._lire(ImportAgents, "GET", f"identity/v1/imports/{import_id}")

    async def lignes_d_import(self, import_id: UUID, *, action: str = "", avertis: bool = False, cursor: str = "") -> Page[LigneImport]:
        params = {"action": action, "avertissements": "true" if avertis else "", "cursor": cursor}
        return await self._lire(Page[LigneImport], "GET", f"identity/v1/imports/{import_id}/lignes", params=params)

    async def appliquer_import(self, import_id: UUID, choix: str) -> ImportAgents:
        return await self._lire(ImportAgents, "POST", f"identity/v1/imports/{import_id}/application", json={"choix": choix})

    async def abandonner_import(self, import_id: UUID) -> ImportAgents:
        return await self._lire(ImportAgents, "POST", f"identity/v1/imports/{import_id}/abandon")

    async def fichier_d_agents(self, chemin: str, format_: str) -> httpx.Response:
        """`agents/export`, `imports/modele` or the report of an import, in that format."""
        return await self._appeler("GET", f"identity/v1/{chemin}", params={"format": format_})

    async def ouvertures(self, *, etape: EtapeOuverture | None = None, cursor: str = "") -> Page[OuvertureResume]:
        return await self._lire(Page[OuvertureResume], "GET", "identity/v1/ouvertures", params={"etape": etape or "", "cursor": cursor})

    async def ouverture(self, ouverture_id: UUID) -> Ouverture:
        return await self._lire(Ouverture, "GET", f"identity/v1/ouvertures/{ouverture_id}")

    async def remettre_les_codes(self, corps: Mapping[str, str], *, cle: str) -> Ouverture:
        renseignes = {nom: valeur for nom, valeur in corps.items() if valeur}
        return await self._lire(Ouverture, "POST", "identity/v1/ouvertures", json=renseignes, cle=cle)

    async def renvoyer_le_mot_de_passe(self, ouverture_id: UUID) -> None:
        await self._appeler("POST", f"identity/v1/ouvertures/{ouverture_id}/mot-de-passe")

    async def decider_une_ouverture(self, ouverture_id: UUID, issue: str, motif: str) -> Ouverture:
        return await self._lire(Ouverture, "POST", f"identity/v1/ouvertures/{ouverture_id}/decision", json={"issue": issue, "motif": motif})

    async def ouvrir_son_dossier(self, code: str, mot_de_passe: str) -> Acces:
        return await self._lire(Acces, "POST", "identity/v1/ouvertures/acces", json={"code": code, "mot_de_passe": mot_de_passe})

    async def son_dossier(self, acces: str) -> DossierOuverture:
        return await self._lire(DossierOuverture, "GET", DOSSIER_OUVERTURE, entetes={"X-Acces-Ouverture": acces})

    async def deposer_son_dossier(self, acces: str, dossier: Mapping[str, Any]) -> DossierOuverture:
        return await self._lire(DossierOuverture, "POST", DOSSIER_OUVERTURE, json=dossier, entetes={"X-Acces-Ouverture": acces})

    async def _decider(self, inscription_id: UUID, nature: str, corps: Mapping[str, str], cle: str) -> InscriptionDetail:
        return await self._lire(InscriptionDetail, "POST", f"inscriptions/v1/inscriptions/{inscription_id}/{nature}", json=corps, cle=cle)

    async def _lire(self, modele: type[ModelT], methode: str, chemin: str, **demande: Any) -> ModelT:
        reponse = await self._appeler(methode, chemin, **demande)
        return modele.model_validate_json(reponse.content)

    async def _appeler(
        self,
        methode: str,
        chemin: str,
        *,
        json: Mapping[str, Any] | None = None,
        fichier: tuple[str, BinaryIO] | None = None,
        params: Mapping[str, str] | None = None,
        entetes: Mapping[str, str] | None = None,
        cle: str | None = None,
    ) -> httpx.Response:
        headers = {"X-Correlation-Id": correlation_id.get() or "", **(entetes or {})}
        if self._jeton is not None:
            headers["Authorization"] = f"Bearer {self._jeton}"
        if cle is not None:
            headers["Idempotency-Key"] = cle
        renseignes = {nom: valeur for nom, valeur in (params or {}).items() if valeur}
        try:
            files = {"fichier": fichier} if fichier else None
            reponse = await self._http.request(methode, chemin, json=json, files=files, params=renseignes, headers=headers)
        except httpx.HTTPError as erreur:
            log.warning("api.silent", path=chemin.split("/", maxsplit=1)[0], error=type(erreur).__name__)
            raise _silence() from erreur
        if reponse.is_error:
            raise _probleme(reponse)
        return reponse


def _probleme(reponse: httpx.Response) -> Problem:
    try:
        return Problem.from_body(ProblemBody.model_validate_json(reponse.content))
    except ValidationError:
        # Not from a service: the gateway answers for it.
        if reponse.status_code in SILENCES:
            return _silence()
        if reponse.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            detail = "Réessayez dans un instant."
            return Problem("trop-de-requetes", "Trop de demandes se suivent.", status=429, detail=detail, retry_after=5)
        if reponse.status_code == HTTPStatus.NOT_FOUND:
            return Problem("introuvable", "Cette page n’existe pas.", status=404)
        return Problem("reponse-inattendue", "Un service a répondu de façon inattendue.", status=HTTPStatus.BAD_GATEWAY)


def _silence() -> Unavailable:
    return Unavailable("Le service est momentanément indisponible.", detail="Rien n’a été perdu. Réessayez dans quelques instants.")
