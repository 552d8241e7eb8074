from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`temporal_ui_url` is the address of the Temporal UI, for links given to operators."""

    temporal_address: str
    temporal_namespace: str = "default"
    temporal_ui_url: str | None = None
