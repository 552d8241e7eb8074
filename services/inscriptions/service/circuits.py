"""The circuit a collectivité composes for itself, in versions; a running request keeps the one it started with."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.inscriptions import EtapeAvis
from services.inscriptions import repository
from services.inscriptions.domain.circuit import PAR_DEFAUT, defauts
from services.inscriptions.models import Circuit
from services.inscriptions.schemas import CircuitPublic, CircuitUpdate
from services.kit.clock import now
from services.kit.problems import FieldError, Forbidden, Invalid, Problem

VERSIONS_LUES = 50


async def lire(session: AsyncSession, acteur: Acteur) -> CircuitPublic:
    circuit = await repository.circuit_en_vigueur(session, _sa_collectivite(acteur))
    if circuit is None:
        return CircuitPublic(version=0, etapes=list(PAR_DEFAUT))
    return _public(circuit)


async def versions(session: AsyncSession, acteur: Acteur) -> list[CircuitPublic]:
    """The circuit of today and those before it, the newest first."""
    return [_public(circuit) for circuit in await repository.circuits(session, _sa_collectivite(acteur), VERSIONS_LUES)]


async def changer(session: AsyncSession, acteur: Acteur, corps: CircuitUpdate, *, depuis: int, delais_courts: bool) -> CircuitPublic:
    """Make a new version, for the requests to come. `depuis` is the version that was read (`If-Match`)."""
    if not acteur.peut(Droit.REGLER_COLLECTIVITE):
        raise Forbidden("Seul le gestionnaire principal change le circuit de la collectivité.", slug="circuit-reserve")
    trouves = defauts(corps.etapes, delais_courts=delais_courts)
    if trouves:
        raise Invalid("Le circuit est à corriger.", errors=[FieldError(champ=champ, message=message) for champ, message in trouves])
    collectivite_id = _sa_collectivite(acteur)
    actuel = await repository.circuit_en_vigueur(session, collectivite_id)
    if (actuel.version if actuel else 0) != depuis:
        raise _change_entre_temps()
    nouveau = Circuit(
        collectivite_id=collectivite_id,
        version=depuis + 1,
        etapes=[etape.model_dump(mode="json") for etape in corps.etapes],
        cree_par=acteur.signature,
        cree_le=now(),
    )
    session.add(nouveau)
    try:
        await session.flush()
    except IntegrityError as error:
        # Two changes at once from the same version: the constraint let one through.
        raise _change_entre_temps() from error
    return _public(nouveau)


def _sa_collectivite(acteur: Acteur) -> UUID:
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("Le circuit se lit et se change au sein d’une collectivité.", slug="circuit-reserve")
    return acteur.collectivite_id


def _public(circuit: Circuit) -> CircuitPublic:
    return CircuitPublic(
        version=circuit.version,
        etapes=[EtapeAvis.model_validate(etape) for etape in circuit.etapes],
        cree_par=circuit.cree_par,
        cree_le=circuit.cree_le,
    )


def _change_entre_temps() -> Problem:
    return Problem(
        "change-entre-temps",
        "Le circuit a été changé entre-temps.",
        status=412,
        detail="Relisez-le, puis reprenez votre modification.",
    )
