"""Who may do what on a request, whatever the way he came."""

from uuid import UUID

from services.contracts.acteur import Acteur, Droit
from services.contracts.inscriptions import EtapeCourante, Etat, NatureDecision

DEVANT_L_ORGANISME = frozenset({Etat.TRANSMISE, Etat.LISTE_ATTENTE})


def actions(
    acteur: Acteur, *, agent_id: UUID, collectivite_id: UUID, structure: str, etat: Etat, etape: EtapeCourante
) -> list[NatureDecision]:
    """The decisions this acteur may take now on this request. Nobody decides on his own."""
    possibles: list[NatureDecision] = []
    est_le_sien = acteur.agent_id == agent_id
    if est_le_sien and etat is Etat.PREINSCRIPTION:
        possibles.append(NatureDecision.RETRAIT)
    if peut_valider(acteur, agent_id=agent_id, collectivite_id=collectivite_id) and etape is EtapeCourante.VALIDATION:
        possibles.append(NatureDecision.VALIDATION)
    if peut_instruire(acteur, structure=structure) and etat in DEVANT_L_ORGANISME:
        possibles.append(NatureDecision.INSTRUCTION)
    return possibles


def peut_valider(acteur: Acteur, *, agent_id: UUID, collectivite_id: UUID) -> bool:
    return acteur.peut(Droit.GERER_DEMANDES) and acteur.collectivite_id == collectivite_id and acteur.agent_id != agent_id


def peut_instruire(acteur: Acteur, *, structure: str) -> bool:
    return acteur.peut(Droit.INSTRUIRE) and acteur.structure in {None, structure}
