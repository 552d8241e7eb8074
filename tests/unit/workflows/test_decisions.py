"""What the circuit accepts at each step, and what it says when it refuses."""

from itertools import product
from uuid import UUID, uuid4

import pytest

from services.contracts.circuits import Soumettre
from services.contracts.inscriptions import EtapeCourante, Issue, NatureDecision
from workflows.decisions import ADMISES, CIRCUIT_CLOS, DECISION_EN_COURS, ISSUES, OU_EN_EST_LE_DOSSIER, Attendu, Refus, motif_de_refus

DEMANDE = uuid4()


def soumise(nature: NatureDecision, issue: Issue, demande_id: UUID | None = DEMANDE) -> Soumettre:
    return Soumettre(inscription_id=uuid4(), decision_id=uuid4(), nature=nature, issue=issue, demande_id=demande_id)


@pytest.mark.parametrize(("etape", "nature", "issue"), [*product(ADMISES, NatureDecision, Issue)])
def test_only_what_the_step_awaits_is_accepted(etape: EtapeCourante, nature: NatureDecision, issue: Issue) -> None:
    refus = motif_de_refus(Attendu(etape, DEMANDE), soumise(nature, issue))
    if nature not in ADMISES[etape]:
        assert refus is not None
        assert refus[0] is Refus.AUTRE_ETAPE
    elif issue not in ISSUES[nature]:
        assert refus is not None
        assert refus[0] is Refus.ISSUE_INATTENDUE
    else:
        assert refus is None


def test_an_agent_withdraws_until_the_transmission() -> None:
    ouvertes = [etape for etape, natures in ADMISES.items() if NatureDecision.RETRAIT in natures]
    assert ouvertes == [EtapeCourante.AVIS, EtapeCourante.VALIDATION]


@pytest.mark.parametrize("demande_id", [None, uuid4()])
def test_an_avis_answers_the_demande_that_is_open(demande_id: UUID | None) -> None:
    refus = motif_de_refus(Attendu(EtapeCourante.AVIS, DEMANDE), soumise(NatureDecision.AVIS, Issue.FAVORABLE, demande_id))
    assert refus is not None
    assert refus[0] is Refus.DEMANDE_CLOSE


def test_reasons_are_french_sentences() -> None:
    motifs = [CIRCUIT_CLOS, DECISION_EN_COURS]
    for etape, nature, issue in product(ADMISES, NatureDecision, Issue):
        refus = motif_de_refus(Attendu(etape, uuid4()), soumise(nature, issue))
        if refus:
            motifs.append(refus[1])
    assert OU_EN_EST_LE_DOSSIER.keys() == ADMISES.keys()
    for motif in motifs:
        assert motif[0].isupper()
        assert motif.endswith(".")
        assert "'" not in motif
        assert " :" not in motif  # the space before a colon does not break
