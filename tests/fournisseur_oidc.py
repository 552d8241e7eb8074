"""A real provider of OpenID Connect on the loopback, built with authlib: discovery, keys, authorize, token, userinfo. It can lie."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.settings import free_ports

CLIENT_ID, SECRET = "inscription-en-ligne", "secret-du-client-de-l-essai"
PATIENCE_SECONDES = 10.0


class Ecart(StrEnum):
    """A way to misbehave."""

    AUCUN = ""
    AUTRE_NONCE = "autre_nonce"
    AUTRE_AUDIENCE = "autre_audience"
    AUTRE_EMETTEUR = "autre_emetteur"
    PERIME = "perime"
    AUTRE_CLE = "autre_cle"
    SANS_SIGNATURE = "sans_signature"
    SIGNE_PAR_LA_CLE_PUBLIQUE = "signe_par_la_cle_publique"
    JETON_D_ACCES_SUBSTITUE = "jeton_d_acces_substitue"
    USERINFO_D_UN_AUTRE = "userinfo_d_un_autre"
    USERINFO_SIGNE_PAR_UN_AUTRE = "userinfo_signe_par_un_autre"
    EN_PANNE = "en_panne"
    SECRET_REFUSE = "secret_refuse"


@dataclass(frozen=True)
class Personne:
    """Who is logged in at the provider. `verifie` None: it says nothing of the address."""

    sub: str
    email: str
    verifie: bool | None = True

    @property
    def informations(self) -> dict[str, Any]:
        return {"email": self.email} | ({} if self.verifie is None else {"email_verified": self.verifie})


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    nonce: str
    acr: str
    code_challenge: str
    code_challenge_method: str
    personne: Personne

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> str:
        return self.acr


class Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/connexion/tiers/retour")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Demande(OAuth2Request):
    """A request as authlib reads it: an address, headers, and fields."""

    payload: Any
    user: Any

    def __init__(self, request: Request, champs: dict[str, str]) -> None:
        super().__init__(request.method, str(request.url), headers=request.headers)
        self.payload = BasicOAuth2Payload(champs)

    @property
    def args(self) -> dict[str, str]:
        return dict(self.payload.data)

    @property
    def form(self) -> dict[str, str]:
        return dict(self.payload.data)


class Accord(AuthorizationCodeGrant):
    """Codes that serve once."""

    def save_authorization_code(self, code: str, request: Demande) -> None:
        lu = request.payload.data
        self.server.codes[code] = Code(
            code=code,
            redirect_uri=lu["redirect_uri"],
            scope=lu["scope"],
            nonce=lu["nonce"],
            acr=self.server.fournisseur.acr,
            code_challenge=lu["code_challenge"],
            code_challenge_method=lu["code_challenge_method"],
            personne=request.user,
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        trouve: Code | None = self.server.codes.get(code)
        return trouve

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del self.server.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> Personne:
        return authorization_code.personne


class JetonDIdentite(OpenIDCode):
    def __init__(self, fournisseur: "FournisseurOidc") -> None:
        super().__init__(require_nonce=True)
        self.fournisseur = fournisseur

    def exists_nonce(self, nonce: str, request: Demande) -> bool:
        return False

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        ecart = self.fournisseur.ecart
        perime = {"exp": int(time.time()) - 600} if ecart is Ecart.PERIME else {}
        iss = "https://autre.example" if ecart is Ecart.AUTRE_EMETTEUR else self.fournisseur.emetteur
        return {"iss": iss, "aud": ["un-autre-client" if ecart is Ecart.AUTRE_AUDIENCE else CLIENT_ID], **perime}

    def get_authorization_code_claims(self, authorization_code: AuthorizationCodeMixin) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return claims | ({"nonce": "d-un-autre-jour"} if self.fournisseur.ecart is Ecart.AUTRE_NONCE else {})

    def generate_user_info(self, user: Personne, scope: str) -> dict[str, Any]:
        return {"sub": user.sub, **(user.informations if self.fournisseur.email_dans_le_jeton else {})}

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": str(self.fournisseur.cle.kid)}

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.fournisseur.autre_cle if self.fournisseur.ecart is Ecart.AUTRE_CLE else self.fournisseur.cle

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        bon: str = super().encode_id_token(token, request)
        if self.fournisseur.ecart is Ecart.SANS_SIGNATURE:
            return f"{_base64({'alg': 'none'})}.{bon.split('.')[1]}."
        if self.fournisseur.ecart is Ecart.SIGNE_PAR_LA_CLE_PUBLIQUE:
            # Whoever takes the algorithm from the token checks this HMAC with the public key as its secret.
            debut = f"{_base64({'alg': 'HS256', 'kid': str(self.fournisseur.cle.kid)})}.{bon.split('.')[1]}"
            return f"{debut}.{_texte(hmac.digest(self.fournisseur.cle.as_pem(private=False), debut.encode(), hashlib.sha256))}"
        return bon


class Serveur(AuthorizationServer):
    def __init__(self, fournisseur: "FournisseurOidc") -> None:
        super().__init__(scopes_supported=["openid", "email", "profile"])
        self.fournisseur = fournisseur
        self.codes: dict[str, Code] = {}
        self.acces: dict[str, Personne] = {}
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: generate_token(42)))
        self.register_grant(Accord, [CodeChallenge(required=True), JetonDIdentite(fournisseur)])

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT_ID else None

    def save_token(self, token: dict[str, Any], request: Demande) -> None:
        self.acces[token["access_token"]] = request.user

    def create_oauth2_request(self, request: Demande) -> Demande:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        return Response(json.dumps(body) if isinstance(body, dict) else body, status, dict(headers))

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""


@dataclass
class FournisseurOidc:
    """`personne` is who is logged in there, None who refuses. `userinfo_signe`: as ProConnect does."""

    emetteur: str
    cle: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    autre_cle: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    personne: Personne | None = None
    ecart: Ecart = Ecart.AUCUN
    acr: str = "eidas1"
    email_dans_le_jeton: bool = False
    userinfo_signe: bool = False
    methodes: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    demandes: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._serveur = Serveur(self)

    def sage(self, personne: Personne | None) -> None:
        """As it should be, with this person."""
        self.personne, self.ecart, self.acr = personne, Ecart.AUCUN, "eidas1"
        self.email_dans_le_jeton = self.userinfo_signe = False

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._decouverte),
                Route("/jwks", self._jwks),
                Route("/authorize", self._autoriser),
                Route("/token", self._echanger, methods=["POST"]),
                Route("/userinfo", self._informations),
            ]
        )

    async def _decouverte(self, _: Request) -> Response:
        adresses = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks", "userinfo_endpoint": "userinfo"}
        return JSONResponse(
            {
                "issuer": self.emetteur,
                "token_endpoint_auth_methods_supported": list(self.methodes),
                **{nom: f"{self.emetteur}/{chemin}" for nom, chemin in adresses.items()},
            }
        )

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse(KeySet([self.cle]).as_dict(private=False))

    async def _autoriser(self, request: Request) -> Response:
        self.demandes.append(dict(request.query_params))
        if self.personne is None:
            retour = f"{request.query_params['redirect_uri']}?error=access_denied&state={request.query_params['state']}"
            return RedirectResponse(retour)
        demande = Demande(request, dict(request.query_params))
        accord = self._serveur.get_consent_grant(demande, self.personne)
        reponse: Response = self._serveur.create_authorization_response(demande, self.personne, grant=accord)
        return reponse

    async def _echanger(self, request: Request) -> Response:
        if self.ecart is Ecart.EN_PANNE:
            return Response("en panne", 503)
        if self.ecart is Ecart.SECRET_REFUSE:
            return JSONResponse({"error": "invalid_client"}, 401)
        reponse: Response = self._serveur.create_token_response(Demande(request, dict(parse_qsl((await request.body()).decode()))))
        if self.ecart is Ecart.JETON_D_ACCES_SUBSTITUE and reponse.status_code == 200:
            return JSONResponse(json.loads(bytes(reponse.body)) | {"access_token": "celui-d-un-autre"})
        return reponse

    async def _informations(self, request: Request) -> Response:
        personne = self._serveur.acces.get(request.headers["authorization"].removeprefix("Bearer "))
        if personne is None:
            return Response(status_code=401)
        dit = {"sub": "quelqu-un-d-autre" if self.ecart is Ecart.USERINFO_D_UN_AUTRE else personne.sub, **personne.informations}
        if not self.userinfo_signe:
            return JSONResponse(dit)
        cle = self.autre_cle if self.ecart is Ecart.USERINFO_SIGNE_PAR_UN_AUTRE else self.cle
        signe = jwt.encode({"alg": "RS256", "kid": str(self.cle.kid)}, {**dit, "iss": self.emetteur, "aud": CLIENT_ID}, cle)
        return Response(signe, media_type="application/jwt")


@contextmanager
def fournisseur_en_marche() -> Iterator[FournisseurOidc]:
    """A provider that answers on a free port, in a thread of its own."""
    (port,) = free_ports(1)
    fournisseur = FournisseurOidc(f"http://127.0.0.1:{port}")
    serveur = uvicorn.Server(uvicorn.Config(fournisseur.application(), port=port, ws="none", lifespan="off", log_config=None))
    fil = threading.Thread(target=serveur.run, name="fournisseur-oidc", daemon=True)
    fil.start()
    fin = time.monotonic() + PATIENCE_SECONDES
    while not serveur.started:
        assert fil.is_alive(), "the provider did not start"
        assert time.monotonic() < fin, "the provider is too long to start"
        time.sleep(0.01)
    try:
        yield fournisseur
    finally:
        serveur.should_exit = True
        fil.join(PATIENCE_SECONDES)


def _base64(contenu: dict[str, str]) -> str:
    return _texte(json.dumps(contenu).encode())


def _texte(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")
