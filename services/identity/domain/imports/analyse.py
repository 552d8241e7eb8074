"""What each line of a file would do to the agents of a collectivité, and why it cannot when it is wrong.

A blank cell keeps what is known. A cell equal to what the export writes is no change, whatever the rules have become since.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.identity.domain.imports.cellules import entier_ecrit, jour_ecrit, nettoyer, neutraliser, sans_accents
from services.identity.domain.imports.colonnes import PAR_CHAMP, REQUIS
from services.identity.domain.imports.controles import LIBELLES_STATUT, controles

DATES = frozenset({"date_naissance", "entree_le", "sortie_le"})
NIR_REFUSE = (
    "Cette cellule semble contenir un numéro de sécurité sociale, que la plateforme n’a pas le droit de recevoir."
    " Il n’a pas été enregistré\N{NO-BREAK SPACE}: retirez-le du fichier."
)


class Action(StrEnum):
    CREER = "creer"
    MODIFIER = "modifier"
    INCHANGEE = "inchangee"
    ERREUR = "erreur"


@dataclass(frozen=True)
class Ligne:
    """One line of the file: its number there, its cells that are not blank. `nirs` are the fields emptied for what they held."""

    numero: int
    cellules: Mapping[str, str]
    nirs: tuple[str, ...] = ()

    @property
    def matricule(self) -> str:
        return entier_ecrit(self.cellules.get("matricule", ""))


@dataclass(frozen=True)
class Connu:
    """An agent of the collectivité. `valeurs` are as stored: ISO dates, the code of his service, the matricule of his supérieur."""

    id: str
    valeurs: Mapping[str, str]


@dataclass(frozen=True)
class Message:
    """Something to say about a line. `champ` is empty when it concerns the whole of it."""

    champ: str
    texte: str
    avertissement: bool = False


@dataclass
class Verdict:
    """`valeurs` are those that change, checked, as `Connu` has them."""

    numero: int
    matricule: str
    action: Action
    agent_id: str | None = None
    valeurs: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def averti(self) -> bool:
        return any(message.avertissement for message in self.messages)

    def refuser(self, champ: str, texte: str) -> None:
        self.action = Action.ERREUR
        self.messages.append(Message(champ, texte))


@dataclass(frozen=True)
class Effectif:
    """The collectivité as it is: names of services by code, agents (those without matricule too)."""

    services: Mapping[str, str]
    agents: Sequence[Connu]


def cellule_ecrite(champ: str, valeur: str) -> str:
    """A stored value as exports write it."""
    if champ in DATES and valeur:
        return jour_ecrit(date.fromisoformat(valeur))
    if champ == "statut":
        return next((libelle for statut, libelle in LIBELLES_STATUT.items() if statut == valeur), valeur)
    return valeur


def analyser(lignes: Sequence[Ligne], effectif: Effectif, aujourd_hui: date) -> list[Verdict]:
    """A verdict a line, in their order."""
    return _Analyse(lignes, effectif, aujourd_hui).verdicts()


class _Analyse:
    def __init__(self, lignes: Sequence[Ligne], effectif: Effectif, aujourd_hui: date) -> None:
        self._lignes = lignes
        self._connus = {connu.valeurs["matricule"]: connu for connu in effectif.agents if connu.valeurs.get("matricule")}
        self._lire: dict[str, Callable[[str], str]] = controles(aujourd_hui)
        self._lire["service"] = _chercheur_de_service(effectif.services)
        self._lire["superieur"] = entier_ecrit
        self._numeros: dict[str, list[int]] = defaultdict(list)
        for ligne in lignes:
            self._numeros[ligne.matricule].append(ligne.numero)
        self._jumeaux = _jumeaux(effectif.agents)

    def verdicts(self) -> list[Verdict]:
        verdicts = [self._verdict(ligne) for ligne in self._lignes]
        self._verifier_les_superieurs(verdicts)
        for verdict in verdicts:
            if verdict.action is Action.CREER:
                self._avertir_des_jumeaux(verdict)
        return verdicts

    def _verdict(self, ligne: Ligne) -> Verdict:
        connu = self._connus.get(ligne.matricule)
        verdict = Verdict(ligne.numero, ligne.matricule, Action.CREER, connu.id if connu else None)
        for champ in ligne.nirs:
            verdict.refuser(champ, NIR_REFUSE)
        if not ligne.matricule and "matricule" not in ligne.nirs:
            verdict.refuser("matricule", "Donnez le matricule de l’agent\N{NO-BREAK SPACE}: c’est lui qui relie un import au suivant.")
        elif ligne.matricule and len(self._numeros[ligne.matricule]) > 1:
            autre = next(numero for numero in self._numeros[ligne.matricule] if numero != ligne.numero)
            verdict.refuser("matricule", f"Ce matricule figure aussi ligne {autre}. Gardez une seule ligne par agent.")
        anciennes = connu.valeurs if connu else {}
        for champ, cellule in ligne.cellules.items():
            self._lire_la_cellule(verdict, champ, cellule, anciennes.get(champ, ""))
        self._verifier_l_ensemble(verdict, connu, ligne)
        if connu and verdict.action is not Action.ERREUR:
            verdict.action = Action.MODIFIER if verdict.valeurs else Action.INCHANGEE
        return verdict

    def _lire_la_cellule(self, verdict: Verdict, champ: str, cellule: str, ancienne: str) -> None:
        if ancienne and cellule == nettoyer(neutraliser(cellule_ecrite(champ, ancienne))):
            return
        try:
            valeur = self._lire[champ](cellule)
        except ValueError as erreur:
            verdict.refuser(champ, str(erreur))
            return
        if valeur != ancienne:
            verdict.valeurs[champ] = valeur

    def _verifier_l_ensemble(self, verdict: Verdict, connu: Connu | None, ligne: Ligne) -> None:
        if connu is None:
            for champ in REQUIS:
                if champ not in ligne.cellules and champ not in {*ligne.nirs, "matricule"}:
                    verdict.refuser(champ, "À renseigner pour un nouvel agent.")
        apres = {**(connu.valeurs if connu else {}), **verdict.valeurs}
        entree, sortie = apres.get("entree_le"), apres.get("sortie_le")
        if {"entree_le", "sortie_le"} & verdict.valeurs.keys() and entree and sortie and sortie <= entree:
            verdict.refuser("sortie_le", "La date de sortie doit suivre la date d’entrée.")
        if verdict.valeurs.get("superieur") and verdict.valeurs["superieur"] == verdict.matricule:
            verdict.refuser("superieur", "Un agent n’est pas son propre supérieur. Laissez la cellule vide ou donnez un autre matricule.")

    def _verifier_les_superieurs(self, verdicts: Sequence[Verdict]) -> None:
        """A supérieur is known already, or created by a line that is right; a line refused may in turn refuse those it leads."""
        suivis = defaultdict(list)
        for verdict in verdicts:
            superieur = verdict.valeurs.get("superieur")
            if superieur and superieur not in self._connus:
                suivis[superieur].append(verdict)
        bons = {verdict.matricule for verdict in verdicts if verdict.action is Action.CREER}
        a_refuser = [superieur for superieur in suivis if superieur not in bons]
        while a_refuser:
            superieur = a_refuser.pop()
            dans_le_fichier = superieur in self._numeros
            for verdict in suivis[superieur]:
                if verdict.action is Action.CREER:
                    a_refuser.append(verdict.matricule)
                verdict.refuser("superieur", _superieur_refuse(dans_le_fichier=dans_le_fichier))

    def _avertir_des_jumeaux(self, verdict: Verdict) -> None:
        jumeau = self._jumeaux.setdefault(_identite(verdict.valeurs), verdict.matricule)
        if jumeau != verdict.matricule:
            sous = f"sous le matricule {jumeau}" if jumeau else "sans matricule"
            texte = (
                f"Une personne de mêmes nom, prénom et date de naissance est déjà connue {sous}."
                " Si c’est la même, corrigez le matricule pour ne pas la créer deux fois."
            )
            verdict.messages.append(Message("matricule", texte, avertissement=True))


def _superieur_refuse(*, dans_le_fichier: bool) -> str:
    if dans_le_fichier:
        return "La ligne de ce supérieur est elle-même en erreur. Corrigez-la d’abord."
    return "Aucun agent n’a ce matricule, ni dans la collectivité ni dans le fichier."


def _chercheur_de_service(services: Mapping[str, str]) -> Callable[[str], str]:
    """From what a cell says, code or name, to the code. ValueError when there is none, or several."""
    par_nom = defaultdict(list)
    for code, nom in services.items():
        par_nom[sans_accents(nom)].append(code)
    par_code = {sans_accents(code): code for code in services}

    def chercher(cellule: str) -> str:
        code = entier_ecrit(cellule)
        if code in services:
            return code
        homonymes = par_nom.get(sans_accents(cellule), [])
        if len(homonymes) > 1:
            raise ValueError(f"Plusieurs services portent ce nom\N{NO-BREAK SPACE}: donnez le code ({', '.join(sorted(homonymes))}).")
        if homonymes:
            return homonymes[0]
        if sans_accents(code) in par_code and sans_accents(code):
            return par_code[sans_accents(code)]
        raise ValueError("Ce service n’existe pas dans la collectivité. Créez-le, ou donnez le code ou le nom d’un service existant.")

    return chercher


def _identite(valeurs: Mapping[str, str]) -> tuple[str, str, str]:
    return sans_accents(valeurs["nom"]), sans_accents(valeurs["prenom"]), valeurs["date_naissance"]


def _jumeaux(agents: Sequence[Connu]) -> dict[tuple[str, str, str], str]:
    return {_identite(agent.valeurs): agent.valeurs.get("matricule", "") for agent in agents if "date_naissance" in agent.valeurs}


def libelle(champ: str) -> str:
    colonne = PAR_CHAMP.get(champ)
    return colonne.libelle if colonne else "Ligne"
