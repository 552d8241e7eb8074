"""The reminders and the échéances of a circuit fall on the business days of the collectivité's département."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from services.contracts.inscriptions import Delai, DemanderAvis, EtapeAvis, Issue, NatureDecision
from services.contracts.notifications import Gabarit
from tests.circuits.conduite import SAUTE_LE_TEMPS, Conduite, conduire, maintenant, un_plan
from tests.circuits.services_factices import ServicesFactices
from workflows.calendrier import PARIS

pytestmark = pytest.mark.skipif(not SAUTE_LE_TEMPS, reason="waits for weeks: needs the time-skipping server, which has no build here")

HABITUELLE = EtapeAvis(delai=Delai(valeur=5), relances=(Delai(valeur=3),))
SOIR_DE_PENTECOTE = datetime(2035, 5, 11, 18, 30, tzinfo=PARIS)
"""A Friday evening; Monday the 14th of May 2035 is the lundi de Pentecôte."""


async def _attendre(env: WorkflowEnvironment, instant: datetime) -> None:
    await env.sleep(instant - await maintenant(env))


async def _laisser_courir(c: Conduite) -> None:
    """Until the avis of both is known not to come."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await _attendre(c.env, datetime(2035, 5, 31, tzinfo=PARIS))
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(NatureDecision.VALIDATION, Issue.REFUSER)
    await c.fin()


@pytest.mark.parametrize(
    ("departement", "relances", "echeances"),
    [
        pytest.param("35", ["17 09:00", "18 09:00", "24 09:00", "25 09:00"], ["21 23:59", "28 23:59"], id="lundi de Pentecôte"),
        pytest.param("973", ["17 09:00", "18 09:00", "24 09:00", "25 09:00"], ["21 23:59", "28 23:59"], id="Guyane"),
        pytest.param("976", ["17 09:00", "18 09:00", "24 09:00", "25 09:00"], ["21 23:59", "28 23:59"], id="Mayotte"),
        # The 22nd of May is the abolition of slavery in Martinique: the deputy has a day more.
        pytest.param("972", ["17 09:00", "18 09:00", "25 09:00", "28 09:00"], ["21 23:59", "29 23:59"], id="Martinique"),
    ],
)
async def test_relances_et_echeances(env: WorkflowEnvironment, departement: str, relances: list[str], echeances: list[str]) -> None:
    await _attendre(env, SOIR_DE_PENTECOTE)
    plan = un_plan(
        await maintenant(env),
        etapes=(HABITUELLE,),
        departement=departement,
        date_limite=datetime(2035, 9, 1, tzinfo=UTC),
        debut_session=datetime(2035, 10, 1, tzinfo=UTC),
    )
    services = ServicesFactices(plan)
    async with conduire(env, services) as c:
        await _laisser_courir(c)
    assert [_jour_de_mai(instant) for instant in services.parti_le(Gabarit.AVIS_RELANCE)] == relances
    demandes = services.recues(DemanderAvis)
    assert [_jour_de_mai(demande.echeance) for demande in demandes] == echeances
    assert [_jour_de_mai(relance) for demande in demandes for relance in demande.relances] == relances
    retard = services.parti_le(Gabarit.A_VALIDER)[0] - demandes[1].echeance
    assert timedelta() <= retard < timedelta(minutes=1)


def _jour_de_mai(instant: datetime) -> str:
    local = instant.astimezone(PARIS)
    assert (local.year, local.month) == (2035, 5)
    return local.strftime("%d %H:%M")
