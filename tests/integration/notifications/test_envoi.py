"""A message leaves once, or is tried again, or is given up; its row says so."""

import asyncio
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from services.contracts.acteur import Acteur, Role
from services.contracts.identity import Personne
from services.contracts.notifications import Gabarit
from services.kit.context import Context
from services.kit.french import NBSP
from services.notifications import service
from services.notifications.envoi import envoyer_le_suivant
from services.notifications.schemas import MessagePublic
from tests.acteurs import un_acteur
from tests.dossiers import AGENT, COLLECTIVITE, INSCRIPTION, dossier
from tests.integration.notifications.conftest import Boite, deposer
from tests.servers import PostgresServer

YANN = Personne(nom="Morvan", prenom="Yann", email="pas une adresse")


def gestionnaire() -> Acteur:
    return acteur(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)


acteur = un_acteur


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
    (message,) = await lus(context, gestionnaire())
    assert (message.etat, message.erreur) == (etat, f"Adresse refusée par le serveur de courriel{NBSP}: {reponse}")
    assert boite.recus == []


async def test_a_deferred_message_leaves_at_the_next_try(context: Context, boite: Boite) -> None:
    boite.reponses = ["451 Try later"]
    await deposer(context)
    await envoyer_tout(context)
    await rendre_exigible(context)
    await envoyer_tout(context)
    (message,) = await lus(context, gestionnaire())
    assert (message.etat, message.essais, message.erreur) == ("envoye", 2, "")
    assert len(boite.recus) == 1


async def test_a_refused_sender_gives_nothing_up(context: Context, boite: Boite) -> None:
    boite.refus_expediteur = "550 Sender rejected"
    await deposer(context)
    await envoyer_tout(context)
    assert (await lus(context, gestionnaire()))[0].etat == "reessaye"
    boite.refus_expediteur = ""
    await rendre_exigible(context)
    await envoyer_tout(context)
    assert len(boite.recus) == 1


async def test_an_impossible_address_is_given_up_and_holds_nothing_back(context: Context, boite: Boite) -> None:
    demande = dossier().demande_avis
    assert demande is not None
    await deposer(context, cle="fautif", demande_avis=demande.model_copy(update={"a": YANN}))
    await deposer(context, cle="bon")
    await envoyer_tout(context)
    assert sorted(message.etat for message in await lus(context, gestionnaire())) == ["abandonne", "envoye"]
    assert len(boite.recus) == 1


async def test_a_message_that_cannot_be_made_holds_nothing_back(context: Context, boite: Boite) -> None:
    await deposer(context, cle="fautif", collectivite_email="mairie@commune.example\nBcc: x@y.example")
    await deposer(context, cle="bon")
    await envoyer_tout(context)
    assert sorted(message.etat for message in await lus(context, gestionnaire())) == ["envoye", "reessaye"]
    assert len(boite.recus) == 1


async def test_what_asks_for_an_act_leaves_before_what_informs(context: Context, boite: Boite) -> None:
    await deposer(context, Gabarit.ACCEPTEE, "acceptee")
    await deposer(context, Gabarit.AVIS_DEMANDE, "avis")
    await envoyer_tout(context)
    assert "avis est demandé" in boite.recus[0]["Subject"]


async def test_a_crash_after_smtp_accepted_sends_again_under_the_same_id(context: Context, boite: Boite, postgres: PostgresServer) -> None:
    await deposer(context)

    class Coupure(Boite):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
            couper_la_base(postgres, context)
            return await super().handle_DATA(server, session, envelope)

    boite.fermer()
    coupure = Coupure(boite.port)
    coupure.ouvrir()
    with pytest.raises(OperationalError):
        await envoyer_le_suivant(context)
    coupure.fermer()
    boite.ouvrir()
    await envoyer_tout(context)
    (premier,), (second,) = coupure.recus, boite.recus
    assert premier["Message-ID"] == second["Message-ID"]
    assert (await lus(context, gestionnaire()))[0].etat == "envoye"


def couper_la_base(postgres: PostgresServer, context: Context) -> None:
    base = make_url(context.database.url).database
    with psycopg.connect(postgres.admin_url, autocommit=True) as connexion:
        connexion.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [base])


async def test_everyone_sees_the_messages_he_may(context: Context) -> None:
    await deposer(context, Gabarit.AVIS_DEMANDE, "avis")
    await deposer(context, Gabarit.TRANSMISE, "accuse")
    assert len(await lus(context, gestionnaire())) == 4
    assert {message.gabarit for message in await lus(context, acteur(Role.CONSEILLER, structure="BRE"))} == {Gabarit.TRANSMISE}
    assert {message.gabarit for message in await lus(context, acteur(Role.ADMINISTRATEUR))} == {Gabarit.TRANSMISE}
    for etranger in (
        acteur(Role.CONSEILLER, structure="NAQ"),
        acteur(Role.CONSEILLER),
        acteur(Role.GESTIONNAIRE, collectivite_id=uuid4()),
        acteur(Role.GESTIONNAIRE),
        acteur(Role.AGENT, agent_id=uuid4(), collectivite_id=COLLECTIVITE),
        acteur(),
    ):
        assert await lus(context, etranger) == []


async def test_the_organisme_learns_of_an_expiry_only_after_transmission(context: Context) -> None:
    conseiller = acteur(Role.CONSEILLER, structure="BRE")
    await deposer(context, Gabarit.EXPIREE, "expiree")
    assert await lus(context, conseiller) == []
    await deposer(context, Gabarit.TRANSMISE, "accuse")
    assert {message.gabarit for message in await lus(context, conseiller)} == {Gabarit.EXPIREE, Gabarit.TRANSMISE}


async def test_the_agent_is_not_given_the_address_of_his_superieur(context: Context, boite: Boite) -> None:
    boite.reponses = ["550 <yann.morvan@commune.example> unknown"]
    await deposer(context)
    await envoyer_tout(context)
    (message,) = await lus(context, acteur(Role.AGENT, agent_id=AGENT))
    assert (message.adresse, message.etat, message.erreur) == ("y…@commune.example", "abandonne", "")


async def test_the_list_never_holds_the_link(context: Context) -> None:
    await deposer(context)
    (message,) = await lus(context, gestionnaire())
    assert "jeton-de-test" not in message.model_dump_json()
