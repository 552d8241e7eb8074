"""The provider of identities: where to send people, and who came back."""

from typing import Any

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError

from services.identity.domain.identites import IdentiteTierce
from services.identity.oidc import protocole
from services.identity.oidc.decouverte import PATIENCE_SECONDES, Decouverte, FournisseurMuetError, Metadonnees
from services.identity.oidc.reglages import ReglagesOidc
from services.kit.logs import get_logger
from services.kit.problems import Forbidden, Problem, Unavailable

ALGORITHMES = ("RS256", "PS256", "ES256")
"""Signatures by a key that only the provider holds: neither a shared secret nor none."""

log = get_logger(__name__)


class Fournisseur:
    def __init__(self, reglages: ReglagesOidc) -> None:
        self.reglages = reglages
        self._decouverte = Decouverte(reglages.emetteur)

    async def depart(self, redirect_uri: str) -> protocole.Depart:
        """Where to send the browser. `Unavailable` when the provider does not answer."""
        try:
            return protocole.depart((await self._decouverte.metadonnees()).authorization_endpoint, self.reglages, redirect_uri)
        except FournisseurMuetError as erreur:
            raise self._muet() from erreur

    async def identifier(self, *, code: str, verificateur: str, nonce: str, redirect_uri: str) -> IdentiteTierce:
        """Who the browser came back as. Every refusal is a `Problem` that says what to do."""
        try:
            metadonnees = await self._decouverte.metadonnees()
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDES) as http:
                jetons = await self._echanger(http, metadonnees, code=code, verificateur=verificateur, redirect_uri=redirect_uri)
                dit = await self._jeton_d_identite(jetons, nonce)
                if "email" not in dit and metadonnees.userinfo_endpoint is not None:
                    dit |= await self._informations(http, metadonnees.userinfo_endpoint, jetons, sujet=str(dit["sub"]))
        except (httpx.HTTPError, FournisseurMuetError) as erreur:
            log.warning("oidc.silent", error=type(erreur).__name__)
            raise self._muet() from erreur
        except (JoseError, ValueError, LookupError, TypeError) as erreur:
            log.warning("oidc.refused", error=repr(erreur))
            raise self._refus() from erreur
        verifie = dit.get("email_verified", self.reglages.adresses_verifiees)
        return IdentiteTierce(self.reglages.emetteur, str(dit["sub"]), str(dit.get("email", "")).strip(), email_verifie=verifie is True)

    async def _echanger(
        self, http: httpx.AsyncClient, metadonnees: Metadonnees, *, code: str, verificateur: str, redirect_uri: str
    ) -> dict[str, Any]:
        adresse = metadonnees.token_endpoint
        methodes = metadonnees.token_endpoint_auth_methods_supported
        entetes, corps = protocole.demande_de_jetons(
            adresse, self.reglages, code=code, verificateur=verificateur, redirect_uri=redirect_uri, methodes=methodes
        )
        reponse = await http.post(adresse, headers=entetes, content=corps)
        if reponse.is_server_error:
            reponse.raise_for_status()
        jetons: dict[str, Any] = reponse.json()
        if jetons.get("error") == "invalid_grant":
            raise Problem(
                "connexion-perimee",
                "Cette connexion a trop attendu, ou a déjà servi.",
                status=410,
                detail="Recommencez depuis la page de connexion.",
            )
        if "error" in jetons:
            # The secret or the address of return is not what the provider knows: ours to mend.
            log.error("oidc.misconfigured", error=str(jetons["error"])[:100])
            raise self._refus()
        return jetons

    async def _jeton_d_identite(self, jetons: dict[str, Any], nonce: str) -> dict[str, Any]:
        lu = await self._signe(str(jetons["id_token"]))
        niveau = lu.claims.get("acr")
        if self.reglages.acr and niveau not in self.reglages.acr:
            raise Forbidden(
                f"{self.reglages.nom} ne vous a pas assez sûrement reconnu.",
                slug="niveau-insuffisant",
                detail="Recommencez en choisissant une identification plus forte, ou connectez-vous avec votre mot de passe.",
            )
        protocole.verifier_le_jeton_d_identite(lu.claims, lu.header, self.reglages, nonce=nonce, jeton_d_acces=str(jetons["access_token"]))
        return dict(lu.claims)

    async def _informations(self, http: httpx.AsyncClient, adresse: str, jetons: dict[str, Any], *, sujet: str) -> dict[str, Any]:
        """What the id_token does not say: as JSON, or signed as ProConnect does. It must be about the same person."""
        reponse = (await http.get(adresse, headers={"Authorization": f"Bearer {jetons['access_token']}"})).raise_for_status()
        if reponse.headers.get("content-type", "").startswith("application/jwt"):
            dit = dict((await self._signe(reponse.text.strip())).claims)
            audience = dit.get("aud", self.reglages.client_id)
            juste = self.reglages.client_id in ([audience] if isinstance(audience, str) else audience)
            if dit.get("iss", self.reglages.emetteur) != self.reglages.emetteur or not juste:
                raise ValueError("userinfo is of another issuer or for another client")
        else:
            dit = dict(reponse.json())
        if dit.get("sub") != sujet:
            raise ValueError("userinfo is about somebody else")
        return {nom: dit[nom] for nom in ("email", "email_verified") if nom in dit}

    async def _signe(self, jeton: str) -> jwt.Token:
        kid = jws.extract_compact(jeton.encode()).headers().get("kid")
        cles = await (await self._decouverte.cles()).holding(kid if isinstance(kid, str) else None)
        return jwt.decode(jeton, cles, algorithms=list(ALGORITHMES))

    def _muet(self) -> Problem:
        return Unavailable(
            f"{self.reglages.nom} ne répond pas pour le moment.",
            slug="fournisseur-muet",
            detail="Réessayez dans quelques instants, ou connectez-vous avec votre identifiant et votre mot de passe.",
        )

    def _refus(self) -> Problem:
        return Forbidden(
            f"La réponse de {self.reglages.nom} n’est pas celle qui était attendue.",
            slug="identite-refusee",
            detail="Par prudence, vous n’êtes pas connecté. Recommencez. Si cela se reproduit, connectez-vous avec votre mot de passe et "
            "prévenez votre service formation.",
        )
