"""The columns of a file of agents: their names, their usual other names, what each holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.identity.domain.imports.cellules import sans_accents


@dataclass(frozen=True)
class Colonne:
    """`obligatoire`: a file without this column is refused. `requise`: a new agent needs a value there."""

    champ: str
    libelle: str
    aide: str
    synonymes: tuple[str, ...] = ()
    obligatoire: bool = False
    requise: bool = False


COLONNES: tuple[Colonne, ...] = (
    Colonne(
        "matricule",
        "Matricule",
        "Identifiant de l’agent dans votre logiciel de paie ou de RH. Il relie un import au suivant.",
        ("n matricule", "numero matricule", "num matricule", "identifiant", "identifiant externe", "id agent", "code agent"),
        obligatoire=True,
        requise=True,
    ),
    Colonne("civilite", "Civilité", "Mme ou M.", ("civ", "titre"), requise=True),
    Colonne("nom", "Nom d’usage", "Nom porté au travail.", ("nom", "nom usuel", "nom usage"), obligatoire=True, requise=True),
    Colonne(
        "nom_naissance",
        "Nom de naissance",
        "S’il diffère du nom d’usage.",
        ("nom naissance", "nom de famille", "nom patronymique", "nom de jeune fille", "nom jeune fille"),
    ),
    Colonne("prenom", "Prénom", "Prénom usuel.", ("prenoms", "prenom usuel"), obligatoire=True, requise=True),
    Colonne(
        "date_naissance",
        "Date de naissance",
        "Comme 01/03/1985.",
        ("date naissance", "ne le", "nee le", "ne e le", "naissance", "ddn", "date de naiss"),
        requise=True,
    ),
    Colonne(
        "email",
        "Adresse électronique",
        "Adresse à laquelle l’agent reçoit ses convocations.",
        ("e mail", "email", "mail", "mel", "courriel", "adresse mail", "adresse e mail", "adresse email", "mail professionnel"),
        obligatoire=True,
        requise=True,
    ),
    Colonne(
        "portable",
        "Portable",
        "Comme 06 12 34 56 78.",
        ("telephone portable", "tel portable", "mobile", "telephone mobile", "tel mobile", "gsm", "telephone", "tel"),
    ),
    Colonne(
        "statut",
        "Statut",
        "Titulaire, Stagiaire, Contractuel de droit public, Contractuel de droit privé, Apprenti, Assistant maternel ou Emploi aidé.",
        ("statut agent", "position statutaire"),
        requise=True,
    ),
    Colonne("categorie", "Catégorie", "A+, A, B ou C.", ("cat", "categorie hierarchique")),
    Colonne("filiere", "Filière", "Administrative, technique, culturelle…", ()),
    Colonne("cadre_emplois", "Cadre d’emplois", "Comme Attachés territoriaux.", ("cadre emplois", "cadre emploi", "cadre d emploi")),
    Colonne("grade", "Grade", "Comme Attaché principal.", ("libelle grade", "grade agent")),
    Colonne(
        "fonction",
        "Fonction",
        "Métier exercé.",
        ("metier", "poste", "emploi", "intitule du poste", "fonction metier", "libelle emploi"),
        requise=True,
    ),
    Colonne("service", "Service", "Code ou nom d’un service de la collectivité.", ("code service", "direction service", "affectation")),
    Colonne(
        "superieur",
        "Matricule du supérieur",
        "S’il n’est pas le responsable du service. Il peut figurer dans le même fichier.",
        ("superieur", "superieur hierarchique", "matricule superieur", "n 1", "responsable hierarchique", "matricule n 1"),
    ),
    Colonne(
        "temps_travail",
        "Temps de travail",
        "En pourcentage, de 1 à 100.",
        ("quotite", "quotite de travail", "taux d emploi", "taux activite", "temps de travail en", "quotite temps de travail"),
    ),
    Colonne("niveau_diplome", "Niveau de diplôme", "Comme Niveau 6.", ("diplome", "niveau diplome", "niveau d etudes")),
    Colonne(
        "entree_le", "Date d’entrée", "Premier jour dans la collectivité.", ("entree le", "date entree", "date d arrivee", "date arrivee")
    ),
    Colonne(
        "sortie_le",
        "Date de sortie",
        "Premier jour hors de la collectivité.",
        ("sortie le", "date sortie", "date de depart", "date depart"),
    ),
)
PAR_CHAMP = {colonne.champ: colonne for colonne in COLONNES}
CHAMPS = tuple(PAR_CHAMP)
REQUIS = tuple(colonne.champ for colonne in COLONNES if colonne.requise)


def _noms() -> dict[str, str]:
    noms = {}
    for colonne in COLONNES:
        for nom in (colonne.libelle, colonne.champ, *colonne.synonymes):
            noms[sans_accents(nom)] = colonne.champ
    return noms


_NOMS = _noms()


@dataclass(frozen=True)
class Entete:
    """Where each field stands in a line. `ignorees` are the names of the columns nobody reads here."""

    places: dict[str, int]
    ignorees: tuple[str, ...] = ()


class EnteteInvalideError(ValueError):
    """The first line cannot head a file of agents; its text says why and how to mend it."""


def reconnaitre(cellules: Sequence[str]) -> Entete:
    """The columns named by the first line of a file, in any order. EnteteInvalideError when one is missing or comes twice."""
    places: dict[str, int] = {}
    ignorees = []
    for place, cellule in enumerate(cellules):
        champ = _NOMS.get(sans_accents(cellule))
        if champ is None:
            if cellule.strip():
                ignorees.append(cellule.strip()[:80])
        elif champ in places:
            raise EnteteInvalideError(
                f"La colonne «\N{NO-BREAK SPACE}{PAR_CHAMP[champ].libelle}\N{NO-BREAK SPACE}» figure deux fois. Gardez-en une."
            )
        else:
            places[champ] = place
    manquantes = [colonne.libelle for colonne in COLONNES if colonne.obligatoire and colonne.champ not in places]
    if manquantes:
        noms = ", ".join(f"«\N{NO-BREAK SPACE}{nom}\N{NO-BREAK SPACE}»" for nom in manquantes)
        raise EnteteInvalideError(
            f"Il manque dans la première ligne\N{NO-BREAK SPACE}: {noms}. Nommez les colonnes comme dans le modèle à télécharger."
        )
    return Entete(places, tuple(ignorees))
