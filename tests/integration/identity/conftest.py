"""Identity on a real PostgreSQL with the demonstration's people, and its HTTP as the process assembles it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import KeySet
from sqlalchemy import text

from services.identity.main import create_app
from services.identity.seed.chargement import charger
from services.identity.seed.fichiers import lire
from services.identity.settings import Settings
from services.kit.auth import Verifier
from services.kit.database import Database
from tests.servers import PostgresServer

DEMO = Path("deploy/demo")
MOT_DE_PASSE = "Demonstration2026!"
API = "/api/identity/v1"

CLAIRE, SOLENE, NOLWENN, GWENAELLE, ELEONORE, HELENE = (
    "claire.lebris",
    "solene.morvan",
    "nolwenn.quere",
    "gwenaelle.legoff",
    "eleonore.vasselin",
    "helene.marchand",
)
"""An agent and the gestionnaire of Rochebrune, an agent of Kermelen, conseillères of Bretagne and of the INET, an administratrice."""


@pytest.fixture(scope="session")
async def demonstration(postgres: PostgresServer) -> str:
    """The address of a database that holds the demonstration, loaded once for the run."""
    database = Database(postgres.database_for("identity"))
    async with database.transaction() as session:
        await charger(session, lire(DEMO))
    await database.dispose()
    return database.url


@pytest.fixture(scope="module")
async def database(postgres: PostgresServer, demonstration: str) -> AsyncIterator[Database]:
    """The demonstration, as the module found it."""
    database = Database(postgres.copy_of(demonstration, "identity"))
    yield database
    await database.dispose()


@pytest.fixture(scope="module")
def reglages(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url=database.url,
        nats_url="nats://127.0.0.1:1",
        jwks_url="http://127.0.0.1:1",
        public_url="http://localhost",
        liens_keys="cle-des-liens-de-l-essai",
        facteurs_keys="cle-des-facteurs-de-l-essai",
        jwt_keys_file=tmp_path_factory.mktemp("cles") / "jwt-keys.json",
    )


@pytest.fixture(scope="module")
async def client(reglages: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(reglages)
    # The process would fetch its own keys over HTTP; here they are handed over.
    verifier = Verifier(reglages.jwks_url)
    verifier._keys._keys = KeySet.import_key_set(app.state.trousseau.jwks())
    verifier._keys._fetched_at = float("inf")
    app.state.verifier = verifier
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://identity{API}") as client:
        yield client
    await app.state.context.database.dispose()


@pytest.fixture
async def sans_facteur(database: Database) -> None:
    """Each test begins with nothing of the former ones."""
    async with database.transaction() as session:
        for table in ("totps", "codes_secours", "cles_acces", "echecs_connexion", "faits_second_facteur"):
            await session.execute(text(f"delete from {table}"))
        await session.execute(text("update collectivites set second_facteur_exige = false"))
        await session.execute(text("update structures set second_facteur_exige = false"))


async def connecter(client: httpx.AsyncClient, identifiant: str, mot_de_passe: str = MOT_DE_PASSE) -> httpx.Response:
    return await client.post("/sessions", json={"identifiant": identifiant, "mot_de_passe": mot_de_passe})


async def renouveler(client: httpx.AsyncClient, jeton: str) -> httpx.Response:
    return await client.post("/sessions/renouvellement", json={"refresh_token": jeton})


class Lecteur:
    """Someone logged in, who reads."""

    def __init__(self, client: httpx.AsyncClient, session: dict[str, Any]) -> None:
        self._client = client
        self.acteur: dict[str, Any] = session["acteur"]
        self._entetes = {"Authorization": f"Bearer {session['access_token']}"}

    @classmethod
    async def nomme(cls, client: httpx.AsyncClient, identifiant: str) -> "Lecteur":
        return cls(client, (await connecter(client, identifiant)).raise_for_status().json())

    async def get(self, chemin: str, **parametres: str) -> httpx.Response:
        return await self._client.get(chemin, params=parametres, headers=self._entetes)

    async def post(self, chemin: str, corps: dict[str, Any]) -> httpx.Response:
        return await self._client.post(chemin, json=corps, headers={**self._entetes, "Idempotency-Key": str(uuid4())})

    async def put(self, chemin: str, corps: dict[str, Any], *, lue: str) -> httpx.Response:
        return await self._client.put(chemin, json=corps, headers={**self._entetes, "If-Match": lue})

    async def lit(self, chemin: str, **parametres: str) -> Any:
        return (await self.get(chemin, **parametres)).raise_for_status().json()

    async def lit_tout(self, chemin: str, **parametres: str) -> list[Any]:
        """The rows of every page."""
        lignes: list[Any] = []
        suite: dict[str, str] = {}
        while True:
            page = await self.lit(chemin, **parametres, **suite)
            lignes += page["elements"]
            if page["suivant"] is None:
                return lignes
            suite = {"cursor": page["suivant"]}
