"""The paths on which a service is away, or refuses."""

import asyncio
from datetime import timedelta

from services.contracts.documents import ProduireConvocation
from services.contracts.inscriptions import AppliquerDecision, DemanderAvis, Etat, Issue, PasserEtape, QuiRepond
from services.contracts.notifications import DeposerMessage, Gabarit
from tests.circuits.conduite import Conduite, jours
from tests.circuits.scenarios.etapes import INSTRUCTION, RETRAIT, VALIDATION, jusqu_a_l_instruction, jusqu_a_la_validation
from tests.circuits.scenarios.registre import scenario
from tests.circuits.services_factices import INDISPONIBLE, MALFORMEE, PLUS_PERSONNE, SESSION_COMPLETE
from workflows.effets import APRES_ANOMALIE


@scenario(pannes={DemanderAvis: PLUS_PERSONNE})
async def superieur_parti(c: Conduite) -> None:
    """The supérieur left between the deposit and the demande: the deputy is asked, and nobody is told of a demande that was not."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis(de=QuiRepond.SUPPLEANT)
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    await c.fin()
    assert c.services.effets[1:3] == ["DemanderAvis suppleant 0", "AppliquerDecision"]
    assert Gabarit.AVIS_CLOS not in c.services.gabarits


@scenario()
async def suppleant_parti(c: Conduite) -> None:
    """The deputy left while the supérieur was awaited: the gestionnaire gets the request without an avis."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    c.services.pannes[DemanderAvis] = [PLUS_PERSONNE]
    await c.avancer(jours(4.5))
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    await c.fin()
    assert c.services.effets[4] == "ConstaterAvisNonRendu delai_echu"


@scenario()
async def session_complete(c: Conduite) -> None:
    """No seat is left: the acceptance is refused with inscriptions' own reason, and the circuit goes on waiting."""
    await jusqu_a_l_instruction(c)
    c.services.pannes[AppliquerDecision] = [SESSION_COMPLETE]
    refus = await c.refus(c.decision(INSTRUCTION, Issue.ACCEPTER))
    assert (refus.type, refus.message) == ("session-complete", "Il n’y a plus de place dans cette session.")
    assert refus.details[0]["status"] == 409
    await c.decider(INSTRUCTION, Issue.ACCEPTER)
    assert await c.fin() is Etat.CONVOQUEE


@scenario()
async def decision_pendant_qu_une_autre_s_applique(c: Conduite) -> None:
    """Inscriptions is slow to come back: the decision that waits for it holds the place, another is refused at once."""
    await jusqu_a_la_validation(c)
    c.services.pannes[AppliquerDecision] = [INDISPONIBLE] * 4
    async with asyncio.TaskGroup() as group:
        premiere = group.create_task(c.decider(VALIDATION, Issue.VALIDER))
        await c.jusqu_a(lambda: len(c.services.pannes[AppliquerDecision]) < 2)
        assert (await c.refus(c.decision(VALIDATION, Issue.REFUSER))).type == "decision-en-cours"
    assert premiere.result().etat is Etat.TRANSMISE
    await c.calme(Gabarit.TRANSMISE)


@scenario(saute_le_temps=True)
async def convocation_qui_echoue_trois_fois(c: Conduite) -> None:
    """The PDF fails, then is made: the decision stands, and a decision that comes meanwhile is refused."""
    await jusqu_a_l_instruction(c)
    c.services.pannes[ProduireConvocation] = [INDISPONIBLE, INDISPONIBLE, MALFORMEE]
    assert (await c.decider(INSTRUCTION, Issue.ACCEPTER)).etat is Etat.ACCEPTEE
    assert (await c.refus(c.decision(INSTRUCTION, Issue.REFUSER))).type == "circuit-clos"
    assert await c.fin() is Etat.CONVOQUEE
    assert c.services.effets.count("ProduireConvocation") == 1


@scenario()
async def courrier_en_panne(c: Conduite) -> None:
    """No mail leaves, and the circuit goes on; the mails that ask for what is done never leave at all."""
    c.services.pannes[DeposerMessage] = [INDISPONIBLE] * 1000
    await c.jusqu_a(lambda: "DemanderAvis superieur 0" in c.services.effets)
    await c.donner_l_avis()
    await c.decider(VALIDATION, Issue.VALIDER)
    await c.decider(INSTRUCTION, Issue.REFUSER)
    await c.jusqu_a(lambda: "PasserEtape terminee" in c.services.effets)
    c.services.pannes[DeposerMessage].clear()
    assert await c.fin() is Etat.REFUSEE_ORGANISME
    assert c.services.gabarits == [Gabarit.TRANSMISE, Gabarit.REFUSEE_ORGANISME]


@scenario()
async def inscriptions_en_panne(c: Conduite) -> None:
    """A decision handed in while inscriptions is down is applied when it comes back, once."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    c.services.pannes[AppliquerDecision] = [INDISPONIBLE] * 3
    await c.donner_l_avis()
    await c.calme(Gabarit.A_VALIDER)
    assert c.services.effets.count("AppliquerDecision") == 1
    await c.decider(RETRAIT, Issue.RETIRER)
    assert await c.fin_sans_sauter() is Etat.RETIREE


@scenario(saute_le_temps=True)
async def effet_refuse_par_un_service(c: Conduite) -> None:
    """An anomaly between two steps: the circuit tries again later, and the decision handed in meanwhile waits for its turn."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    c.services.pannes[PasserEtape] = [MALFORMEE]
    await c.donner_l_avis()
    # Time may only be skipped once the circuit waits: its timer counts from the instant it is set.
    await c.jusqu_a(lambda: not c.services.pannes[PasserEtape])
    await c.calme()
    # Heard before time is skipped: else the next step begins, and its mail is cancelled while it is handed over, which
    # this server sometimes answers by losing the task.
    retrait = await c.engager(RETRAIT, Issue.RETIRER)
    await c.avancer(APRES_ANOMALIE + timedelta(seconds=1))
    assert (await retrait.result()).etat is Etat.RETIREE
    assert await c.fin_sans_sauter() is Etat.RETIREE
