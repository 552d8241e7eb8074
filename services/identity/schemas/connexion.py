"""Logins."""

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.acteur import Acteur


class SessionCreate(BaseModel):
    """A login. `depuis` tells the device to its owner, as « Firefox sous Windows »."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"identifiant": "claire.lebris", "mot_de_passe": "Demonstration2026!"}]})

    identifiant: str = Field(min_length=1, max_length=200)
    mot_de_passe: str = Field(min_length=1, max_length=500)
    depuis: str = Field(default="", max_length=100)


class JetonPresente(BaseModel):
    """The refresh token of one's session."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": "WmX0c9vUu1m4o5pQmRkq5yq0cG3n1bJ8sT7dLw2eYzA"}]})

    refresh_token: str = Field(min_length=1, max_length=200)


class SessionPublic(BaseModel):
    """`access_token` goes in the Authorization header for `expires_in` seconds; `refresh_token` serves once, then is replaced."""

    access_token: str
    refresh_token: str
    expires_in: int
    acteur: Acteur


class MoiPublic(BaseModel):
    """`collectivite` is None for the organisme; `organisation` names what one works for."""

    acteur: Acteur
    collectivite: str | None
    organisation: str
