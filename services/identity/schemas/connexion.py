"""Logins."""

from uuid import UUID

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


class AppartenancePublic(BaseModel):
    """An organisation one may act for. `mandataire`: one's own, which holds a mandate of it; None when it is one's own itself."""

    id: UUID
    organisation: str
    roles: list[str]
    mandataire: str | None
    courante: bool


class Bascule(BaseModel):
    """`vers` is the id of one of the places that `GET /moi/appartenances` lists."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"refresh_token": "WmX0c9vUu1m4o5pQmRkq5yq0cG3n1bJ8sT7dLw2eYzA", "vers": "3f0e7a58-5c6e-4c8e-9a51-0d3a3c7b1f20"}]
        }
    )

    refresh_token: str = Field(min_length=1, max_length=200)
    vers: UUID


class SessionPublic(BaseModel):
    """`access_token` goes in the Authorization header for `expires_in` seconds; `refresh_token` serves once, then is replaced."""

    access_token: str
    refresh_token: str
    expires_in: int
    acteur: Acteur
    appartenances: list[AppartenancePublic] = Field(default_factory=list)


class MoiPublic(BaseModel):
    """`collectivite` is None for the organisme; `organisation` names what one works for."""

    acteur: Acteur
    collectivite: str | None
    organisation: str
