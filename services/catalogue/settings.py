"""What the catalogue is told by its environment."""

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    service: str = "catalogue"
    port: int = 42402
