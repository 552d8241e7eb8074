"""What changed in the settings of a collectivité, told in sentences: « Solène Morvan *a invité Anne Le Bihan…* »."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.identity.domain.copies import en_mots

Faits = Mapping[str, Any]
NBSP = "\N{NO-BREAK SPACE}"


class Sujet(StrEnum):
    IDENTITE = "identite"
    PREINSCRIPTION = "preinscription"
    COPIES = "copies"
    TRANSFERTS = "transferts"
    IDENTIFIANTS = "identifiants"
    IDENTIFIANTS_APPLIQUES = "identifiants_appliques"
    SECOND_FACTEUR = "second_facteur"
    SECOND_FACTEUR_RETIRE = "second_facteur_retire"
    MANDAT = "mandat"
    GESTIONNAIRE_INVITE = "gestionnaire_invite"
    GESTIONNAIRE_RELANCE = "gestionnaire_relance"
    GESTIONNAIRE_MODIFIE = "gestionnaire_modifie"
    GESTIONNAIRE_FINI = "gestionnaire_fini"


@dataclass(frozen=True)
class Detail:
    """One value that changed; empty when there was, or is, nothing."""

    champ: str
    avant: str
    apres: str


CHAMPS = {
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "ville": "Ville",
    "email": "Adresse électronique",
    "effectif": "Effectif",
    "autorite_nom": "Autorité territoriale",
    "autorite_qualite": "Qualité de l’autorité",
    "transferts": "Transmis au supérieur",
    "identifiants": "Forme",
    "portee": "Sur quoi",
    "role": "Rôle",
    "services": "Services",
    "motif": "Motif",
    "repreneur": "Repris par",
    "services_du_repreneur": "Services du repreneur",
    "encadrement": "Encadrement confié à",
}
TOUS_LES_SERVICES = "Tous"


def phrase(sujet: Sujet, avant: Faits | None, apres: Faits | None) -> str:
    """What was done, without who did it."""
    return PHRASES[sujet](avant or {}, apres or {})


def details(sujet: Sujet, avant: Faits | None, apres: Faits | None) -> list[Detail]:
    """The values that changed, in the order people look for them."""
    if sujet is Sujet.COPIES:
        return _copies((avant or {}).get("copies", ()), (apres or {}).get("copies", ()))
    anciennes, nouvelles = avant or {}, apres or {}
    lus = [Detail(libelle, _texte(anciennes.get(champ)), _texte(nouvelles.get(champ))) for champ, libelle in CHAMPS.items()]
    return [detail for detail in lus if detail.avant != detail.apres]


def en_une_ligne(detail: Detail) -> str:
    """`Ville : « Rennes » devient « Redon »`."""
    return f"{detail.champ}{NBSP}: {_cite(detail.avant)} devient {_cite(detail.apres)}"


def _preinscription(_: Faits, apres: Faits) -> str:
    return "a ouvert la préinscription aux agents" if apres.get("preinscription_agents") else "a réservé les demandes aux gestionnaires"


def _identifiants_appliques(_: Faits, apres: Faits) -> str:
    nombre = apres["nombre"]
    return f"a donné un nouvel identifiant à {nombre} personne{'s' if nombre > 1 else ''}"


def _second_facteur(_: Faits, apres: Faits) -> str:
    return "a exigé un second facteur des gestionnaires" if apres.get("second_facteur_exige") else "n’exige plus de second facteur"


def _mandat(_: Faits, apres: Faits) -> str:
    return f"{ACTES[apres['acte']]} le mandat par lequel {apres['mandataire']} agit pour {apres['mandant']}"


ACTES = {"proposer": "a proposé", "accepter": "a accepté", "refuser": "a refusé", "retirer": "a retiré", "revoquer": "a révoqué"}
PHRASES: dict[Sujet, Callable[[Faits, Faits], str]] = {
    Sujet.IDENTITE: lambda *_: "a modifié l’identité de la collectivité",
    Sujet.PREINSCRIPTION: _preinscription,
    Sujet.COPIES: lambda *_: "a modifié les copies des messages",
    Sujet.TRANSFERTS: lambda *_: "a modifié ce que les supérieurs reçoivent",
    Sujet.IDENTIFIANTS: lambda *_: "a choisi la forme des identifiants à venir",
    Sujet.IDENTIFIANTS_APPLIQUES: _identifiants_appliques,
    Sujet.SECOND_FACTEUR: _second_facteur,
    Sujet.SECOND_FACTEUR_RETIRE: lambda _, apres: f"a retiré les seconds facteurs perdus par {apres['qui']}",
    Sujet.MANDAT: _mandat,
    Sujet.GESTIONNAIRE_INVITE: lambda _, apres: f"a donné un accès à {apres['qui']} ({apres['email']})",
    Sujet.GESTIONNAIRE_RELANCE: lambda _, apres: f"a renvoyé son lien d’activation à {apres['qui']}",
    Sujet.GESTIONNAIRE_MODIFIE: lambda _, apres: f"a modifié l’accès accordé à {apres['qui']}",
    Sujet.GESTIONNAIRE_FINI: lambda avant, _: f"a mis fin à l’accès accordé à {avant['qui']}",
}


def _copies(avant: Sequence[Faits], apres: Sequence[Faits]) -> list[Detail]:
    anciennes = {copie["email"]: en_mots(copie["gabarits"]) for copie in avant}
    nouvelles = {copie["email"]: en_mots(copie["gabarits"]) for copie in apres}
    adresses = dict.fromkeys([*anciennes, *nouvelles])
    lus = [Detail(adresse, anciennes.get(adresse, ""), nouvelles.get(adresse, "")) for adresse in adresses]
    return [detail for detail in lus if detail.avant != detail.apres]


def _texte(valeur: Any) -> str:
    if isinstance(valeur, list):
        return ", ".join(valeur) or TOUS_LES_SERVICES
    return "" if valeur is None else str(valeur)


def _cite(texte: str) -> str:
    return f"«{NBSP}{texte}{NBSP}»" if texte else "vide"
