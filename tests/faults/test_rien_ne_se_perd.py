"""A process killed in the middle of the job, by its pid: nothing is lost, nothing is done twice."""

import httpx
import psycopg
import pytest

from services.kit.database import libpq
from tests.parcours import Parcours
from tests.servers import RunningStack

FAITS = ["depot", "avis_demande", "avis_rendu", "validation", "transmission", "acceptation", "convocation"]


async def nombre(url: str, requete: str, valeur: str) -> int:
    async with await psycopg.AsyncConnection.connect(libpq(url)) as connexion:
        ligne = await (await connexion.execute(requete.encode(), (valeur,))).fetchone()
    assert ligne is not None
    return int(ligne[0])


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "victime", ["identity", "catalogue", "inscriptions", "documents", "notifications", "workflows", "nats", "temporal", "postgres"]
)
async def test_the_job_survives_the_death_of(victime: str, stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        parcours = await Parcours.commencer(http, "claire.lebris")
        demande = await parcours.deposer()
        await stack.kill(victime)
        await parcours.donner_l_avis()
        await parcours.valider()
        await stack.until_ready(victime)
        await stack.kill(victime)
        await parcours.instruire()
        convoquee = await parcours.attendre("etat", "convoquee")
        await stack.until_ready(victime)

        assert [entree["fait"] for entree in convoquee["journal"]] == FAITS
        assert convoquee["journal_intact"]
        for adresse in ("claire.lebris", "solene.morvan"):
            await parcours.courriel("convocation", adresse)
            messages = await parcours.courriels("convocation", adresse)
            assert len({message["id"] for message in messages}) >= 1
        identifiant = demande["id"]
        assert await nombre(stack.database_url("documents"), "select count(*) from documents where inscription_id = %s", identifiant) == 1
        assert (
            await nombre(
                stack.database_url("inscriptions"), "select sum(admises) from mouvements_places where inscription_id = %s", identifiant
            )
            == 1
        )
        deposes = "select count(*) - count(distinct (gabarit, adresse)) from messages where inscription_id = %s"
        assert await nombre(stack.database_url("notifications"), deposes, identifiant) == 0


@pytest.mark.parametrize("absent", ["nats", "temporal"])
async def test_a_deposit_waits_for_nobody(absent: str, stack: RunningStack) -> None:
    """With NATS or Temporal away a deposit is kept and a decision is asked to come back later; then the circuit starts."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        parcours = await Parcours.commencer(http, "thomas.riou")
        en_attente = await Parcours.commencer(http, "claire.lebris")
        await en_attente.deposer()
        lien = await en_attente.lien_d_avis()
        await stack.stop_program(absent)
        try:
            demande = await parcours.deposer()
            refus = await http.post(f"/api/inscriptions/v1/avis/{lien}", json={"sens": "favorable", "commentaire": ""})
            assert refus.status_code == 503
            assert refus.headers["content-type"] == "application/problem+json"
            assert int(refus.headers["retry-after"]) > 0
        finally:
            await stack.start_program(absent)
        await en_attente.donner_l_avis()
        await en_attente.attendre("etape", "validation")
        await parcours.courriel("avis est demandé")
        assert (await parcours.agent.lire(parcours.chemin))["numero"] == demande["numero"]
