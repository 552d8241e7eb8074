"""Second factors: of an account, used once, required by an organisation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.models import Appartenance, CleAcces, CodeSecours, Collectivite, EpreuveCle, Structure, Totp
from services.identity.repository.portee import collectivites_visibles


async def totp(session: AsyncSession, compte_id: UUID) -> Totp | None:
    return await session.get(Totp, compte_id)


async def totp_verrouille(session: AsyncSession, compte_id: UUID) -> Totp | None:
    """Of two that act on it at once, one waits."""
    return (await session.exec(select(Totp).where(Totp.compte_id == compte_id).with_for_update())).one_or_none()


async def cles(session: AsyncSession, compte_id: UUID) -> Sequence[CleAcces]:
    """The oldest first."""
    return (
        await session.exec(select(CleAcces).where(CleAcces.compte_id == compte_id).order_by(col(CleAcces.cree_le), col(CleAcces.id)))
    ).all()


async def cle(session: AsyncSession, reference: bytes) -> CleAcces | None:
    """A passkey by its credential id, locked: its counter is compared then moved."""
    return (await session.exec(select(CleAcces).where(CleAcces.reference == reference).with_for_update())).one_or_none()


async def retirer_cle(session: AsyncSession, compte_id: UUID, cle_id: UUID) -> str | None:
    """The name of the passkey taken away from this account; None when it has none such."""
    requete = delete(CleAcces).where(col(CleAcces.id) == cle_id, col(CleAcces.compte_id) == compte_id).returning(col(CleAcces.nom))
    return (await session.execute(requete)).scalar_one_or_none()


async def retirer_totp(session: AsyncSession, compte_id: UUID) -> bool:
    requete = delete(Totp).where(col(Totp.compte_id) == compte_id, col(Totp.actif_le).is_not(None)).returning(col(Totp.compte_id))
    return (await session.execute(requete)).first() is not None


async def retirer_tout(session: AsyncSession, compte_id: UUID) -> bool:
    """Every factor and recovery code of an account; False when it had no factor."""
    avait = await possede(session, compte_id)
    for table in (Totp, CleAcces, CodeSecours):
        await session.execute(delete(table).where(col(table.compte_id) == compte_id))
    return avait


async def possede(session: AsyncSession, compte_id: UUID) -> bool:
    """Whether the account has a second factor. Recovery codes alone are none."""
    actif = exists().where(col(Totp.compte_id) == compte_id, col(Totp.actif_le).is_not(None))
    requete = select(or_(actif, exists().where(col(CleAcces.compte_id) == compte_id)))
    return bool((await session.exec(requete)).one())


async def codes_restants(session: AsyncSession, compte_id: UUID) -> int:
    requete = select(func.count()).select_from(CodeSecours).where(CodeSecours.compte_id == compte_id, col(CodeSecours.utilise_le).is_(None))
    return (await session.exec(requete)).one()


async def remplacer_codes(session: AsyncSession, compte_id: UUID, empreintes: Sequence[str]) -> None:
    await session.execute(delete(CodeSecours).where(col(CodeSecours.compte_id) == compte_id))
    session.add_all(CodeSecours(compte_id=compte_id, empreinte=empreinte) for empreinte in empreintes)


async def consommer_code(session: AsyncSession, compte_id: UUID, empreinte: str, maintenant: datetime) -> bool:
    """Of two uses at once, one wins."""
    requete = (
        update(CodeSecours)
        .where(col(CodeSecours.compte_id) == compte_id, col(CodeSecours.empreinte) == empreinte, col(CodeSecours.utilise_le).is_(None))
        .values(utilise_le=maintenant)
        .returning(col(CodeSecours.empreinte))
    )
    return (await session.execute(requete)).first() is not None


async def oublier_epreuves(session: AsyncSession, maintenant: datetime) -> None:
    """Those that nobody answered."""
    await session.execute(delete(EpreuveCle).where(col(EpreuveCle.expire_le) <= maintenant))


async def consommer_epreuve(
    session: AsyncSession, epreuve_id: UUID, usage: str, compte_id: UUID | None, maintenant: datetime
) -> bytes | None:
    """What was to be signed, once; None when it was not asked for this, of this account, or too long ago."""
    du_compte: ColumnElement[bool] = col(EpreuveCle.compte_id).is_(None) if compte_id is None else col(EpreuveCle.compte_id) == compte_id
    requete = delete(EpreuveCle).where(
        col(EpreuveCle.id) == epreuve_id, col(EpreuveCle.usage) == usage, du_compte, col(EpreuveCle.expire_le) > maintenant
    )
    return (await session.execute(requete.returning(col(EpreuveCle.defi)))).scalar_one_or_none()


async def exige(session: AsyncSession, appartenance: Appartenance) -> bool:
    """Whether the collectivité or the structure of this membership requires a second factor."""
    if appartenance.collectivite_id is not None:
        return await exige_de_ses_gestionnaires(session, appartenance.collectivite_id)
    requete = select(Structure.second_facteur_exige).where(Structure.code == appartenance.structure)
    return bool((await session.exec(requete)).one_or_none())


async def exige_de_ses_gestionnaires(session: AsyncSession, collectivite_id: UUID) -> bool:
    requete = select(Collectivite.second_facteur_exige).where(Collectivite.id == collectivite_id)
    return bool((await session.exec(requete)).one_or_none())


async def collectivite_a_regler(session: AsyncSession, portee: Portee, collectivite_id: UUID) -> Collectivite | None:
    requete = select(Collectivite).where(Collectivite.id == collectivite_id, collectivites_visibles(portee)).with_for_update()
    return (await session.exec(requete)).one_or_none()


async def structure_a_regler(session: AsyncSession, code: str) -> Structure | None:
    return (await session.exec(select(Structure).where(Structure.code == code).with_for_update())).one_or_none()
