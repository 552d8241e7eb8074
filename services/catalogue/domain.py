"""Stages and sessions: what they are, when one may ask for them, who may see them. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.catalogue import ModeAdmission

PARIS = ZoneInfo("Europe/Paris")
CODE_STAGE = re.compile(r"[A-Z0-9]{5}")
NUMERO = re.compile(r"[0-9]{3}")
MOT = re.compile(r"[^\W_]+")
MOTS_AU_PLUS = 12
PETITS_MOTS = (
    "à au aux avec ce ces dans de des du d elle en et eux il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre"
    " nous on ou où par pas pour qu que qui s sa se ses son sur t ta te tes toi ton tu un une vos votre vous"
)
"""Not looked for. Neither "a", "b" nor "c" is there: they are the catégories."""
MOTS_VIDES = frozenset(PETITS_MOTS.split())


class Nature(StrEnum):
    """What a training is for, in the words of the statute of the fonction publique territoriale."""

    INTEGRATION = "integration"
    PROFESSIONNALISATION_PREMIER_EMPLOI = "professionnalisation_premier_emploi"
    PROFESSIONNALISATION_TOUT_AU_LONG = "professionnalisation_tout_au_long"
    PROFESSIONNALISATION_RESPONSABILITE = "professionnalisation_responsabilite"
    PERFECTIONNEMENT = "perfectionnement"
    PREPARATION_CONCOURS = "preparation_concours"
    FORMATION_OBLIGATOIRE = "formation_obligatoire"
    SAVOIRS_DE_BASE = "savoirs_de_base"


class Organisation(StrEnum):
    """For whom a stage is set up: agents of any collectivité, of one, or of several that joined."""

    INTER = "inter"
    INTRA = "intra"
    UNION = "union"


class Etat(StrEnum):
    PUBLIEE = "publiee"
    ANNULEE = "annulee"


class Fermeture(StrEnum):
    """Why a session takes no request any more."""

    ANNULEE = "annulee"
    DATE_LIMITE_PASSEE = "date_limite_passee"


@dataclass(frozen=True, kw_only=True)
class Structure:
    """A délégation or an institut of the organisme."""

    code: str
    nom: str


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A course, given in as many sessions as needed. `duree_jours` counts half-days as 0.5."""

    code: str
    intitule: str
    domaine: str
    nature: Nature
    organisation: Organisation
    objectifs: str
    public: str
    duree_jours: float
    duree_heures: float


@dataclass(frozen=True, kw_only=True)
class Regroupement:
    """One run of consecutive days. Hours are local to Europe/Paris."""

    debut: date
    fin: date
    heure_debut: time
    heure_fin: time


@dataclass(frozen=True, kw_only=True)
class Aire:
    """Aire de recrutement: everybody, else the collectivités of these départements, else those named."""

    nationale: bool = False
    departements: tuple[str, ...] = ()
    collectivites: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Accueil:
    """How many a session expects, and how it takes them: what may change while requests come."""

    effectif_attendu: int
    effectif_minimum: int
    mode_admission: ModeAdmission
    liste_attente: bool

    def anomalies(self) -> dict[str, str]:
        """What forbids to keep it, one French sentence by field; empty when it is sound."""
        constats = {
            "effectif_attendu": ("L’effectif attendu est d’au moins une personne.", self.effectif_attendu < 1),
            "effectif_minimum": (
                "L’effectif minimum est compris entre zéro et l’effectif attendu.",
                not 0 <= self.effectif_minimum <= max(self.effectif_attendu, 1),
            ),
        }
        return {champ: phrase for champ, (phrase, constat) in constats.items() if constat}

    def differences(self, apres: "Accueil") -> dict[str, tuple[Any, Any]]:
        """What would change, by field: before and after."""
        avant, voulu = asdict(self), asdict(apres)
        return {champ: (avant[champ], voulu[champ]) for champ in avant if avant[champ] != voulu[champ]}


@dataclass(frozen=True, kw_only=True)
class Session:
    """A stage at given dates in a given place."""

    id: UUID
    version: int = 1
    stage: Stage
    numero: str
    structure: Structure
    lieu: str
    adresse: str
    regroupements: tuple[Regroupement, ...]
    date_limite: datetime
    effectif_attendu: int
    effectif_minimum: int
    conseiller: str
    conseiller_email: str
    aire: Aire
    etat: Etat = Etat.PUBLIEE
    mode_admission: ModeAdmission = ModeAdmission.SUR_SELECTION
    liste_attente: bool = True

    @property
    def etiquette(self) -> str:
        """What marks the session as it was read."""
        return f'"{self.version}"'

    @property
    def accueil(self) -> Accueil:
        return Accueil(**{champ.name: getattr(self, champ.name) for champ in fields(Accueil)})

    @property
    def code(self) -> str:
        return f"{self.stage.code} {self.numero}"

    @property
    def debut(self) -> date:
        return min(regroupement.debut for regroupement in self.regroupements)

    @property
    def fin(self) -> date:
        return max(regroupement.fin for regroupement in self.regroupements)

    def fermeture(self, maintenant: datetime) -> Fermeture | None:
        """Why no request is taken at this instant; None while the session is open."""
        if self.etat is Etat.ANNULEE:
            return Fermeture.ANNULEE
        if maintenant > self.date_limite:
            return Fermeture.DATE_LIMITE_PASSEE
        return None


@dataclass(frozen=True, kw_only=True)
class Changement:
    """Who changed a session, when and why: the version it made, and by field what was and what is."""

    version: int
    le: datetime
    par: str
    motif: str
    champs: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Places:
    """The figures of a session as its ledger last told them."""

    recues: int = 0
    admises: int = 0
    en_attente: int = 0

    def disponibles(self, effectif_attendu: int) -> int:
        return max(effectif_attendu - self.admises, 0)


@dataclass(frozen=True, kw_only=True)
class EtatDuStage:
    """A session with its figures: what everybody reads before asking."""

    session: Session
    places: Places = field(default_factory=Places)

    @property
    def disponibles(self) -> int:
        return self.places.disponibles(self.session.effectif_attendu)


@dataclass(frozen=True, kw_only=True)
class Perimetre:
    """Which sessions one may see: all, those of his structure, those published for his collectivité; reasons add up."""

    tout: bool = False
    structure: str | None = None
    collectivite_id: UUID | None = None


def fin_de_journee(jour: date) -> datetime:
    """The last minute of a deadline given as a day: 23:59 in Paris."""
    return datetime.combine(jour, time(23, 59), PARIS)


def termes(texte: str) -> list[str]:
    """The words of a search, without punctuation nor the small words of French; at most a dozen are looked for."""
    return [mot for mot in MOT.findall(texte.lower()) if mot not in MOTS_VIDES][:MOTS_AU_PLUS]


def anomalies_du_stage(stage: Stage) -> list[str]:
    """What forbids to keep a stage, one French sentence each; empty when it is sound."""
    constats = {
        "Le code d’un stage compte cinq lettres majuscules ou chiffres.": not CODE_STAGE.fullmatch(stage.code),
        "L’intitulé est obligatoire.": not stage.intitule,
        "La durée en jours est à indiquer.": stage.duree_jours <= 0,
        "La durée en heures est à indiquer.": stage.duree_heures <= 0,
    }
    return [phrase for phrase, constat in constats.items() if constat]


def anomalies_de_la_session(session: Session) -> list[str]:
    """What forbids to publish a session, one French sentence each; empty when it is sound."""
    if not session.regroupements:
        return ["Une session compte au moins un regroupement."]
    constats = {
        "Le numéro d’une session compte trois chiffres.": not NUMERO.fullmatch(session.numero),
        "La date limite d’inscription précède le premier jour de la session.": session.date_limite.astimezone(PARIS).date()
        >= session.debut,
    }
    phrases = [phrase for phrase, constat in constats.items() if constat]
    phrases += session.accueil.anomalies().values()
    return phrases + _anomalies_des_regroupements(session.regroupements) + _anomalies_de_l_aire(session)


def _anomalies_des_regroupements(regroupements: Sequence[Regroupement]) -> list[str]:
    constats = {
        "Un regroupement finit au plus tôt le jour où il commence.": any(r.fin < r.debut for r in regroupements),
        "Une journée finit après son début.": any(r.heure_fin <= r.heure_debut for r in regroupements),
        "Les regroupements se suivent sans se chevaucher.": any(apres.debut <= avant.fin for avant, apres in pairwise(regroupements)),
    }
    return [phrase for phrase, constat in constats.items() if constat]


def _anomalies_de_l_aire(session: Session) -> list[str]:
    aire = session.aire
    nommees = len(aire.collectivites)
    reservee = not aire.nationale and not aire.departements
    constats = {
        "L’aire de recrutement ne comprend personne.": reservee and not nommees,
        "Une session intra est réservée à une seule collectivité, qu’elle nomme.": session.stage.organisation is Organisation.INTRA
        and not (reservee and nommees == 1),
        "Une session en union nomme au moins deux collectivités, et elles seules.": session.stage.organisation is Organisation.UNION
        and not (reservee and nommees > 1),
    }
    return [phrase for phrase, constat in constats.items() if constat]
