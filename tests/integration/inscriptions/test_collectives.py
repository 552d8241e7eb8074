"""A gestionnaire registers agents, one or hundreds: the outcome of each told before, then all of them or none."""

import asyncio
from typing import Self
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from services.contracts.acteur import Acteur, Role
from services.contracts.catalogue import ModeAdmission
from services.contracts.inscriptions import Etat, Issue, OuvrirCircuit
from services.inscriptions.models import Inscription
from services.inscriptions.schemas import Choix, CollectiveCreate, CollectivePublic
from services.inscriptions.service import circuit, collective, lecture, projections
from services.kit.database import Database
from services.kit.problems import Problem
from tests.integration.inscriptions.conftest import Monde, acteur, collectivite, session_de_bretagne
from tests.integration.inscriptions.test_places import fixer, verifier

MOTIF = "Mise en œuvre du nouveau logiciel d’état civil."
CINQ_CENTS = 500
ENONCES_AU_PLUS = 20
"""However many agents are registered."""


async def inscrire(monde: Monde, agents: list[UUID], qui: Acteur | None = None, **autrement: object) -> CollectivePublic:
    demande = CollectiveCreate.model_validate({"session_id": monde.session_id, "agents": agents, "motif": MOTIF, **autrement})
    async with monde.database.transaction() as session:
        return await collective.inscrire(session, qui or monde.gestionnaire(), demande)


async def agents(monde: Monde, combien: int) -> list[UUID]:
    return [agent.agent_id for agent in [await monde.agent() for _ in range(combien)] if agent.agent_id]


async def demandes(monde: Monde) -> int:
    async with monde.database.transaction() as session:
        requete = text("select count(*) from inscriptions where session_id = :id")
        return int((await session.execute(requete, {"id": monde.session_id})).scalar_one())


async def test_registered_is_transmitted_and_signed(monde: Monde) -> None:
    (ligne,) = (await inscrire(monde, await agents(monde, 1))).lignes
    assert (ligne.etat, ligne.nom_complet, ligne.obstacle) == (Etat.TRANSMISE, "Anne Le Bihan", None)
    assert ligne.inscription_id is not None
    async with monde.database.transaction() as session:
        lue = await lecture.lire(session, monde.conseiller(), ligne.inscription_id)
    assert (lue.numero, lue.etat, lue.motivation, lue.tous_les_avis) == (ligne.numero, Etat.TRANSMISE, MOTIF, [])
    assert lue.validee_par == monde.gestionnaire().nom
    assert [entree.fait for entree in lue.journal] == ["depot", "validation", "transmission"]
    assert {entree.pour for entree in lue.journal[:2]} == {"Commune de Saint-Aubin, par délégation de Jeanne Simon, maire"}
    assert lue.journal_intact
    assert await verifier(monde.database, monde.session_id) == (5, 5, 1, 0, 0)


async def test_its_circuit_starts_where_it_is(monde: Monde) -> None:
    (ligne,) = (await inscrire(monde, await agents(monde, 1))).lignes
    assert ligne.inscription_id is not None
    async with monde.database.transaction() as session:
        plan = await circuit.ouvrir(session, OuvrirCircuit(inscription_id=ligne.inscription_id))
        evenements = (
            await session.execute(
                text("select split_part(subject, '.', 4) from outbox where subject like :suffixe order by position"),
                {"suffixe": f"%.{ligne.inscription_id}"},
            )
        ).scalars()
        assert list(evenements) == ["depose", "etat-change"]
    assert (plan.etat, plan.etapes) == (Etat.TRANSMISE, ())


async def test_a_trial_tells_each_outcome_and_writes_nothing(monde: Monde) -> None:
    """In the order given, which is that of priority."""
    inscrit = await monde.depose()
    parti = await monde.agent()
    soi = await monde.agent()
    async with monde.database.transaction() as session:
        await session.execute(text("update agents set actif = false where id = :id"), {"id": parti.agent_id})
    gestionnaire = acteur(Role.GESTIONNAIRE, collectivite_id=monde.collectivite_id, agent_id=soi.agent_id)
    (bon,) = await agents(monde, 1)
    ids = [uuid4(), *(connu.agent_id or uuid4() for connu in (parti, soi, inscrit)), bon]
    essai = await inscrire(monde, ids, gestionnaire, essai=True, choix=Choix.LES_AUTRES)
    assert [ligne.agent_id for ligne in essai.lignes] == ids
    attendus = ("ceux que vous gérez", "plus partie des effectifs", "sa propre demande", "déjà une demande en cours")
    for ligne, attendu in zip(essai.lignes, attendus, strict=False):
        assert ligne.etat is None
        assert ligne.obstacle is not None
        assert attendu in ligne.obstacle
    assert essai.lignes[-1].etat is Etat.TRANSMISE
    assert (essai.appliquee, essai.possibles, essai.impossibles) == (False, 1, 4)
    assert await demandes(monde) == 1


async def test_all_or_none_as_chosen(monde: Monde) -> None:
    bons = await agents(monde, 3)
    melange = [bons[0], uuid4(), bons[1], bons[0], bons[2]]
    refusee = await inscrire(monde, melange)
    assert (refusee.appliquee, refusee.possibles, refusee.impossibles) == (False, 3, 1)
    assert await demandes(monde) == 0
    faite = await inscrire(monde, melange, choix=Choix.LES_AUTRES)
    assert (faite.appliquee, faite.possibles, faite.impossibles) == (True, 3, 1)
    assert [ligne.priorite for ligne in faite.lignes] == [1, None, 2, 3]
    async with monde.database.transaction() as session:
        rangs = await session.execute(text("select agent_id, priorite from inscriptions where session_id = :id"), {"id": monde.session_id})
        assert dict(rangs.all()) == {agent: rang for rang, agent in enumerate(bons, start=1)}


async def test_the_last_seat_goes_by_priority(monde: Monde) -> None:
    await fixer(monde, effectif=2, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
    etats = [ligne.etat for ligne in (await inscrire(monde, await agents(monde, 4))).lignes]
    assert etats == [Etat.ACCEPTEE, Etat.ACCEPTEE, Etat.LISTE_ATTENTE, Etat.LISTE_ATTENTE]
    assert await verifier(monde.database, monde.session_id) == (2, 2, 4, 2, 2)
    async with monde.database.transaction() as session:
        motifs = await session.execute(
            text(
                "select j.motif from journal j join inscriptions i on i.id = j.inscription_id"
                " where i.session_id = :id and j.rang = 4 order by i.priorite"
            ),
            {"id": monde.session_id},
        )
        assert list(motifs.scalars()) == ["Place 1 sur 2", "Place 2 sur 2", "Rang 1", "Rang 2"]


async def test_without_a_waiting_list_those_without_a_seat_are_told(monde: Monde) -> None:
    await fixer(monde, effectif=1, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU, liste_attente=False)
    premiers, (dernier,) = await agents(monde, 2), await agents(monde, 1)
    faite = await inscrire(monde, premiers, choix=Choix.LES_AUTRES)
    assert [ligne.etat for ligne in faite.lignes] == [Etat.ACCEPTEE, None]
    assert "aucune place" in (faite.lignes[1].obstacle or "")
    assert not (await inscrire(monde, [dernier], choix=Choix.LES_AUTRES)).appliquee
    assert await verifier(monde.database, monde.session_id) == (1, 1, 1, 1, 0)


async def test_another_session_on_the_same_day_warns_and_stops_nothing(monde: Monde) -> None:
    inscrit = await monde.depose()
    autre = Monde(monde.database, monde.collectivite_id, uuid4())
    async with monde.database.transaction() as session:
        seconde = session_de_bretagne(autre.session_id, places=5).model_copy(update={"code": "SXM5A 002"})
        await projections.retenir_session(session, seconde)
    (ligne,) = (await inscrire(autre, [inscrit.agent_id])).lignes
    assert ligne.etat is Etat.TRANSMISE
    assert len(ligne.avertissements) == 1
    assert "une demande en cours pour SXM5A 001" in ligne.avertissements[0]


async def test_others_agents_are_as_unknown(monde: Monde) -> None:
    voisine = uuid4()
    async with monde.database.transaction() as session:
        await projections.retenir_collectivite(session, collectivite(voisine, nom="Commune voisine"))
    (ligne,) = (await inscrire(monde, await agents(monde, 1), acteur(Role.GESTIONNAIRE, collectivite_id=voisine), essai=True)).lignes
    assert (ligne.nom_complet, ligne.service, ligne.etat) == ("", "", None)


async def test_only_a_gestionnaire_registers(monde: Monde) -> None:
    for qui in (await monde.agent(), monde.conseiller(), acteur(Role.LECTURE, collectivite_id=monde.collectivite_id)):
        with pytest.raises(Problem, match="Seul un gestionnaire"):
            await inscrire(monde, await agents(monde, 1), qui)


async def test_the_candidates_are_searched_and_told_apart(monde: Monde) -> None:
    inscrit = await monde.depose()
    await agents(monde, 2)
    async with monde.database.transaction() as session:
        await session.execute(text("update agents set service = 'Voirie', nom = 'Zeller' where id = :id"), {"id": inscrit.agent_id})
    async with monde.database.transaction() as session:
        tous = await collective.candidats(session, monde.gestionnaire(), monde.session_id, texte="", service="")
        voirie = await collective.candidats(session, monde.gestionnaire(), monde.session_id, texte="", service="Voirie")
        bihan = await collective.candidats(session, monde.gestionnaire(), monde.session_id, texte="anne le b", service="")
        aucun = await collective.candidats(session, monde.gestionnaire(), monde.session_id, texte="%", service="")
    assert tous.services == ["Commande publique", "Voirie"]
    assert [len(vus.lignes) for vus in (tous, voirie, bihan, aucun)] == [3, 1, 2, 0]
    assert "déjà une demande" in (voirie.lignes[0].obstacle or "")
    assert {ligne.etat for ligne in bihan.lignes} == {Etat.TRANSMISE}


async def test_five_hundred_in_a_few_statements(monde: Monde) -> None:
    """The same number of statements for one as for five hundred."""
    await fixer(monde, effectif=300, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
    async with monde.database.transaction() as session:
        modele = await monde.agent()
        await session.execute(
            text(
                "insert into agents (id, version, collectivite_id, civilite, nom, prenom, email, fonction, service, services, actif)"
                " select gen_random_uuid(), 1, collectivite_id, civilite, nom || n, prenom, n || email, fonction, service, services, true"
                " from agents, generate_series(1, :combien) n where id = :modele"
            ),
            {"combien": CINQ_CENTS, "modele": modele.agent_id},
        )
    async with monde.database.transaction() as session:
        requete = text("select id from agents where collectivite_id = :id and id <> :modele")
        ids = list((await session.execute(requete, {"id": monde.collectivite_id, "modele": modele.agent_id})).scalars())
    with Enonces(monde.database) as pour_un:
        await inscrire(monde, ids[:1])
    with Enonces(monde.database) as pour_tous:
        faite = await inscrire(monde, ids[1:])
    assert pour_un.nombre == pour_tous.nombre <= ENONCES_AU_PLUS
    etats = [ligne.etat for ligne in faite.lignes]
    assert (etats.count(Etat.ACCEPTEE), etats.count(Etat.LISTE_ATTENTE)) == (299, 200)
    assert await verifier(monde.database, monde.session_id) == (300, 300, 500, 300, 200)


async def test_two_lists_at_once_share_the_seats(monde: Monde) -> None:
    """The second waits for the first, and sees what is left."""
    await fixer(monde, effectif=6, mode_admission=ModeAdmission.AU_FIL_DE_L_EAU)
    listes = [await agents(monde, 4) for _ in range(4)]
    faites = await asyncio.gather(*(inscrire(monde, liste) for liste in listes))
    etats = [ligne.etat for faite in faites for ligne in faite.lignes]
    assert (etats.count(Etat.ACCEPTEE), etats.count(Etat.LISTE_ATTENTE)) == (6, 10)
    assert await verifier(monde.database, monde.session_id) == (6, 6, 16, 6, 10)


async def test_the_same_list_twice_at_once_registers_nobody_twice(monde: Monde) -> None:
    liste = await agents(monde, 4)
    faites = await asyncio.gather(*(inscrire(monde, liste) for _ in range(5)))
    assert sorted(faite.appliquee for faite in faites) == [False] * 4 + [True]
    assert await demandes(monde) == 4


async def test_an_agent_who_deposits_meanwhile_is_told(monde: Monde) -> None:
    """His deposit waits for nobody: the constraint tells who came second, and nothing is half written."""
    agent = await monde.agent()
    async with monde.database.transaction() as session:
        await session.execute(text("select 1 from places where session_id = :id for update"), {"id": monde.session_id})
        en_cours = asyncio.create_task(inscrire(monde, [*await agents(monde, 1), agent.agent_id or uuid4()]))
        await attendre_le_registre(monde.database)
    await en_cours
    with pytest.raises(Problem, match="déjà une demande en cours"):
        await monde.depose(agent)
    assert await demandes(monde) == 2


async def attendre_le_registre(database: Database) -> None:
    """Until somebody waits for a lock."""
    async with asyncio.timeout(10):
        while True:
            async with database.transaction() as session:
                attendent = (await session.execute(text("select count(*) from pg_locks where not granted"))).scalar_one()
            if attendent:
                return
            await asyncio.sleep(0.01)


async def test_accepted_then_instructed_as_any_other(monde: Monde) -> None:
    faite = await inscrire(monde, await agents(monde, 2))
    async with monde.database.transaction() as session:
        lues = [await lecture.lire(session, monde.conseiller(), ligne.inscription_id or uuid4()) for ligne in faite.lignes]
    assert [lue.etape for lue in lues] == ["instruction", "instruction"]
    assert all(lue.actions == ["instruction"] for lue in lues)
    async with monde.database.transaction() as session:
        inscription = await session.get(Inscription, lues[0].id)
    assert inscription is not None
    assert (await monde.instruit(inscription, Issue.ACCEPTER)).etat is Etat.ACCEPTEE


class Enonces:
    """Counts the statements sent to this database meanwhile."""

    def __init__(self, database: Database) -> None:
        self._engine = database._engine.sync_engine
        self.nombre = 0

    def _compter(self, *_: object) -> None:
        self.nombre += 1

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._compter)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._compter)
