"""What a convocation says, before it is laid out as a PDF or as its accessible HTML twin."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import Dossier
from services.kit.french import NBSP, NNBSP, date_longue, heure, jour_et_date, nombre

ANNULATION_JOURS = 15
"""Below that many days before the start, a cancellation is late (DOMAIN: « cancellation late below J-15 »)."""


A_SAVOIR = (
    (
        "Présentez-vous un quart d’heure avant le début, avec cette convocation et une pièce d’identité. "
        "L’émargement se fait par demi-journée."
    ),
    (
        "Les repas et les déplacements sont pris en charge selon les règles de l’organisme et de votre collectivité. "
        "Renseignez-vous auprès de votre service formation avant le départ."
    ),
    (
        f"Besoin d’un aménagement pour suivre la formation dans de bonnes conditions{NNBSP}? "
        "Dites ce qu’il vous faut au conseiller formation, dès que possible."
    ),
    (
        f"Empêché{NNBSP}? Prévenez votre service formation, qui annule votre inscription dans la plateforme. "
        f"À moins de {ANNULATION_JOURS} jours du début, l’annulation est tardive et demande un motif."
    ),
)


@dataclass(frozen=True)
class Rubrique:
    """A titled part: facts in two columns, or paragraphs."""

    titre: str
    faits: tuple[tuple[str, str], ...] = ()
    paragraphes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Papier:
    titre: str
    sous_titre: str
    emetteur: str
    destinataire: tuple[str, ...]
    etabli: str
    reference: str
    verification: str
    introduction: str
    rubriques: tuple[Rubrique, ...]


def convocation(dossier: Dossier, *, reference: str, public_url: str, etabli_le: datetime) -> Papier:
    agent = f"{dossier.agent_civilite} {dossier.agent.nom_complet}".strip()
    return Papier(
        titre="Convocation à une formation",
        sous_titre=dossier.intitule,
        emetteur=dossier.structure_nom,
        destinataire=(agent, dossier.agent_fonction, dossier.agent_service, dossier.collectivite),
        etabli=f"Établie le {date_longue(etabli_le)}",
        reference=reference,
        verification=f"{public_url}/verification/{reference}",
        introduction=(
            f"Votre demande n°{NBSP}{dossier.numero} est acceptée. Vous êtes convoqué à la formation «{NBSP}{dossier.intitule}{NBSP}», "
            f"session {dossier.session_code}, organisée par {dossier.structure_nom}."
        ),
        rubriques=(
            Rubrique("Dates et horaires", faits=tuple(_horaire(i, r) for i, r in enumerate(dossier.regroupements, start=1))),
            Rubrique(
                "Lieu",
                faits=(("Ville", dossier.lieu), ("Adresse", dossier.adresse), ("Durée", f"{nombre(dossier.duree_heures)}{NBSP}heures")),
            ),
            Rubrique(
                "Votre interlocuteur",
                faits=(("Conseiller formation", dossier.conseiller), ("Courriel", dossier.conseiller_email)),
            ),
            *([Rubrique("Objectifs", paragraphes=(dossier.objectifs,))] if dossier.objectifs else []),
            Rubrique(
                "À savoir",
                paragraphes=A_SAVOIR,
            ),
        ),
    )


def _horaire(rang: int, regroupement: Regroupement) -> tuple[str, str]:
    heures = f"de {heure(regroupement.heure_debut)} à {heure(regroupement.heure_fin)}"
    if regroupement.debut == regroupement.fin:
        return (f"Regroupement {rang}", f"{jour_et_date(regroupement.debut)}, {heures}")
    return (f"Regroupement {rang}", f"du {jour_et_date(regroupement.debut)} au {jour_et_date(regroupement.fin)}, {heures} chaque jour")
