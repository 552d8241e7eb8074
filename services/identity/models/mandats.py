"""Mandates between collectivités."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from services.identity.domain.mandats import Objet
from services.identity.models.base import Table, instant, textes


def _un_seul(objet: Objet) -> ExcludeConstraint:
    """Of two live mandates of one mandant about the same thing, no day is in both."""
    return ExcludeConstraint(
        ("mandant_id", "="),
        (text("daterange(debut, fin)"), "&&"),
        name=f"mandats_un_seul_pour_{objet}",
        using="gist",
        where=text(f"etat = 'accepte' and '{objet}' = any (portee)"),
    )


class Mandat(Table, table=True):
    """What `mandant` lets `mandataire` do in its name, from `debut` to the day before `fin`.

    `propose_par_cote` tells which side proposed; `repondu_*` who accepted, refused or took it back; `revoque_*` who ended it.
    """

    __tablename__ = "mandats"
    __table_args__ = (
        CheckConstraint("mandant_id <> mandataire_id", name="mandats_pas_a_soi_meme"),
        CheckConstraint("fin >= debut", name="mandats_fin_apres_debut"),
        CheckConstraint("cardinality(portee) > 0", name="mandats_portee_non_vide"),
        *(_un_seul(objet) for objet in Objet),
        Index("mandats_donnes", "mandant_id", "propose_le", "id"),
        Index("mandats_recus", "mandataire_id", "propose_le", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    mandant_id: UUID = Field(foreign_key="collectivites.id")
    mandataire_id: UUID = Field(foreign_key="collectivites.id")
    debut: date
    fin: date | None = None
    portee: list[str] = Field(sa_column=textes())
    etat: str
    propose_par_cote: str
    propose_par: str
    propose_le: datetime = Field(sa_column=instant())
    repondu_par: str | None = None
    repondu_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    motif_reponse: str = ""
    revoque_par: str | None = None
    revoque_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    motif_revocation: str = ""
