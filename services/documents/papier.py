"""What a convocation says, before it is laid out as a PDF or as its accessible HTML twin."""

from dataclasses import dataclass
from datetime import date, datetime

from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import Dossier
from services.documents.domain import ANNULATION_JOURS, composer, dernier_jour_pour_annuler
from services.kit.clock import PARIS
from services.kit.french import NBSP, NNBSP, date_longue, heure, jour_et_date, nombre

CIVILITES = {"M.": "Monsieur", "Mme": "Madame"}

A_DISTANCE = "à distance"
"""How catalogue names the place of a session that is followed from one's desk."""

EMARGEMENT = f"un quart d’heure avant le début{NBSP}: l’émargement se fait par demi-journée."

Fait = tuple[str, str]


@dataclass(frozen=True)
class Rubrique:
    """A titled part: named facts to be found at a glance, or named advice to be read (`conseils`)."""

    titre: str
    faits: tuple[Fait, ...] = ()
    conseils: tuple[Fait, ...] = ()
    paragraphes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Papier:
    titre: str
    sous_titre: str
    precision: str
    emetteur: str
    destinataire: tuple[str, ...]
    reperes: tuple[Fait, ...]
    etabli_le: datetime
    reference: str
    verification: str
    introduction: str
    rubriques: tuple[Rubrique, ...]


def convocation(
    dossier: Dossier, *, reference: str, etabli_le: datetime, public_url: str, annulation_jours: int = ANNULATION_JOURS
) -> Papier:
    """The same arguments make the same paper. `annulation_jours`: days before the start below which cancelling is late."""
    emetteur = composer(dossier.structure_nom)
    return Papier(
        titre="Convocation à une formation",
        sous_titre=composer(dossier.intitule),
        precision=f"Session {dossier.session_code}",
        emetteur=emetteur,
        destinataire=tuple(ligne for ligne in _destinataire(dossier) if ligne),
        reperes=(
            ("Référence", reference),
            ("Demande", f"n°{NBSP}{dossier.numero}"),
            ("Établie le", date_longue(etabli_le)),
        ),
        etabli_le=etabli_le,
        reference=reference,
        verification=f"{public_url.rstrip('/')}/verification/{reference}",
        introduction=(
            f"Votre demande d’inscription est acceptée{NBSP}: une place vous est réservée. "
            "Nous vous attendons aux dates et au lieu indiqués ci-dessous."
        ),
        rubriques=tuple(
            rubrique
            for rubrique in (
                _dates(dossier),
                _lieu(dossier),
                Rubrique(
                    "Votre contact",
                    faits=_remplis(
                        ("Conseiller formation", dossier.conseiller), ("Courriel", dossier.conseiller_email), ("Structure", emetteur)
                    ),
                ),
                Rubrique("Objectifs", paragraphes=tuple(composer(ligne) for ligne in dossier.objectifs.splitlines() if ligne.strip())),
                Rubrique("À savoir", conseils=_a_savoir(dossier, etabli_le.astimezone(PARIS).date(), annulation_jours)),
            )
            if rubrique.faits or rubrique.conseils or rubrique.paragraphes
        ),
    )


def _destinataire(dossier: Dossier) -> tuple[str, ...]:
    civilite = CIVILITES.get(dossier.agent_civilite, dossier.agent_civilite)
    agent = f"{civilite} {dossier.agent.nom_complet}".strip()
    return (agent, composer(dossier.agent_fonction), composer(dossier.agent_service), composer(dossier.collectivite))


def _dates(dossier: Dossier) -> Rubrique:
    regroupements = sorted(dossier.regroupements, key=lambda r: (r.debut, r.heure_debut))
    seul = len(regroupements) == 1
    duree = f"{nombre(dossier.duree_heures)}{NBSP}heure{'' if dossier.duree_heures < 2 else 's'}"  # noqa: PLR2004 -- French plural
    return Rubrique(
        "Dates et horaires",
        faits=(
            *(("Date" if seul else f"Regroupement {rang}", _horaire(r)) for rang, r in enumerate(regroupements, start=1)),
            ("Durée", duree),
        ),
    )


def _horaire(regroupement: Regroupement) -> str:
    heures = f"de {heure(regroupement.heure_debut)} à {heure(regroupement.heure_fin)}"
    if regroupement.debut == regroupement.fin:
        return f"{jour_et_date(regroupement.debut)}, {heures}"
    return f"du {_premier_jour(regroupement)} au {jour_et_date(regroupement.fin)}, {heures} chaque{NBSP}jour"


def _premier_jour(regroupement: Regroupement) -> str:
    """Without the month and the year that the last day says: « du lundi 1er au mardi 2 mars 2027 »."""
    debut, fin = regroupement.debut, regroupement.fin
    jour, mois, _ = jour_et_date(debut).split(NBSP)
    if (debut.month, debut.year) == (fin.month, fin.year):
        return jour
    return f"{jour}{NBSP}{mois}" if debut.year == fin.year else jour_et_date(debut)


def _lieu(dossier: Dossier) -> Rubrique:
    if _a_distance(dossier):
        return Rubrique("Accès", faits=_remplis(("Modalité", composer(dossier.lieu)), ("Connexion", composer(dossier.adresse))))
    return Rubrique("Lieu", faits=_remplis(("Ville", composer(dossier.lieu)), ("Adresse et accès", composer(dossier.adresse))))


def _a_distance(dossier: Dossier) -> bool:
    return dossier.lieu.strip().casefold() == A_DISTANCE


def _a_savoir(dossier: Dossier, etabli_le: date, annulation_jours: int) -> tuple[Fait, ...]:
    return (
        *(_pour_suivre_a_distance() if _a_distance(dossier) else _pour_venir()),
        (
            "Aménagements",
            (
                f"Il vous faut un aménagement pour suivre la formation dans de bonnes conditions{NNBSP}? "
                "Dites au conseiller formation ce qui vous est nécessaire, dès que possible."
            ),
        ),
        (
            "En cas d’empêchement",
            "Prévenez sans attendre votre service formation, qui annule votre inscription dans la plateforme. "
            + _delai_d_annulation(dossier, etabli_le, annulation_jours),
        ),
    )


def _pour_venir() -> tuple[Fait, ...]:
    return (
        ("À apporter", f"Cette convocation, une pièce d’identité et de quoi écrire. Présentez-vous {EMARGEMENT}"),
        (
            "Repas, déplacements",
            (
                "Ils sont pris en charge selon les règles de l’organisme et de votre collectivité. "
                "Renseignez-vous auprès de votre service formation avant de partir."
            ),
        ),
    )


def _pour_suivre_a_distance() -> tuple[Fait, ...]:
    return (("À prévoir", f"Un poste relié à internet, avec le son et une caméra, dans un endroit calme. Connectez-vous {EMARGEMENT}"),)


def _delai_d_annulation(dossier: Dossier, etabli_le: date, annulation_jours: int) -> str:
    tardive = "tardive et demande un motif."
    dernier_jour = dernier_jour_pour_annuler((r.debut for r in dossier.regroupements), annulation_jours)
    if dernier_jour < etabli_le:
        return f"Le début de la formation est proche{NBSP}: l’annulation est {tardive}"
    return f"L’annulation est libre jusqu’au {jour_et_date(dernier_jour)} inclus{NNBSP}; ensuite, elle est {tardive}"


def _remplis(*faits: Fait) -> tuple[Fait, ...]:
    return tuple((nom, valeur) for nom, valeur in faits if valeur)
