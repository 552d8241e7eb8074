"""What a provider publishes of itself: its addresses and its keys, kept a while."""

import time
from math import inf

import httpx
from pydantic import BaseModel, ValidationError

from services.identity.oidc.reglages import transport_sur
from services.kit.auth import Keys
from services.kit.logs import get_logger

CHEMIN = "/.well-known/openid-configuration"
FRAICHEUR_SECONDES = 600.0
PATIENCE_SECONDES = 5.0

log = get_logger(__name__)


class Metadonnees(BaseModel):
    """The parts of the discovery document that we read."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]

    @property
    def adresses(self) -> list[str]:
        return [self.authorization_endpoint, self.token_endpoint, self.jwks_uri, *filter(None, [self.userinfo_endpoint])]


class FournisseurMuetError(Exception):
    """The provider does not answer, or not as one."""


class Decouverte:
    """Read when needed; what was read serves again when the provider is silent."""

    def __init__(self, emetteur: str) -> None:
        self._emetteur = emetteur
        self._lues: Metadonnees | None = None
        self._lues_a = -inf
        self._cles: Keys | None = None

    async def metadonnees(self) -> Metadonnees:
        if self._lues is None or time.monotonic() - self._lues_a > FRAICHEUR_SECONDES:
            try:
                lues = await self._lire()
            except (httpx.HTTPError, ValidationError) as erreur:
                log.warning("oidc.discovery_failed", error=type(erreur).__name__)
                if self._lues is None:
                    raise FournisseurMuetError from erreur
            else:
                if self._lues is None or lues.jwks_uri != self._lues.jwks_uri:
                    self._cles = Keys(lues.jwks_uri)
                self._lues, self._lues_a = lues, time.monotonic()
        return self._lues

    async def cles(self) -> Keys:
        await self.metadonnees()
        if self._cles is None:
            raise FournisseurMuetError
        return self._cles

    async def _lire(self) -> Metadonnees:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDES) as http:
            reponse = (await http.get(self._emetteur.rstrip("/") + CHEMIN)).raise_for_status()
        lues = Metadonnees.model_validate_json(reponse.content)
        if lues.issuer != self._emetteur or not all(map(transport_sur, lues.adresses)):
            log.error("oidc.discovery_of_somebody_else", issuer=lues.issuer)
            raise FournisseurMuetError
        return lues
