"""Second factors: one's own, the second step of a login, what an organisation requires."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.identity.schemas.base import Lue

DEFI = "1795400000.s6TD1FK9Sky4E1xff2m-AQ.Yp0Zk2n1bJ8sT7dLw2eYzA"


class ClePublic(Lue):
    id: UUID
    nom: str
    cree_le: datetime
    vue_le: datetime | None


class SecondFacteurPublic(BaseModel):
    """One's factors. `attendu`: one's organisation requires one and there is none yet."""

    totp_depuis: datetime | None
    cles: list[ClePublic]
    codes_restants: int
    attendu: bool


class TotpAEnregistrer(BaseModel):
    """`secret` is typed in an application, or read by it in the QR code of `adresse`."""

    secret: str
    adresse: str


class CodePresente(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})

    code: str = Field(min_length=1, max_length=100)


class MotDePassePresente(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"mot_de_passe": "le chemin longe la Vilaine"}]})

    mot_de_passe: str = Field(min_length=1, max_length=500)


class CodesDeSecours(BaseModel):
    """Shown this once. Empty when those given before still serve."""

    codes: list[str]


class EpreuvePublic(Lue):
    """`options` are for `navigator.credentials`; `id` comes back with what the passkey answers."""

    id: UUID
    options: dict[str, Any]


class CleCreate(BaseModel):
    """`cle` is the PublicKeyCredential of the browser, as JSON (WebAuthn level 3)."""

    epreuve: UUID
    nom: str = Field(min_length=1, max_length=60)
    cle: dict[str, Any]


class DefiPresente(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"defi": DEFI}]})

    defi: str = Field(min_length=1, max_length=200)


class SecondFacteurCreate(DefiPresente):
    """The second step: a code (of the application, or a recovery code), or what a passkey answered to `epreuve`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"defi": DEFI, "code": "492039"}]})

    code: str = Field(default="", max_length=100)
    epreuve: UUID | None = None
    cle: dict[str, Any] | None = None
    depuis: str = Field(default="", max_length=100)

    @model_validator(mode="after")
    def _une_preuve(self) -> Self:
        if not self.code and (self.cle is None or self.epreuve is None):
            raise ValueError("Donnez un code, ou la réponse d’une clé d’accès.")
        return self


class SessionParCleCreate(BaseModel):
    epreuve: UUID
    cle: dict[str, Any]
    depuis: str = Field(default="", max_length=100)


class Motif(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"motif": "Téléphone perdu, vue dans mon bureau."}]})

    motif: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class SecoursCreate(Motif):
    identifiant: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class SecoursPublic(BaseModel):
    """Who was helped."""

    nom: str


class ExigenceStructure(Lue):
    code: str
    nom: str
    second_facteur_exige: bool


class Exigence(BaseModel):
    """Whether the organisation requires a second factor of those who decide for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"exige": True}]})

    exige: bool
