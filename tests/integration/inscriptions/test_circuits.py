"""The circuit of a collectivité: versions, and who may change it."""

import asyncio
from uuid import uuid4

import pytest

from services.contracts.acteur import Role
from services.contracts.inscriptions import Delai, EtapeAvis, OuvrirCircuit
from services.inscriptions.schemas import CircuitPublic, CircuitUpdate
from services.inscriptions.service import circuit, circuits
from services.kit.problems import Problem
from tests.integration.inscriptions.conftest import Monde, acteur

DIX_JOURS = CircuitUpdate(etapes=[EtapeAvis(delai=Delai(valeur=10))])


async def changer(monde: Monde, depuis: int, corps: CircuitUpdate = DIX_JOURS) -> CircuitPublic:
    principal = acteur(Role.GESTIONNAIRE_PRINCIPAL, collectivite_id=monde.collectivite_id)
    async with monde.database.transaction() as session:
        return await circuits.changer(session, principal, corps, depuis=depuis, delais_courts=False)


async def test_a_running_request_keeps_its_circuit(monde: Monde) -> None:
    avant = await monde.depose()
    await changer(monde, depuis=0)
    apres = await monde.depose()
    async with monde.database.transaction() as session:
        plans = [await circuit.ouvrir(session, OuvrirCircuit(inscription_id=inscription.id)) for inscription in (avant, apres)]
    assert [plan.etapes[0].delai.valeur for plan in plans] == [5, 10]


async def test_every_version_is_told_to_its_people(monde: Monde) -> None:
    await changer(monde, depuis=0)
    await changer(monde, depuis=1, corps=CircuitUpdate(etapes=[]))
    async with monde.database.transaction() as session:
        versions = await circuits.versions(session, monde.gestionnaire())
        ailleurs = await circuits.versions(session, acteur(Role.GESTIONNAIRE, collectivite_id=uuid4()))
    assert [(lue.version, len(lue.etapes)) for lue in versions] == [(2, 0), (1, 1)]
    assert all(lue.cree_par and lue.cree_le for lue in versions)
    assert ailleurs == []


async def test_two_changes_from_the_same_version_keep_one(monde: Monde) -> None:
    issues = await asyncio.gather(*(changer(monde, depuis=0) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(issue, CircuitPublic) for issue in issues) == 1
    assert {issue.slug for issue in issues if isinstance(issue, Problem)} == {"change-entre-temps"}


async def test_only_the_gestionnaire_principal_changes_it(monde: Monde) -> None:
    with pytest.raises(Problem, match="circuit-reserve"):
        async with monde.database.transaction() as session:
            await circuits.changer(session, monde.gestionnaire(), DIX_JOURS, depuis=0, delais_courts=False)


async def test_faults_come_with_their_fields(monde: Monde) -> None:
    with pytest.raises(Problem) as refuse:
        await changer(monde, depuis=0, corps=CircuitUpdate(etapes=[EtapeAvis(delai=Delai(valeur=0))]))
    assert [erreur.champ for erreur in refuse.value.errors] == ["etapes.0.delai"]
