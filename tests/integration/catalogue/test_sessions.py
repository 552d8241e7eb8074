"""Lists of sessions on a real PostgreSQL: who sees what, search, pages, number of statements."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from services.catalogue import domain, service
from services.catalogue.domain import Aire, Etat
from services.contracts.acteur import Role
from services.contracts.catalogue import AireDeRecrutement, SessionEnregistree
from services.kit import clock
from services.kit.problems import NotFound
from tests.acteurs import un_acteur
from tests.integration.catalogue.conftest import (
    ANGERS,
    BREST,
    DEPARTEMENTS,
    LORIENT,
    RENNES,
    Catalogue,
    agent_de,
    codes_of,
    une_collectivite,
)
from tests.unit.catalogue.fabrique import BRETAGNE, un_regroupement, un_stage, une_session

ADMINISTRATEUR = un_acteur(Role.ADMINISTRATEUR)
CONSEILLER = un_acteur(Role.CONSEILLER, structure="BRE")
DEMAIN = clock.now().date() + timedelta(days=60)
PASSEE = clock.now() - timedelta(minutes=1)


@contextmanager
def statements(database_engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database_engine, "before_cursor_execute", note)


async def test_each_sees_what_is_published_for_him(catalogue: Catalogue) -> None:
    nationale = une_session("001", debut=DEMAIN)
    bretonne = une_session("002", debut=DEMAIN, aire=Aire(departements=("35", "56")))
    nommee = une_session("003", debut=DEMAIN, aire=Aire(collectivites=(BREST,)))
    angevine = une_session("004", debut=DEMAIN, structure=ANGERS, aire=Aire(departements=("49",)))
    await catalogue.charge(nationale, bretonne, nommee, angevine)
    for role in (Role.AGENT, Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE, Role.LECTURE):
        assert set(await catalogue.codes(un_acteur(role, collectivite_id=RENNES))) == {"SXM5A 001", "SXM5A 002"}
    assert set(await catalogue.codes(agent_de(BREST))) == {"SXM5A 001", "SXM5A 003"}
    assert set(await catalogue.codes(CONSEILLER)) == {"SXM5A 001", "SXM5A 002", "SXM5A 003"}
    assert set(await catalogue.codes(un_acteur(Role.CONSEILLER, structure="INSET-ANG"))) == {"SXM5A 004"}
    assert set(await catalogue.codes(ADMINISTRATEUR)) == {"SXM5A 001", "SXM5A 002", "SXM5A 003", "SXM5A 004"}
    assert await catalogue.codes(un_acteur()) == []


async def test_a_collectivite_not_heard_of_yet_sees_what_is_national_or_names_it(catalogue: Catalogue) -> None:
    nouvelle = uuid4()
    await catalogue.charge(
        une_session("001", debut=DEMAIN),
        une_session("002", debut=DEMAIN, aire=Aire(departements=("35",))),
        une_session("003", debut=DEMAIN, aire=Aire(collectivites=(nouvelle,))),
    )
    assert set(await catalogue.codes(agent_de(nouvelle))) == {"SXM5A 001", "SXM5A 003"}
    await catalogue.connait(une_collectivite(nouvelle, "35"))
    assert set(await catalogue.codes(agent_de(nouvelle))) == {"SXM5A 001", "SXM5A 002", "SXM5A 003"}


AIRES = st.builds(
    Aire,
    nationale=st.sampled_from([False, False, False, True]),
    departements=st.lists(st.sampled_from(["29", "35", "56", "2A", "974"]), max_size=3, unique=True).map(tuple),
    collectivites=st.lists(st.sampled_from([RENNES, LORIENT, BREST, UUID(int=99)]), max_size=2, unique=True).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(aires=st.lists(AIRES, min_size=1, max_size=12))
async def test_the_query_agrees_with_the_rule_that_inscriptions_applies(catalogue: Catalogue, aires: list[Aire]) -> None:
    sessions = [une_session(f"{rang:03}", debut=DEMAIN, aire=aire) for rang, aire in enumerate(aires)]
    async with catalogue.database.transaction() as session:
        await session.execute(text("truncate sessions, stages, structures cascade"))
    await catalogue.charge(*sessions)
    for collectivite_id, departement in DEPARTEMENTS.items():
        attendues = [
            s.code
            for s in sessions
            if AireDeRecrutement(nationale=s.aire.nationale, departements=s.aire.departements, collectivites=s.aire.collectivites).comprend(
                collectivite_id, departement
            )
        ]
        assert sorted(await catalogue.codes(agent_de(collectivite_id))) == sorted(attendues)


async def test_one_session_is_read_by_whom_it_is_for_and_unknown_to_others(catalogue: Catalogue) -> None:
    regroupements = (un_regroupement(DEMAIN, 2), un_regroupement(DEMAIN + timedelta(days=14), 1))
    session = une_session("001", debut=DEMAIN, regroupements=regroupements, aire=Aire(departements=("35",)))
    await catalogue.charge(session, une_session("002", debut=DEMAIN))
    lu = await catalogue.lit(agent_de(RENNES), session.id)
    assert lu.session == session
    assert lu.places == domain.Places()
    for inconnu in (
        (agent_de(BREST), session.id),
        (un_acteur(Role.CONSEILLER, structure="INSET-ANG"), session.id),
        (ADMINISTRATEUR, uuid4()),
    ):
        with pytest.raises(NotFound) as refus:
            await catalogue.lit(*inconnu)
        assert refus.value.slug == "session-introuvable"


async def test_closed_sessions_are_shown_on_demand_only(catalogue: Catalogue) -> None:
    await catalogue.charge(
        une_session("001", debut=DEMAIN),
        une_session("002", debut=DEMAIN, etat=Etat.ANNULEE),
        une_session("003", debut=DEMAIN, date_limite=PASSEE),
    )
    assert await catalogue.codes(agent_de(RENNES)) == ["SXM5A 001"]
    assert sorted(await catalogue.codes(agent_de(RENNES), fermees=True)) == ["SXM5A 001", "SXM5A 002", "SXM5A 003"]


async def test_a_list_is_narrowed_to_a_structure(catalogue: Catalogue) -> None:
    await catalogue.charge(une_session("001", debut=DEMAIN), une_session("002", debut=DEMAIN, structure=ANGERS))
    assert await catalogue.codes(agent_de(RENNES), structure="INSET-ANG") == ["SXM5A 002"]
    assert await catalogue.codes(agent_de(RENNES), structure="inconnue") == []


STAGES = {
    "ECRIT": un_stage(
        code="ECRIT", intitule="Les écrits professionnels : rédiger une note", domaine="Communication", objectifs="Aller à l’essentiel."
    ),
    "MARCH": un_stage(code="MARCH", intitule="Les marchés publics", domaine="Achat public", objectifs="Rédiger un cahier des charges."),
    "SECUR": un_stage(
        code="SECUR",
        intitule="Sapeurs-pompiers : gestes et postures",
        domaine="Sécurité",
        objectifs="Œuvrer sans danger.",
        public="Agents de catégorie C",
    ),
}


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("écrits", ["ECRIT"]),
        ("ecrits", ["ECRIT"]),
        ("ÉCRIT professionnel", ["ECRIT"]),
        ("rediger", ["ECRIT", "MARCH"]),  # in the intitulé first, then in the objectifs
        ("marche public", ["MARCH"]),
        ("march", ["MARCH"]),  # still being typed
        ("l’essentiel", ["ECRIT"]),
        ("sapeurs-pompiers", ["SECUR"]),
        ("oeuvrer", ["SECUR"]),
        ("securite", ["SECUR"]),
        ("agents de la categorie c", ["SECUR"]),
        ("catégorie B", []),
        ("marcher sur la lune", []),
        ("ecrit marchés", []),
        ("MARCH 001", ["MARCH"]),
        ("march001", ["MARCH"]),
        ("rennes", ["ECRIT", "MARCH", "SECUR"]),
        ("' & ! ( :* <->", ["ECRIT", "MARCH", "SECUR"]),  # no word: nothing is looked for
    ],
)
async def test_search_in_french_without_minding_accents(catalogue: Catalogue, texte: str, attendus: list[str]) -> None:
    await catalogue.charge(*(une_session("001", debut=DEMAIN + timedelta(days=n), stage=stage) for n, stage in enumerate(STAGES.values())))
    codes = [code.split()[0] for code in await catalogue.codes(agent_de(RENNES), texte=texte)]
    assert codes == attendus


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texte=st.text(max_size=60))
async def test_no_search_fails_whatever_is_typed(catalogue: Catalogue, texte: str) -> None:
    await catalogue.page(agent_de(RENNES), texte=texte)


@pytest.mark.parametrize("texte", ["", "rédiger"])
async def test_pages_hold_every_session_once_in_order(catalogue: Catalogue, texte: str) -> None:
    hasard = random.Random(35)
    stages = [un_stage(code=f"PAG{n:02}", objectifs="Rédiger. " * n) for n in range(5)]
    sessions = [
        une_session(f"{n:03}", debut=DEMAIN + timedelta(days=hasard.randrange(6)), stage=stages[n % 5])
        for n in range(3 * service.PAR_PAGE + 7)
    ]
    await catalogue.charge(*sessions)
    codes = await catalogue.codes(agent_de(RENNES), texte=texte)
    assert sorted(codes) == sorted(codes_of(sessions))
    assert codes == await catalogue.codes(agent_de(RENNES), texte=texte)
    if not texte:
        dates = {s.code: s.debut for s in sessions}
        assert [dates[code] for code in codes] == sorted(dates.values())


async def test_a_session_published_between_two_pages_neither_repeats_nor_hides_another(catalogue: Catalogue) -> None:
    sessions = [une_session(f"{n:03}", debut=DEMAIN + timedelta(days=n)) for n in range(service.PAR_PAGE + 5)]
    await catalogue.charge(*sessions)
    premiere = await catalogue.page(agent_de(RENNES))
    async with catalogue.database.transaction() as session:
        await session.execute(text("update sessions set debut = :d, fin = :d where numero = '003'"), {"d": DEMAIN - timedelta(days=1)})
    seconde = await catalogue.page(agent_de(RENNES), curseur=premiere.suivant)
    assert seconde.suivant is None
    assert [etat.session.code for etat in premiere.etats + seconde.etats] == codes_of(sessions)


async def test_a_page_takes_two_statements_whatever_its_length(catalogue: Catalogue) -> None:
    await catalogue.charge(*(une_session(f"{n:03}", debut=DEMAIN) for n in range(15)))
    with statements(catalogue.database._engine.sync_engine) as sent:
        page = await catalogue.page(agent_de(RENNES), texte="rédiger")
    assert len(page.etats) == 15
    assert len(sent) == 2


async def test_the_database_refuses_two_sessions_of_one_code(catalogue: Catalogue) -> None:
    with pytest.raises(IntegrityError, match="sessions_code"):
        await catalogue.charge(une_session("001", debut=DEMAIN), une_session("001", debut=DEMAIN, id=uuid4()))


async def test_loading_tells_the_other_services_each_session_once(catalogue: Catalogue) -> None:
    session = une_session("001", debut=date(2027, 3, 1), structure=BRETAGNE, aire=Aire(departements=("35",), collectivites=(BREST,)))
    assert await catalogue.charge(session)
    assert not await catalogue.charge(session)
    async with catalogue.database.transaction() as lecture:
        rows = (await lecture.execute(text("select subject, payload from outbox"))).all()
    assert [row.subject for row in rows] == [f"catalogue.v1.session.enregistree.{session.id}"]
    dite = SessionEnregistree.model_validate(rows[0].payload)
    assert (dite.session_id, dite.version, dite.code, dite.debut) == (session.id, 1, "SXM5A 001", date(2027, 3, 1))
    assert dite.aire == AireDeRecrutement(departements=("35",), collectivites=(BREST,))
    assert dite.date_limite == session.date_limite
