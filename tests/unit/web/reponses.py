"""Canned answers of the HTTP APIs, as those services give them, and a bucket of sessions in memory."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from services.contracts.acteur import Role
from services.web.coffre import CoffreIndisponibleError
from tests.acteurs import un_acteur

JSON = dict[str, Any]

SESSION_ID = "5f0c2a34-6f3e-5a55-9a0e-0c7d6b1f2e11"
DEMANDE_ID = "0d0c5a11-52bd-4c39-8c13-5c2f7d9be001"
DOCUMENT_ID = "7b1f7f0e-6e0f-4f1c-9f7e-2a6d5c4b3a29"
COLLECTIVITE_ID = "b1a2c3d4-0000-4000-8000-000000000001"
AGENT_ID = "b1a2c3d4-0000-4000-8000-000000000002"

MAINTENANT = datetime.now(UTC).replace(microsecond=0)


def dans(**duree: float) -> str:
    return (MAINTENANT + timedelta(**duree)).isoformat()


def acteur(*roles: str, **autres: Any) -> JSON:
    de_la_collectivite = {"agent", "gestionnaire", "gestionnaire_principal", "lecture"} & set(roles)
    return un_acteur(
        *(Role(role) for role in roles),
        compte_id=UUID("b1a2c3d4-0000-4000-8000-000000000009"),
        nom="Claire Le Bris",
        email="claire.lebris@rochebrune.example",
        collectivite_id=UUID(COLLECTIVITE_ID) if de_la_collectivite else None,
        agent_id=UUID(AGENT_ID) if "agent" in roles else None,
        structure="BRE" if "conseiller" in roles else None,
        **autres,
    ).model_dump(mode="json")


REGROUPEMENTS = [
    {"debut": "2027-03-01", "fin": "2027-03-02", "heure_debut": "09:00:00", "heure_fin": "17:00:00"},
    {"debut": "2027-03-16", "fin": "2027-03-16", "heure_debut": "09:30:00", "heure_fin": "16:30:00"},
]

STAGE: JSON = {
    "id": SESSION_ID,
    "etiquette": '"3"',
    "code": "SXM5A 012",
    "intitule": "Rédiger un acte administratif sûr",
    "objectifs": "Choisir la forme de l’acte, motiver la décision et en assurer le caractère exécutoire.",
    "public": "Rédacteurs, attachés et secrétaires généraux de mairie",
    "domaine": "Affaires juridiques",
    "nature": "professionnalisation_tout_au_long",
    "nature_libelle": "Professionnalisation tout au long de la carrière",
    "organisation": "inter",
    "organisation_libelle": "Inter-collectivités",
    "etat": "publiee",
    "debut": "2027-03-01",
    "fin": "2027-03-16",
    "regroupements": REGROUPEMENTS,
    "duree_jours": 3,
    "duree_heures": 18,
    "lieu": "Rennes",
    "adresse": "1 rue de la Formation, 35000 Rennes",
    "structure": "BRE",
    "structure_nom": "Délégation Bretagne",
    "conseiller": "Gwenaëlle Le Goff",
    "conseiller_email": "gwenaelle.legoff@bretagne.organisme.example",
    "date_limite": dans(days=40),
    "ouverte": True,
    "motif_fermeture": None,
    "mode_admission": "sur_selection",
    "mode_admission_libelle": "Sur sélection, par le conseil en formation",
    "liste_attente": True,
    "effectif_minimum": 8,
    "effectif_attendu": 15,
    "recues": 12,
    "admises": 9,
    "en_attente": 1,
    "disponibles": 6,
}


def chiffres(**autres: int) -> JSON:
    """Seats of a session, or what a movement added."""
    return {"effectif_attendu": 0, "capacite": 0, "recues": 0, "admises": 0, "en_attente": 0, "disponibles": 0} | autres


MOUVEMENTS: list[JSON] = [
    {
        "rang": 1204,
        "le": dans(days=-1),
        "libelle": "Acceptée par l’organisme",
        "inscription_id": DEMANDE_ID,
        "numero": "2026-000123",
        "qui": "Claire Le Bris, Ville de Rochebrune-sur-Vilaine",
        "mouvement": chiffres(admises=1, disponibles=-1),
        "apres": chiffres(effectif_attendu=15, capacite=15, recues=12, admises=9, en_attente=1, disponibles=6),
    },
    {
        "rang": 1203,
        "le": dans(days=-2),
        "libelle": "Validée par la collectivité",
        "inscription_id": None,
        "numero": None,
        "qui": "Une demande que vous ne suivez pas",
        "mouvement": chiffres(recues=1),
        "apres": chiffres(effectif_attendu=15, capacite=15, recues=12, admises=8, en_attente=1, disponibles=7),
    },
]


def avis(**autres: object) -> JSON:
    return {
        "sens": None,
        "libelle": "En attente",
        "par": "Yann Kervella",
        "interim_de": None,
        "demande_le": dans(days=-2),
        "rendu_le": None,
        "echeance": dans(days=5),
        "relances": [dans(days=1), dans(days=4)],
        "commentaire": "",
        **autres,
    }


def entree(rang: int, fait: str, libelle: str, **autres: object) -> JSON:
    return {
        "rang": rang,
        "le": dans(days=-3, hours=rang),
        "fait": fait,
        "libelle": libelle,
        "par": "",
        "pour": "",
        "canal": "circuit",
        "motif": "",
        "empreinte": "0" * 64,
        **autres,
    }


def demande(**autres: object) -> JSON:
    """A request held by the supérieur, unless told otherwise."""
    unique = avis()
    return {
        "id": DEMANDE_ID,
        "numero": "2026-000042",
        "etat": "preinscription",
        "etat_libelle": "Préinscription",
        "etape": "avis",
        "detenteur": {"qui": "Yann Kervella, pour avis", "echeance": dans(days=5)},
        "depose_le": dans(days=-3),
        "agent": {"nom_complet": "Claire Le Bris", "service": "Accueil, état civil et élections", "fonction": "Agente d’accueil"},
        "collectivite": "Ville de Rochebrune-sur-Vilaine",
        "session": {
            cle: STAGE[cle] for cle in ("id", "code", "intitule", "lieu", "structure", "structure_nom", "debut", "fin", "date_limite")
        },
        "avis": unique,
        "actions": [],
        "motivation": "Je reprends les arrêtés du service.\nJe veux les rédiger sans risque.",
        "regroupements": REGROUPEMENTS,
        "tous_les_avis": [unique],
        "journal": [
            entree(1, "depot", "Préinscription déposée", par="Claire Le Bris", pour="Ville de Rochebrune-sur-Vilaine", canal="plateforme"),
            entree(2, "avis_demande", "Avis demandé", pour="Yann Kervella"),
        ],
        "journal_intact": True,
        "validee_par": None,
        "motif_decision": None,
        "convocation_id": None,
        "convocation_reference": None,
        "workflow_id": f"inscription:{DEMANDE_ID}",
        **autres,
    }


def demande_convoquee() -> JSON:
    rendu = avis(
        sens="sous_reserve",
        libelle="Favorable sous réserve",
        rendu_le=dans(days=-2),
        commentaire="À condition que le relais de l’accueil soit organisé.",
    )
    journal = [
        *demande()["journal"],
        entree(3, "avis_rendu", "Avis rendu", par="Yann Kervella", canal="lien", motif="Favorable sous réserve"),
        entree(4, "validation", "Validée par la collectivité", par="Solène Morvan", canal="plateforme"),
        entree(5, "transmission", "Transmise à l’organisme", motif="Accusé de transmission n° 2026-000042"),
        entree(6, "acceptation", "Acceptée par l’organisme", par="Gwenaëlle Le Goff", canal="plateforme"),
        entree(7, "convocation", "Convocation établie"),
    ]
    return demande(
        etat="convoquee",
        etat_libelle="Convocation envoyée",
        etape="terminee",
        detenteur=None,
        avis=rendu,
        tous_les_avis=[rendu],
        journal=journal,
        convocation_id=DOCUMENT_ID,
        convocation_reference="CONV-2026-7KQ2",
    )


def message(**autres: object) -> JSON:
    return {
        "id": "11111111-0000-4000-8000-000000000001",
        "gabarit": "avis_demande",
        "libelle": "Demande d’avis",
        "destinataire": "Yann Kervella",
        "adresse": "yann.kervella@rochebrune.example",
        "role": "superieur",
        "etat": "envoye",
        "etat_libelle": "Envoyé",
        "essais": 1,
        "depose_le": dans(days=-3),
        "envoye_le": dans(days=-3),
        "prochain_essai": None,
        **autres,
    }


DOCUMENT: JSON = {
    "id": DOCUMENT_ID,
    "genre": "convocation",
    "libelle": "Convocation",
    "reference": "CONV-2026-7KQ2",
    "version": 1,
    "taille": 48_000,
    "cree_le": dans(days=-1),
    "nom_fichier": "convocation.pdf",
}

VERIFICATION: JSON = {
    "statut": "valide",
    "reference": "CONV-2026-7KQ2",
    "genre": "convocation",
    "libelle": "Convocation",
    "cree_le": dans(days=-1),
    "session_code": STAGE["code"],
    "intitule": STAGE["intitule"],
    "emetteur": STAGE["structure_nom"],
}


def demande_d_avis(**autres: object) -> JSON:
    source = demande()
    return {
        "etat": "ouverte",
        "explication": "",
        "destinataire": "Yann Kervella",
        "interim_de": None,
        "agent": source["agent"],
        "collectivite": source["collectivite"],
        "session": source["session"],
        "regroupements": REGROUPEMENTS,
        "motivation": source["motivation"],
        "depose_le": source["depose_le"],
        "echeance": dans(days=5),
        "sens": None,
        "commentaire": "",
        **autres,
    }


CIRCUIT: JSON = {
    "version": 0,
    "etapes": [
        {
            "delai": {"valeur": 5, "unite": "jours_ouvres"},
            "relances": [{"valeur": 3, "unite": "jours_ouvres"}],
            "relance_la_veille": True,
            "escalade_suppleant": True,
        }
    ],
    "cree_par": None,
    "cree_le": None,
}


def probleme(statut: int, slug: str, titre: str, **autres: object) -> httpx.Response:
    corps = {"type": f"urn:iel:probleme:{slug}", "title": titre, "status": statut, "detail": "", "errors": [], **autres}
    return httpx.Response(statut, json=corps, headers={"Content-Type": "application/problem+json"})


Reponse = httpx.Response | JSON | list[JSON] | Callable[[httpx.Request], httpx.Response]


ADRESSE: JSON = {
    "email": "claire.lebris@rochebrune.example",
    "identifiant": "claire.lebris",
    "identifiant_suit": False,
    "gestionnaires": ["Solène Morvan"],
    "en_cours": None,
}


class ApiFactice:
    """Answers by method and path, and remembers what was asked. `repondre` changes an answer."""

    def __init__(self, qui: JSON) -> None:
        self.recues: list[httpx.Request] = []
        self._reponses: dict[tuple[str, str], Reponse] = {
            ("POST", "identity/v1/sessions"): {"access_token": "acces", "refresh_token": "suite", "expires_in": 600, "acteur": qui},
            ("POST", "identity/v1/sessions/fermeture"): httpx.Response(204),
            ("GET", "identity/v1/moi"): {"acteur": qui, "collectivite": None, "organisation": "Ville de Rochebrune-sur-Vilaine"},
            ("GET", "identity/v1/moi/adresse"): ADRESSE,
            ("GET", "identity/v1/sessions/oidc"): {"nom": None},
            ("GET", "identity/v1/structures"): [{"code": "BRE", "nom": "Délégation Bretagne"}, {"code": "INET", "nom": "INET"}],
            ("GET", "identity/v1/collectivite/demarrage"): {"etapes": []},
            ("GET", "catalogue/v1/sessions"): {"elements": [STAGE], "suivant": None},
            ("GET", f"catalogue/v1/sessions/{SESSION_ID}"): STAGE,
            ("GET", f"inscriptions/v1/sessions/{SESSION_ID}/mouvements"): {"elements": MOUVEMENTS, "suivant": None},
            ("GET", "inscriptions/v1/inscriptions"): {"elements": [], "suivant": None},
            ("GET", f"inscriptions/v1/inscriptions/{DEMANDE_ID}"): demande(),
            ("GET", "inscriptions/v1/circuit"): CIRCUIT,
            ("GET", "inscriptions/v1/circuit/versions"): [],
            ("GET", "documents/v1/documents"): {"elements": []},
            ("GET", "notifications/v1/messages"): {"elements": [message()]},
        }

    def repondre(self, methode: str, chemin: str, reponse: Reponse) -> None:
        self._reponses[methode, chemin] = reponse

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._traiter)

    def corps(self, methode: str, chemin: str) -> list[JSON]:
        """The bodies sent to this address."""
        return [json.loads(r.content) for r in self.demandes(methode, chemin)]

    def demandes(self, methode: str, chemin: str) -> list[httpx.Request]:
        return [r for r in self.recues if (r.method, r.url.path) == (methode, f"/api/{chemin}")]

    def _traiter(self, request: httpx.Request) -> httpx.Response:
        self.recues.append(request)
        reponse = self._reponses.get((request.method, request.url.path.removeprefix("/api/")))
        if reponse is None:
            return probleme(404, "introuvable", "Cette adresse n’existe pas.")
        if isinstance(reponse, httpx.Response):
            return copy.copy(reponse)
        if callable(reponse):
            return reponse(request)
        return httpx.Response(200, json=reponse)


class CoffreEnMemoire:
    """A bucket that can go away."""

    def __init__(self) -> None:
        self.contenu: dict[str, bytes] = {}
        self.absent = False

    async def lire(self, cle: str) -> bytes | None:
        self._presence()
        return self.contenu.get(cle)

    async def ecrire(self, cle: str, contenu: bytes) -> None:
        self._presence()
        self.contenu[cle] = contenu

    async def oublier(self, cle: str) -> None:
        self._presence()
        self.contenu.pop(cle, None)

    def _presence(self) -> None:
        if self.absent:
            raise CoffreIndisponibleError
