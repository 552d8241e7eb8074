"""Where someone may act: in his own organisations, and in those whose mandate his own holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit, Mandat, Role
from services.identity.domain.mandats import Objet, droits_sous_mandat, nom_court
from services.identity.domain.roles import droits, organisation, roles_qui
from services.identity.models import Appartenance, Compte
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import mandats as repository
from services.identity.repository import places as repository_places
from services.identity.repository.mandats import LigneMandat
from services.identity.service import exigences
from services.identity.service.lecture import ORGANISME
from services.kit.clock import day_of, now


@dataclass(frozen=True)
class Place:
    """One organisation someone may act in, and as what. `mandat`: it is not his own, his own acts for it."""

    appartenance: Appartenance
    organisation: str
    roles: frozenset[Role]
    mandat: LigneMandat | None = None

    @property
    def id(self) -> UUID:
        """What one switches to."""
        return self.mandat.mandat.id if self.mandat else self.appartenance.id

    def est_celle_de(self, acteur: Acteur) -> bool:
        if self.mandat is not None or acteur.mandat is not None:
            return acteur.mandat is not None and acteur.mandat.id == self.id
        return (acteur.collectivite_id, acteur.structure) == (self.appartenance.collectivite_id, self.appartenance.structure)


async def de(session: AsyncSession, compte_id: UUID) -> list[Place]:
    """The places of today: his own first, the oldest first; then, by name, those where he acts under a mandate."""
    jour = day_of(now())
    appartenances = await repository_connexion.appartenances_en_cours(session, compte_id, jour)
    noms = await repository_places.noms(session, appartenances)
    siennes = [Place(a, noms.get(a.id, ORGANISME), frozenset(map(Role, a.roles))) for a in appartenances]
    par_mandataire = {a.collectivite_id: a for a in appartenances if a.collectivite_id is not None and agit_pour_d_autres(a)}
    if not par_mandataire:
        return siennes
    mandats = await repository.exercables(session, [c for c in par_mandataire if c is not None], jour)
    return siennes + [_sous_mandat(par_mandataire[ligne.mandat.mandataire_id], ligne) for ligne in mandats]


def agit_pour_d_autres(appartenance: Appartenance) -> bool:
    """A gestionnaire of the whole of his collectivité: one who has some services of it does not get the whole of another."""
    return not appartenance.services and not roles_qui(Droit.GERER_DEMANDES).isdisjoint(appartenance.roles)


def _sous_mandat(appartenance: Appartenance, ligne: LigneMandat) -> Place:
    roles = frozenset(map(Role, appartenance.roles)) & roles_qui(Droit.GERER_DEMANDES)
    return Place(appartenance, ligne.mandant.nom, roles, ligne)


async def acteur_sous_mandat(session: AsyncSession, compte: Compte, place: Place, ligne: LigneMandat) -> Acteur:
    """What the token says of someone who acts for another collectivité: it, and what both the mandate and his roles let him do."""
    appartenance = place.appartenance
    siens = droits(place.roles, organisation(appartenance.collectivite_id, appartenance.structure))
    mandat = ligne.mandat
    attendu = await exigences.attendu_sous_mandat(session, appartenance, mandat.mandant_id)
    return Acteur(
        compte_id=compte.id,
        nom=compte.nom_complet,
        email=compte.email,
        roles=place.roles,
        droits=frozenset() if attendu else droits_sous_mandat(siens, [Objet(objet) for objet in mandat.portee]),
        collectivite_id=mandat.mandant_id,
        # Whoever is also employed there still does not decide on his own request.
        agent_id=await repository.emploi_chez(session, appartenance.agent_id, mandat.mandant_id) if appartenance.agent_id else None,
        mandat=Mandat(id=mandat.id, mandataire=nom_court(ligne.mandataire.nom), mandant=ligne.mandant.nom),
        second_facteur_attendu=attendu,
    )


def trouver(places: Sequence[Place], identifiant: UUID | None) -> Place | None:
    return next((place for place in places if place.id == identifiant), None)
