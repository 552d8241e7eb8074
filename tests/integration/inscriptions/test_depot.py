"""Depositing: kept whole, once, by the right person, in time."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from services.contracts.acteur import Role
from services.contracts.inscriptions import Etat, Issue
from services.inscriptions.models import Inscription
from services.inscriptions.schemas import InscriptionCreate
from services.inscriptions.service import depot, lecture, projections
from services.kit.clock import now
from services.kit.problems import Problem
from tests.integration.inscriptions.conftest import MOTIVATION, Monde, acteur, collectivite, session_de_bretagne


async def test_a_deposit_is_a_bulletin_a_line_of_journal_and_an_event(monde: Monde) -> None:
    agent = await monde.agent()
    inscription = await monde.depose(agent)
    async with monde.database.transaction() as session:
        detail = await lecture.lire(session, agent, inscription.id)
        sujet = (
            await session.execute(
                text("select subject from outbox where subject like 'inscriptions.v1.bulletin.depose.%' order by position desc limit 1")
            )
        ).scalar_one()
    assert detail.etat is Etat.PREINSCRIPTION
    assert detail.etat_libelle == "Préinscription"
    assert [entree.libelle for entree in detail.journal] == ["Préinscription déposée"]
    assert detail.journal_intact
    assert sujet.endswith(str(inscription.id))


async def test_one_hundred_clicks_make_one_request(monde: Monde) -> None:
    agent = await monde.agent()
    issues = await asyncio.gather(*(monde.depose(agent) for _ in range(100)), return_exceptions=True)
    assert sum(isinstance(issue, Inscription) for issue in issues) == 1
    assert {issue.slug for issue in issues if isinstance(issue, Problem)} == {"deja-inscrit"}


async def test_a_request_that_ended_leaves_the_way_open(monde: Monde) -> None:
    agent = await monde.agent()
    premiere = await monde.depose(agent)
    await monde.valide(premiere, Issue.REFUSER, "Le service est en sous-effectif.")
    assert (await monde.depose(agent)).id != premiere.id


async def refus(monde: Monde, session_id: object | None = None) -> str:
    agent = await monde.agent()
    with pytest.raises(Problem) as refuse:
        async with monde.database.transaction() as session:
            await depot.deposer(
                session, agent, InscriptionCreate.model_validate({"session_id": session_id or monde.session_id, "motivation": MOTIVATION})
            )
    return refuse.value.slug


async def test_a_session_of_another_area_does_not_exist_for_him(monde: Monde) -> None:
    ailleurs = uuid4()
    async with monde.database.transaction() as session:
        await projections.retenir_session(session, session_de_bretagne(ailleurs, places=5, departements=("33",)))
    assert await refus(monde, ailleurs) == "session-introuvable"


async def test_after_the_date_limite_it_is_closed(monde: Monde) -> None:
    close = session_de_bretagne(uuid4(), places=5).model_copy(update={"date_limite": now() - timedelta(minutes=1)})
    async with monde.database.transaction() as session:
        await projections.retenir_session(session, close)
    assert await refus(monde, close.session_id) == "date-limite-passee"


async def test_a_gestionnaire_files_no_preinscription(monde: Monde) -> None:
    with pytest.raises(Problem) as refuse:
        async with monde.database.transaction() as session:
            await depot.deposer(session, monde.gestionnaire(), InscriptionCreate(session_id=monde.session_id, motivation=MOTIVATION))
    assert refuse.value.slug == "reserve-aux-agents"


async def test_everyone_sees_his_own_and_no_more(monde: Monde) -> None:
    agent = await monde.agent()
    inscription = await monde.depose(agent)
    etrangers = [
        await monde.agent(),
        acteur(Role.GESTIONNAIRE_PRINCIPAL, collectivite_id=uuid4()),
        monde.conseiller(),
        acteur(Role.ADMINISTRATEUR),
        acteur(Role.AGENT),
    ]
    for etranger in etrangers:
        async with monde.database.transaction() as session:
            page = await lecture.lister(session, etranger, etat=None, en_attente_de_lui=False, cursor=None)
            assert inscription.id not in {element.id for element in page.elements}
            with pytest.raises(Problem, match="introuvable"):
                await lecture.lire(session, etranger, inscription.id)
    await monde.valide(inscription)
    async with monde.database.transaction() as session:
        assert (await lecture.lire(session, monde.conseiller(), inscription.id)).actions
        with pytest.raises(Problem, match="introuvable"):
            await lecture.lire(session, acteur(Role.CONSEILLER, structure="NAQ"), inscription.id)


async def test_pages_follow_each_other_without_a_gap(monde: Monde) -> None:
    deposees = [(await monde.depose()).id for _ in range(lecture.PAR_PAGE + 3)]
    lues = []
    cursor = None
    while True:
        async with monde.database.transaction() as session:
            page = await lecture.lister(session, monde.gestionnaire(), etat=None, en_attente_de_lui=False, cursor=cursor)
        lues += [element.id for element in page.elements]
        cursor = page.suivant
        if cursor is None:
            break
    assert lues == deposees[::-1]


async def test_a_line_costs_no_query_of_its_own(monde: Monde) -> None:
    """However many lines, a list is two queries: the lines, and their avis."""
    for _ in range(3):
        await monde.depose()
    async with monde.database.transaction() as session:
        connexion = await session.connection()
        compte = 0

        def compter(*_: object) -> None:
            nonlocal compte
            compte += 1

        event.listen(connexion.sync_connection, "before_cursor_execute", compter)
        await lecture.lister(session, monde.gestionnaire(), etat=None, en_attente_de_lui=False, cursor=None)
        event.remove(connexion.sync_connection, "before_cursor_execute", compter)
    assert compte == 2


async def test_an_older_version_of_a_session_changes_nothing(monde: Monde) -> None:
    async with monde.database.transaction() as session:
        await projections.retenir_session(session, session_de_bretagne(monde.session_id, places=9, version=3))
        await projections.retenir_session(session, session_de_bretagne(monde.session_id, places=1, version=2))
    async with monde.database.transaction() as session:
        capacite = (
            await session.execute(text("select capacite from places where session_id = :id"), {"id": monde.session_id})
        ).scalar_one()
    assert capacite == 9


async def test_numbers_are_unique(monde: Monde) -> None:
    inscriptions = await asyncio.gather(*(monde.depose() for _ in range(10)))
    async with monde.database.transaction() as session:
        numeros = (await session.execute(select(Inscription.numero))).scalars().all()
    assert len(set(numeros)) == len(numeros) >= len(inscriptions)


@pytest.mark.parametrize("etat", ["suspendue", "close"])
async def test_a_collectivite_that_does_not_work_files_nothing_new(monde: Monde, etat: str) -> None:
    ouverte = await monde.depose(await monde.agent())
    async with monde.database.transaction() as session:
        await projections.retenir_collectivite(session, collectivite(monde.collectivite_id, version=2).model_copy(update={"etat": etat}))
    assert await refus(monde) == f"collectivite-{etat}"
    # What was filed goes on.
    await monde.valide(ouverte, Issue.VALIDER)
    async with monde.database.transaction() as session:
        await projections.retenir_collectivite(session, collectivite(monde.collectivite_id, version=3))
    assert await monde.depose(await monde.agent())
