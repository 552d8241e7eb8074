"""What the identity process is told by its environment."""

from datetime import timedelta
from pathlib import Path

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`jwt_keys_file` holds the private signing keys (created at first start); durations may be given in seconds."""

    service: str = "identity"
    port: int = 42401
    jwt_keys_file: Path
    duree_acces: timedelta = timedelta(minutes=10)
    duree_session: timedelta = timedelta(hours=12)
    """How long one may stay logged in by renewing: a working day."""
