"""Login by a third party, the browser's side: who it is with, and what is kept while the browser is away."""

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from math import inf
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from pydantic import BaseModel, ConfigDict

from services.kit.problems import Problem
from services.web.client import Api

COOKIE_TIERS = "__Host-iel-tiers"
DUREE_DU_VOYAGE_SECONDES = 600
FRAICHEUR_SECONDES = 60.0


class Voyage(BaseModel):
    """What must be the same when the browser is back. `compte_id`: the account that an identity is to be linked to; None, a login."""

    model_config = ConfigDict(frozen=True)

    etat: str
    nonce: str
    verificateur: str
    suite: str = "/"
    compte_id: UUID | None = None


def sceller(voyage: Voyage, cle: bytes) -> str:
    """For the cookie: nobody reads it nor writes another, and it is void after a while."""
    return _coffret(cle).encrypt(voyage.model_dump_json().encode()).decode()


def ouvrir(cookie: str | None, etat: str, cle: bytes) -> Voyage | None:
    """The voyage of this browser, None when there is none under way or it is not the one that comes back."""
    try:
        contenu = _coffret(cle).decrypt((cookie or "").encode(), ttl=DUREE_DU_VOYAGE_SECONDES)
    except InvalidToken:
        return None
    voyage = Voyage.model_validate_json(contenu)
    return voyage if hmac.compare_digest(voyage.etat.encode(), etat.encode()) else None


class TiersConnu:
    """The provider's name, asked of identity now and then: a page of login must not wait for it, nor fail without it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._lu_a = -inf
        self.connu: str | None = None

    async def nom(self) -> str | None:
        if time.monotonic() - self._lu_a > FRAICHEUR_SECONDES:
            try:
                self.connu = (await self._api.qui_identifie()).nom
            except Problem:
                return self.connu
            self._lu_a = time.monotonic()
        return self.connu


def _coffret(cle: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(hmac.digest(cle, b"web:tiers", hashlib.sha256)))
