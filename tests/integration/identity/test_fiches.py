"""Records of agents and services by hand, through the API, on a real PostgreSQL."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from services.contracts.acteur import Role
from services.contracts.ids import agent_id, collectivite_id
from services.kit.clock import day_of, now
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, NOLWENN, SOLENE, Lecteur

ROCHEBRUNE = "21350950800015"


@pytest.fixture(scope="module")
async def solene(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, SOLENE)


def fiche(**autres: Any) -> dict[str, Any]:
    return {
        "matricule": uuid4().hex[:10],
        "civilite": "Mme",
        "nom": f"Kerjean{uuid4().hex[:6]}",
        "prenom": "Louise",
        "date_naissance": "04/05/1990",
        "email": f"{uuid4().hex[:8]}@rochebrune.example",
        "statut": "Titulaire",
        "fonction": "Jardinière",
        **autres,
    }


async def creer(qui: Lecteur, **autres: Any) -> dict[str, Any]:
    reponse = await qui.post("/agents", fiche(**autres))
    assert reponse.status_code == 201, reponse.text
    cree: dict[str, Any] = reponse.json()
    return cree


async def service_de(qui: Lecteur, code: str) -> dict[str, Any]:
    return next(service for service in await qui.lit("/services") if service["code"] == code)


async def publies(database: Database, identifiant: str) -> list[dict[str, Any]]:
    """The events told of an agent, in order."""
    async with database.transaction() as session:
        lignes = await session.execute(
            text("select payload from outbox where subject = :sujet order by position"),
            {"sujet": f"identity.v1.agent.enregistre.{identifiant}"},
        )
        return [ligne for (ligne,) in lignes]


def erreurs(reponse: httpx.Response) -> dict[str, str]:
    return {erreur["champ"]: erreur["message"] for erreur in reponse.json()["errors"]}


async def test_an_agent_is_created_with_his_superieur_and_told_once(database: Database, solene: Lecteur) -> None:
    espaces_verts = await service_de(solene, "EVP")
    cree = await creer(solene, service_id=espaces_verts["id"])
    assert (cree["service"], cree["superieur"]["agent_id"]) == ("Espaces verts et propreté", espaces_verts["responsable_id"])
    assert (cree["date_naissance"], cree["temps_travail"], cree["acces"]) == ("1990-05-04", 100, "aucun")
    (evenement,) = await publies(database, cree["id"])
    assert evenement["services"][0] == espaces_verts["id"]
    assert len(evenement["services"]) == 3


async def test_a_creation_sent_twice_creates_once(client: httpx.AsyncClient, solene: Lecteur) -> None:
    corps, entetes = fiche(), {**solene._entetes, "Idempotency-Key": str(uuid4())}
    un, deux = [await client.post("/agents", json=corps, headers=entetes) for _ in range(2)]
    assert un.json()["id"] == deux.json()["id"]


async def test_every_mistake_is_told_at_once_beside_its_field(solene: Lecteur) -> None:
    reponse = await solene.post(
        "/agents",
        fiche(
            nom="",
            email="sans-arobase",
            statut="chef",
            date_naissance="31/02/1990",
            portable="12",
            grade="1 85 02 35 238 123 45",
            matricule="00936",
            superieur_id=str(agent_id("21290950100018", "00367")),
            service_id=str(uuid4()),
        ),
    )
    assert reponse.status_code == 422
    trouvees = erreurs(reponse)
    assert set(trouvees) == {
        "nom",
        "email",
        "statut",
        "date_naissance",
        "portable",
        "grade",
        "matricule",
        "superieur_id",
        "service_id",
    }
    assert "Claire Le Bris" in trouvees["matricule"]
    assert "sécurité sociale" in trouvees["grade"]


async def test_who_looks_like_another_is_created_only_when_confirmed(solene: Lecteur) -> None:
    premier = await creer(solene, nom="Le Gall", prenom="Éloïse", date_naissance="")
    semblable = fiche(nom="LE GALL", prenom="eloise", date_naissance="12/12/1991")
    refus = await solene.post("/agents", semblable)
    assert (refus.status_code, refus.json()["type"].rsplit(":", 1)[1]) == (409, "agent-ressemblant")
    assert premier["matricule"] in erreurs(refus)["confirme"]
    assert (await solene.post("/agents", {**semblable, "confirme": True})).status_code == 201


async def test_a_change_needs_what_was_read_and_is_traced(client: httpx.AsyncClient, solene: Lecteur) -> None:
    cree = await creer(solene)
    lu = await solene.get(f"/agents/{cree['id']}")
    corps = fiche(matricule=cree["matricule"], nom=cree["nom"], email=cree["email"], fonction="Fleuriste", temps_travail="80 %")
    sans = await client.put(f"/agents/{cree['id']}", json=corps, headers=solene._entetes)
    assert sans.status_code == 428
    entetes = {**solene._entetes, "If-Match": lu.headers["ETag"]}
    un, deux = await asyncio.gather(
        client.put(f"/agents/{cree['id']}", json=corps, headers=entetes),
        client.put(f"/agents/{cree['id']}", json={**corps, "fonction": "Élagueuse"}, headers=entetes),
    )
    assert sorted((un.status_code, deux.status_code)) == [200, 412]
    refusee = un if un.status_code == 412 else deux
    assert "Solène Morvan" in refusee.json()["detail"]
    suivante = {**solene._entetes, "If-Match": (un if un.status_code == 200 else deux).headers["ETag"]}
    assert (await client.put(f"/agents/{cree['id']}", json=corps, headers=suivante)).status_code == 200
    histoire = (await solene.lit(f"/agents/{cree['id']}/changements"))["elements"]
    assert histoire[-1]["action"] == "creation"
    assert {"champ": "Temps de travail", "avant": "100", "apres": "80"} in [d for fait in histoire for d in fait["details"]]


async def test_an_import_leaves_the_same_trace(database: Database, solene: Lecteur, client: httpx.AsyncClient) -> None:
    from services.identity.service.travail_imports import traiter_les_imports  # noqa: PLC0415 -- the only test that imports

    cree = await creer(solene)
    contenu = f"Matricule;Nom;Prénom;E-mail;Fonction\n{cree['matricule']};{cree['nom']};Louise;{cree['email']};Paysagiste\n"
    entetes = {**solene._entetes, "Idempotency-Key": str(uuid4())}
    depose = (await client.post("/imports", files={"fichier": ("rh.csv", contenu.encode(), "text/csv")}, headers=entetes)).json()
    await traiter_les_imports(database)
    applique = await solene.post(f"/imports/{depose['id']}/application", {"choix": "rien_si_erreur"})
    assert applique.status_code == 202, await solene.lit(f"/imports/{depose['id']}/lignes")
    await traiter_les_imports(database)
    fait = (await solene.lit(f"/agents/{cree['id']}/changements"))["elements"][0]
    assert fait["details"] == [{"champ": "Fonction", "avant": "Jardinière", "apres": "Paysagiste"}]
    assert "rh.csv" in fait["motif"]


async def test_the_head_who_leaves_hands_over_and_loses_his_access(database: Database, solene: Lecteur) -> None:
    ancien, nouveau = await creer(solene), await creer(solene)
    service = (
        await solene.post("/services", {"code": uuid4().hex[:6], "nom": "Serres municipales", "responsable_id": ancien["id"]})
    ).json()
    mene = await creer(solene, service_id=service["id"])
    assert (await solene.post(f"/agents/{ancien['id']}/acces", {})).status_code == 204
    depart = {"le": day_of(now()).isoformat(), "motif": "Mutation"}
    seul = await solene.post(f"/agents/{ancien['id']}/depart", depart)
    assert (seul.status_code, seul.json()["title"]) == (409, f"Louise {ancien['nom']} encadre 1 service et 0 agent.")
    parti = await solene.post(f"/agents/{ancien['id']}/depart", {**depart, "successeur_id": nouveau["id"]})
    assert (parti.status_code, parti.json()["actif"]) == (200, False)
    assert (await solene.lit(f"/agents/{mene['id']}"))["superieur"]["agent_id"] == nouveau["id"]
    assert (await publies(database, mene["id"]))[-1]["superieur"]["agent_id"] == nouveau["id"]
    assert (await publies(database, ancien["id"]))[-1]["actif"] is False
    async with database.transaction() as session:
        fin = await session.execute(text("select fin, motif_fin from appartenances where agent_id = :id"), {"id": ancien["id"]})
        assert fin.one() == (day_of(now()), "depart")
    revenu = await solene.post(f"/agents/{ancien['id']}/retour", {})
    assert (revenu.json()["actif"], revenu.json()["acces"]) == (True, "invite")


async def test_services_form_a_tree(client: httpx.AsyncClient, solene: Lecteur) -> None:
    haut = (await solene.post("/services", {"code": uuid4().hex[:6], "nom": "Pôle"})).json()
    bas = (await solene.post("/services", {"code": uuid4().hex[:6], "nom": "Équipe", "parent_id": haut["id"]})).json()
    entetes = {**solene._entetes, "If-Match": haut["etiquette"]}
    boucle = await client.put(f"/services/{haut['id']}", json={**_saisi(haut), "parent_id": bas["id"]}, headers=entetes)
    assert "lui-même" in erreurs(boucle)["parent_id"]
    occupe = await client.delete(f"/services/{haut['id']}", headers=solene._entetes)
    assert (occupe.status_code, occupe.json()["title"]) == (409, "Ce service compte 0 agent et 1 service.")
    double = await solene.post("/services", {"code": bas["code"].upper(), "nom": "Autre"})
    assert "Équipe" in erreurs(double)["code"]
    assert (await client.delete(f"/services/{bas['id']}", headers=solene._entetes)).status_code == 204
    renomme = await client.put(f"/services/{haut['id']}", json={**_saisi(haut), "nom": "Pôle ressources"}, headers=entetes)
    assert renomme.json()["nom"] == "Pôle ressources"
    histoire = (await solene.lit(f"/services/{haut['id']}/changements"))["elements"]
    assert histoire[0]["details"] == [{"champ": "Nom", "avant": "Pôle", "apres": "Pôle ressources"}]


def _saisi(service: dict[str, Any]) -> dict[str, Any]:
    return {champ: service[champ] for champ in ("code", "nom", "parent_id", "responsable_id", "suppleant_id")}


async def test_a_gestionnaire_of_some_services_keeps_those_and_the_ones_below(
    database: Database, client: httpx.AsyncClient, solene: Lecteur
) -> None:
    technique, verts, culture = [await service_de(solene, code) for code in ("DST", "EVP", "CUL")]
    async with database.transaction() as session:
        requete = (
            "update appartenances set services = cast(:services as uuid[])"
            " where compte_id = (select id from comptes where identifiant = :qui)"
        )
        await session.execute(text(requete), {"services": [technique["id"]], "qui": "erwan.tanguy"})
    try:
        erwan = await Lecteur.nomme(client, "erwan.tanguy")
        assert {service["code"] for service in await erwan.lit("/services")} == {"DST", "EVP", "VOI", "BAT"}
        siens = {agent["service"] for agent in await erwan.lit_tout("/agents") if agent["id"] != erwan.acteur["agent_id"]}
        assert siens == {"Direction des services techniques", "Espaces verts et propreté", "Voirie et réseaux", "Bâtiments"}
        assert (await erwan.post("/agents", fiche())).status_code == 422
        assert (await erwan.post("/agents", fiche(service_id=culture["id"]))).status_code == 422
        assert (await erwan.post("/agents", fiche(service_id=verts["id"]))).status_code == 201
        assert (await erwan.get(f"/agents/{agent_id(ROCHEBRUNE, '00413')}")).status_code == 404
        assert (await erwan.get(f"/services/{culture['id']}")).status_code == 404
        assert "Péron" not in (await erwan.get("/agents/export", format="csv")).text
    finally:
        async with database.transaction() as session:
            await session.execute(text("update appartenances set services = '{}'"))


@pytest.mark.parametrize("chemin", ["/agents/{agent}", "/agents/{agent}/changements", "/agents/{agent}/amenagement", "/services/{service}"])
async def test_nobody_reads_the_records_of_another_collectivite(client: httpx.AsyncClient, solene: Lecteur, chemin: str) -> None:
    gestionnaire = await Lecteur.nomme(client, "bleuenn.bernard")
    noms = {"agent": str(agent_id(ROCHEBRUNE, "00936")), "service": (await service_de(solene, "EVP"))["id"]}
    assert (await gestionnaire.get(chemin.format(**noms))).status_code == 404


async def test_an_agent_keeps_no_record(client: httpx.AsyncClient) -> None:
    claire = await Lecteur.nomme(client, CLAIRE)
    assert claire.acteur["roles"] == [Role.AGENT]
    assert (await claire.post("/agents", fiche())).status_code == 403
    assert (await claire.get("/services")).status_code == 403
    nolwenn = await Lecteur.nomme(client, NOLWENN)
    assert (await nolwenn.get(f"/agents/{agent_id(ROCHEBRUNE, '00936')}")).status_code == 404


async def test_two_creations_at_once_of_one_matricule_make_one_agent(client: httpx.AsyncClient, solene: Lecteur) -> None:
    matricule = uuid4().hex[:10]
    reponses = await asyncio.gather(*(solene.post("/agents", fiche(matricule=matricule)) for _ in range(4)))
    assert sorted(reponse.status_code for reponse in reponses) == [201, 422, 422, 422]
    assert UUID(next(reponse for reponse in reponses if reponse.status_code == 201).json()["collectivite_id"]) == collectivite_id(
        ROCHEBRUNE
    )
