"""Accounts opened and recovered by a link, passwords changed, over HTTP and on a real PostgreSQL."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from services.contracts.identity import LireCourriel
from services.identity import secret
from services.identity.domain.liens import MOTS_DE_PASSE, UsageLien
from services.identity.models import Compte, Lien
from services.identity.repository.connexion import compte_par_identifiant
from services.identity.service import comptes, courriels, liens
from services.kit.database import Database
from services.kit.problems import NotFound
from services.kit.signed_id import sign
from tests.integration.identity.conftest import CLAIRE, ELEONORE, GWENAELLE, HELENE, MOT_DE_PASSE, NOLWENN, SOLENE, connecter, renouveler

CLES = ["cle-des-liens-de-l-essai"]
NOUVEAU = "le chemin longe la Vilaine"


async def compte_de(database: Database, identifiant: str) -> Compte:
    async with database.transaction() as session:
        compte = await compte_par_identifiant(session, identifiant)
    assert compte is not None
    return compte


async def lien_vers(database: Database, identifiant: str, usage: UsageLien = UsageLien.MOT_DE_PASSE) -> str:
    """The token of a link just sent."""
    async with database.transaction() as session:
        compte = await compte_par_identifiant(session, identifiant)
        assert compte is not None
        lien = await liens.creer(session, compte, usage)
        return sign(lien.usage, lien.id, CLES)


async def dernier_lien(database: Database, identifiant: str) -> Lien:
    compte = await compte_de(database, identifiant)
    async with database.transaction() as session:
        identifiant_du_lien = await session.scalar(
            text("select id from liens where compte_id = :compte order by cree_le desc limit 1"), {"compte": compte.id}
        )
        lien = await session.get(Lien, identifiant_du_lien)
    assert lien is not None
    return lien


async def courriels_a(database: Database, identifiant: str) -> list[str]:
    compte = await compte_de(database, identifiant)
    async with database.transaction() as session:
        lignes = await session.execute(text("select gabarit from courriels where email = :email order by cree_le"), {"email": compte.email})
        return list(lignes.scalars())


async def test_a_new_account_chooses_its_password_once(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("update comptes set mot_de_passe = null where identifiant = :qui"), {"qui": ELEONORE})
        compte = await compte_par_identifiant(session, ELEONORE)
        assert compte is not None
        lien = await comptes.inviter(session, compte, "l’INET")
        jeton = sign(lien.usage, lien.id, CLES)
    assert (await connecter(client, ELEONORE)).status_code == 401
    for _ in range(2):
        lu = (await client.get(f"/liens/{jeton}")).raise_for_status().json()
        assert (lu["usage"], lu["identifiant"]) == ("activation", ELEONORE)
    faible = await client.post(f"/liens/{jeton}", json={"mot_de_passe": "eleonore.vasselin!"})
    assert (faible.status_code, faible.json()["errors"][0]["champ"]) == (422, "mot_de_passe")
    assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})).status_code == 204
    assert (await connecter(client, ELEONORE, NOUVEAU)).status_code == 200
    encore = await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})
    assert (encore.status_code, encore.json()["title"]) == (410, "Ce lien a déjà servi.")
    assert await courriels_a(database, ELEONORE) == ["activation"]


async def test_the_mail_leads_to_the_page_until_its_link_has_served(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        compte = await compte_par_identifiant(session, ELEONORE)
        assert compte is not None
        await comptes.inviter(session, compte, "l’INET")
        courriel_id = await session.scalar(text("select id from courriels order by cree_le desc limit 1"))
    demande = LireCourriel(courriel_id=courriel_id)
    async with database.transaction() as session:
        contenu = await courriels.lire(session, demande, public_url="https://iel.example", cles=CLES)
    racine, _, jeton = contenu.lien.rpartition("/")
    assert racine == "https://iel.example/activation"
    assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})).status_code == 204
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await courriels.lire(session, demande, public_url="https://iel.example", cles=CLES)


async def test_of_two_uses_at_once_one_wins(client: httpx.AsyncClient, database: Database) -> None:
    jeton = await lien_vers(database, HELENE)
    reponses = await asyncio.gather(*(client.post(f"/liens/{jeton}", json={"mot_de_passe": f"{NOUVEAU} {n}"}) for n in range(4)))
    assert sorted(reponse.status_code for reponse in reponses) == [204, 410, 410, 410]


@pytest.mark.parametrize("usage", sorted(MOTS_DE_PASSE))
async def test_an_old_link_says_so_and_is_replaced(client: httpx.AsyncClient, database: Database, usage: UsageLien) -> None:
    jeton = await lien_vers(database, CLAIRE, usage)
    async with database.transaction() as session:
        await session.execute(text("update liens set expire_le = now() where utilise_le is null and annule_le is null"))
    vieux = await client.get(f"/liens/{jeton}")
    assert (vieux.status_code, vieux.json()["type"]) == (410, "urn:iel:probleme:lien-perime")
    assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})).status_code == 410
    assert (await connecter(client, CLAIRE)).status_code == 200
    assert (await client.post(f"/liens/{jeton}/renvoi")).status_code == 204
    assert (await client.get(f"/liens/{jeton}")).json()[
        "title"
    ] == "Un lien plus récent a remplacé celui-ci." or usage is UsageLien.ACTIVATION
    nouveau = await dernier_lien(database, CLAIRE)
    assert (await client.get(f"/liens/{sign(nouveau.usage, nouveau.id, CLES)}")).json()["usage"] == "mot_de_passe"


@pytest.mark.parametrize("jeton", ["nimporte", "a.b", "é"])
async def test_what_is_no_link_is_not_found(client: httpx.AsyncClient, jeton: str) -> None:
    assert (await client.get(f"/liens/{jeton}")).json()["type"] == "urn:iel:probleme:lien-inconnu"
    assert (await client.post(f"/liens/{jeton}/renvoi")).status_code == 204


async def test_a_link_signed_for_something_else_opens_nothing(client: httpx.AsyncClient, database: Database) -> None:
    await lien_vers(database, CLAIRE)
    lien = await dernier_lien(database, CLAIRE)
    for usage in ("avis", "activation"):
        assert (await client.get(f"/liens/{sign(usage, lien.id, CLES)}")).status_code == 404
    assert (await client.get(f"/liens/{sign(lien.usage, lien.id, ['une-autre-cle-que-la-notre'])}")).status_code == 404


async def test_links_asked_again_and_again_are_slowed(client: httpx.AsyncClient, database: Database) -> None:
    jeton = await lien_vers(database, SOLENE)
    assert [(await client.post(f"/liens/{jeton}/renvoi")).status_code for _ in range(4)] == [204, 204, 204, 429]


async def test_a_forgotten_password_is_replaced_and_everyone_is_logged_out(client: httpx.AsyncClient, database: Database) -> None:
    ailleurs = (await connecter(client, GWENAELLE)).json()["refresh_token"]
    adresse = (await compte_de(database, GWENAELLE)).email
    assert (await client.post("/mot-de-passe-oublie", json={"identifiant": adresse.upper()})).status_code == 204
    lien = await dernier_lien(database, GWENAELLE)
    assert lien.expire_le - lien.cree_le == timedelta(hours=1)
    jeton = sign(lien.usage, lien.id, CLES)
    assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})).status_code == 204
    assert (await renouveler(client, ailleurs)).status_code == 401
    assert (await connecter(client, GWENAELLE)).status_code == 401
    assert (await connecter(client, GWENAELLE, NOUVEAU)).status_code == 200
    assert await courriels_a(database, GWENAELLE) == ["mot_de_passe", "mot_de_passe_change"]


async def test_forgetting_does_not_tell_whether_the_account_exists(client: httpx.AsyncClient) -> None:
    async def demander(identifiant: str) -> list[int]:
        return [(await client.post("/mot-de-passe-oublie", json={"identifiant": identifiant})).status_code for _ in range(4)]

    assert await demander(NOLWENN) == await demander("personne.dutout") == [204, 204, 204, 429]


async def test_one_changes_ones_own_password(client: httpx.AsyncClient, database: Database) -> None:
    qui = "thomas.riou"
    session = (await connecter(client, qui)).json()
    entetes = {"Authorization": f"Bearer {session['access_token']}"}
    en_route = await lien_vers(database, qui)
    faux = await client.put("/moi/mot-de-passe", json={"ancien": "mauvais", "nouveau": NOUVEAU}, headers=entetes)
    assert (faux.status_code, faux.json()["errors"][0]["champ"]) == (422, "ancien")
    faible = await client.put("/moi/mot-de-passe", json={"ancien": MOT_DE_PASSE, "nouveau": "court"}, headers=entetes)
    assert (faible.status_code, faible.json()["errors"][0]["champ"]) == (422, "nouveau")
    assert (await client.put("/moi/mot-de-passe", json={"ancien": MOT_DE_PASSE, "nouveau": NOUVEAU}, headers=entetes)).status_code == 204
    assert (await renouveler(client, session["refresh_token"])).status_code == 401
    assert (await connecter(client, qui, NOUVEAU)).status_code == 200
    assert (await client.get(f"/liens/{en_route}")).status_code == 410
    assert await courriels_a(database, qui) == ["mot_de_passe_change"]


async def test_a_stolen_session_does_not_guess_the_password(client: httpx.AsyncClient, database: Database) -> None:
    jeton = (await connecter(client, "erwan.tanguy")).json()["access_token"]
    entetes = {"Authorization": f"Bearer {jeton}"}
    corps = {"ancien": "mauvais", "nouveau": NOUVEAU}
    essais = [(await client.put("/moi/mot-de-passe", json=corps, headers=entetes)).status_code for _ in range(4)]
    assert essais == [422, 422, 422, 429]
    async with database.transaction() as session:
        await session.execute(text("delete from echecs_connexion where empreinte = :e"), {"e": secret.empreinte("erwan.tanguy")})
