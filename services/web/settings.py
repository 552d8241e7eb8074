"""What the web process is told by its environment."""

import hashlib
import hmac

from pydantic import SecretStr

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """`api_url` is where `/api/<service>/v1/…` answers: the gateway, or anything that routes as it does.

    `temporal_ui_url` is shown to administrators of the organisme only. `cle_formulaires` signs the forms of people who are
    not logged in; instances of one web service share it.
    """

    service: str = "web"
    api_url: str
    temporal_ui_url: str | None = None
    temporal_namespace: str = "default"
    cle_formulaires: SecretStr | None = None

    @property
    def cle_des_formulaires(self) -> bytes:
        """Without a key of its own, derived from the password of the web service, which all its instances hold."""
        if self.cle_formulaires is not None:
            return self.cle_formulaires.get_secret_value().encode()
        return hmac.digest((self.nats_password or self.nats_url).encode(), b"web:formulaires", hashlib.sha256)
