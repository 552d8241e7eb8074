"""A catalogue on real servers: its database, and its HTTP with tokens of the test's own issuer."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.catalogue import domain, service
from services.catalogue.endpoints import router
from services.catalogue.settings import Settings
from services.contracts.acteur import Acteur, Role
from services.contracts.identity import CollectiviteEnregistree
from services.kit import clock
from services.kit.app import build_app
from services.kit.auth import AUDIENCE, ISSUER, Verifier
from services.kit.database import Database
from tests.acteurs import un_acteur
from tests.servers import PostgresServer
from tests.unit.catalogue.fabrique import BRETAGNE

RENNES, LORIENT, BREST = UUID(int=35), UUID(int=56), UUID(int=29)
"""Collectivités of three départements."""
DEPARTEMENTS = {RENNES: "35", LORIENT: "56", BREST: "29"}
ANGERS = domain.Structure(code="INSET-ANG", nom="INSET d’Angers")


def une_collectivite(collectivite_id: UUID, departement: str, version: int = 1) -> CollectiviteEnregistree:
    return CollectiviteEnregistree(
        survenu_le=clock.now(),
        collectivite_id=collectivite_id,
        version=version,
        nom="Commune",
        nature="commune",
        siret="20003452800014",
        departement=departement,
        delegation="BRE",
        email="mairie@commune.example",
        preinscription_agents=True,
    )


def agent_de(collectivite_id: UUID) -> Acteur:
    return un_acteur(Role.AGENT, collectivite_id=collectivite_id)


@dataclass
class Catalogue:
    """Shortcuts on one database."""

    database: Database

    async def charge(self, *sessions: domain.Session) -> bool:
        stages = {s.stage.code: s.stage for s in sessions}
        async with self.database.transaction() as session:
            return await service.charger(session, [BRETAGNE, ANGERS], list(stages.values()), sessions)

    async def connait(self, *collectivites: CollectiviteEnregistree) -> None:
        async with self.database.transaction() as session:
            for collectivite in collectivites:
                await service.suivre_collectivite(session, collectivite)

    async def page(
        self, acteur: Acteur, *, texte: str = "", structure: str | None = None, fermees: bool = False, curseur: str | None = None
    ) -> service.PageDeSessions:
        async with self.database.transaction() as session:
            return await service.lister_sessions(session, acteur, texte=texte, structure=structure, fermees=fermees, curseur=curseur)

    async def codes(self, acteur: Acteur, *, texte: str = "", structure: str | None = None, fermees: bool = False) -> list[str]:
        """Codes of all pages, in order."""
        codes: list[str] = []
        curseur: str | None = None
        while True:
            page = await self.page(acteur, texte=texte, structure=structure, fermees=fermees, curseur=curseur)
            codes += [etat.session.code for etat in page.etats]
            curseur = page.suivant
            if curseur is None:
                return codes

    async def lit(self, acteur: Acteur, session_id: UUID) -> domain.EtatDuStage:
        async with self.database.transaction() as session:
            return await service.lire_session(session, acteur, session_id)


@pytest.fixture
async def catalogue(postgres: PostgresServer) -> AsyncIterator[Catalogue]:
    """An empty catalogue that knows three collectivités."""
    database = Database(postgres.database_for("catalogue"))
    catalogue = Catalogue(database)
    await catalogue.connait(*(une_collectivite(*known) for known in DEPARTEMENTS.items()))
    yield catalogue
    await database.dispose()


Client = Callable[[Acteur | None], httpx.AsyncClient]


@pytest.fixture
async def client(catalogue: Catalogue) -> AsyncIterator[Client]:
    """The HTTP of the catalogue as someone, or as nobody; the keys stand where identity would publish them."""
    key = ECKey.generate_key("P-256", {"kid": "test"})
    url = catalogue.database.url
    settings = Settings(database_url=url, nats_url="nats://127.0.0.1:1", jwks_url="http://127.0.0.1:1", public_url="http://localhost")
    app = build_app(settings, router=router)
    verifier = Verifier(settings.jwks_url)
    verifier._keys._keys = KeySet([key])
    verifier._keys._fetched_at = float("inf")
    app.state.verifier = verifier
    opened: list[httpx.AsyncClient] = []

    def as_someone(acteur: Acteur | None) -> httpx.AsyncClient:
        now = int(clock.now().timestamp())
        headers = {}
        if acteur is not None:
            claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(acteur.compte_id), "iat": now, "exp": now + 60}
            token = jwt.encode({"alg": "ES256", "kid": "test"}, claims | {"acteur": acteur.model_dump(mode="json")}, key)
            headers = {"Authorization": f"Bearer {token}"}
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://catalogue", headers=headers))
        return opened[-1]

    yield as_someone
    for each in opened:
        await each.aclose()
    await app.state.context.database.dispose()


def codes_of(sessions: Iterable[domain.Session]) -> list[str]:
    return [s.code for s in sessions]
