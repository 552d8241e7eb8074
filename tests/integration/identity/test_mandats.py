"""Mandates over HTTP, on a real PostgreSQL: proposed, answered, exercised, lost."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.contracts.ids import collectivite_id
from services.identity.service.jour import faire_le_jour
from services.identity.settings import Settings
from services.kit.clock import day_of, now
from services.kit.database import Database
from tests.integration.identity.conftest import GWENAELLE, SOLENE, Lecteur, connecter, renouveler

ROCHEBRUNE, AJONCS, KERMELEN, CDG35, CCAS = "21350950800015", "24350951000018", "21290950100018", "28350952900014", "26350950700012"
SAINT_GWENN, GRANDE_RAVINE = "21350951600018", "21974050300012"
DE_AJONCS, DE_KERMELEN, DU_CDG, DU_CCAS, D_AILLEURS = (
    "fabienne.leborgne",
    "bleuenn.bernard",
    "chloe.guillou",
    "aziliz.rault",
    "laura.dijoux",
)
AUJOURD_HUI = day_of(now())


def un_mandat(siret: str, cote: str = "mandant", portee: tuple[str, ...] = ("demandes",), **dates: str | None) -> dict[str, Any]:
    return {"siret": siret, "cote": cote, "debut": AUJOURD_HUI.isoformat(), "fin": None, "portee": list(portee), **dates}


def dans(jours: int) -> str:
    return (AUJOURD_HUI + timedelta(days=jours)).isoformat()


async def proposer(qui: Lecteur, corps: dict[str, Any]) -> dict[str, Any]:
    mandat: dict[str, Any] = (await qui.post("/mandats", corps)).raise_for_status().json()
    return mandat


async def agir(qui: Lecteur, mandat: dict[str, Any], acte: str, motif: str = "") -> httpx.Response:
    return await qui.post(f"/mandats/{mandat['id']}/decision", {"acte": acte, "motif": motif})


async def basculer(client: httpx.AsyncClient, session: dict[str, Any], vers: str) -> httpx.Response:
    return await client.post("/sessions/bascule", json={"refresh_token": session["refresh_token"], "vers": vers})


async def agir_pour(client: httpx.AsyncClient, identifiant: str, organisation: str) -> dict[str, Any]:
    """Someone logged in who now acts for another."""
    session = (await connecter(client, identifiant)).raise_for_status().json()
    vers = next(place["id"] for place in session["appartenances"] if organisation in place["organisation"])
    nouvelle: dict[str, Any] = (await basculer(client, session, vers)).raise_for_status().json()
    return nouvelle


@pytest.fixture(autouse=True)
async def _sans_mandat(database: Database) -> None:
    """Each test begins with the mandate of the demonstration, and no other."""
    async with database.transaction() as session:
        await session.execute(text("update familles_jetons set mandat_id = null"))
        await session.execute(text("delete from mandats where mandant_id <> :sg"), {"sg": collectivite_id(SAINT_GWENN)})


async def destinataires(database: Database, gabarit: str) -> list[tuple[str, str]]:
    async with database.transaction() as session:
        lignes = await session.execute(
            text("select email, faits->>'acte' from courriels where gabarit = :gabarit order by cree_le desc"), {"gabarit": gabarit}
        )
        return [(email, acte) for email, acte in lignes]


async def gestionnaires_publies(database: Database) -> list[str]:
    """Who follows the requests of Rochebrune, as last told."""
    requete = text("select payload->'gestionnaires' from outbox where payload->>'siret' = :siret order by position desc limit 1")
    async with database.transaction() as session:
        return [personne["nom"] for personne in await session.scalar(requete.bindparams(siret=ROCHEBRUNE))]


async def test_one_proposes_and_the_other_accepts(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS, fin=dans(90)))
    assert (mandat["etat"], mandat["cote"], mandat["actes"]) == ("propose", "mandant", ["retirer"])
    assert await destinataires(database, "mandat_propose") == [("fabienne.leborgne@pays-des-ajoncs.example", "")]
    vu = await fabienne.lit(f"/mandats/{mandat['id']}")
    assert (vu["cote"], vu["actes"]) == ("mandataire", ["accepter", "refuser"])
    accepte = (await agir(fabienne, mandat, "accepter")).raise_for_status().json()
    assert (accepte["etat"], accepte["actes"]) == ("accepte", ["revoquer"])
    assert [(fait["libelle"], fait["par"]) for fait in accepte["faits"]] == [
        ("Proposé", "Solène Morvan"),
        ("Accepté", "Fabienne Le Borgne"),
    ]
    assert await destinataires(database, "mandat_repondu") == [("solene.morvan@rochebrune.example", "accepter")]


async def test_who_follows_the_requests_is_published(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    await agir(fabienne, mandat, "accepter")
    assert await gestionnaires_publies(database) == ["Morvan", "Tanguy", "Le Borgne"]
    await agir(solene, mandat, "revoquer", "Nous reprenons la main.")
    assert await gestionnaires_publies(database) == ["Morvan", "Tanguy"]


async def test_a_mandate_that_ends_by_its_date_is_published(client: httpx.AsyncClient, database: Database, reglages: Settings) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    await agir(fabienne, mandat, "accepter")
    async with database.transaction() as session:
        await session.execute(
            text("update mandats set debut = :debut, fin = :fin where id = :id"),
            {"debut": AUJOURD_HUI - timedelta(days=30), "fin": AUJOURD_HUI, "id": mandat["id"]},
        )
        await session.execute(text("delete from jours_faits"))
    assert await faire_le_jour(database, AUJOURD_HUI, reglages)
    assert await gestionnaires_publies(database) == ["Morvan", "Tanguy"]


async def test_a_new_colleague_follows_the_requests_under_the_mandate(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    await agir(fabienne, await proposer(solene, un_mandat(AJONCS)), "accepter")
    collegue = {"prenom": "Ronan", "nom": "Abgrall", "email": "ronan.abgrall@pays-des-ajoncs.example", "role": "gestionnaire"}
    invite = await fabienne.post("/collectivite/gestionnaires", collegue)
    assert invite.status_code == 201, invite.text
    assert await gestionnaires_publies(database) == ["Morvan", "Tanguy", "Abgrall", "Le Borgne"]
    fin = await fabienne.post(f"/collectivite/gestionnaires/{invite.json()['id']}/fin", {"motif": "Il part en retraite."})
    assert fin.is_success, fin.text
    assert await gestionnaires_publies(database) == ["Morvan", "Tanguy", "Le Borgne"]


async def test_one_refuses_or_takes_back(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    refuse = await proposer(fabienne, un_mandat(ROCHEBRUNE, "mandataire"))
    sans_motif = await agir(solene, refuse, "refuser", "  ")
    assert (sans_motif.status_code, sans_motif.json()["errors"][0]["champ"]) == (422, "motif")
    assert (await agir(solene, refuse, "refuser", "Pas cette année.")).json()["etat"] == "refuse"
    assert (await agir(solene, refuse, "accepter")).json()["type"].endswith("mandat-autre-etat")
    retire = await proposer(fabienne, un_mandat(ROCHEBRUNE, "mandataire"))
    assert (await agir(solene, retire, "retirer")).status_code == 409
    assert (await agir(fabienne, retire, "retirer")).json()["etat"] == "retire"
    assert await destinataires(database, "mandat_fini") != []
    assert [m["etat"] for m in await solene.lit_tout("/mandats")] == ["retire", "refuse"]


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        (un_mandat(ROCHEBRUNE), "siret"),
        (un_mandat("35600000000048"), "siret"),
        (un_mandat("20003452800041"), "siret"),
        (un_mandat(AJONCS, debut=dans(-1)), "debut"),
        (un_mandat(AJONCS, debut=dans(3), fin=dans(3)), "fin"),
        (un_mandat(AJONCS, portee=()), "portee"),
        (un_mandat(AJONCS, portee=("tout",)), "portee.0"),
    ],
)
async def test_a_wrong_proposal_is_told_beside_its_field(client: httpx.AsyncClient, corps: dict[str, Any], champ: str) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    reponse = await solene.post("/mandats", corps)
    assert (reponse.status_code, [e["champ"] for e in reponse.json()["errors"]]) == (422, [champ])


async def test_an_overlap_names_the_mandate_that_is_there(client: httpx.AsyncClient) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    chloe = await Lecteur.nomme(client, DU_CDG)
    await agir(fabienne, await proposer(solene, un_mandat(AJONCS, fin=dans(30))), "accepter")
    refus = await chloe.post("/mandats", un_mandat(ROCHEBRUNE, "mandataire", ("demandes", "agents"), debut=dans(29)))
    assert refus.status_code == 409
    assert "Ville de Rochebrune-sur-Vilaine a déjà donné mandat à Communauté de communes du Pays des Ajoncs du " in refus.json()["title"]
    ensuite = await proposer(chloe, un_mandat(ROCHEBRUNE, "mandataire", debut=dans(30)))
    autre_objet = await proposer(chloe, un_mandat(ROCHEBRUNE, "mandataire", ("agents",)))
    for mandat in (ensuite, autre_objet):
        assert (await agir(solene, mandat, "accepter")).status_code == 200


async def test_of_two_accepted_at_once_one_holds(client: httpx.AsyncClient) -> None:
    solene, fabienne, chloe = [await Lecteur.nomme(client, nom) for nom in (SOLENE, DE_AJONCS, DU_CDG)]
    deux = [await proposer(solene, un_mandat(AJONCS)), await proposer(chloe, un_mandat(ROCHEBRUNE, "mandataire"))]
    reponses = await asyncio.gather(agir(fabienne, deux[0], "accepter"), agir(solene, deux[1], "accepter"))
    assert sorted(reponse.status_code for reponse in reponses) == [200, 409]
    refus = next(reponse for reponse in reponses if reponse.status_code == 409)
    assert "a déjà donné mandat à" in refus.json()["title"]


async def test_the_same_one_accepted_twice_at_once_is_accepted_once(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    avant = len(await destinataires(database, "mandat_repondu"))
    reponses = await asyncio.gather(*(agir(fabienne, mandat, "accepter") for _ in range(4)))
    assert sorted(reponse.status_code for reponse in reponses) == [200, 409, 409, 409]
    assert len(await destinataires(database, "mandat_repondu")) == avant + 1


async def test_the_database_refuses_an_overlap_by_itself(client: httpx.AsyncClient, database: Database) -> None:
    solene, fabienne, chloe = [await Lecteur.nomme(client, nom) for nom in (SOLENE, DE_AJONCS, DU_CDG)]
    await agir(fabienne, await proposer(solene, un_mandat(AJONCS, portee=("agents", "demandes"))), "accepter")
    autre = await proposer(chloe, un_mandat(ROCHEBRUNE, "mandataire", ("reglages",)))
    with pytest.raises(Exception, match="mandats_un_seul_pour_agents"):
        async with database.transaction() as session:
            await session.execute(
                text("update mandats set etat = 'accepte', portee = '{reglages,agents}' where id = :id"), {"id": autre["id"]}
            )


async def test_a_mandate_is_not_passed_on(client: httpx.AsyncClient) -> None:
    chloe, solene = await Lecteur.nomme(client, DU_CDG), await Lecteur.nomme(client, SOLENE)
    refus = await chloe.post("/mandats", un_mandat(AJONCS))
    assert (refus.status_code, refus.json()["type"]) == (409, "urn:iel:probleme:mandat-en-chaine")
    assert "CDG 35) agit déjà pour Commune de Saint-Gwenn-des-Bois" in refus.json()["title"]
    assert (await solene.post("/mandats", un_mandat(SAINT_GWENN))).json()["type"].endswith("mandat-en-chaine")


async def test_who_acts_for_another_signs_for_it(client: httpx.AsyncClient) -> None:
    session = (await connecter(client, DU_CDG)).json()
    entetes = {"Authorization": f"Bearer {session['access_token']}"}
    places = (await client.get("/moi/appartenances", headers=entetes)).raise_for_status().json()
    assert places == session["appartenances"]
    assert [(p["organisation"], p["mandataire"], p["courante"]) for p in places] == [
        ("Centre de gestion d’Ille-et-Vilaine (CDG 35)", None, True),
        ("Commune de Saint-Gwenn-des-Bois", "Centre de gestion d’Ille-et-Vilaine (CDG 35)", False),
    ]
    assert places[0]["roles"] == ["Gestionnaire principal"]
    pour = (await basculer(client, session, places[1]["id"])).raise_for_status().json()
    assert pour["acteur"]["collectivite_id"] == str(collectivite_id(SAINT_GWENN))
    assert set(pour["acteur"]["droits"]) == {"lire_collectivite", "gerer_demandes", "gerer_agents"}
    assert pour["acteur"]["mandat"]["mandataire"] == "CDG 35"
    lecteur = Lecteur(client, pour)
    moi = await lecteur.lit("/moi")
    assert moi["organisation"] == "Commune de Saint-Gwenn-des-Bois"
    agents = await lecteur.lit_tout("/agents")
    assert {agent["nom"] for agent in agents} >= {"Leray", "Perrin"}
    assert all(agent["email"].endswith("@saint-gwenn.example") for agent in agents)
    # Renewed, it stays where it is; switched back, it is at home again.
    encore = (await renouveler(client, pour["refresh_token"])).json()
    assert encore["acteur"]["mandat"] == pour["acteur"]["mandat"]
    retour = (await basculer(client, encore, places[0]["id"])).json()
    assert (retour["acteur"]["mandat"], retour["acteur"]["collectivite_id"]) == (None, str(collectivite_id(CDG35)))


async def test_nothing_is_decided_of_mandates_while_acting_under_one(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("update mandats set portee = '{demandes,reglages}'"))
    sous_mandat = Lecteur(client, await agir_pour(client, DU_CDG, "Saint-Gwenn"))
    assert "regler_collectivite" in sous_mandat.acteur["droits"]
    refus = await sous_mandat.post("/mandats", un_mandat(AJONCS, portee=("agents",)))
    assert (refus.status_code, refus.json()["type"]) == (403, "urn:iel:probleme:sous-mandat")
    assert (await sous_mandat.get("/mandats")).status_code == 403
    moi_meme = {"prenom": "Chloé", "nom": "Guillou", "email": "chloe.guillou@cdg35.example", "role": "gestionnaire_principal"}
    nomme = await sous_mandat.post("/collectivite/gestionnaires", moi_meme)
    assert (nomme.status_code, nomme.json()["type"]) == (403, "urn:iel:probleme:mandat-sans-nomination")
    assert (await sous_mandat.get("/collectivite/gestionnaires")).status_code == 200
    async with database.transaction() as session:
        await session.execute(text("update mandats set portee = '{demandes,agents}'"))


async def test_a_revoked_mandate_is_lost_at_the_next_renewal(client: httpx.AsyncClient) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    await agir(fabienne, mandat, "accepter")
    session = await agir_pour(client, DE_AJONCS, "Rochebrune")
    assert set(session["acteur"]["droits"]) == {"gerer_demandes", "lire_collectivite"}
    assert (await agir(solene, mandat, "revoquer")).status_code == 422
    assert (await agir(solene, mandat, "revoquer", "Fin de la mutualisation.")).json()["etat"] == "revoque"
    apres = (await renouveler(client, session["refresh_token"])).raise_for_status().json()
    assert (apres["acteur"]["mandat"], apres["acteur"]["collectivite_id"]) == (None, str(collectivite_id(AJONCS)))
    assert [place["organisation"] for place in apres["appartenances"]] == ["Communauté de communes du Pays des Ajoncs"]
    refus = await basculer(client, apres, mandat["id"])
    assert (refus.status_code, refus.json()["type"]) == (403, "urn:iel:probleme:organisation-refusee")
    # The refusal has not used the token.
    assert (await renouveler(client, apres["refresh_token"])).status_code == 200
    assert (await agir(fabienne, await proposer(solene, un_mandat(AJONCS)), "accepter")).status_code == 200


@pytest.mark.parametrize(("debut", "fin"), [(-10, 0), (1, None)], ids=["ended", "not begun"])
async def test_a_mandate_serves_between_its_dates(client: httpx.AsyncClient, database: Database, debut: int, fin: int | None) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    await agir(fabienne, mandat, "accepter")
    session = await agir_pour(client, DE_AJONCS, "Rochebrune")
    jours = {"debut": AUJOURD_HUI + timedelta(days=debut), "fin": AUJOURD_HUI + timedelta(days=fin) if fin is not None else None}
    async with database.transaction() as tx:
        await tx.execute(text("update mandats set debut = :debut, fin = :fin where id = :id"), {**jours, "id": mandat["id"]})
    assert (await renouveler(client, session["refresh_token"])).json()["acteur"]["mandat"] is None
    assert (await solene.lit(f"/mandats/{mandat['id']}"))["etat"] == ("termine" if fin is not None else "accepte")


async def test_only_gestionnaires_of_the_whole_mandataire_act_for_others(client: httpx.AsyncClient, database: Database) -> None:
    chloe, solene = await Lecteur.nomme(client, "aziliz.rault"), await Lecteur.nomme(client, SOLENE)
    await agir(solene, await proposer(chloe, un_mandat(ROCHEBRUNE)), "accepter")
    places = {nom: (await connecter(client, nom)).json()["appartenances"] for nom in (SOLENE, "erwan.tanguy", "isabelle.rouxel")}
    assert [len(p) for p in places.values()] == [2, 2, 1]
    async with database.transaction() as session:
        await session.execute(text("update appartenances set services = array[gen_random_uuid()] where roles @> '{gestionnaire,agent}'"))
    assert len((await connecter(client, "erwan.tanguy")).json()["appartenances"]) == 1
    async with database.transaction() as session:
        await session.execute(text("update appartenances set services = '{}'"))


async def test_both_sides_and_the_ressort_read_and_nobody_else(client: httpx.AsyncClient) -> None:
    solene, fabienne = await Lecteur.nomme(client, SOLENE), await Lecteur.nomme(client, DE_AJONCS)
    mandat = await proposer(solene, un_mandat(AJONCS))
    conseillere, ailleurs = await Lecteur.nomme(client, GWENAELLE), await Lecteur.nomme(client, DE_KERMELEN)
    lu = await conseillere.lit(f"/mandats/{mandat['id']}")
    assert (lu["cote"], lu["actes"]) == (None, [])
    assert mandat["id"] in {m["id"] for m in await fabienne.lit_tout("/mandats")}
    assert (await ailleurs.get(f"/mandats/{mandat['id']}")).status_code == 404
    assert (await agir(ailleurs, mandat, "accepter")).status_code == 404
    assert (await agir(conseillere, mandat, "accepter")).status_code == 403
    for mots, trouve in (("rochebrune", True), ("AJONCS communaute", True), ("fougères", False)):
        lus = await conseillere.lit_tout("/mandats", q=mots)
        assert (mandat["id"] in {m["id"] for m in lus}) is trouve, mots
    assert await ailleurs.lit_tout("/mandats") == []
    loin = await Lecteur.nomme(client, "jean-hugues.techer")
    assert (await loin.get(f"/mandats/{mandat['id']}")).status_code == 404
    consulte = await Lecteur.nomme(client, "isabelle.rouxel")
    assert (await consulte.lit(f"/mandats/{mandat['id']}"))["actes"] == []


async def test_a_collectivite_is_found_and_none_is_browsed(client: httpx.AsyncClient) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    (trouvee,) = await solene.lit("/mandats/collectivites", q="243 509 510 00018")
    assert trouvee == {"siret": AJONCS, "nom": "Communauté de communes du Pays des Ajoncs", "ville": "Saint-Gwenn-des-Bois"}
    assert len(await solene.lit("/mandats/collectivites", q="commune")) == 5
    assert await solene.lit("/mandats/collectivites", q="Ville de Rochebrune") == []
    assert (await solene.get("/mandats/collectivites", q="vi")).status_code == 422
    assert (await (await Lecteur.nomme(client, "erwan.tanguy")).get("/mandats/collectivites", q="commune")).status_code == 403


async def test_a_proposal_sent_twice_is_one(client: httpx.AsyncClient) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    entetes = {**solene._entetes, "Idempotency-Key": "un-double-clic"}
    reponses = [await client.post("/mandats", json=un_mandat(AJONCS), headers=entetes) for _ in range(2)]
    assert reponses[0].json() == reponses[1].json()


async def test_one_account_in_two_organisations(client: httpx.AsyncClient, database: Database) -> None:
    """Two memberships of one's own: each with its own rights, and one at a time."""
    async with database.transaction() as session:
        await session.execute(
            text(
                "insert into appartenances (id, compte_id, roles, collectivite_id, services, debut)"
                " select gen_random_uuid(), id, '{lecture}', :collectivite, '{}', current_date - 30 from comptes where identifiant = :qui"
            ),
            {"collectivite": collectivite_id(KERMELEN), "qui": DU_CCAS},
        )
    session_ = (await connecter(client, DU_CCAS)).json()
    # The oldest is where one enters.
    la, ici = session_["appartenances"]
    assert (la["courante"], la["organisation"], la["roles"], la["mandataire"]) == (True, "Ville de Kermelen", ["Consultation"], None)
    acteur = session_["acteur"]
    assert (acteur["droits"], acteur["collectivite_id"]) == (["lire_collectivite"], str(collectivite_id(KERMELEN)))
    pour = (await basculer(client, session_, ici["id"])).json()
    assert "gerer_demandes" in pour["acteur"]["droits"]
    assert pour["acteur"]["collectivite_id"] != str(collectivite_id(KERMELEN))
    assert [place["courante"] for place in pour["appartenances"]] == [False, True]
    etrangere = (await connecter(client, D_AILLEURS)).json()
    assert (await basculer(client, etrangere, la["id"])).status_code == 403
