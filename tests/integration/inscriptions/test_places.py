"""The seat ledger: whatever comes, in whatever order and however many at once, no seat is sold twice and each is explained."""

import asyncio
from collections.abc import Sequence
from itertools import accumulate
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.contracts.acteur import Role
from services.contracts.catalogue import ModeAdmission
from services.contracts.inscriptions import Etat, Issue
from services.inscriptions.domain.etats import Mouvement
from services.inscriptions.repository import places as registre
from services.inscriptions.schemas import MouvementPublic
from services.inscriptions.service import lecture, projections
from services.inscriptions.service import registre as lecture_du_registre
from services.kit.clock import now
from services.kit.database import Database
from services.kit.pagination import Page
from services.kit.problems import Problem
from tests.integration.inscriptions.conftest import Monde, acteur, collectivite, session_de_bretagne
from tests.servers import PostgresServer

PRENDRE = Mouvement(admises=1)
RENDRE = Mouvement(admises=-1)
ATTENDRE = Mouvement(en_attente=1)
PROMOUVOIR = Mouvement(admises=1, en_attente=-1)
CONNEXIONS = 8

Geste = Mouvement | int
"""A movement of the figures; or an effectif attendu."""
GESTES = st.lists(st.one_of(st.sampled_from((PRENDRE, PRENDRE, RENDRE, ATTENDRE, PROMOUVOIR)), st.integers(0, 6)), min_size=1, max_size=25)


async def faire(database: Database, session_id: UUID, geste: Geste) -> None:
    """One gesture in its transaction; what the ledger refuses changes nothing."""
    try:
        async with database.transaction() as session:
            if isinstance(geste, Mouvement):
                await registre.mouvoir(session, session_id, geste, inscription_id=uuid4(), cause="acceptation", le=now())
            else:
                await registre.fixer_effectif(session, session_id, geste, le=now())
    except IntegrityError as error:
        if "places_never_negative" not in str(error.orig):  # nobody to take off
            raise


async def verifier(database: Database, session_id: UUID) -> tuple[int, ...]:
    """Each prefix of the movements sums to figures that were true; the whole sums to those of now."""
    async with database.transaction() as session:
        colonnes = "effectif_attendu, capacite, recues, admises, en_attente"
        lire = f"select {colonnes} from"
        chiffres = tuple((await session.execute(text(f"{lire} places where session_id = :id"), {"id": session_id})).one())
        mouvements = (
            await session.execute(text(f"{lire} mouvements_places where session_id = :id order by rang"), {"id": session_id})
        ).all()
        rangs = (
            await session.execute(
                text("select array_agg(rang order by rang) from mouvements_places where session_id = :id"), {"id": session_id}
            )
        ).scalar_one()
        version = (await session.execute(text("select version from places where session_id = :id"), {"id": session_id})).scalar_one()
    assert rangs == list(range(1, version + 1)), "one movement a version, none missing"
    cumuls = list(accumulate((tuple(ligne) for ligne in mouvements), lambda a, b: tuple(x + y for x, y in zip(a, b, strict=True))))
    for effectif, capacite, recues, admises, en_attente in cumuls:
        assert 0 <= admises <= capacite
        assert capacite == max(effectif, admises)
        assert min(recues, en_attente) >= 0
    assert cumuls[-1] == chiffres
    return chiffres


def jouer(url: str, gestes: Sequence[Geste], *, ensemble: bool) -> tuple[int, ...]:
    """In a loop of its own: an example of hypothesis is not a coroutine."""

    async def partie() -> tuple[int, ...]:
        database = Database(url, pool=CONNEXIONS)
        session_id = uuid4()
        try:
            await faire(database, session_id, 3)
            if ensemble:
                await asyncio.gather(*(faire(database, session_id, geste) for geste in gestes))
            else:
                for geste in gestes:
                    await faire(database, session_id, geste)
            return await verifier(database, session_id)
        finally:
            await database.dispose()

    return asyncio.run(partie())


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> str:
    return postgres.database_for("inscriptions")


@given(gestes=GESTES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_the_sum_of_what_moved_it(url: str, gestes: Sequence[Geste]) -> None:
    effectif, admises, en_attente = 3, 0, 0
    for geste in gestes:
        if not isinstance(geste, Mouvement):
            effectif = geste
        elif (geste.admises <= 0 or admises < effectif) and admises + geste.admises >= 0 and en_attente + geste.en_attente >= 0:
            admises += geste.admises
            en_attente += geste.en_attente
    assert jouer(url, gestes, ensemble=False) == (effectif, max(effectif, admises), 0, admises, en_attente)


@given(gestes=GESTES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_interleaving_keeps_the_ledger_true(url: str, gestes: Sequence[Geste]) -> None:
    jouer(url, gestes, ensemble=True)


async def test_four_hundred_at_once_share_a_hundred_seats(postgres: PostgresServer) -> None:
    """Hundreds of clients, each with its own transaction: a hundred seats given, three hundred told that none is left."""
    database = Database(postgres.database_for("inscriptions"), pool=40)
    session_id = uuid4()
    try:
        await faire(database, session_id, 100)

        async def tenter() -> bool:
            async with database.transaction() as session:
                return (
                    await registre.mouvoir(session, session_id, PRENDRE, inscription_id=uuid4(), cause="acceptation", le=now()) is not None
                )

        reponses = await asyncio.gather(*(tenter() for _ in range(400)))
        assert (reponses.count(True), reponses.count(False)) == (100, 300)
        assert await verifier(database, session_id) == (100, 100, 0, 100, 0)
    finally:
        await database.dispose()


async def test_lowering_the_effectif_takes_nobody_off(monde: Monde) -> None:
    inscriptions = [await monde.depose() for _ in range(5)]
    for inscription in inscriptions[:4]:
        await monde.valide(inscription)
        await monde.instruit(inscription, Issue.ACCEPTER)
    await monde.valide(inscriptions[4])
    await fixer(monde, effectif=2)
    assert await verifier(monde.database, monde.session_id) == (2, 4, 5, 4, 0)
    with pytest.raises(Problem, match="Il ne reste aucune place"):
        await monde.instruit(inscriptions[4], Issue.ACCEPTER)
    await fixer(monde, effectif=5, version=3)
    await monde.instruit(inscriptions[4], Issue.ACCEPTER)
    assert await verifier(monde.database, monde.session_id) == (5, 5, 5, 5, 0)


async def test_the_table_itself_refuses_to_oversell(monde: Monde) -> None:
    with pytest.raises(IntegrityError, match="places_jamais_survendues"):
        async with monde.database.transaction() as session:
            await session.execute(text("update places set admises = capacite + 1 where session_id = :id"), {"id": monde.session_id})


async def fixer(monde: Monde, *, effectif: int, version: int = 2, **autrement: object) -> None:
    event = session_de_bretagne(monde.session_id, places=effectif, version=version).model_copy(update=autrement)
    async with monde.database.transaction() as session:
        await projections.retenir_session(session, event)


class TestAuFilDeLEau:
    """Seats in order of arrival: the transmission gives them."""

    async def test_the_first_are_admitted_the_others_wait(self, monde: Monde) -> None:
        await fixer(monde, effectif=2, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
        etats = [(await monde.valide(await monde.depose())).etat for _ in range(4)]
        assert etats == [Etat.ACCEPTEE, Etat.ACCEPTEE, Etat.LISTE_ATTENTE, Etat.LISTE_ATTENTE]
        assert await verifier(monde.database, monde.session_id) == (2, 2, 4, 2, 2)

    async def test_thirty_at_once_take_five_seats(self, monde: Monde) -> None:
        await fixer(monde, effectif=5, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
        deposees = await asyncio.gather(*(monde.depose() for _ in range(30)))
        effets = await asyncio.gather(*(monde.valide(deposee) for deposee in deposees))
        assert [effet.etat for effet in effets].count(Etat.ACCEPTEE) == 5
        assert await verifier(monde.database, monde.session_id) == (5, 5, 30, 5, 25)

    async def test_who_waits_comes_before_who_arrives(self, monde: Monde) -> None:
        await fixer(monde, effectif=1, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
        for _ in range(2):
            await monde.valide(await monde.depose())
        await fixer(monde, effectif=2, version=3, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
        assert (await monde.valide(await monde.depose())).etat is Etat.LISTE_ATTENTE

    async def test_without_a_waiting_list_nothing_is_transmitted(self, monde: Monde) -> None:
        await fixer(monde, effectif=1, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU, liste_attente=False)
        await monde.valide(await monde.depose())
        refusee = await monde.depose()
        with pytest.raises(Problem, match="pas de liste d’attente"):
            await monde.valide(refusee)
        async with monde.database.transaction() as session:
            assert (await lecture.lire(session, monde.gestionnaire(), refusee.id)).etat is Etat.PREINSCRIPTION
        assert await verifier(monde.database, monde.session_id) == (1, 1, 1, 1, 0)

    async def test_the_journal_says_why(self, monde: Monde) -> None:
        await fixer(monde, effectif=1, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
        premiere, seconde = await monde.depose(), await monde.depose()
        await monde.valide(premiere)
        await monde.valide(seconde)
        async with monde.database.transaction() as session:
            lues = [await lecture.lire(session, monde.gestionnaire(), inscription.id) for inscription in (premiere, seconde)]
        assert [lue.journal[-1].motif for lue in lues] == ["Place 1 sur 1", "Rang 1"]
        assert {lue.journal[-1].par for lue in lues} == {"Admission au fil de l’eau"}
        assert all(lue.journal_intact for lue in lues)


class TestLire:
    """The ledger as people read it."""

    async def lire(self, monde: Monde, qui: object = None, cursor: str | None = None) -> Page[MouvementPublic]:
        async with monde.database.transaction() as session:
            return await lecture_du_registre.lire(session, qui or monde.gestionnaire(), monde.session_id, cursor=cursor)  # type: ignore[arg-type]

    async def test_each_movement_says_why_and_what_it_led_to(self, monde: Monde) -> None:
        inscription = await monde.depose()
        await monde.valide(inscription)
        await monde.instruit(inscription, Issue.ACCEPTER)
        acceptation, validation, ouverture = (await self.lire(monde)).elements
        assert [ligne.libelle for ligne in (ouverture, validation, acceptation)] == [
            "Effectif attendu de la session",
            "Validée par la collectivité",
            "Acceptée par l’organisme",
        ]
        assert (ouverture.mouvement.effectif_attendu, ouverture.apres.disponibles, ouverture.qui) == (5, 5, "")
        assert (validation.mouvement.recues, validation.apres.recues, validation.apres.admises) == (1, 1, 0)
        assert (acceptation.mouvement.disponibles, acceptation.apres.disponibles) == (-1, 4)
        assert (acceptation.numero, acceptation.qui) == (inscription.numero, "Anne Le Bihan, Commune de Saint-Aubin")

    async def test_others_requests_are_counted_and_not_named(self, monde: Monde) -> None:
        await monde.valide(await monde.depose())
        autre = uuid4()
        async with monde.database.transaction() as session:
            await projections.retenir_collectivite(session, collectivite(autre, nom="Commune voisine"))
        voisine = acteur(Role.GESTIONNAIRE, collectivite_id=autre)
        validation = (await self.lire(monde, voisine)).elements[0]
        assert (validation.apres.recues, validation.inscription_id, validation.numero) == (1, None, None)
        assert validation.qui == "Une demande que vous ne suivez pas"

    async def test_a_session_that_is_not_for_one_is_not_found(self, monde: Monde) -> None:
        lointaine = uuid4()
        async with monde.database.transaction() as session:
            event = collectivite(lointaine).model_copy(update={"departement": "974"})
            await projections.retenir_collectivite(session, event)
        for qui in (acteur(Role.GESTIONNAIRE, collectivite_id=lointaine), acteur(Role.CONSEILLER, structure="OCC"), acteur(Role.SUPERIEUR)):
            with pytest.raises(Problem, match="Cette session n’existe pas"):
                await self.lire(monde, qui)

    async def test_pages_follow_each_other_without_gap(self, monde: Monde) -> None:
        for rang in range(60):
            await fixer(monde, effectif=6 + rang % 2, version=2 + rang)
        premiere = await self.lire(monde)
        seconde = await self.lire(monde, cursor=premiere.suivant)
        lignes = premiere.elements + seconde.elements
        assert [ligne.rang for ligne in lignes] == list(range(61, 0, -1))
        assert seconde.suivant is None
        for avant, apres in zip(lignes[1:], lignes, strict=False):
            assert apres.apres.effectif_attendu == avant.apres.effectif_attendu + apres.mouvement.effectif_attendu

    async def test_a_forged_page_is_told(self, monde: Monde) -> None:
        for forge in ("n’importe quoi", "WyJ4Il0", "WyI5OTk5OTk5OTk5OTk5OTkiXQ"):
            with pytest.raises(Problem, match="Cette page n’existe pas"):
                await self.lire(monde, cursor=forge)
