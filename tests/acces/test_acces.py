"""Every role on every endpoint, in one's own organisation and in another, derived from the OpenAPI of the services."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from uuid import uuid4

import httpx
import pytest

from services.contracts.acteur import Acteur, Role
from tests.acces.matrice import MATRICE, Entree
from tests.acces.monde import Monde, quelqu_un
from tests.parcours import Parcours
from tests.servers import RunningStack

REFUS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
ENTREES = [entree for entrees in MATRICE.values() for entree in entrees]


@pytest.fixture(scope="module")
async def http(stack: RunningStack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
async def monde(stack: RunningStack, http: httpx.AsyncClient) -> Monde:
    return await Monde.preparer(stack, await Parcours.commencer(http))


async def appeler(http: httpx.AsyncClient, monde: Monde, entree: Entree, qui: Acteur | None) -> httpx.Response:
    entetes = {**entree.entetes, "Idempotency-Key": str(uuid4())}
    if qui is not None:
        entetes["Authorization"] = f"Bearer {monde.jeton(qui)}"
    corps = json.loads(monde.rempli(json.dumps(entree.corps))) if entree.corps is not None else None
    adresse = monde.rempli(entree.chemin) + (f"?{monde.rempli(entree.requete)}" if entree.requete else "")
    return await http.request(entree.methode, adresse, json=corps, headers=entetes)


def passe(reponse: httpx.Response, marqueur: str) -> bool:
    return reponse.status_code not in REFUS and marqueur in reponse.text


@pytest.mark.parametrize("service", MATRICE)
async def test_every_endpoint_has_its_line(http: httpx.AsyncClient, service: str) -> None:
    reponse = await http.get(f"/api/{service}/v1/openapi.json")
    ouvertes = {
        f"{methode.upper()} {_anonyme(chemin)}"
        for chemin, operations in reponse.json()["paths"].items()
        if chemin.startswith("/api/")
        for methode in operations
    }
    assert ouvertes == {_anonyme(entree.nom) for entree in MATRICE[service]}


@pytest.mark.parametrize("entree", [entree for entree in ENTREES if not entree.publique], ids=lambda entree: entree.nom)
async def test_each_role_passes_where_it_may_and_nowhere_else(http: httpx.AsyncClient, monde: Monde, entree: Entree) -> None:
    marqueur = monde.rempli(entree.marqueur)
    permis = {"chez lui": entree.chez_lui, "ailleurs": entree.ailleurs}
    for ou, attendus in permis.items():
        reponses = {role: await appeler(http, monde, entree, quelqu_un(role, chez_lui=ou == "chez lui")) for role in Role}
        assert HTTPStatus.INTERNAL_SERVER_ERROR not in {reponse.status_code for reponse in reponses.values()}
        passent = {role for role, reponse in reponses.items() if passe(reponse, marqueur)}
        assert passent == attendus, {role.value: (reponse.status_code, reponse.text[:120]) for role, reponse in reponses.items()}


@pytest.mark.parametrize("entree", ENTREES, ids=lambda entree: entree.nom)
async def test_only_public_endpoints_answer_without_a_token(http: httpx.AsyncClient, monde: Monde, entree: Entree) -> None:
    reponse = await appeler(http, monde, entree, None)
    sans_jeton = reponse.status_code == HTTPStatus.UNAUTHORIZED and "non-authentifie" in reponse.text
    assert sans_jeton is not entree.publique, reponse.text


def _anonyme(chemin: str) -> str:
    """The path with its parameters unnamed: each service calls them as it likes."""
    return "/".join("{}" if morceau.startswith("{") else morceau for morceau in chemin.split("/"))
