"""The gestionnaires of a collectivité through the API: invited, changed, ended, on a real PostgreSQL."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from services.contracts.ids import agent_id, collectivite_id
from services.kit.clock import day_of, now
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, NOLWENN, SOLENE, Lecteur, connecter, renouveler
from tests.integration.identity.test_fiches import ROCHEBRUNE, creer, erreurs, publies, service_de

G = "/collectivite/gestionnaires"
ERWAN, ISABELLE = "erwan.tanguy", "isabelle.rouxel"
# Each the gestionnaire principal of a collectivité that no other test touches.
AZILIZ, FABIENNE, AGNES, CHLOE, LISA = "aziliz.rault", "fabienne.leborgne", "agnes.jaouen", "chloe.guillou", "lisa.gueguen"


@pytest.fixture(scope="module")
async def solene(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, SOLENE)


def invitation(**autres: Any) -> dict[str, Any]:
    nom = f"Le Bihan{uuid4().hex[:6]}"
    return {"prenom": "Anne", "nom": nom, "email": f"{nom.replace(' ', '')}@commune.example", "role": "gestionnaire", **autres}


async def inviter(qui: Lecteur, **autres: Any) -> dict[str, Any]:
    reponse = await qui.post(G, invitation(**autres))
    assert reponse.status_code == 201, reponse.text
    invite: dict[str, Any] = reponse.json()
    return invite


async def activer(database: Database, invite: dict[str, Any]) -> None:
    """He has chosen the password of the demonstration."""
    async with database.transaction() as session:
        requete = (
            "update comptes set mot_de_passe = (select mot_de_passe from comptes where identifiant = :modele) where identifiant = :sien"
        )
        await session.execute(text(requete), {"modele": SOLENE, "sien": invite["identifiant"]})


async def celui_de(qui: Lecteur, identifiant: str) -> dict[str, Any]:
    """His line, the current one first."""
    return next(lu for lu in await qui.lit(G) if lu["identifiant"] == identifiant)


async def courriels(database: Database, email: str) -> list[str]:
    async with database.transaction() as session:
        lignes = await session.execute(text("select gabarit from courriels where email = :email order by cree_le"), {"email": email})
        return list(lignes.scalars())


async def histoire(qui: Lecteur) -> list[str]:
    return [f"{fait['par']} {fait['phrase']}" for fait in await qui.lit_tout("/collectivite/historique")]


async def modifier(qui: Lecteur, gestionnaire: dict[str, Any], **corps: Any) -> httpx.Response:
    lu = (await qui.get(f"{G}/{gestionnaire['id']}")).headers["ETag"]
    return await qui.put(f"{G}/{gestionnaire['id']}", corps, lue=lu)


async def test_the_list_says_who_may_what_and_who_came(solene: Lecteur) -> None:
    lus = {lu["identifiant"]: lu for lu in await solene.lit(G)}
    assert set(lus) >= {SOLENE, ERWAN, ISABELLE}
    assert CLAIRE not in lus
    assert (lus[SOLENE]["role_libelle"], lus[SOLENE]["etat"]) == ("Gestionnaire principal", "actif")
    assert lus[SOLENE]["derniere_connexion"] is not None
    assert (lus[ERWAN]["role"], lus[ISABELLE]["role"]) == ("gestionnaire", "lecture")


async def test_who_reads_and_who_writes(client: httpx.AsyncClient, solene: Lecteur) -> None:
    erwan, claire, nolwenn = [await Lecteur.nomme(client, nom) for nom in (ERWAN, CLAIRE, NOLWENN)]
    assert (await erwan.get(G)).status_code == 200
    assert (await erwan.post(G, invitation())).status_code == 403
    assert [(await qui.get(G)).status_code for qui in (claire, nolwenn)] == [403, 403]
    ailleurs = await Lecteur.nomme(client, CHLOE)
    sien = await celui_de(solene, ERWAN)
    reponses = [await ailleurs.get(f"{G}/{sien['id']}"), await ailleurs.post(f"{G}/{sien['id']}/fin", {"motif": "x"})]
    assert [reponse.status_code for reponse in reponses] == [404, 404]


async def test_a_new_person_is_invited_once_and_told_to_the_services(client: httpx.AsyncClient, database: Database) -> None:
    aziliz = await Lecteur.nomme(client, AZILIZ)
    corps, entetes = invitation(), {**aziliz._entetes, "Idempotency-Key": str(uuid4())}
    un, deux = [await client.post(G, json=corps, headers=entetes) for _ in range(2)]
    assert un.status_code == 201
    assert un.json() == deux.json()
    assert un.json()["etat"] == "invite"
    assert await courriels(database, corps["email"]) == ["activation"]
    assert f"Aziliz Rault a donné un accès à Anne {corps['nom']} ({corps['email']})" in await histoire(aziliz)
    dit = (await dits(database, "26350950700012"))[-1]
    assert corps["email"] in [personne["email"] for personne in dit["gestionnaires"]]
    encore = await aziliz.post(G, corps)
    assert encore.status_code == 409
    assert "a déjà un accès" in encore.json()["title"]
    assert erreurs(encore) == {"email": "Cette personne est déjà dans la liste."}


async def dits(database: Database, siret: str) -> list[dict[str, Any]]:
    async with database.transaction() as session:
        sujet = f"identity.v1.collectivite.enregistree.{collectivite_id(siret)}"
        lignes = await session.execute(text("select payload from outbox where subject = :sujet order by position"), {"sujet": sujet})
        return list(lignes.scalars())


async def test_someone_of_elsewhere_keeps_his_account(client: httpx.AsyncClient, database: Database) -> None:
    aziliz = await Lecteur.nomme(client, AZILIZ)
    email = "chloe.guillou@" + (await Lecteur.nomme(client, CHLOE)).acteur["email"].split("@")[1]
    invitee = await inviter(aziliz, prenom="chloe", nom="GUILLOU", email=email.upper())
    assert (invitee["identifiant"], invitee["etat"]) == (CHLOE, "actif")
    assert await courriels(database, email) == ["gestionnaire_nomme"]


async def test_an_address_in_another_name_is_refused(solene: Lecteur) -> None:
    reponse = await solene.post(G, invitation(email="claire.lebris@rochebrune.example"))
    assert reponse.status_code == 422
    assert "d’une autre personne" in erreurs(reponse)["email"]


async def test_an_agent_becomes_one_without_a_second_account(database: Database, solene: Lecteur) -> None:
    invite = await inviter(solene, prenom="Thomas", nom="Riou", email="thomas.riou@rochebrune.example", role="lecture")
    assert (invite["identifiant"], invite["agent"]) == ("thomas.riou", True)
    async with database.transaction() as session:
        requete = "select count(*) from appartenances a join comptes c on c.id = a.compte_id where c.identifiant = 'thomas.riou'"
        nombre = await session.scalar(text(requete))
    assert nombre == 1


async def test_who_is_an_agent_here_is_known_as_one(database: Database, solene: Lecteur) -> None:
    """So that he never decides on his own requests."""
    fiche = await creer(solene, prenom="Anne")
    invite = await inviter(solene, prenom="Anne", nom=fiche["nom"], email=fiche["email"])
    assert invite["agent"]
    async with database.transaction() as session:
        lie = await session.scalar(text("select agent_id from appartenances where id = :id"), {"id": invite["id"]})
    assert str(lie) == fiche["id"]


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({"role": "conseiller"}, "role"),
        ({"services": [str(uuid4())]}, "services"),
        ({"email": "sans-arobase"}, "email"),
        ({"nom": "  "}, "nom"),
    ],
)
async def test_what_is_wrong_is_told_beside_its_field(solene: Lecteur, corps: dict[str, Any], champ: str) -> None:
    reponse = await solene.post(G, invitation(**corps))
    assert reponse.status_code == 422
    assert set(erreurs(reponse)) == {champ}


async def test_a_principal_sees_every_service(solene: Lecteur) -> None:
    service = await service_de(solene, "EVP")
    reponse = await solene.post(G, invitation(role="gestionnaire_principal", services=[service["id"]]))
    assert "tous les services" in erreurs(reponse)["services"]


async def test_the_link_is_sent_again_until_the_account_works(database: Database, solene: Lecteur) -> None:
    invite = await inviter(solene)
    assert (await solene.post(f"{G}/{invite['id']}/invitation", {})).status_code == 200
    assert await courriels(database, invite["email"]) == ["activation", "activation"]
    async with database.transaction() as session:
        requete = "select count(*) from liens where annule_le is null and utilise_le is null and email = :email"
        assert await session.scalar(text(requete), {"email": invite["email"]}) == 1
    await activer(database, invite)
    encore = await solene.post(f"{G}/{invite['id']}/invitation", {})
    assert (encore.status_code, encore.json()["title"]) == (409, f"Anne {invite['nom']} a déjà activé son compte.")


async def test_a_role_changes_with_its_trace_and_a_mail(database: Database, solene: Lecteur) -> None:
    service = await service_de(solene, "EVP")
    invite = await inviter(solene)
    await activer(database, invite)
    change = await modifier(solene, invite, role="lecture", services=[service["id"]])
    assert (change.status_code, change.json()["role"]) == (200, "lecture")
    assert [nomme["nom"] for nomme in change.json()["services"]] == ["Espaces verts et propreté"]
    assert await courriels(database, invite["email"]) == ["activation", "gestionnaire_modifie"]
    dernier = (await solene.lit("/collectivite/historique"))["elements"][0]
    assert dernier["phrase"] == f"a modifié l’accès accordé à Anne {invite['nom']}"
    assert {detail["champ"]: (detail["avant"], detail["apres"]) for detail in dernier["details"]} == {
        "Rôle": ("Gestionnaire de formation", "Consultation"),
        "Services": ("Tous", "Espaces verts et propreté"),
    }
    perime = await solene.put(f"{G}/{invite['id']}", {"role": "gestionnaire"}, lue='"autre"')
    assert perime.status_code == 412
    sans_effet = await modifier(solene, invite, role="lecture", services=[service["id"]])
    assert sans_effet.status_code == 200
    assert (await solene.lit("/collectivite/historique"))["elements"][0] == dernier


async def test_who_stops_is_logged_out_and_a_colleague_takes_over(client: httpx.AsyncClient, database: Database, solene: Lecteur) -> None:
    services = [await service_de(solene, code) for code in ("EVP", "POP")]
    partant = await inviter(solene, services=[services[0]["id"]])
    repreneur = await inviter(solene, services=[services[1]["id"]])
    await activer(database, partant)
    ouverte = (await connecter(client, partant["identifiant"])).json()
    fin = {"motif": "Changement de poste", "repreneur_id": repreneur["id"]}
    fini = await solene.post(f"{G}/{partant['id']}/fin", fin)
    assert (fini.status_code, fini.json()["etat"]) == (200, "termine")
    assert (fini.json()["fin"], fini.json()["fin_par"]) == (day_of(now()).isoformat(), "Solène Morvan")
    assert fini.json()["motif_fin"] == "Changement de poste"
    assert (await renouveler(client, ouverte["refresh_token"])).status_code == 401
    refus = await connecter(client, partant["identifiant"])
    assert (refus.status_code, refus.json()["title"]) == (403, "Votre accès a pris fin.")
    assert {nomme["id"] for nomme in (await solene.lit(f"{G}/{repreneur['id']}"))["services"]} == {service["id"] for service in services}
    assert (await courriels(database, partant["email"]))[-1] == "gestionnaire_fini"
    dernier = (await solene.lit("/collectivite/historique"))["elements"][0]
    assert dernier["phrase"] == f"a mis fin à l’accès accordé à Anne {partant['nom']}"
    assert {detail["champ"] for detail in dernier["details"]} >= {"Motif", "Repris par", "Services du repreneur"}
    assert (await solene.post(f"{G}/{partant['id']}/fin", fin)).json() == fini.json()
    assert (await modifier(solene, partant, role="lecture")).status_code == 409
    rendu = await inviter(solene, prenom="Anne", nom=partant["nom"], email=partant["email"])
    assert rendu["identifiant"] == partant["identifiant"]
    assert (await connecter(client, partant["identifiant"])).status_code == 200


async def test_what_he_led_goes_to_an_agent_and_his_own_file_stays_his(
    client: httpx.AsyncClient, database: Database, solene: Lecteur
) -> None:
    fiche, successeur = await creer(solene, prenom="Anne"), await creer(solene)
    service = (await solene.post("/services", {"code": uuid4().hex[:6], "nom": "Atelier", "responsable_id": fiche["id"]})).json()
    mene = await creer(solene, service_id=service["id"])
    partant = await inviter(solene, prenom="Anne", nom=fiche["nom"], email=fiche["email"])
    await activer(database, partant)
    assert partant["dirige"] == ["Atelier"]
    lui_meme = await solene.post(f"{G}/{partant['id']}/fin", {"motif": "x", "successeur_id": fiche["id"]})
    assert set(erreurs(lui_meme)) == {"successeur_id"}
    fini = await solene.post(f"{G}/{partant['id']}/fin", {"motif": "Autres fonctions", "successeur_id": successeur["id"]})
    assert fini.status_code == 200
    assert (await publies(database, mene["id"]))[-1]["superieur"]["agent_id"] == successeur["id"]
    encore = (await connecter(client, partant["identifiant"])).json()["acteur"]
    assert (encore["roles"], encore["agent_id"]) == (["agent"], fiche["id"])


async def test_a_repreneur_must_be_able_to(solene: Lecteur) -> None:
    partant, lecteur = await inviter(solene), await inviter(solene, role="lecture")
    for repreneur in (lecteur["id"], partant["id"], str(uuid4())):
        reponse = await solene.post(f"{G}/{partant['id']}/fin", {"motif": "x", "repreneur_id": repreneur})
        assert set(erreurs(reponse)) == {"repreneur_id"}
    assert (await celui_de(solene, partant["identifiant"]))["etat"] == "invite"


async def test_the_last_principal_stays(client: httpx.AsyncClient, database: Database) -> None:
    agnes = await Lecteur.nomme(client, AGNES)
    sienne = await celui_de(agnes, AGNES)
    # Invited is not enough: he may never come.
    invite = await inviter(agnes, role="gestionnaire_principal")
    fin, moins = await agnes.post(f"{G}/{sienne['id']}/fin", {"motif": "x"}), await modifier(agnes, sienne, role="gestionnaire")
    for reponse in (fin, moins):
        assert (reponse.status_code, reponse.json()["type"]) == (409, "urn:iel:probleme:dernier-principal")
    await activer(database, invite)
    assert (await modifier(agnes, sienne, role="gestionnaire")).status_code == 200


async def test_the_last_principal_does_not_leave_as_an_agent_either(solene: Lecteur) -> None:
    depart = {"le": day_of(now()).isoformat(), "motif": "Mutation", "successeur_id": str(agent_id(ROCHEBRUNE, "00936"))}
    reponse = await solene.post(f"/agents/{agent_id(ROCHEBRUNE, '00839')}/depart", depart)
    assert (reponse.status_code, reponse.json()["type"]) == (409, "urn:iel:probleme:dernier-principal")


@pytest.mark.parametrize("_", range(3))
async def test_two_who_remove_each_other_leave_one(client: httpx.AsyncClient, database: Database, _: int) -> None:
    fabienne = await Lecteur.nomme(client, FABIENNE)
    invite = await inviter(fabienne, role="gestionnaire_principal")
    await activer(database, invite)
    autre = await Lecteur.nomme(client, invite["identifiant"])
    sienne = await celui_de(fabienne, FABIENNE)
    reponses = await asyncio.gather(
        fabienne.post(f"{G}/{invite['id']}/fin", {"motif": "x"}), autre.post(f"{G}/{sienne['id']}/fin", {"motif": "x"})
    )
    assert sorted(reponse.status_code for reponse in reponses) == [200, 409]
    qui_reste = autre if reponses[1].status_code == 200 else fabienne
    principaux = [lu for lu in await qui_reste.lit(G) if lu["role"] == "gestionnaire_principal" and lu["etat"] == "actif"]
    assert len(principaux) == 1
    if qui_reste is autre:
        email = fabienne.acteur["email"]
        rendue = await inviter(autre, prenom="Fabienne", nom="Le Borgne", email=email, role="gestionnaire_principal")
        assert (await autre.post(f"{G}/{invite['id']}/fin", {"motif": "x"})).status_code == 200
        assert rendue["identifiant"] == FABIENNE


async def test_two_invitations_at_once_are_one(client: httpx.AsyncClient) -> None:
    lisa = await Lecteur.nomme(client, LISA)
    corps = invitation()
    reponses = await asyncio.gather(*(lisa.post(G, corps) for _ in range(3)))
    assert sorted(reponse.status_code for reponse in reponses) == [201, 409, 409]
