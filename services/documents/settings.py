"""What the service documents is told by its environment."""

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`documents_url`: where contents are archived, `file:///folder` or `s3://bucket/prefix`."""

    service: str = "documents"
    documents_url: str
