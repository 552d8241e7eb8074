"""Suspending, closing and reopening a collectivité: who may, what it ends, what is kept and told."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from services.contracts.identity import CollectiviteEnregistree
from services.contracts.ids import collectivite_id
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, ELEONORE, GWENAELLE, HELENE, NOLWENN, SOLENE, Lecteur, connecter, renouveler

ROCHEBRUNE = collectivite_id("21350950800015")
ETAT, SITUATION = f"/collectivites/{ROCHEBRUNE}/etat", f"/collectivites/{ROCHEBRUNE}/situation"
MOTIF = "Fusion de la commune au 1er janvier."


async def changer(qui: Lecteur, etat: str, motif: str = MOTIF) -> httpx.Response:
    return await qui.post(ETAT, {"etat": etat, "motif": motif})


@pytest.fixture
async def conseillere(client: httpx.AsyncClient, database: Database) -> Lecteur:
    """Whose délégation is that of Rochebrune, which works when a test begins."""
    async with database.transaction() as session:
        await session.execute(text("delete from collectivite_etats"))
        await session.execute(text("update collectivites set etat = 'operationnelle' where id = :id"), {"id": ROCHEBRUNE})
    return await Lecteur.nomme(client, GWENAELLE)


async def courriels(database: Database, gabarit: str) -> list[Any]:
    requete = text(
        "select email, faits ->> 'motif' as motif, faits ->> 'contact' as contact from courriels where gabarit = :g order by cree_le"
    )
    async with database.transaction() as session:
        return list((await session.execute(requete, {"g": gabarit})).all())


async def dernier_evenement(database: Database) -> CollectiviteEnregistree:
    sujet = f"identity.v1.collectivite.enregistree.{ROCHEBRUNE}"
    requete = text("select payload from outbox where subject = :sujet order by position desc limit 1")
    async with database.transaction() as session:
        return CollectiviteEnregistree.model_validate((await session.execute(requete, {"sujet": sujet})).scalar_one())


async def test_a_suspension_ends_what_its_people_do_there_and_nothing_elsewhere(client: httpx.AsyncClient, conseillere: Lecteur) -> None:
    solene, nolwenn = [(await connecter(client, qui)).json() for qui in (SOLENE, NOLWENN)]
    assert (await changer(conseillere, "suspendue")).status_code == 201
    assert (await renouveler(client, solene["refresh_token"])).status_code == 401
    assert (await renouveler(client, nolwenn["refresh_token"])).is_success
    # She may log in again, to read why, and do nothing.
    assert (await connecter(client, SOLENE)).json()["acteur"]["droits"] == []


async def test_its_people_read_why_since_when_and_whom_to_write_to(client: httpx.AsyncClient, conseillere: Lecteur) -> None:
    await changer(conseillere, "suspendue")
    for qui in (SOLENE, CLAIRE):
        situation = await (await Lecteur.nomme(client, qui)).lit(SITUATION)
        assert (situation["etat"], situation["delegation_nom"], situation["possibles"]) == ("suspendue", "Délégation Bretagne", [])
        assert "@" in situation["delegation_email"]
        (changement,) = situation["changements"]
        assert (changement["depuis"], changement["vers"], changement["motif"]) == ("operationnelle", "suspendue", MOTIF)
        assert changement["par"] == "Gwenaëlle Le Goff"


async def test_reopened_they_find_their_rights_again_and_the_history_stays(
    client: httpx.AsyncClient, database: Database, conseillere: Lecteur
) -> None:
    assert (await changer(conseillere, "close")).json()["possibles"] == ["operationnelle"]
    assert (await dernier_evenement(database)).etat == "close"
    assert (await changer(conseillere, "operationnelle", "Le nouveau maire a désigné ses gestionnaires.")).status_code == 201
    assert "gerer_demandes" in (await connecter(client, SOLENE)).json()["acteur"]["droits"]
    situation = await conseillere.lit(SITUATION)
    assert [changement["vers"] for changement in situation["changements"]] == ["operationnelle", "close"]
    assert situation["possibles"] == ["suspendue", "close"]
    assert (await dernier_evenement(database)).etat == "operationnelle"


async def test_each_gestionnaire_is_written_to_once(database: Database, conseillere: Lecteur) -> None:
    avant = len(await courriels(database, "collectivite_suspendue"))
    corps = {"etat": "suspendue", "motif": MOTIF}
    entetes = {**conseillere._entetes, "Idempotency-Key": str(uuid4())}
    reponses = await asyncio.gather(*(conseillere._client.post(ETAT, json=corps, headers=entetes) for _ in range(4)))
    assert {reponse.status_code for reponse in reponses} == {201}
    ecrits = (await courriels(database, "collectivite_suspendue"))[avant:]
    adresses = [ecrit.email for ecrit in ecrits]
    assert "solene.morvan@rochebrune.example" in adresses
    assert len(adresses) == len(set(adresses))
    assert {ecrit.motif for ecrit in ecrits} == {MOTIF}
    assert all("@" in ecrit.contact for ecrit in ecrits)


async def test_two_who_decide_at_once_do_not_both_win(conseillere: Lecteur, client: httpx.AsyncClient) -> None:
    helene = await Lecteur.nomme(client, HELENE)
    reponses = await asyncio.gather(*(changer(qui, "suspendue") for qui in (conseillere, helene, conseillere, helene)))
    assert sorted(reponse.status_code for reponse in reponses) == [201, 409, 409, 409]
    refus = next(reponse.json() for reponse in reponses if reponse.status_code == 409)
    assert refus["title"] == "Cette collectivité est déjà suspendue."


async def test_it_is_for_the_delegation_that_answers_for_it(conseillere: Lecteur, client: httpx.AsyncClient) -> None:
    for qui, statut in ((SOLENE, 403), ("camille.rochette", 404), (ELEONORE, 404)):
        assert (await changer(await Lecteur.nomme(client, qui), "suspendue")).status_code == statut, qui
    # An institut sees every collectivité, and answers for none.
    assert (await (await Lecteur.nomme(client, ELEONORE)).lit(SITUATION))["possibles"] == []
    assert (await changer(await Lecteur.nomme(client, HELENE), "suspendue")).status_code == 201


@pytest.mark.parametrize(
    ("corps", "champ"), [({"etat": "suspendue", "motif": "  "}, "motif"), ({"etat": "en_ouverture", "motif": "x"}, "etat")]
)
async def test_what_is_mistyped_is_said_beside_the_field(conseillere: Lecteur, corps: dict[str, str], champ: str) -> None:
    reponse = await conseillere.post(ETAT, corps)
    assert (reponse.status_code, [erreur["champ"] for erreur in reponse.json()["errors"]]) == (422, [champ])


async def test_the_list_may_be_narrowed_to_a_state(conseillere: Lecteur) -> None:
    await changer(conseillere, "suspendue")
    assert [ligne["id"] for ligne in await conseillere.lit_tout("/collectivites", etat="suspendue")] == [str(ROCHEBRUNE)]
    assert str(ROCHEBRUNE) not in {ligne["id"] for ligne in await conseillere.lit_tout("/collectivites", etat="operationnelle")}
