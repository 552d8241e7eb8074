"""What the service notifications is told by its environment."""

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`smtp_url`: `smtp://[user:password@]host:port`, or `smtps://` for TLS from the first byte."""

    service: str = "notifications"
    smtp_url: str
    mail_from: str = "Inscription en ligne <ne-pas-repondre@inscription.localhost>"
