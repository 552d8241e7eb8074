"""Sessions of the people logged in: their tokens stay here, the browser holds an opaque id.

Kept for all instances under the hash of that id, so that reading the bucket opens no session; and in the memory of the
process, so that people keep working while NATS is away.
"""

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from weakref import WeakValueDictionary

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.contracts.acteur import Acteur
from services.kit.clock import now
from services.kit.problems import Problem, Unavailable
from services.web.client import Api
from services.web.coffre import Coffre, CoffreIndisponibleError
from services.web.csrf import session_reconnue
from services.web.modeles import Jetons
from services.web.modeles_mandats import Appartenance

FRAICHEUR_SECONDES = 10.0
"""How long the copy in memory is believed: a logout at another instance is known that soon."""
EN_MEMOIRE = 10_000
AVANT_EXPIRATION = timedelta(seconds=90)


class SessionWeb(BaseModel):
    """What the server knows of someone logged in. `csrf` is the token of his forms where he acts now.

    `ailleurs` keeps, by place, the token of the forms opened before he went to act for another organisation, and its name:
    such a form is never taken for one of the new place.
    """

    model_config = ConfigDict(frozen=True)

    acces: str
    renouvellement: str
    expire_le: AwareDatetime
    acteur: Acteur
    organisation: str
    csrf: str
    appartenances: tuple[Appartenance, ...] = ()
    ailleurs: dict[str, tuple[str, str]] = Field(default_factory=dict)

    @classmethod
    def ouverte(cls, jetons: Jetons, organisation: str) -> "SessionWeb":
        return cls(**_de(jetons), organisation=organisation, csrf=secrets.token_urlsafe(32))

    def renouvelee(self, jetons: Jetons) -> "SessionWeb":
        """With new tokens: at the same place, or at another, chosen or fallen back to when a mandate ended."""
        organisation = next((place.organisation for place in jetons.appartenances if place.courante), self.organisation)
        nouvelle = self.model_copy(update={**_de(jetons), "organisation": organisation})
        avant, apres = _place(self.acteur), _place(jetons.acteur)
        if avant == apres:
            return nouvelle
        ailleurs = {**self.ailleurs, avant: (self.csrf, self.organisation)}
        csrf, _ = ailleurs.pop(apres, (secrets.token_urlsafe(32), ""))
        return nouvelle.model_copy(update={"csrf": csrf, "ailleurs": ailleurs})

    def formulaire_d_ailleurs(self, jeton: str) -> str | None:
        """The organisation for which the form with this token was opened, when it is not the one of now."""
        return next((organisation for connu, organisation in self.ailleurs.values() if session_reconnue(jeton, connu)), None)

    def a_renouveler(self, maintenant: datetime) -> bool:
        return self.expire_le - AVANT_EXPIRATION <= maintenant


def _de(jetons: Jetons) -> dict[str, object]:
    return {
        "acces": jetons.access_token,
        "renouvellement": jetons.refresh_token,
        "expire_le": now() + timedelta(seconds=jetons.expires_in),
        "acteur": jetons.acteur,
        "appartenances": jetons.appartenances,
    }


def _place(acteur: Acteur) -> str:
    """Where someone acts: for his own organisation, or for another under a mandate."""
    return f"{acteur.collectivite_id} {acteur.structure} {acteur.mandat.id if acteur.mandat else ''}"


@dataclass
class _EnMemoire:
    session: SessionWeb
    lue_a: float
    a_ecrire: bool
    """The bucket was away when it was opened or renewed."""


class Sessions:
    """Opens, reads, renews and closes sessions by the opaque id of the cookie."""

    def __init__(self, coffre: Coffre) -> None:
        self._coffre = coffre
        self._memoire: OrderedDict[str, _EnMemoire] = OrderedDict()
        self._verrous: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ouvrir(self, session: SessionWeb) -> str:
        """Keep a new session; its id, for the cookie."""
        identifiant = secrets.token_urlsafe(32)
        await self._garder(_cle(identifiant), session)
        return identifiant

    async def lire(self, identifiant: str) -> SessionWeb | None:
        """The session, None when there is none (closed, expired). `Unavailable` when nobody can tell."""
        return await self._lire(_cle(identifiant), fraicheur=FRAICHEUR_SECONDES)

    async def fermer(self, identifiant: str) -> None:
        cle = _cle(identifiant)
        self._memoire.pop(cle, None)
        try:
            await self._coffre.oublier(cle)
        except CoffreIndisponibleError:
            # Its tokens are revoked by identity: what remains in the bucket opens nothing, and ends by itself.
            return

    async def lire_vivante(self, identifiant: str, api: Api) -> SessionWeb | None:
        """The session with an access token that lasts: renewed when needed, once, however many pages ask at the same time."""
        session = await self.lire(identifiant)
        if session is None or not session.a_renouveler(now()):
            return session
        cle = _cle(identifiant)
        verrou = self._verrous.setdefault(cle, asyncio.Lock())
        async with verrou:
            session = await self._lire(cle, fraicheur=0)
            if session is None or not session.a_renouveler(now()):
                return session
            return await self._renouveler(identifiant, session, api)

    async def basculer(self, identifiant: str, api: Api, vers: str) -> SessionWeb | None:
        """Act for another organisation from now on; None when the session ended. Its token is the last: nobody else renews meanwhile."""
        cle = _cle(identifiant)
        async with self._verrous.setdefault(cle, asyncio.Lock()):
            session = await self._lire(cle, fraicheur=0)
            if session is None:
                return None
            nouvelle = session.renouvelee(await api.basculer(session.renouvellement, vers))
            await self._garder(cle, nouvelle)
            return nouvelle

    async def renouveler(self, identifiant: str, api: Api) -> None:
        """Get now the rights that have just changed."""
        cle = _cle(identifiant)
        async with self._verrous.setdefault(cle, asyncio.Lock()):
            session = await self._lire(cle, fraicheur=0)
            if session is not None:
                await self._renouveler(identifiant, session, api)

    async def _renouveler(self, identifiant: str, session: SessionWeb, api: Api) -> SessionWeb | None:
        try:
            jetons = await api.renouveler(session.renouvellement)
        except Problem as problem:
            if problem.status == HTTPStatus.UNAUTHORIZED:
                await self.fermer(identifiant)
                return None
            if session.expire_le > now():
                return session
            raise
        nouvelle = session.renouvelee(jetons)
        await self._garder(_cle(identifiant), nouvelle)
        return nouvelle

    async def _lire(self, cle: str, *, fraicheur: float) -> SessionWeb | None:
        connue = self._memoire.get(cle)
        if connue is not None:
            self._memoire.move_to_end(cle)
            if connue.a_ecrire:
                await self._garder(cle, connue.session)
                return connue.session
            if time.monotonic() - connue.lue_a < fraicheur:
                return connue.session
        try:
            contenu = await self._coffre.lire(cle)
        except CoffreIndisponibleError as erreur:
            if connue is not None:
                return connue.session
            raise Unavailable(
                "Votre connexion ne peut pas être vérifiée pour le moment.", detail="Réessayez dans quelques instants."
            ) from erreur
        if contenu is None:
            self._memoire.pop(cle, None)
            return None
        session = SessionWeb.model_validate_json(contenu)
        self._retenir(cle, session, a_ecrire=False)
        return session

    async def _garder(self, cle: str, session: SessionWeb) -> None:
        try:
            await self._coffre.ecrire(cle, session.model_dump_json().encode())
        except CoffreIndisponibleError:
            self._retenir(cle, session, a_ecrire=True)
        else:
            self._retenir(cle, session, a_ecrire=False)

    def _retenir(self, cle: str, session: SessionWeb, *, a_ecrire: bool) -> None:
        self._memoire[cle] = _EnMemoire(session, time.monotonic(), a_ecrire)
        self._memoire.move_to_end(cle)
        while len(self._memoire) > EN_MEMOIRE:
            self._memoire.popitem(last=False)


def _cle(identifiant: str) -> str:
    return hashlib.sha256(identifiant.encode()).hexdigest()
