"""What the catalogue shows over HTTP."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.catalogue.domain import Accueil, Changement, Etat, EtatDuStage, Fermeture, Nature, Organisation
from services.contracts.catalogue import ModeAdmission
from services.kit.french import date_longue, nombre

NATURES = {
    Nature.INTEGRATION: "Formation d’intégration",
    Nature.PROFESSIONNALISATION_PREMIER_EMPLOI: "Professionnalisation au premier emploi",
    Nature.PROFESSIONNALISATION_TOUT_AU_LONG: "Professionnalisation tout au long de la carrière",
    Nature.PROFESSIONNALISATION_RESPONSABILITE: "Professionnalisation à la prise de poste à responsabilité",
    Nature.PERFECTIONNEMENT: "Perfectionnement",
    Nature.PREPARATION_CONCOURS: "Préparation aux concours et examens professionnels",
    Nature.FORMATION_OBLIGATOIRE: "Formation obligatoire",
    Nature.SAVOIRS_DE_BASE: "Savoirs de base",
}
ORGANISATIONS = {
    Organisation.INTER: "Inter-collectivités",
    Organisation.INTRA: "Intra, pour une seule collectivité",
    Organisation.UNION: "Union de collectivités",
}

MODES = {
    ModeAdmission.AU_FIL_DE_L_EAU: "Au fil de l’eau, dans l’ordre d’arrivée",
    ModeAdmission.SUR_SELECTION: "Sur sélection, par le conseil en formation",
}

EXEMPLE: dict[str, Any] = {
    "id": "5f0c2a34-6f3e-5a55-9a0e-0c7d6b1f2e11",
    "etiquette": '"3"',
    "code": "SXM5A 012",
    "intitule": "Les écrits professionnels\N{NO-BREAK SPACE}: rédiger une note claire",
    "objectifs": "Structurer une note, aller à l’essentiel, adapter son écrit au destinataire.",
    "public": "Tout agent amené à rédiger.",
    "domaine": "Communication et expression écrite",
    "nature": "perfectionnement",
    "nature_libelle": NATURES[Nature.PERFECTIONNEMENT],
    "organisation": "inter",
    "organisation_libelle": ORGANISATIONS[Organisation.INTER],
    "etat": "publiee",
    "debut": "2027-03-01",
    "fin": "2027-03-16",
    "regroupements": [
        {"debut": "2027-03-01", "fin": "2027-03-02", "heure_debut": "09:00:00", "heure_fin": "17:00:00"},
        {"debut": "2027-03-16", "fin": "2027-03-16", "heure_debut": "09:30:00", "heure_fin": "16:30:00"},
    ],
    "duree_jours": 3,
    "duree_heures": 18,
    "lieu": "Rennes",
    "adresse": "1 rue de la Formation, 35000 Rennes",
    "structure": "BRE",
    "structure_nom": "Délégation Bretagne",
    "conseiller": "Annick Le Goff",
    "conseiller_email": "annick.legoff@organisme.example",
    "date_limite": "2027-01-18T22:59:00Z",
    "ouverte": True,
    "motif_fermeture": None,
    "mode_admission": "sur_selection",
    "mode_admission_libelle": MODES[ModeAdmission.SUR_SELECTION],
    "liste_attente": True,
    "effectif_minimum": 8,
    "effectif_attendu": 15,
    "recues": 12,
    "admises": 9,
    "en_attente": 1,
    "disponibles": 6,
}


class RegroupementPublic(BaseModel):
    """One run of consecutive days. Hours are local to Europe/Paris."""

    model_config = ConfigDict(from_attributes=True)

    debut: date
    fin: date
    heure_debut: time
    heure_fin: time


class SessionPublic(BaseModel):
    """A session with its figures. `motif_fermeture` is a French sentence, present when `ouverte` is false.

    `recues` counts the requests received, `admises` the seats taken, `en_attente` the waiting list, `disponibles` the seats left.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXEMPLE]})

    id: UUID
    etiquette: str = Field(description="À renvoyer en If-Match pour modifier la session telle qu’elle a été lue")
    code: str = Field(description="Code du stage et numéro de la session")
    intitule: str
    objectifs: str
    public: str
    domaine: str
    nature: Nature
    nature_libelle: str
    organisation: Organisation
    organisation_libelle: str
    etat: Etat
    debut: date
    fin: date
    regroupements: list[RegroupementPublic]
    duree_jours: float
    duree_heures: float
    lieu: str
    adresse: str
    structure: str
    structure_nom: str
    conseiller: str
    conseiller_email: str
    date_limite: AwareDatetime
    ouverte: bool
    motif_fermeture: str | None
    mode_admission: ModeAdmission
    mode_admission_libelle: str
    liste_attente: bool
    effectif_minimum: int
    effectif_attendu: int
    recues: int
    admises: int
    en_attente: int
    disponibles: int

    @classmethod
    def de(cls, etat: EtatDuStage, maintenant: datetime) -> "SessionPublic":
        session, stage, places = etat.session, etat.session.stage, etat.places
        fermeture = session.fermeture(maintenant)
        return cls(
            id=session.id,
            etiquette=session.etiquette,
            code=session.code,
            intitule=stage.intitule,
            objectifs=stage.objectifs,
            public=stage.public,
            domaine=stage.domaine,
            nature=stage.nature,
            nature_libelle=NATURES[stage.nature],
            organisation=stage.organisation,
            organisation_libelle=ORGANISATIONS[stage.organisation],
            etat=session.etat,
            debut=session.debut,
            fin=session.fin,
            regroupements=[RegroupementPublic.model_validate(regroupement) for regroupement in session.regroupements],
            duree_jours=stage.duree_jours,
            duree_heures=stage.duree_heures,
            lieu=session.lieu,
            adresse=session.adresse,
            structure=session.structure.code,
            structure_nom=session.structure.nom,
            conseiller=session.conseiller,
            conseiller_email=session.conseiller_email,
            date_limite=session.date_limite,
            ouverte=fermeture is None,
            motif_fermeture=_motif(fermeture, session.date_limite),
            mode_admission=session.mode_admission,
            mode_admission_libelle=MODES[session.mode_admission],
            liste_attente=session.liste_attente,
            effectif_minimum=session.effectif_minimum,
            effectif_attendu=session.effectif_attendu,
            recues=places.recues,
            admises=places.admises,
            en_attente=places.en_attente,
            disponibles=etat.disponibles,
        )


class AccueilUpdate(BaseModel):
    """How many a session expects and how it takes them, with the reason why it changes."""

    effectif_attendu: int = Field(le=10_000)
    effectif_minimum: int = Field(le=10_000)
    mode_admission: ModeAdmission
    liste_attente: bool
    motif: str = Field(min_length=5, max_length=2000)

    @property
    def accueil(self) -> Accueil:
        return Accueil(**self.model_dump(exclude={"motif"}))


class ChampChange(BaseModel):
    """What one field was and is, as people read it."""

    champ: str
    avant: str
    apres: str


class ChangementPublic(BaseModel):
    """A change of a session: by whom, when, why, and what."""

    version: int
    le: AwareDatetime
    par: str
    motif: str
    champs: list[ChampChange]

    @classmethod
    def de(cls, changement: Changement) -> "ChangementPublic":
        champs = [
            ChampChange(champ=CHAMPS[champ], avant=_en_mots(champ, avant), apres=_en_mots(champ, apres))
            for champ, (avant, apres) in changement.champs.items()
        ]
        return cls(version=changement.version, le=changement.le, par=changement.par, motif=changement.motif, champs=champs)


CHAMPS = {
    "effectif_attendu": "Effectif attendu",
    "effectif_minimum": "Effectif minimum",
    "mode_admission": "Mode d’admission",
    "liste_attente": "Liste d’attente",
}


def _en_mots(champ: str, valeur: Any) -> str:
    if champ == "mode_admission":
        return MODES[ModeAdmission(valeur)]
    if champ == "liste_attente":
        return "oui" if valeur else "non"
    return nombre(valeur)


def _motif(fermeture: Fermeture | None, date_limite: datetime) -> str | None:
    match fermeture:
        case None:
            return None
        case Fermeture.ANNULEE:
            return "Cette session est annulée."
        case Fermeture.DATE_LIMITE_PASSEE:
            return f"Les inscriptions sont closes depuis le {date_longue(date_limite)}."
