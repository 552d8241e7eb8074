"""What the identity process is told by its environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

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

    @property
    def cles_des_liens(self) -> list[str]:
        return _cles(self.liens_keys)

    @property
    def cles_des_facteurs(self) -> list[str]:
        return _cles(self.facteurs_keys)


def _cles(texte: str) -> list[str]:
    return [cle.strip() for cle in texte.split(",") if cle.strip()]
