"""Accounts: the links that open them, their passwords."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.liens import UsageLien


class LienPublic(BaseModel):
    """What a link is for, and whose it is."""

    usage: UsageLien
    nom: str
    identifiant: str
    expire_le: datetime


class MotDePasseChoisi(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"mot_de_passe": "le chemin longe la Vilaine"}]})

    mot_de_passe: str = Field(min_length=1, max_length=500)


class MotDePasseOublie(BaseModel):
    """The identifiant, or the address of the account."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"identifiant": "claire.lebris"}]})

    identifiant: str = Field(min_length=1, max_length=200)


class MotDePasseChange(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"ancien": "Demonstration2026!", "nouveau": "le chemin longe la Vilaine"}]})

    ancien: str = Field(min_length=1, max_length=500)
    nouveau: str = Field(min_length=1, max_length=500)
