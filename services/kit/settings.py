"""What every process of the platform is told by its environment (prefix `IEL_`)."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Settings common to all services; each service adds its own in its `settings.py`.

    `database_url` is None for a service that owns no data.
    """

    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore")

    service: str
    host: str = "127.0.0.1"
    port: int
    database_url: str | None = None
    database_pool: int = 10
    nats_url: str
    nats_user: str | None = None
    nats_password: str | None = None
    jwks_url: str
    public_url: str
    log_level: str = "INFO"
