"""What the service notifications is told by its environment."""

from urllib.parse import urlsplit

from pydantic import field_validator

from services.kit.french import NBSP
from services.kit.settings import ServiceSettings

PROTOCOLES = frozenset({"smtp", "starttls", "smtps"})


class Settings(ServiceSettings):
    """`smtp_url`: `smtp://[user:password@]host:port`, ciphered when the server offers it; `starttls://`, always ciphered after a
    first word in clear; `smtps://`, ciphered from the first byte.
    """

    service: str = "notifications"
    smtp_url: str
    mail_from: str = "Inscription en ligne <ne-pas-repondre@inscription.localhost>"

    @field_validator("smtp_url")
    @classmethod
    def _est_une_adresse_smtp(cls, adresse: str) -> str:
        serveur = urlsplit(adresse)
        if serveur.scheme not in PROTOCOLES or not serveur.hostname:
            raise ValueError(
                f"IEL_SMTP_URL s’écrit smtp://, starttls:// ou smtps://, puis le nom du serveur{NBSP}: smtp://127.0.0.1:42250."
            )
        return adresse
