"""What the service documents is told by its environment."""

from services.documents.domain import ANNULATION_JOURS
from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`documents_url`: where contents are archived, `file:///folder` or `s3://bucket/prefix`.

    `annulation_jours`: how many days before its start a session may still be cancelled without being late.
    """

    service: str = "documents"
    documents_url: str
    annulation_jours: int = ANNULATION_JOURS
