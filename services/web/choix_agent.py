"""Choosing a colleague in a form: by his matricule or his name, without a list of thousands."""

import re
from dataclasses import dataclass
from uuid import UUID

from services.kit.french import NBSP
from services.kit.problems import FieldError, Invalid
from services.web.client import Api
from services.web.modeles_fiches import AgentResume

_MATRICULE = re.compile(r"\(matricule (?P<matricule>.+)\)$")
MONTRES = 6


@dataclass(frozen=True)
class Choix:
    """What was typed in the field `champ`, and whom the page had shown there."""

    champ: str
    texte: str
    connu: str = ""
    connu_id: UUID | None = None

    async def resoudre(self, api: Api) -> UUID | None:
        """The agent meant; None for a blank. Invalid when there is none, or when several are possible."""
        texte = " ".join(self.texte.split())
        if not texte:
            return None
        if texte == self.connu:
            return self.connu_id
        precis = _MATRICULE.search(texte)
        trouves = [agent for agent in (await api.agents(q=precis["matricule"] if precis else texte)).elements if agent.actif]
        if precis:
            trouves = [agent for agent in trouves if agent.matricule == precis["matricule"]]
        exacts = [agent for agent in trouves if texte.casefold() in {(agent.matricule or "").casefold(), agent.nom_complet.casefold()}]
        possibles = exacts or trouves
        if len(possibles) == 1:
            return possibles[0].id
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ=self.champ, message=_lesquels(possibles))])


def designer(agent: AgentResume) -> str:
    """As the field shows him."""
    return f"{agent.nom_complet} (matricule {agent.matricule})" if agent.matricule else agent.nom_complet


def _lesquels(possibles: list[AgentResume]) -> str:
    if not possibles:
        return "Aucun agent en poste ne porte ce nom ni ce matricule."
    noms = ", ".join(designer(agent) for agent in possibles[:MONTRES])
    return f"Plusieurs agents correspondent, précisez{NBSP}: {noms}{'…' if len(possibles) > MONTRES else '.'}"
