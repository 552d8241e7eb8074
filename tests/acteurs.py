"""People who act, with the rights that identity would give them."""

from uuid import UUID, uuid4

from services.contracts.acteur import Acteur, Mandat, Role
from services.identity.domain.roles import droits, organisation


def un_acteur(
    *roles: Role,
    nom: str = "Anne Le Bihan",
    email: str = "anne.lebihan@commune.example",
    compte_id: UUID | None = None,
    collectivite_id: UUID | None = None,
    agent_id: UUID | None = None,
    services: tuple[UUID, ...] = (),
    structure: str | None = None,
    mandat: Mandat | None = None,
) -> Acteur:
    return Acteur(
        compte_id=compte_id or uuid4(),
        nom=nom,
        email=email,
        roles=frozenset(roles),
        droits=droits(roles, organisation(collectivite_id, structure)),
        collectivite_id=collectivite_id,
        agent_id=agent_id,
        services=services,
        structure=structure,
        mandat=mandat,
    )
