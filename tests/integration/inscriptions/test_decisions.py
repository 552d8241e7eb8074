"""Decisions: applied once, with their seat, or not at all."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contracts.inscriptions import (
    ConstaterAvisNonRendu,
    Convoquer,
    DemanderAvis,
    EffetDecision,
    Etat,
    Expirer,
    Issue,
    LireDossier,
    NoterRelance,
    QuiRepond,
    SensAvis,
)
from services.contracts.notifications import Gabarit
from services.inscriptions import repository
from services.inscriptions.domain.liens import LIEN_AVIS
from services.inscriptions.models import Inscription
from services.inscriptions.schemas import AvisCreate, InscriptionDetail, RetraitCreate, ValidationCreate
from services.inscriptions.service import avis, circuit, decisions, dossier, lecture
from services.kit.clock import now
from services.kit.problems import Problem
from services.kit.signed_id import sign
from tests.integration.inscriptions.conftest import Monde

CLES = ["une-cle-de-demonstration"]


async def places(monde: Monde) -> tuple[int, int, int]:
    async with monde.database.transaction() as session:
        ligne = (
            await session.execute(text("select recues, admises, en_attente from places where session_id = :id"), {"id": monde.session_id})
        ).one()
        somme = (
            await session.execute(
                text(
                    "select coalesce(sum(recues), 0), coalesce(sum(admises), 0), coalesce(sum(en_attente), 0)"
                    " from mouvements_places where session_id = :id"
                ),
                {"id": monde.session_id},
            )
        ).one()
    assert tuple(ligne) == tuple(somme), "every figure is the sum of its movements"
    return ligne.recues, ligne.admises, ligne.en_attente


async def detail(monde: Monde, inscription: Inscription) -> InscriptionDetail:
    async with monde.database.transaction() as session:
        return await lecture.lire(session, monde.gestionnaire(), inscription.id)


async def demander(monde: Monde, inscription: Inscription, a: QuiRepond = QuiRepond.SUPERIEUR) -> DemanderAvis:
    demande = DemanderAvis(
        inscription_id=inscription.id, rang=0, a=a, echeance=now() + timedelta(days=7), relances=(now() + timedelta(days=3),)
    )
    async with monde.database.transaction() as session:
        await avis.demander(session, demande)
    return demande


async def test_thirty_acceptances_at_once_take_five_seats(monde: Monde) -> None:
    inscriptions = await asyncio.gather(*(monde.depose() for _ in range(30)))
    await asyncio.gather(*(monde.valide(inscription) for inscription in inscriptions))
    issues = await asyncio.gather(*(monde.instruit(inscription, Issue.ACCEPTER) for inscription in inscriptions), return_exceptions=True)
    assert sum(isinstance(issue, EffetDecision) for issue in issues) == 5
    assert {issue.slug for issue in issues if isinstance(issue, Problem)} == {"session-complete"}
    assert await places(monde) == (30, 5, 0)


async def test_a_decision_applied_ten_times_counts_once(monde: Monde) -> None:
    inscription = await monde.depose()
    async with monde.database.transaction() as session:
        corps = ValidationCreate(issue=Issue.VALIDER)
        soumission = await decisions.proposer_validation(session, monde.gestionnaire(), inscription.id, corps, "cle")
    effets = await asyncio.gather(*(monde.applique(soumission.decision_id) for _ in range(10)))
    assert sum(not effet.deja_fait for effet in effets) == 1
    assert {effet.etat for effet in effets} == {Etat.TRANSMISE}
    assert await places(monde) == (1, 0, 0)
    assert [entree.libelle for entree in (await detail(monde, inscription)).journal] == [
        "Préinscription déposée",
        "Validée par la collectivité",
        "Transmise à l’organisme",
    ]


async def test_the_same_key_is_the_same_decision_and_another_text_is_refused(monde: Monde) -> None:
    inscription = await monde.depose()
    gestionnaire = monde.gestionnaire()

    async def proposer(motif: str) -> object:
        async with monde.database.transaction() as session:
            corps = ValidationCreate(issue=Issue.REFUSER, motif=motif)
            return await decisions.proposer_validation(session, gestionnaire, inscription.id, corps, "cle")

    assert await proposer("Effectif trop juste.") == await proposer("Effectif trop juste.")
    with pytest.raises(Problem, match="cle-deja-utilisee"):
        await proposer("Autre motif.")


async def test_waiting_then_accepted(monde: Monde) -> None:
    inscription = await monde.depose()
    await monde.valide(inscription)
    await monde.instruit(inscription, Issue.LISTE_ATTENTE)
    assert await places(monde) == (1, 0, 1)
    await monde.instruit(inscription, Issue.ACCEPTER)
    assert await places(monde) == (1, 1, 0)


async def test_a_refusal_says_why(monde: Monde) -> None:
    inscription = await monde.depose()
    with pytest.raises(Problem) as refuse:
        await monde.valide(inscription, Issue.REFUSER, " ")
    assert [erreur.champ for erreur in refuse.value.errors] == ["motif"]
    await monde.valide(inscription, Issue.REFUSER, "Le service est en sous-effectif.")
    lue = await detail(monde, inscription)
    assert (lue.etat, lue.motif_decision) == (Etat.REFUSEE_COLLECTIVITE, "Le service est en sous-effectif.")


async def test_the_visa_names_the_autorite(monde: Monde) -> None:
    inscription = await monde.depose()
    await monde.valide(inscription)
    validation = (await detail(monde, inscription)).journal[1]
    assert validation.pour == "Commune de Saint-Aubin, par délégation de Jeanne Simon, maire"


async def test_nobody_validates_his_own_request(monde: Monde) -> None:
    agent = await monde.agent()
    inscription = await monde.depose(agent)
    lui_meme = monde.gestionnaire().model_copy(update={"agent_id": agent.agent_id})
    with pytest.raises(Problem, match="validation-interdite"):
        async with monde.database.transaction() as session:
            await decisions.proposer_validation(session, lui_meme, inscription.id, ValidationCreate(issue=Issue.VALIDER), "cle")


async def test_the_avis_by_its_link(monde: Monde) -> None:
    inscription = await monde.depose()
    await demander(monde, inscription)
    async with monde.database.transaction() as session:
        demande = await repository.demande_ouverte(session, inscription.id)
        assert demande is not None
        ouverte = await lecture.demande_du_lien(session, sign(LIEN_AVIS, demande.id, CLES), CLES)
        with pytest.raises(Problem) as refuse:
            await decisions.proposer_avis(session, ouverte, AvisCreate(sens=Issue.DEFAVORABLE))
        assert refuse.value.errors[0].champ == "commentaire"
        corps = AvisCreate(sens=Issue.SOUS_RESERVE, commentaire="Hors période budgétaire.")
        soumission = await decisions.proposer_avis(session, ouverte, corps)
        assert await decisions.proposer_avis(session, ouverte, corps) == soumission
    await monde.applique(soumission.decision_id)
    lue = await detail(monde, inscription)
    assert lue.avis is not None
    assert (lue.avis.sens, lue.avis.par, lue.avis.commentaire) == (SensAvis.SOUS_RESERVE, "Yann Morvan", "Hors période budgétaire.")
    assert lue.etat is Etat.PREINSCRIPTION
    async with monde.database.transaction() as session:
        vue = await lecture.lire_demande(session, await lecture.demande_du_lien(session, sign(LIEN_AVIS, demande.id, CLES), CLES))
    assert (vue.etat, vue.explication) == ("rendue", "Vous avez déjà rendu cet avis. Merci.")


async def test_a_link_of_someone_else_opens_nothing(monde: Monde) -> None:
    async with monde.database.transaction() as session:
        with pytest.raises(Problem, match="lien-inconnu"):
            await lecture.demande_du_lien(session, sign(LIEN_AVIS, uuid4(), CLES), CLES)


async def test_the_deputy_is_asked_and_the_first_link_explains(monde: Monde) -> None:
    inscription = await monde.depose()
    await demander(monde, inscription)
    async with monde.database.transaction() as session:
        premiere = await repository.demande_ouverte(session, inscription.id)
    assert premiere is not None
    await demander(monde, inscription, QuiRepond.SUPPLEANT)
    await demander(monde, inscription, QuiRepond.SUPPLEANT)
    lue = await detail(monde, inscription)
    assert [(vue.par, vue.interim_de) for vue in lue.tous_les_avis] == [("Yann Morvan", None), ("Maï Guillou", "Yann Morvan")]
    assert lue.detenteur is not None
    assert lue.detenteur.qui == "Maï Guillou, pour avis"
    async with monde.database.transaction() as session:
        vue = await lecture.lire_demande(
            session, premiere := await lecture.demande_du_lien(session, sign(LIEN_AVIS, premiere.id, CLES), CLES)
        )
    assert vue.etat == "close"
    assert "suppléance" in vue.explication


async def test_a_reminder_is_written_once(monde: Monde) -> None:
    inscription = await monde.depose()
    await demander(monde, inscription)
    async with monde.database.transaction() as session:
        demande = await repository.demande_ouverte(session, inscription.id)
    assert demande is not None

    async def relancer() -> bool:
        async with monde.database.transaction() as session:
            return (await avis.relancer(session, NoterRelance(demande_id=demande.id, numero=1))).deja_fait

    deja = await asyncio.gather(*(relancer() for _ in range(5)))
    assert sorted(deja) == [False, True, True, True, True]
    assert [entree.libelle for entree in (await detail(monde, inscription)).journal].count("Relance envoyée") == 1


@pytest.mark.parametrize("motif", ["delai_echu", "aucun_superieur"])
async def test_a_missing_avis_shows(monde: Monde, motif: str) -> None:
    inscription = await monde.depose()
    if motif == "delai_echu":
        await demander(monde, inscription)
    for _ in range(2):
        async with monde.database.transaction() as session:
            await avis.constater_non_rendu(session, ConstaterAvisNonRendu(inscription_id=inscription.id, rang=0, motif=motif))
    lue = await detail(monde, inscription)
    assert lue.avis is not None
    assert lue.avis.sens is SensAvis.NON_RENDU
    assert len([entree for entree in lue.journal if entree.fait in {"avis_non_rendu", "aucun_superieur"}]) == 1


async def test_withdrawing_closes_the_avis(monde: Monde) -> None:
    agent = await monde.agent()
    inscription = await monde.depose(agent)
    await demander(monde, inscription)
    async with monde.database.transaction() as session:
        demande = await repository.demande_ouverte(session, inscription.id)
        soumission = await decisions.proposer_retrait(session, agent, inscription.id, RetraitCreate(), "cle")
    assert demande is not None
    await monde.applique(soumission.decision_id)
    async with monde.database.transaction() as session:
        vue = await lecture.lire_demande(session, await lecture.demande_du_lien(session, sign(LIEN_AVIS, demande.id, CLES), CLES))
    assert "retiré sa demande" in vue.explication
    with pytest.raises(Problem, match="transition-impossible"):
        await monde.valide(inscription)


async def test_expiry_frees_the_place_in_the_queue(monde: Monde) -> None:
    inscription = await monde.depose()
    await monde.valide(inscription)
    await monde.instruit(inscription, Issue.LISTE_ATTENTE)
    for _ in range(2):
        async with monde.database.transaction() as session:
            assert (await circuit.expirer(session, Expirer(inscription_id=inscription.id))).etat is Etat.EXPIREE
    assert await places(monde) == (1, 0, 0)


async def test_the_convocation_is_for_who_was_accepted(monde: Monde) -> None:
    inscription = await monde.depose()
    await monde.valide(inscription)
    convoquer = Convoquer(inscription_id=inscription.id, document_id=uuid4(), reference="CV-7K3M-9QXA")
    with pytest.raises(Problem, match="transition-impossible"):
        async with monde.database.transaction() as session:
            await circuit.convoquer(session, convoquer)
    await monde.instruit(inscription, Issue.ACCEPTER)
    for _ in range(2):
        async with monde.database.transaction() as session:
            await circuit.convoquer(session, convoquer)
    lue = await detail(monde, inscription)
    assert (lue.etat, lue.convocation_reference) == (Etat.CONVOQUEE, "CV-7K3M-9QXA")
    assert lue.journal_intact


async def test_the_dossier_says_all_that_papers_need(monde: Monde) -> None:
    inscription = await monde.depose()
    await demander(monde, inscription)
    async with monde.database.transaction() as session:
        lu = await dossier.lire(session, LireDossier(inscription_id=inscription.id), public_url="http://localhost:8080", cles=CLES)
    assert lu.demande_avis is not None
    assert lu.demande_avis.lien.startswith("http://localhost:8080/avis/")
    assert lu.agent.nom_complet == "Anne Le Bihan"
    assert [personne.email for personne in lu.gestionnaires] == ["eric.rault@commune.example"]
    accueil, superieur = lu.copies
    assert (accueil.email, accueil.gabarits) == ("accueil@commune.example", (Gabarit.CONVOCATION,))
    assert superieur.email == lu.demande_avis.a.email
    assert superieur.gabarits == (Gabarit.CONVOCATION, Gabarit.ACCEPTEE)


async def test_a_tampered_journal_shows(monde: Monde) -> None:
    inscription = await monde.depose()
    assert (await detail(monde, inscription)).journal_intact
    async with monde.database.transaction() as session:
        await session.execute(text("update journal set par = 'Un autre' where inscription_id = :id"), {"id": inscription.id})
    assert not (await detail(monde, inscription)).journal_intact
