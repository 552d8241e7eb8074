"""Every error of a service leaves as `application/problem+json`, in French."""

from collections.abc import AsyncIterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, field_validator
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.kit.app import build_app
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound, Problem, Unauthenticated, Unavailable
from services.kit.settings import ServiceSettings

ROUTER = APIRouter()
NBSP = "\u00a0"


class Sens(StrEnum):
    FAVORABLE = "favorable"
    DEFAVORABLE = "defavorable"


class Saisie(BaseModel):
    nom: Annotated[str, Field(min_length=2, max_length=5)] = "Zoé"
    lettre: Annotated[str, Field(min_length=1)] = "a"
    sens: Sens = Sens.FAVORABLE
    issue: Literal["valider", "refuser", "attendre"] = "valider"
    age: Annotated[int, Field(ge=16, le=99)] = 20
    ident: UUID = UUID(int=0)
    jour: date = date(2027, 3, 1)
    oui: bool = True
    libre: str = ""

    @field_validator("libre")
    @classmethod
    def pas_vide(cls, libre: str) -> str:
        if libre == "interdit":
            raise ValueError("Écrivez autre chose.")
        return libre


class Dossier(BaseModel):
    saisies: list[Saisie]


@ROUTER.post("/saisie")
async def saisir(saisie: Saisie) -> None: ...


@ROUTER.post("/dossier/{numero}")
async def deposer(numero: int, dossier: Dossier) -> None: ...


RAISED: dict[str, Exception] = {
    "introuvable": NotFound("Rien ici."),
    "interdit": Forbidden("Pas vous."),
    "conflit": Conflict("trop-tard", "C’est clos.", detail="Depuis hier."),
    "connexion": Unauthenticated("Connectez-vous."),
    "saisie": Invalid("À corriger.", errors=[FieldError(champ="motif", message="Écrivez un motif.")]),
    "absent": Unavailable("Plus tard.", retry_after=9),
    "libre": Problem("a-part", "À part.", status=418),
    "base": OperationalError("select secret", {}, Exception("secret")),
    "pool": PoolTimeoutError("secret"),
    "bug": RuntimeError("secret"),
    "http": HTTPException(413, headers={"X-Limite": "1"}),
}


@ROUTER.get("/leve/{quoi}")
async def leve(quoi: str) -> None:
    raise RAISED[quoi]


@ROUTER.get("/coupe")
async def coupe() -> StreamingResponse:
    async def morceaux() -> AsyncIterator[bytes]:
        yield b"debut"
        raise RuntimeError("in the middle")

    return StreamingResponse(morceaux())


@pytest.fixture
def app() -> FastAPI:
    nowhere = "http://127.0.0.1:1"
    settings = ServiceSettings(service="essai", port=1, nats_url=nowhere, jwks_url=nowhere, public_url=nowhere, log_level="CRITICAL")
    return build_app(settings, router=ROUTER)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kit") as client:
        yield client


@pytest.mark.parametrize(
    ("quoi", "status", "slug"),
    [
        ("introuvable", 404, "introuvable"),
        ("interdit", 403, "interdit"),
        ("conflit", 409, "trop-tard"),
        ("connexion", 401, "non-authentifie"),
        ("saisie", 422, "saisie-invalide"),
        ("absent", 503, "indisponible"),
        ("libre", 418, "a-part"),
        ("base", 503, "indisponible"),
        ("pool", 503, "indisponible"),
        ("bug", 500, "erreur-interne"),
        ("http", 413, "requete-refusee"),
    ],
)
async def test_every_exception_is_a_problem(client: httpx.AsyncClient, quoi: str, status: int, slug: str) -> None:
    answer = await client.get(f"/leve/{quoi}", headers={"X-Correlation-Id": "fil-1"})
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["type"]) == (status, status, f"urn:iel:probleme:{slug}")
    assert (body["instance"], body["correlation_id"], answer.headers["x-correlation-id"]) == (f"/leve/{quoi}", "fil-1", "fil-1")
    assert body["title"].endswith(".")
    assert "secret" not in answer.text


async def test_a_problem_says_all_it_knows(client: httpx.AsyncClient) -> None:
    conflict = (await client.get("/leve/conflit")).json()
    assert (conflict["title"], conflict["detail"]) == ("C’est clos.", "Depuis hier.")
    assert (await client.get("/leve/saisie")).json()["errors"] == [{"champ": "motif", "message": "Écrivez un motif."}]
    away = await client.get("/leve/absent")
    assert (away.headers["retry-after"], away.json()["retry_after"]) == ("9", 9)
    assert (await client.get("/leve/connexion")).headers["www-authenticate"] == "Bearer"
    assert (await client.get("/leve/base")).headers["retry-after"] == "5"
    assert (await client.get("/leve/http")).headers["x-limite"] == "1"


async def test_an_unknown_address_and_another_method(client: httpx.AsyncClient) -> None:
    unknown = await client.get("/nulle-part")
    assert (unknown.status_code, unknown.json()["title"]) == (404, "Cette adresse n’existe pas.")
    method = await client.delete("/saisie")
    assert (method.status_code, method.headers["allow"]) == (405, "POST")
    assert method.json()["type"] == "urn:iel:probleme:methode-refusee"


@pytest.mark.parametrize(
    ("champ", "value", "message"),
    [
        ("nom", "Z", f"Ce texte est trop court{NBSP}: 2 caractères au moins."),
        ("nom", "Zoé Martin", f"Ce texte est trop long{NBSP}: 5 caractères au plus."),
        ("lettre", "", f"Ce texte est trop court{NBSP}: 1 caractère au moins."),
        ("nom", 3, "Écrivez un texte."),
        ("sens", "peut-être", f"Choisissez l’une des valeurs proposées{NBSP}: favorable ou defavorable."),
        ("issue", "x", f"Choisissez l’une des valeurs proposées{NBSP}: valider, refuser ou attendre."),
        ("age", 12, "La valeur doit être au moins 16."),
        ("age", 120, "La valeur doit être au plus 99."),
        ("age", "vingt", "Écrivez un nombre entier."),
        ("ident", "x", "Cet identifiant n’a pas la forme attendue."),
        ("jour", "demain", "Écrivez une date, comme 2027-03-01."),
        ("oui", "bof", "Répondez par oui ou par non."),
        ("libre", "interdit", "Écrivez autre chose."),
        ("libre", ["x"], "Écrivez un texte."),
    ],
)
async def test_a_wrong_field_is_named_and_said_in_french(client: httpx.AsyncClient, champ: str, value: Any, message: str) -> None:
    answer = await client.post("/saisie", json={champ: value})
    assert (answer.status_code, answer.json()["title"]) == (422, "La saisie est à corriger.")
    assert answer.json()["errors"] == [{"champ": champ, "message": message}]


async def test_fields_are_named_by_their_path(client: httpx.AsyncClient) -> None:
    nested = await client.post("/dossier/1", json={"saisies": [{}, {"age": 3}]})
    assert [error["champ"] for error in nested.json()["errors"]] == ["saisies.1.age"]
    in_path = await client.post("/dossier/x", json={"saisies": []})
    assert in_path.json()["errors"] == [{"champ": "numero", "message": "Écrivez un nombre entier."}]
    missing = await client.post("/dossier/1", json={})
    assert missing.json()["errors"] == [{"champ": "saisies", "message": "Ce champ est obligatoire."}]


async def test_a_body_that_is_no_json_names_no_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/saisie", content=b'{"nom": ', headers={"content-type": "application/json"})
    assert answer.json()["errors"] == [{"champ": "", "message": "Le corps de la requête n’est pas du JSON valable."}]


async def test_an_answer_already_begun_is_cut_and_not_completed_with_another(client: httpx.AsyncClient) -> None:
    with pytest.raises(RuntimeError, match="in the middle"):
        await client.get("/coupe")


@pytest.mark.parametrize("given", ["", "x" * 101, "fil\tdeux", "é"])
async def test_a_correlation_id_that_is_missing_or_odd_is_made_anew(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/health/live", headers={b"X-Correlation-Id": given.encode()})
    assert len(answer.headers["x-correlation-id"]) == 32


async def test_two_requests_do_not_share_a_correlation_id(client: httpx.AsyncClient) -> None:
    ids = [(await client.get("/health/live")).headers["x-correlation-id"] for _ in range(2)]
    assert ids[0] != ids[1]
