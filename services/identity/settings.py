"""What the identity process is told by its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.identity.oidc.reglages import ReglagesOidc, transport_sur
from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`jwt_keys_file` holds the private signing keys (created at first start); durations may be given in seconds.

    `liens_keys`: secrets of the links sent by mail, separated by commas, the first signs, all verify. `facteurs_keys`, likewise:
    they encrypt the secrets of second factors; one that is taken away makes those it encrypted unreadable.
    """

    service: str = "identity"
    port: int = 42401
    jwt_keys_file: Path
    liens_keys: str = Field(min_length=16)
    facteurs_keys: str = Field(min_length=16)
    second_facteur_organisme: bool = False
    """Whether a second factor is required of those who act for the whole organisme."""
    duree_acces: timedelta = timedelta(minutes=10)
    duree_session: timedelta = timedelta(hours=12)
    """How long one may stay logged in by renewing: a working day."""
    conservation_imports: timedelta = timedelta(days=30)
    conservation_courriels: timedelta = timedelta(days=365)
    conservation_lectures: timedelta = timedelta(days=3 * 365)
    conservation_agents: timedelta = timedelta(days=5 * 365)
    """After the departure of an agent: his attestations are kept elsewhere, for the career."""
    import_octets: int = 20_000_000
    import_lignes: int = 50_000

    oidc_issuer: str | None = None
    """The provider of identities, as it names itself; without one, no login by a third party."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_nom: str = "ProConnect"
    oidc_scopes: str = "openid email"
    oidc_acr: str = ""
    """Levels of authentication, separated by spaces: one of them is required."""
    oidc_adresses_verifiees: bool = False
    """The provider vouches for the addresses that it gives without `email_verified`, as ProConnect does."""

    @model_validator(mode="after")
    def _un_fournisseur_entier(self) -> Self:
        if self.oidc_issuer is not None:
            if not transport_sur(self.oidc_issuer):
                raise ValueError("IEL_OIDC_ISSUER must be an https address, or one of this machine")
            if not self.oidc_client_id or not self.oidc_client_secret.get_secret_value():
                raise ValueError("IEL_OIDC_ISSUER needs IEL_OIDC_CLIENT_ID and IEL_OIDC_CLIENT_SECRET")
        return self

    @property
    def oidc(self) -> ReglagesOidc | None:
        if self.oidc_issuer is None:
            return None
        return ReglagesOidc(
            emetteur=self.oidc_issuer,
            client_id=self.oidc_client_id,
            secret=self.oidc_client_secret.get_secret_value(),
            nom=self.oidc_nom,
            scopes=self.oidc_scopes,
            acr=tuple(self.oidc_acr.split()),
            adresses_verifiees=self.oidc_adresses_verifiees,
        )

    @property
    def cles_des_liens(self) -> list[str]:
        return _cles(self.liens_keys)

    @property
    def cles_des_facteurs(self) -> list[str]:
        return _cles(self.facteurs_keys)


def _cles(texte: str) -> list[str]:
    return [cle.strip() for cle in texte.split(",") if cle.strip()]
