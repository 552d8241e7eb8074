"""How domain values are said on the pages: words, icons, tones. Pure functions, used as template filters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.contracts.acteur import Role
from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import Delai, EtapeCourante, Etat, SensAvis, UniteDelai
from services.kit.clock import PARIS
from services.kit.french import NBSP, date_longue, heure, nombre
from services.web.modeles import Inscription


@dataclass(frozen=True)
class Apparence:
    """An icon and a tone, always beside words: colour alone carries no meaning."""

    icone: str
    ton: str


ETATS: dict[Etat, Apparence] = {
    Etat.PREINSCRIPTION: Apparence("hourglass-split", "attente"),
    Etat.TRANSMISE: Apparence("send-fill", "cours"),
    Etat.LISTE_ATTENTE: Apparence("list-ol", "attente"),
    Etat.ACCEPTEE: Apparence("check-circle-fill", "succes"),
    Etat.CONVOQUEE: Apparence("envelope-check-fill", "succes"),
    Etat.REFUSEE_COLLECTIVITE: Apparence("x-circle-fill", "refus"),
    Etat.REFUSEE_ORGANISME: Apparence("x-circle-fill", "refus"),
    Etat.RETIREE: Apparence("arrow-return-left", "neutre"),
    Etat.EXPIREE: Apparence("clock-history", "neutre"),
}

LIBELLES_ETATS: dict[Etat, str] = {
    Etat.PREINSCRIPTION: "Préinscription",
    Etat.TRANSMISE: "Transmise, en instruction",
    Etat.LISTE_ATTENTE: "Sur liste d’attente",
    Etat.ACCEPTEE: "Acceptée",
    Etat.CONVOQUEE: "Convocation envoyée",
    Etat.REFUSEE_COLLECTIVITE: "Refusée par la collectivité",
    Etat.REFUSEE_ORGANISME: "Refusée par l’organisme",
    Etat.RETIREE: "Retirée par l’agent",
    Etat.EXPIREE: "Expirée",
}

PREINSCRIPTIONS: dict[EtapeCourante, str] = {
    EtapeCourante.AVIS: "Préinscription, avis demandé",
    EtapeCourante.VALIDATION: "Préinscription, à valider",
}

SANS_SUITE = frozenset({Etat.REFUSEE_COLLECTIVITE, Etat.REFUSEE_ORGANISME, Etat.RETIREE, Etat.EXPIREE})
"""States where a request ended without a convocation: the agent may ask again."""

AVIS: dict[SensAvis | None, Apparence] = {
    None: Apparence("hourglass-split", "attente"),
    SensAvis.FAVORABLE: Apparence("hand-thumbs-up-fill", "succes"),
    SensAvis.SOUS_RESERVE: Apparence("plus-slash-minus", "attente"),
    SensAvis.DEFAVORABLE: Apparence("hand-thumbs-down-fill", "refus"),
    SensAvis.NON_RENDU: Apparence("slash-circle", "neutre"),
}

ROLES: dict[Role, str] = {
    Role.GESTIONNAIRE_PRINCIPAL: "Gestionnaire principal",
    Role.GESTIONNAIRE: "Gestionnaire de formation",
    Role.LECTURE: "Consultation",
    Role.CONSEILLER: "Conseil en formation",
    Role.ADMINISTRATEUR: "Administration de l’organisme",
    Role.AGENT: "Agent",
}

CANAUX: dict[str, str] = {
    "plateforme": "sur la plateforme",
    "lien": "par le lien reçu",
    "circuit": "automatiquement",
}

FAITS: dict[str, str] = {
    "depot": "journal-text",
    "avis_demande": "envelope",
    "relance": "clock-history",
    "avis_rendu": "chat-square-text",
    "avis_non_rendu": "slash-circle",
    "aucun_superieur": "question-circle",
    "validation": "check-lg",
    "transmission": "send-fill",
    "refus_collectivite": "x-circle-fill",
    "acceptation": "check-circle-fill",
    "liste_attente": "list-ol",
    "refus_organisme": "x-circle-fill",
    "convocation": "file-earmark-pdf",
    "retrait": "arrow-return-left",
    "expiration": "clock-history",
}


def etat_en_mots(demande: Inscription) -> str:
    """The state, and for a préinscription what it waits for."""
    if demande.etat is Etat.PREINSCRIPTION and demande.etape is EtapeCourante.AVIS and demande.avis is None:
        return "Préinscription enregistrée"
    if demande.etat is Etat.PREINSCRIPTION:
        return PREINSCRIPTIONS.get(demande.etape, demande.etat_libelle)
    return demande.etat_libelle


def icone_du_fait(fait: str) -> str:
    return FAITS.get(fait, "info-circle-fill")


def canal(valeur: str) -> str:
    return CANAUX.get(valeur, valeur)


def signature(par: str, pour: str) -> str:
    """`X pour Y, par délégation de Z`; of who acts under a mandate, `X (CDG 35) pour Y` already, Y is not said twice."""
    if not par or not pour:
        return par or f"pour {pour}"
    qui, separateur, mandant = par.rpartition(" pour ")
    return f"{qui} pour {pour}" if separateur and pour.startswith(mandant) else f"{par} pour {pour}"


def role(roles: frozenset[Role]) -> str:
    """The foremost role, in words."""
    return next((libelle for cle, libelle in ROLES.items() if cle in roles), "")


def periode(debut: date, fin: date) -> str:
    """`le 1er mars 2027`, `du 1er au 3 mars 2027`, `du 28 février au 2 mars 2027`."""
    if debut == fin:
        return f"le{NBSP}{date_longue(debut)}"
    fin_ecrite = date_longue(fin)
    mots = date_longue(debut).split(NBSP)
    if debut.year != fin.year:
        commun = 0
    elif debut.month != fin.month:
        commun = 1
    else:
        commun = 2
    return f"du{NBSP}{NBSP.join(mots[: len(mots) - commun])} au{NBSP}{fin_ecrite}"


def regroupement(valeur: Regroupement) -> str:
    """`du 1er au 2 mars 2027, de 9 h à 17 h`."""
    return f"{periode(valeur.debut, valeur.fin)}, de{NBSP}{heure(valeur.heure_debut)} à{NBSP}{heure(valeur.heure_fin)}"


def anciennete(instant: datetime, maintenant: datetime) -> str:
    """`aujourd’hui`, `hier`, `il y a 12 jours`, by the calendar of Paris."""
    jours = (maintenant.astimezone(PARIS).date() - instant.astimezone(PARIS).date()).days
    if jours <= 0:
        return "aujourd’hui"
    return "hier" if jours == 1 else f"il y a{NBSP}{nombre(jours)}{NBSP}jours"


def urgence(echeance: datetime, maintenant: datetime) -> str:
    """`depassee`, `proche` (within two days) or `loin`."""
    if echeance <= maintenant:
        return "depassee"
    return "proche" if echeance - maintenant <= timedelta(days=2) else "loin"


def delai(valeur: Delai) -> str:
    """`1 jour ouvré`, `5 jours ouvrés`, `20 secondes`."""
    pluriel = "s" if valeur.valeur > 1 else ""
    unite = f"jour{pluriel} ouvré{pluriel}" if valeur.unite is UniteDelai.JOURS_OUVRES else f"seconde{pluriel}"
    return f"{nombre(valeur.valeur)}{NBSP}{unite}"


def ecart(valeur: int) -> str:
    """What was added or taken away, with its sign: « +1 », « −2 »; nothing when nothing was."""
    if not valeur:
        return ""
    return f"+{nombre(valeur)}" if valeur > 0 else f"\N{MINUS SIGN}{nombre(-valeur)}"


def accord(combien: int, singulier: str, pluriel: str | None = None) -> str:
    """`0 place`, `1 place`, `2 places`: in French zero is singular."""
    mot = singulier if combien < 2 else (pluriel or f"{singulier}s")  # noqa: PLR2004 -- the plural begins at two
    return f"{nombre(combien)}{NBSP}{mot}"


@dataclass(frozen=True)
class Halte:
    """A stop of the path of a request. `etat`: faite, courante, arretee or a_venir."""

    nom: str
    etat: str

    @property
    def en_mots(self) -> str:
        return _HALTES[self.etat]


_HALTES = {"faite": "étape faite", "courante": "étape en cours", "arretee": "la demande s’est arrêtée ici", "a_venir": "à venir"}
_NOMS = ("Dépôt", "Avis", "Validation", "Instruction", "Convocation")
_RANGS = {
    EtapeCourante.AVIS: 1,
    EtapeCourante.VALIDATION: 2,
    EtapeCourante.INSTRUCTION: 3,
    EtapeCourante.CONVOCATION: 4,
}
_ARRETS = {Etat.REFUSEE_COLLECTIVITE: 2, Etat.REFUSEE_ORGANISME: 3}


def parcours(etat: Etat, etape: EtapeCourante, *, transmise: bool, avis_clos: bool, sans_avis: bool) -> list[Halte]:
    """The stops of a request, in order, from the deposit to the convocation.

    `transmise`: it reached the organisme. `avis_clos`: the avis is given or passed over. `sans_avis`: its circuit asks for none.
    """
    if etat is Etat.CONVOQUEE:
        rang, marque = len(_NOMS), "courante"
    elif etat in _ARRETS:
        rang, marque = _ARRETS[etat], "arretee"
    elif etat in {Etat.RETIREE, Etat.EXPIREE}:
        rang, marque = (3 if transmise else 2 if avis_clos or sans_avis else 1), "arretee"
    else:
        rang, marque = _RANGS.get(etape, 1), "courante"
    haltes = [Halte(nom, "faite" if i < rang else marque if i == rang else "a_venir") for i, nom in enumerate(_NOMS)]
    return [halte for halte in haltes if not (sans_avis and halte.nom == "Avis")]
