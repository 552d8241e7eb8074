"""Login by a third party, and the identities linked to an account."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.schemas.base import Lue


class FournisseurPublic(BaseModel):
    """Its name, read on the button; None when nobody is configured."""

    nom: str | None


class DepartCreate(BaseModel):
    """Where the browser is to come back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"redirect_uri": "http://localhost:8080/connexion/tiers/retour"}]})

    redirect_uri: str = Field(min_length=1, max_length=500)


class DepartPublic(Lue):
    """Send the browser to `adresse`; keep the rest from everybody but this browser until it is back with the same `etat`."""

    adresse: str
    etat: str
    nonce: str
    verificateur: str


class RetourCreate(BaseModel):
    """What the browser came back with, and what was kept meanwhile."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "SplxlOBeZQQYbYS6WxSbIA",
                    "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                    "nonce": "n-0S6_WzA2Mj",
                    "redirect_uri": "http://localhost:8080/connexion/tiers/retour",
                }
            ]
        }
    )

    code: str = Field(min_length=1, max_length=2000)
    code_verifier: str = Field(min_length=43, max_length=128)
    nonce: str = Field(min_length=1, max_length=200)
    redirect_uri: str = Field(min_length=1, max_length=500)


class SessionTierceCreate(RetourCreate):
    """`depuis` tells the device to its owner, as « Firefox sous Windows »."""

    depuis: str = Field(default="", max_length=100)


class IdentitePublique(BaseModel):
    """`email` is the address it had when linked; `liee_par` on what ground."""

    id: UUID
    fournisseur: str
    email: str
    liee_par: str
    liee_le: datetime
    vue_le: datetime


class IdentitesPubliques(BaseModel):
    """`fournisseur`: with whom one may link; None when nobody is configured. `retirable`: there is another way in."""

    fournisseur: str | None
    retirable: bool
    identites: list[IdentitePublique]
