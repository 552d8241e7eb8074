"""The paths that people make the circuit take."""

import asyncio
from uuid import uuid4

from temporalio.client import WorkflowUpdateFailedError

from services.contracts.inscriptions import Etat, Issue, PasserEtape, QuiRepond
from services.contracts.notifications import Gabarit
from tests.circuits.conduite import Conduite, etape_avis, jours
from tests.circuits.scenarios.etapes import AVIS, FAVORABLE, INSTRUCTION, RETRAIT, VALIDATION, jusqu_a_l_instruction, jusqu_a_la_validation
from tests.circuits.scenarios.registre import scenario


@scenario()
async def avis_favorable(c: Conduite) -> None:
    """The leaflet: avis, validation, transmission, acceptance, convocation."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis()
    await c.calme(Gabarit.A_VALIDER)
    assert (await c.decider(VALIDATION, Issue.VALIDER)).etat is Etat.TRANSMISE
    await c.calme(Gabarit.TRANSMISE)
    assert (await c.decider(INSTRUCTION, Issue.ACCEPTER)).etat is Etat.ACCEPTEE
    assert await c.fin() is Etat.CONVOQUEE
    assert c.services.effets == [
        "OuvrirCircuit",
        "DemanderAvis superieur 0",
        "AppliquerDecision",
        "PasserEtape validation",
        "AppliquerDecision",
        "PasserEtape instruction",
        "AppliquerDecision",
        "PasserEtape convocation",
        "ProduireConvocation",
        "Convoquer",
        "PasserEtape terminee",
    ]
    assert c.services.gabarits == [Gabarit.AVIS_DEMANDE, Gabarit.A_VALIDER, Gabarit.TRANSMISE, Gabarit.ACCEPTEE, Gabarit.CONVOCATION]
    assert (
        next(courrier for courrier in c.services.courriers if courrier.gabarit is Gabarit.CONVOCATION).document_id == c.services.document_id
    )
    validation, instruction = c.services.recues(PasserEtape)[:2]
    assert validation.echeance == c.services.plan.date_limite
    assert instruction.echeance == c.services.plan.debut_session


@scenario()
async def avis_defavorable_n_arrete_rien(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis(Issue.DEFAVORABLE)
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.VALIDER)
    await c.calme(Gabarit.TRANSMISE)
    await c.decider(INSTRUCTION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_ORGANISME
    assert c.services.gabarits[-1] is Gabarit.REFUSEE_ORGANISME


@scenario()
async def escalade_au_suppleant(c: Conduite) -> None:
    """Two reminders, then the deputy is asked, and the supérieur told; the supérieur's answer is then refused."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.avancer(jours(4.5))
    await c.jusqu_a(lambda: c.services.gabarits.count(Gabarit.AVIS_DEMANDE) == 2)
    await c.calme()
    trop_tard = c.decision(AVIS, FAVORABLE, c.services.demande_id(QuiRepond.SUPERIEUR))
    assert (await c.refus(trop_tard)).type == "demande-close"
    await c.donner_l_avis(de=QuiRepond.SUPPLEANT)
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_COLLECTIVITE
    assert c.services.effets[1:6] == [
        "DemanderAvis superieur 0",
        "NoterRelance",
        "NoterRelance",
        "DemanderAvis suppleant 0",
        "AppliquerDecision",
    ]
    assert c.services.gabarits == [
        Gabarit.AVIS_DEMANDE,
        Gabarit.AVIS_RELANCE,
        Gabarit.AVIS_RELANCE,
        Gabarit.AVIS_CLOS,
        Gabarit.AVIS_DEMANDE,
        Gabarit.A_VALIDER,
        Gabarit.REFUSEE_COLLECTIVITE,
    ]


@scenario()
async def avis_non_rendu(c: Conduite) -> None:
    """Neither the supérieur nor the deputy answers: the gestionnaire gets the request without an avis."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.avancer(jours(9))
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_COLLECTIVITE
    assert c.services.effets[4:9] == [
        "DemanderAvis suppleant 0",
        "NoterRelance",
        "NoterRelance",
        "ConstaterAvisNonRendu delai_echu",
        "PasserEtape validation",
    ]


@scenario(etapes=(etape_avis(escalade=False),))
async def sans_escalade(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.avancer(jours(4.5))
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_COLLECTIVITE
    assert c.services.effets[4] == "ConstaterAvisNonRendu delai_echu"
    assert Gabarit.AVIS_CLOS not in c.services.gabarits


@scenario(a_un_superieur=False, a_un_suppleant=False)
async def aucun_superieur(c: Conduite) -> None:
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_COLLECTIVITE
    assert c.services.effets[:3] == ["OuvrirCircuit", "ConstaterAvisNonRendu aucun_superieur", "PasserEtape validation"]
    assert c.services.gabarits == [Gabarit.A_VALIDER, Gabarit.REFUSEE_COLLECTIVITE]


@scenario(a_un_superieur=False)
async def suppleant_seul(c: Conduite) -> None:
    """No supérieur known, but a deputy: he is asked at once."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis(de=QuiRepond.SUPPLEANT)
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(VALIDATION, Issue.REFUSER)
    await c.fin()
    assert c.services.effets[1:3] == ["DemanderAvis suppleant 0", "AppliquerDecision"]


@scenario(etapes=(etape_avis(), etape_avis()))
async def deux_etapes_d_avis(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis(rang=0)
    await c.jusqu_a(lambda: c.services.gabarits.count(Gabarit.AVIS_DEMANDE) == 2)
    await c.calme()
    await c.donner_l_avis(Issue.SOUS_RESERVE, rang=1)
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(RETRAIT, Issue.RETIRER)
    assert await c.fin_sans_sauter() is Etat.RETIREE


@scenario()
async def retrait_pendant_l_avis(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.decider(RETRAIT, Issue.RETIRER)
    assert await c.fin_sans_sauter() is Etat.RETIREE
    assert c.services.gabarits == [Gabarit.AVIS_DEMANDE, Gabarit.AVIS_CLOS, Gabarit.RETIREE]
    assert c.services.effets[-1] == "PasserEtape terminee"


@scenario(a_un_superieur=False, a_un_suppleant=False)
async def retrait_sans_personne_a_prevenir(c: Conduite) -> None:
    await c.calme(Gabarit.A_VALIDER)
    await c.decider(RETRAIT, Issue.RETIRER)
    assert await c.fin_sans_sauter() is Etat.RETIREE
    assert c.services.gabarits == [Gabarit.A_VALIDER, Gabarit.RETIREE]


@scenario()
async def decisions_a_une_autre_etape(c: Conduite) -> None:
    """What is not awaited is refused at once with a reason; what is closed too, and nothing moves."""
    await c.calme(Gabarit.AVIS_DEMANDE)
    refus = await c.refus(c.decision(VALIDATION, Issue.VALIDER))
    assert refus.type == "autre-etape"
    assert (
        refus.message
        == "Cette décision n’est pas attendue à ce moment du dossier\N{NO-BREAK SPACE}: il attend l’avis du supérieur hiérarchique."
    )
    assert (await c.refus(c.decision(AVIS, Issue.VALIDER, c.services.demande_id()))).type == "issue-inattendue"
    assert (await c.refus(c.decision(AVIS, FAVORABLE, uuid4()))).type == "demande-close"
    await c.donner_l_avis()
    await c.calme(Gabarit.A_VALIDER)
    assert (await c.refus(c.decision(AVIS, FAVORABLE, c.services.demande_id()))).type == "autre-etape"
    await c.decider(VALIDATION, Issue.VALIDER)
    await c.calme(Gabarit.TRANSMISE)
    assert (await c.refus(c.decision(RETRAIT, Issue.RETIRER))).type == "autre-etape"
    await c.decider(INSTRUCTION, Issue.REFUSER)
    assert await c.fin() is Etat.REFUSEE_ORGANISME
    assert c.services.effets.count("AppliquerDecision") == 3


@scenario()
async def expiration_a_la_date_limite(c: Conduite) -> None:
    await jusqu_a_la_validation(c)
    await c.avancer(jours(31))
    assert await c.fin() is Etat.EXPIREE
    assert c.services.effets[-2:] == ["Expirer", "PasserEtape terminee"]
    assert c.services.gabarits[-1] is Gabarit.EXPIREE


@scenario(limite_jours=-1)
async def depose_apres_la_date_limite(c: Conduite) -> None:
    """Nobody is asked for anything any more."""
    assert await c.fin() is Etat.EXPIREE
    assert not c.services.gabarits.count(Gabarit.AVIS_DEMANDE)


@scenario()
async def session_commencee_sans_reponse(c: Conduite) -> None:
    await jusqu_a_l_instruction(c)
    await c.avancer(jours(41))
    assert await c.fin() is Etat.EXPIREE


@scenario()
async def liste_d_attente_puis_acceptee(c: Conduite) -> None:
    await jusqu_a_l_instruction(c)
    assert (await c.decider(INSTRUCTION, Issue.LISTE_ATTENTE)).etat is Etat.LISTE_ATTENTE
    await c.calme(Gabarit.LISTE_ATTENTE)
    await c.avancer(jours(1))
    await c.decider(INSTRUCTION, Issue.ACCEPTER)
    assert await c.fin() is Etat.CONVOQUEE
    assert c.services.gabarits[-3:] == [Gabarit.LISTE_ATTENTE, Gabarit.ACCEPTEE, Gabarit.CONVOCATION]


@scenario()
async def meme_decision_soumise_deux_fois(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    decision = c.decision(AVIS, FAVORABLE, c.services.demande_id())
    premiere = await c.soumettre(decision)
    assert await c.soumettre(decision) == premiere
    await c.calme(Gabarit.A_VALIDER)
    assert await c.soumettre(decision) == premiere
    refuser = c.decision(VALIDATION, Issue.REFUSER)
    effet = await c.soumettre(refuser)
    await c.fin()
    assert await c.soumettre(refuser) == effet
    assert c.services.effets.count("AppliquerDecision") == 2


@scenario()
async def decisions_en_meme_temps(c: Conduite) -> None:
    """Of ten gestionnaires who decide at once, one is heard and the others told so."""
    await jusqu_a_la_validation(c)
    decisions = [c.decision(VALIDATION, Issue.VALIDER) for _ in range(10)]
    issues = await asyncio.gather(*(c.soumettre(decision) for decision in decisions), return_exceptions=True)
    causes = [issue.cause for issue in issues if isinstance(issue, WorkflowUpdateFailedError)]
    assert len(causes) == 9
    assert {getattr(cause, "type", None) for cause in causes} <= {"decision-en-cours", "autre-etape"}
    await c.calme(Gabarit.TRANSMISE)
    assert c.services.effets.count("AppliquerDecision") == 2


@scenario(a_la_transmission=Etat.ACCEPTEE)
async def admise_au_fil_de_l_eau(c: Conduite) -> None:
    """A seat was left: nobody instructs the request, its convocation follows."""
    await jusqu_a_la_validation(c)
    assert (await c.decider(VALIDATION, Issue.VALIDER)).etat is Etat.ACCEPTEE
    assert await c.fin() is Etat.CONVOQUEE
    assert [etape.etape for etape in c.services.recues(PasserEtape)] == ["validation", "convocation", "terminee"]
    assert c.services.gabarits[-3:] == [Gabarit.TRANSMISE, Gabarit.ACCEPTEE, Gabarit.CONVOCATION]


@scenario(a_la_transmission=Etat.LISTE_ATTENTE)
async def en_attente_au_fil_de_l_eau(c: Conduite) -> None:
    """No seat was left: the agent is told his rank at once, and a conseiller may still accept."""
    await jusqu_a_la_validation(c)
    assert (await c.decider(VALIDATION, Issue.VALIDER)).etat is Etat.LISTE_ATTENTE
    await c.calme(Gabarit.TRANSMISE, Gabarit.LISTE_ATTENTE)
    await c.decider(INSTRUCTION, Issue.ACCEPTER)
    assert await c.fin() is Etat.CONVOQUEE


@scenario(etat=Etat.TRANSMISE, etapes=())
async def inscrite_par_le_gestionnaire(c: Conduite) -> None:
    """Filed and validated in one gesture: no avis is asked, nobody validates again."""
    await c.calme(Gabarit.TRANSMISE)
    assert (await c.refus(c.decision(VALIDATION, Issue.VALIDER))).type == "autre-etape"
    await c.decider(INSTRUCTION, Issue.ACCEPTER)
    assert await c.fin() is Etat.CONVOQUEE
    assert c.services.gabarits == [Gabarit.TRANSMISE, Gabarit.ACCEPTEE, Gabarit.CONVOCATION]


@scenario(etat=Etat.ACCEPTEE, etapes=())
async def inscrite_et_admise_d_un_geste(c: Conduite) -> None:
    """By a gestionnaire, where a seat was left: the convocation follows at once."""
    assert await c.fin_sans_sauter() is Etat.CONVOQUEE
    assert c.services.effets == [
        "OuvrirCircuit",
        "PasserEtape convocation",
        "ProduireConvocation",
        "Convoquer",
        "PasserEtape terminee",
    ]
