"""An address changed with the agreement of both mailboxes, over HTTP and on a real PostgreSQL."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from services.contracts.acteur import Role
from services.contracts.identity import LireCourriel
from services.contracts.ids import collectivite_id
from services.identity.domain.liens import UsageLien
from services.identity.models import Appartenance, Compte
from services.identity.repository.connexion import compte_par_identifiant
from services.identity.secret import hacher
from services.identity.service import courriels
from services.kit.clock import day_of, now
from services.kit.database import Database
from services.kit.problems import NotFound
from tests.integration.identity.conftest import GWENAELLE, MOT_DE_PASSE, SOLENE, connecter, renouveler
from tests.integration.identity.test_comptes import lien_vers

CLES = ["cle-des-liens-de-l-essai"]
ROCHEBRUNE = collectivite_id("21350950800015")
KERMELEN = collectivite_id("21290950100018")
HACHE = hacher(MOT_DE_PASSE)


class Quelquun:
    """Someone made for the test, and logged in."""

    def __init__(self, client: httpx.AsyncClient, database: Database, nom: str) -> None:
        self.client, self.database = client, database
        self.identifiant, self.email = nom, f"{nom}@avant.example"
        self.nouvelle = f"{nom}@apres.example"
        self.session: dict[str, Any] = {}

    @classmethod
    async def nouveau(
        cls, client: httpx.AsyncClient, database: Database, nom: str, role: Role = Role.AGENT, ou: UUID = ROCHEBRUNE, identifiant: str = ""
    ) -> "Quelquun":
        qui = cls(client, database, nom)
        qui.identifiant = identifiant or nom
        async with database.transaction() as session:
            compte = Compte(identifiant=qui.identifiant, mot_de_passe=HACHE, nom=nom.capitalize(), prenom="Ana", email=qui.email)
            session.add(compte)
            await session.flush()
            session.add(Appartenance(compte_id=compte.id, roles=[role], collectivite_id=ou, debut=day_of(now())))
        await qui.se_connecter()
        return qui

    async def se_connecter(self) -> None:
        self.session = (await connecter(self.client, self.identifiant)).raise_for_status().json()

    async def appeler(self, methode: str, chemin: str, corps: dict[str, Any] | None = None) -> httpx.Response:
        entetes = {"Authorization": f"Bearer {self.session['access_token']}"}
        return await self.client.request(methode, chemin, json=corps, headers=entetes)

    async def demander(self, nouvelle: str = "", mot_de_passe: str = MOT_DE_PASSE) -> httpx.Response:
        return await self.appeler("PUT", "/moi/adresse", {"nouvelle": nouvelle or self.nouvelle, "mot_de_passe": mot_de_passe})

    async def adresse(self) -> Any:
        return (await self.appeler("GET", "/moi/adresse")).raise_for_status().json()

    async def jeton(self, adresse: str, gabarit: str) -> str:
        """The token of the last mail of this kind, as notifications reads it."""
        async with self.database.transaction() as session:
            courriel_id = await session.scalar(
                text("select id from courriels where email = :email and gabarit = :gabarit order by cree_le desc limit 1"),
                {"email": adresse, "gabarit": gabarit},
            )
            contenu = await courriels.lire(session, LireCourriel(courriel_id=courriel_id), public_url="https://iel.example", cles=CLES)
        page, _, jeton = contenu.lien.rpartition("/")
        assert page == "https://iel.example/adresse"
        return jeton

    async def jetons(self) -> tuple[str, str]:
        """Of the link to the new address, of the one to the old."""
        return await self.jeton(self.nouvelle, "email_a_confirmer"), await self.jeton(self.email, "email_change")

    async def repondre(self, jeton: str, reponse: str = "confirmer") -> httpx.Response:
        return await self.client.post(f"/liens-adresse/{jeton}", json={"reponse": reponse})


async def gabarits(database: Database, email: str) -> list[str]:
    async with database.transaction() as session:
        lignes = await session.execute(text("select gabarit from courriels where email = :email order by cree_le"), {"email": email})
        return list(lignes.scalars())


@pytest.mark.parametrize("ordre", [(0, 1), (1, 0)])
async def test_the_address_changes_once_both_mailboxes_have_confirmed(
    client: httpx.AsyncClient, database: Database, ordre: tuple[int, int]
) -> None:
    ana = await Quelquun.nouveau(client, database, f"deux.boites{ordre[0]}")
    assert (await ana.demander()).status_code == 204
    avant = await ana.adresse()
    assert (avant["email"], avant["en_cours"]["nouvelle"], avant["identifiant_suit"]) == (ana.email, ana.nouvelle, False)
    assert avant["gestionnaires"] == ["Solène Morvan"]
    jetons = await ana.jetons()
    for jeton, ancienne in zip(jetons, (None, ana.email), strict=True):
        # Looking changes nothing: mail scanners open links.
        lu = (await client.get(f"/liens-adresse/{jeton}")).raise_for_status().json()
        assert (lu["ancienne"], lu["nouvelle"], lu["identifiant"]) == (ancienne, ana.nouvelle, ana.identifiant)
    premier, second = (jetons[n] for n in ordre)
    assert (await ana.repondre(premier)).json() == {"suite": "attend_l_autre"}
    encore = await ana.repondre(premier)
    assert (encore.status_code, encore.json()["title"]) == (410, "Cette adresse est déjà confirmée.")
    assert (await ana.adresse())["email"] == ana.email
    assert (await ana.repondre(second)).json() == {"suite": "applique"}
    apres = await ana.adresse()
    assert (apres["email"], apres["en_cours"], apres["identifiant"]) == (ana.nouvelle, None, ana.identifiant)
    assert (await ana.repondre(second)).json()["title"] == "L’adresse est déjà changée."
    assert await gabarits(database, ana.email) == ["email_change", "email_change_fait"]
    assert await gabarits(database, ana.nouvelle) == ["email_a_confirmer", "email_change_fait"]


async def test_both_at_once_change_it_once(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "ensemble")
    await ana.demander()
    reponses = await asyncio.gather(*(ana.repondre(jeton) for jeton in (*await ana.jetons(), *await ana.jetons())))
    assert sorted(reponse.json().get("suite", "") for reponse in reponses) == ["", "", "applique", "attend_l_autre"]


async def test_an_identifiant_that_was_the_address_follows_and_the_old_one_serves_a_month(
    client: httpx.AsyncClient, database: Database
) -> None:
    ana = await Quelquun.nouveau(client, database, "suit", identifiant="suit@avant.example")
    assert (await ana.adresse())["identifiant_suit"] is True
    await ana.demander()
    for jeton in await ana.jetons():
        await ana.repondre(jeton)
    assert (await ana.adresse())["identifiant"] == ana.nouvelle
    for identifiant in (ana.nouvelle, ana.email):
        assert (await connecter(client, identifiant)).status_code == 200
    async with database.transaction() as session:
        await session.execute(text("update anciens_identifiants set jusqu_au = now() where identifiant = :qui"), {"qui": ana.email})
    assert (await connecter(client, ana.email)).status_code == 401


async def test_the_old_mailbox_refuses_and_puts_the_thief_out(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "volee")
    await ana.demander()
    nouveau, ancien = await ana.jetons()
    await ana.repondre(nouveau)
    assert (await ana.repondre(ancien, "refuser")).json() == {"suite": "refuse_par_l_ancienne"}
    assert (await renouveler(client, ana.session["refresh_token"])).status_code == 401
    assert (await ana.adresse())["email"] == ana.email
    assert (await client.get(f"/liens-adresse/{ancien}")).json()["title"] == "Ce changement a été refusé."


async def test_a_stranger_at_the_new_address_refuses(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "coquille")
    await ana.demander()
    nouveau, ancien = await ana.jetons()
    assert (await ana.repondre(nouveau, "refuser")).json() == {"suite": "refuse_par_la_nouvelle"}
    assert (await ana.repondre(ancien)).status_code == 410
    assert (await renouveler(client, ana.session["refresh_token"])).status_code == 200


async def test_what_ends_a_change(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "annulee")
    await ana.demander()
    premiers = await ana.jetons()
    ana.nouvelle = "annulee@ailleurs.example"
    await ana.demander()
    assert (await client.get(f"/liens-adresse/{premiers[0]}")).json()["title"] == "Une autre demande a remplacé celle-ci."
    deuxiemes = await ana.jetons()
    for _ in range(2):
        assert (await ana.appeler("DELETE", "/moi/adresse")).status_code == 204
    assert (await client.get(f"/liens-adresse/{deuxiemes[1]}")).json()["title"] == "Ce changement a été abandonné."
    assert (await ana.adresse())["en_cours"] is None
    await ana.demander()
    troisiemes = await ana.jetons()
    corps = {"ancien": MOT_DE_PASSE, "nouveau": "le chemin longe la Vilaine"}
    assert (await ana.appeler("PUT", "/moi/mot-de-passe", corps)).status_code == 204
    perime = await ana.repondre(troisiemes[0])
    assert (perime.status_code, perime.json()["title"]) == (410, "Le changement de mot de passe a annulé cette demande.")


async def test_a_change_expires(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "tardive")
    await ana.demander()
    jeton, _ = await ana.jetons()
    async with database.transaction() as session:
        await session.execute(text("update liens set expire_le = now() where email like 'tardive@%'"))
        await session.execute(text("update changements_email set expire_le = now() where nouvelle = :email"), {"email": ana.nouvelle})
    assert (await ana.repondre(jeton)).json()["title"] == "Ce lien n’est plus valable."
    assert (await ana.adresse())["en_cours"] is None
    assert (await ana.demander()).status_code == 204


async def test_an_address_already_taken_is_told_to_its_holder_alone(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "curieuse")
    prise = "gwenaelle.legoff@bretagne.organisme.example"
    assert (await ana.demander(prise.upper())).status_code == 204
    assert (await ana.adresse())["en_cours"]["nouvelle_confirmee"] is False
    assert await gabarits(database, prise.upper()) == ["email_deja_pris"]
    assert await gabarits(database, ana.email) == ["email_change"]
    assert (await ana.repondre(await ana.jeton(ana.email, "email_change"))).json() == {"suite": "attend_l_autre"}


async def test_an_address_taken_meanwhile_is_not_taken_twice(client: httpx.AsyncClient, database: Database) -> None:
    ana, eva = [await Quelquun.nouveau(client, database, nom) for nom in ("rapide", "lente")]
    eva.nouvelle = ana.nouvelle
    await ana.demander()
    jetons = list(await ana.jetons())
    await eva.demander()
    jetons += await eva.jetons()
    suites = [(await ana.repondre(jeton)).json()["suite"] for jeton in jetons]
    assert suites == ["attend_l_autre", "applique", "attend_l_autre", "adresse_prise"]
    assert (await eva.adresse())["email"] == eva.email


async def test_what_is_typed_is_checked(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "distraite")
    for nouvelle, mot_de_passe, champ in (
        ("sans-arobase", MOT_DE_PASSE, "nouvelle"),
        (ana.email.upper(), MOT_DE_PASSE, "nouvelle"),
        (ana.nouvelle, "mauvais", "mot_de_passe"),
    ):
        refus = await ana.demander(nouvelle, mot_de_passe)
        assert (refus.status_code, refus.json()["errors"][0]["champ"]) == (422, champ)
    assert [(await ana.demander(mot_de_passe="mauvais")).status_code for _ in range(3)] == [422, 422, 429]
    assert await gabarits(database, ana.nouvelle) == []


async def test_mailboxes_are_not_filled(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "insistante")
    assert [(await ana.demander()).status_code for _ in range(4)] == [204, 204, 204, 429]


async def test_the_gestionnaire_principal_answers_for_a_lost_mailbox(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "sansboite", Role.GESTIONNAIRE)
    await ana.demander()
    chef = await Quelquun.nouveau(client, database, "chef", Role.GESTIONNAIRE_PRINCIPAL)
    (vu,) = [c for c in (await chef.appeler("GET", "/changements-adresse")).json() if c["nouvelle"] == ana.nouvelle]
    assert (vu["ancienne"], vu["identifiant"]) == (ana.email, "sansboite")
    motif = {"motif": "Vue dans mon bureau, boîte fermée."}
    chemin = f"/changements-adresse/{vu['id']}/confirmation"
    ailleurs = await Quelquun.nouveau(client, database, "voisine", Role.GESTIONNAIRE_PRINCIPAL, KERMELEN)
    assert (await ailleurs.appeler("POST", chemin, motif)).status_code == 404
    assert (await ana.appeler("POST", chemin, motif)).status_code == 403
    assert (await chef.appeler("POST", chemin, {"motif": ""})).status_code == 422
    assert (await chef.appeler("POST", chemin, motif)).json() == {"suite": "attend_l_autre"}
    assert (await chef.appeler("POST", chemin, motif)).status_code == 404
    # The old mailbox is told, and may still refuse.
    assert (await client.get(f"/liens-adresse/{await ana.jeton(ana.email, 'email_confirme_pour_vous')}")).status_code == 200
    assert (await ana.repondre(await ana.jeton(ana.nouvelle, "email_a_confirmer"))).json() == {"suite": "applique"}
    async with database.transaction() as session:
        trace = await session.execute(
            text("select ancienne_confirmee_par, motif_confirmation, issue from changements_email where nouvelle = :n"), {"n": ana.nouvelle}
        )
        publie = await session.scalar(
            text("select count(*) from outbox where subject like 'identity.v1.collectivite.%' and payload::text like :n"),
            {"n": f"%{ana.nouvelle}%"},
        )
        assert trace.one() == ("Ana Chef", motif["motif"], "applique")
    assert publie, "the other services write to the gestionnaires"


async def test_nobody_answers_for_himself_nor_for_the_organisme(client: httpx.AsyncClient, database: Database) -> None:
    chef = await Quelquun.nouveau(client, database, "soimeme", Role.GESTIONNAIRE_PRINCIPAL)
    await chef.demander()
    (vu,) = [c for c in (await chef.appeler("GET", "/changements-adresse")).json() if c["nouvelle"] == chef.nouvelle]
    refus = await chef.appeler("POST", f"/changements-adresse/{vu['id']}/confirmation", {"motif": "C’est bien moi."})
    assert (refus.status_code, refus.json()["title"]) == (403, "Nul ne confirme à sa propre place.")
    async with database.transaction() as session:
        compte = await compte_par_identifiant(session, chef.identifiant)
        assert compte is not None
        session.add(Appartenance(compte_id=compte.id, roles=[Role.CONSEILLER], structure="BRE", debut=day_of(now())))
    assert chef.nouvelle not in (await chef.appeler("GET", "/changements-adresse")).text


async def test_no_link_serves_for_something_else(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "prudente")
    await ana.demander()
    for jeton in await ana.jetons():
        assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": "le chemin longe la Vilaine"})).status_code == 404
        assert (await client.get(f"/liens/{jeton}")).status_code == 404
    for usage in (UsageLien.ACTIVATION, UsageLien.MOT_DE_PASSE):
        assert (await ana.repondre(await lien_vers(database, SOLENE, usage))).json()["type"] == "urn:iel:probleme:lien-inconnu"


async def test_a_link_for_the_password_sent_to_the_old_mailbox_dies_with_it(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "demenagee")
    await client.post("/mot-de-passe-oublie", json={"identifiant": ana.email})
    await ana.demander()
    for jeton in await ana.jetons():
        await ana.repondre(jeton)
    async with database.transaction() as session:
        courriel_id = await session.scalar(
            text("select id from courriels where email = :email and gabarit = 'mot_de_passe'"), {"email": ana.email}
        )
        with pytest.raises(NotFound):
            await courriels.lire(session, LireCourriel(courriel_id=courriel_id), public_url="", cles=CLES)


async def test_without_a_password_one_chooses_it_first(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "sansmotdepasse")
    async with database.transaction() as session:
        await session.execute(text("update comptes set mot_de_passe = null where identifiant = :qui"), {"qui": ana.identifiant})
    assert (await ana.demander()).json()["type"] == "urn:iel:probleme:sans-mot-de-passe"


async def test_people_of_the_organisme_have_no_gestionnaire(client: httpx.AsyncClient) -> None:
    session = (await connecter(client, GWENAELLE)).json()
    entetes = {"Authorization": f"Bearer {session['access_token']}"}
    assert (await client.get("/moi/adresse", headers=entetes)).json()["gestionnaires"] == []
    assert (await client.get("/changements-adresse", headers=entetes)).status_code == 403
