"""What operators and logs see of a circuit: search attributes, details in French, summaries, correlation id; nothing personal."""

import json
from datetime import datetime
from typing import Any

from asgi_correlation_id import correlation_id
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from deploy.search_attributes import SEARCH_ATTRIBUTES
from services.contracts.inscriptions import Issue, NatureDecision
from services.contracts.notifications import Gabarit
from tests.circuits.conduite import conduire, jours, maintenant, un_plan
from tests.circuits.services_factices import ServicesFactices
from workflows.noms import ATTRIBUTS, COLLECTIVITE, ECHEANCE_LE, ETAPE, RETARD, SESSION

NBSP = "\N{NO-BREAK SPACE}"

IMPERSONNELS = {
    "inscription_id",
    "collectivite_id",
    "session_code",
    "departement",
    "etapes",
    "delai",
    "valeur",
    "unite",
    "relances",
    "relance_la_veille",
    "escalade_suppleant",
    "a_un_superieur",
    "a_un_suppleant",
    "depose_le",
    "date_limite",
    "debut_session",
    "depart",
    "debut",
    "echeance",
    "demande_id",
    "rang",
    "a",
    "numero",
    "motif",
    "etape",
    "etat",
    "issue",
    "deja_fait",
    "decision_id",
    "nature",
    "acteur_id",
    "cle",
    "gabarit",
    "document_id",
    "reference",
}


async def _details(circuit: WorkflowHandle[Any, Any]) -> str:
    metadata: WorkflowMetadata = await circuit.query("__temporal_workflow_metadata")
    return metadata.current_details


def test_search_attributes_are_those_that_are_provisioned() -> None:
    assert {cle.name: cle.indexed_value_type.name.title() for cle in ATTRIBUTS} == SEARCH_ATTRIBUTES


async def test_un_circuit_se_trouve_et_se_lit(env: WorkflowEnvironment) -> None:
    services = ServicesFactices(un_plan(await maintenant(env)))
    async with conduire(env, services) as c:
        await c.calme(Gabarit.AVIS_DEMANDE)
        attributs = (await c.circuit.describe()).typed_search_attributes
        assert attributs[COLLECTIVITE] == str(services.plan.collectivite_id)
        assert attributs[SESSION] == "SXM5A 012"
        assert attributs[ETAPE] == "avis"
        assert attributs[RETARD] is False
        assert isinstance(attributs[ECHEANCE_LE], datetime)
        details = await _details(c.circuit)
        assert details.startswith("**Avis**\n\nAvis demandé au supérieur hiérarchique.\n\nJusqu’au ")
        assert details.count("Relance prévue le ") == 2
        assert f"{NBSP}h" in details

        await c.avancer(jours(9))
        await c.calme(Gabarit.A_VALIDER)
        attributs = (await c.circuit.describe()).typed_search_attributes
        assert (attributs[ETAPE], attributs[RETARD]) == ("validation", True)

        await c.decider(NatureDecision.VALIDATION, Issue.VALIDER)
        await c.calme(Gabarit.TRANSMISE)
        attributs = (await c.circuit.describe()).typed_search_attributes
        assert (attributs[ETAPE], attributs[RETARD]) == ("instruction", False)


async def test_la_correlation_suit_chaque_decision(env: WorkflowEnvironment) -> None:
    """From the deposit to the first mails, then from each click to its effect and to the mails it causes."""
    services = ServicesFactices(un_plan(await maintenant(env)))
    correlation_id.set("depot")
    async with conduire(env, services) as c:
        await c.calme(Gabarit.AVIS_DEMANDE)
        correlation_id.set("avis")
        await c.donner_l_avis()
        await c.calme(Gabarit.A_VALIDER)
        correlation_id.set("refus")
        await c.decider(NatureDecision.VALIDATION, Issue.REFUSER)
        await c.fin()
    assert services.correlations == [
        ("OuvrirCircuit", "depot"),
        ("DemanderAvis", "depot"),
        ("DeposerMessage", "depot"),
        ("AppliquerDecision", "avis"),
        ("PasserEtape", "avis"),
        ("DeposerMessage", "avis"),
        ("AppliquerDecision", "refus"),
        *sorted([("PasserEtape", "refus"), ("DeposerMessage", "refus")], key=services.correlations.index),
    ]


async def test_rien_de_personnel_ne_passe_par_temporal(env: WorkflowEnvironment) -> None:
    """Every payload of a whole circuit holds ids, dates, codes and numbers only."""
    services = ServicesFactices(un_plan(await maintenant(env)))
    async with conduire(env, services) as c:
        await c.calme(Gabarit.AVIS_DEMANDE)
        await c.donner_l_avis()
        await c.calme(Gabarit.A_VALIDER)
        await c.decider(NatureDecision.VALIDATION, Issue.VALIDER)
        await c.calme(Gabarit.TRANSMISE)
        await c.decider(NatureDecision.INSTRUCTION, Issue.ACCEPTER)
        await c.fin()
        histoire = await c.circuit.fetch_history()
    champs = {champ for evenement in histoire.events for charge in _charges(evenement) for champ in _champs(charge)}
    assert {"inscription_id", "gabarit", "nature", "echeance"} <= champs <= IMPERSONNELS


def _charges(message: Any) -> list[Any]:
    """Every JSON payload under a protobuf message, markers' bookkeeping left out."""
    trouvees: list[Any] = []
    for descripteur, valeur in message.ListFields():
        if descripteur.name in {"user_metadata", "search_attributes", "header"}:
            continue
        if descripteur.message_type is None:
            continue
        if descripteur.message_type.full_name == "temporal.api.common.v1.Payloads":
            trouvees += [json.loads(charge.data) for charge in valeur.payloads]
        elif descripteur.message_type.GetOptions().map_entry:
            trouvees += [json.loads(p.data) for nom, charges in valeur.items() if nom == "result" for p in charges.payloads]
        elif not descripteur.is_repeated:
            trouvees += _charges(valeur)
    return trouvees


def _champs(charge: Any) -> set[str]:
    if isinstance(charge, dict):
        return set(charge) | {champ for valeur in charge.values() for champ in _champs(valeur)}
    if isinstance(charge, list):
        return {champ for valeur in charge for champ in _champs(valeur)}
    return set()
