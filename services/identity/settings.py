"""What the identity process is told by its environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`jwt_keys_file` holds the private signing keys (created at first start); durations may be given in seconds.

    `liens_keys`: secrets of the links sent by mail, separated by commas, the first signs, all verify.
    """

    service: str = "identity"
    port: int = 42401
    jwt_keys_file: Path
    liens_keys: str = Field(min_length=16)
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
        return [key.strip() for key in self.liens_keys.split(",") if key.strip()]
