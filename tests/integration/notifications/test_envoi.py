"""A message leaves once, or is tried again, or is given up; its row says so."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contracts.acteur import Acteur, Role
from services.contracts.notifications import Gabarit
from services.kit.context import Context
from services.notifications import service
from services.notifications.envoi import envoyer_le_suivant
from services.notifications.schemas import MessagePublic
from tests.dossiers import AGENT, COLLECTIVITE, INSCRIPTION
from tests.integration.notifications.conftest import Boite, deposer


def gestionnaire() -> Acteur:
    return acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)


def acteur(*roles: Role, **champs: object) -> Acteur:
    return Acteur.model_validate({"compte_id": uuid4(), "nom": "N", "email": "n@x.example", "roles": roles, **champs})


async def lus(context: Context, qui: Acteur) -> list[MessagePublic]:
    async with context.database.transaction() as session:
        return (await service.lister(session, qui, INSCRIPTION)).elements


async def envoyer_tout(context: Context) -> int:
    nombre = 0
    while await envoyer_le_suivant(context):
        nombre += 1
    return nombre


async def rendre_exigible(context: Context) -> None:
    async with context.database.transaction() as session:
        await session.execute(text("update messages set prochain_essai = now()"))


async def test_a_message_is_sent_once(context: Context, boite: Boite) -> None:
    assert [await deposer(context), await deposer(context)] == [False, True]
    assert await envoyer_tout(context) == 1
    assert await envoyer_tout(context) == 0
    (mail,) = boite.recus
    (message,) = await lus(context, gestionnaire())
    assert message.etat == "envoye"
    assert mail["Message-ID"] == f"<{message.id}@inscription-en-ligne>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "mairie@commune.example"
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == ["text/plain", "text/html"]


async def test_ten_deposits_at_once_queue_one(context: Context) -> None:
    assert sorted(await asyncio.gather(*(deposer(context) for _ in range(10)))) == [False] + [True] * 9


async def test_two_senders_never_send_the_same(context: Context, boite: Boite) -> None:
    for numero in range(20):
        await deposer(context, cle=f"cle-{numero}")
    assert sum(await asyncio.gather(*(envoyer_tout(context) for _ in range(4)))) == 20
    assert len({mail["Message-ID"] for mail in boite.recus}) == len(boite.recus) == 20


async def test_smtp_away_loses_nothing(context: Context, boite: Boite) -> None:
    boite.fermer()
    await deposer(context)
    assert await envoyer_tout(context) == 1
    (message,) = await lus(context, gestionnaire())
    assert (message.etat, message.essais) == ("reessaye", 1)
    assert message.prochain_essai is not None
    boite.ouvrir()
    await rendre_exigible(context)
    await envoyer_tout(context)
    assert len(boite.recus) == 1
    assert (await lus(context, gestionnaire()))[0].etat == "envoye"


@pytest.mark.parametrize(("reponse", "etat"), [("451 Try later", "reessaye"), ("550 No such user", "abandonne")])
async def test_a_refusal_is_final_only_when_smtp_says_so(context: Context, boite: Boite, reponse: str, etat: str) -> None:
    boite.reponses = [reponse]
    await deposer(context)
    await envoyer_tout(context)
    assert [message.etat for message in await lus(context, gestionnaire())] == [etat]
    assert boite.recus == []


async def test_everyone_sees_the_messages_he_may(context: Context) -> None:
    await deposer(context, Gabarit.AVIS_DEMANDE, "avis")
    await deposer(context, Gabarit.TRANSMISE, "accuse")
    assert len(await lus(context, gestionnaire())) == 4
    assert {message.gabarit for message in await lus(context, acteur(Role.CONSEILLER, structure="BRE"))} == {Gabarit.TRANSMISE}
    assert await lus(context, acteur(Role.CONSEILLER, structure="NAQ")) == []
    assert await lus(context, acteur(Role.GESTIONNAIRE, collectivite_id=uuid4())) == []
    vus = await lus(context, acteur(Role.AGENT, agent_id=AGENT))
    assert "y…@commune.example" in {message.adresse for message in vus}


async def test_the_list_never_holds_the_link(context: Context) -> None:
    await deposer(context)
    (message,) = await lus(context, gestionnaire())
    assert "jeton-de-test" not in message.model_dump_json()
