"""What the service inscriptions is told by its environment."""

from pydantic import Field

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`avis_keys`: secrets of the avis links separated by commas, the first signs, all verify.

    `delais_courts`: circuits may count in seconds, for demonstrations and tests.
    """

    service: str = "inscriptions"
    avis_keys: str = Field(min_length=16)
    delais_courts: bool = False

    @property
    def cles_avis(self) -> list[str]:
        return [key.strip() for key in self.avis_keys.split(",") if key.strip()]
