"""The HTTP APIs, one typed function per call."""

from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import UUID

import httpx

from services.contracts.inscriptions import EtapeAvis, Etat, Issue
from services.contracts.ouvertures import EtapeOuverture
from services.web.clients.adresses import ClientAdresses
from services.web.clients.collectives import ClientCollectives
from services.web.clients.collectivites import ClientCollectivites
from services.web.clients.fiches import ClientFiches
from services.web.clients.identifiants import ClientIdentifiants
from services.web.clients.identites import ClientIdentites
from services.web.clients.mandats import ClientMandats
from services.web.clients.parametres import ClientParametres
from services.web.clients.personnes import ClientPersonnes
from services.web.clients.second_facteur import ClientSecondFacteur
from services.web.modeles import (
    ChangementDeSession,
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
    MouvementDePlaces,
    Page,
    SessionOuverte,
    Stage,
    Structure,
    Verification,
)
from services.web.modeles_ouvertures import Acces, DossierOuverture, Ouverture, OuvertureResume

DOSSIER_OUVERTURE = "identity/v1/ouvertures/acces/dossier"


class Api(
    ClientAdresses,
    ClientCollectives,
    ClientCollectivites,
    ClientFiches,
    ClientIdentifiants,
    ClientIdentites,
    ClientMandats,
    ClientParametres,
    ClientPersonnes,
    ClientSecondFacteur,
):
    """The APIs as one person calls them; without a token, as anybody does."""

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
        return await self._lire_tout(SessionOuverte, "identity/v1/moi/sessions")

    async def fermer_une_session(self, session_id: UUID) -> None:
        await self._appeler("DELETE", f"identity/v1/moi/sessions/{session_id}")

    async def se_deconnecter_partout(self) -> None:
        await self._appeler("DELETE", "identity/v1/moi/sessions")

    async def structures(self) -> list[Structure]:
        return await self._lire_tout(Structure, "identity/v1/structures")

    async def sessions(self, *, q: str = "", structure: str = "", fermees: bool = False, cursor: str = "") -> Page[Stage]:
        params = {"q": q, "structure": structure, "fermees": "true" if fermees else "", "cursor": cursor}
        return await self._lire(Page[Stage], "GET", "catalogue/v1/sessions", params=params)

    async def session(self, session_id: UUID) -> Stage:
        return await self._lire(Stage, "GET", f"catalogue/v1/sessions/{session_id}")

    async def regler_l_accueil(self, session_id: UUID, accueil: Mapping[str, Any], *, lue: str) -> Stage:
        chemin = f"catalogue/v1/sessions/{session_id}/accueil"
        return await self._lire(Stage, "PUT", chemin, json=accueil, entetes={"If-Match": lue})

    async def changements_de_session(self, session_id: UUID) -> list[ChangementDeSession]:
        return await self._lire_tout(ChangementDeSession, f"catalogue/v1/sessions/{session_id}/changements")

    async def mouvements_de_places(self, session_id: UUID, *, cursor: str = "") -> Page[MouvementDePlaces]:
        chemin = f"inscriptions/v1/sessions/{session_id}/mouvements"
        return await self._lire(Page[MouvementDePlaces], "GET", chemin, params={"cursor": cursor})

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

    async def versions_du_circuit(self) -> list[Circuit]:
        return await self._lire_tout(Circuit, "inscriptions/v1/circuit/versions")

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
