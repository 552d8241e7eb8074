"""Who may do what: his own people only, and never on his own request."""

from uuid import uuid4

import pytest

from services.contracts.acteur import Acteur, Role
from services.contracts.inscriptions import EtapeCourante, Etat, NatureDecision
from services.inscriptions.domain.droits import actions
from tests.acteurs import un_acteur

AGENT, COLLECTIVITE, AUTRE = uuid4(), uuid4(), uuid4()


acteur = un_acteur


def possibles(qui: Acteur, etat: Etat, etape: EtapeCourante) -> list[NatureDecision]:
    return actions(qui, agent_id=AGENT, collectivite_id=COLLECTIVITE, structure="BRE", etat=etat, etape=etape)


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        (acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE), [NatureDecision.VALIDATION]),
        (acteur(Role.GESTIONNAIRE_PRINCIPAL, collectivite_id=COLLECTIVITE), [NatureDecision.VALIDATION]),
        (acteur(Role.LECTURE, collectivite_id=COLLECTIVITE), []),
        (acteur(Role.GESTIONNAIRE, collectivite_id=AUTRE), []),
        (acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE, agent_id=AGENT), [NatureDecision.RETRAIT]),
        (acteur(Role.AGENT, collectivite_id=COLLECTIVITE, agent_id=AGENT), [NatureDecision.RETRAIT]),
        (acteur(Role.AGENT, collectivite_id=COLLECTIVITE, agent_id=AUTRE), []),
        (acteur(Role.CONSEILLER, structure="BRE"), []),
    ],
)
def test_before_transmission(qui: Acteur, attendu: list[NatureDecision]) -> None:
    assert possibles(qui, Etat.PREINSCRIPTION, EtapeCourante.VALIDATION) == attendu


@pytest.mark.parametrize("etat", [Etat.TRANSMISE, Etat.LISTE_ATTENTE])
def test_before_the_organisme_only_its_structure_decides(etat: Etat) -> None:
    assert possibles(acteur(Role.CONSEILLER, structure="BRE"), etat, EtapeCourante.INSTRUCTION) == [NatureDecision.INSTRUCTION]
    assert possibles(acteur(Role.ADMINISTRATEUR), etat, EtapeCourante.INSTRUCTION) == [NatureDecision.INSTRUCTION]
    assert possibles(acteur(Role.CONSEILLER, structure="NAQ"), etat, EtapeCourante.INSTRUCTION) == []
    assert possibles(acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE), etat, EtapeCourante.INSTRUCTION) == []


def test_validation_waits_for_the_avis() -> None:
    assert possibles(acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE), Etat.PREINSCRIPTION, EtapeCourante.AVIS) == []
