"""The lines become rows, with ids that follow from their codes, and the events leave in the same transaction."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts import ids
from services.identity import secret
from services.identity.domain.mandats import Cote, EtatMandat
from services.identity.models import Agent, Appartenance, Collectivite, Compte, Mandat, Service, Structure, Table
from services.identity.seed.fichiers import Donnees
from services.identity.seed.lignes import LigneAgent, LigneCollectivite, LigneCompte, LigneMandat, LigneService
from services.identity.service.publication import publier_les_changements
from services.kit.clock import day_of, now

VERROU = 7_240_101

# Demonstration accounts share their password: hashing it once instead of eighty times saves several seconds.
_hacher = lru_cache(maxsize=16)(secret.hacher)


@dataclass(frozen=True)
class Bilan:
    """What this loading added; nothing when all was there."""

    lignes: dict[str, int]
    evenements: int

    @property
    def deja_charge(self) -> bool:
        return not any(self.lignes.values()) and not self.evenements


async def charger(session: AsyncSession, donnees: Donnees) -> Bilan:
    """Add the rows that are not there yet; those that are keep what people made of them since."""
    await session.execute(text("select pg_advisory_xact_lock(:verrou)"), {"verrou": VERROU})
    lignes = {
        "structures": await _ajouter(session, Structure, [ligne.model_dump() for ligne in donnees.structures]),
        "collectivités": await _ajouter(session, Collectivite, [_collectivite(ligne) for ligne in donnees.collectivites]),
        "services": await _ajouter(session, Service, [_service(ligne) for ligne in donnees.services]),
        "agents": await _ajouter(session, Agent, [_agent(ligne) for ligne in donnees.agents]),
        "comptes": await _ajouter(session, Compte, [_compte(ligne) for ligne in donnees.comptes]),
        "appartenances": await _ajouter(session, Appartenance, [_appartenance(ligne) for ligne in donnees.comptes]),
        "mandats": await _ajouter(session, Mandat, [_mandat(ligne) for ligne in donnees.mandats]),
    }
    return Bilan(lignes, await publier_les_changements(session))


async def _ajouter(session: AsyncSession, table: type[Table], lignes: list[dict[str, Any]]) -> int:
    """Insert in one statement a batch; the number of rows that were new."""
    if not lignes:
        return 0
    ajout = insert(table).on_conflict_do_nothing().returning(text("1"))
    return len((await session.execute(ajout, lignes)).all())


def service_id(siret: str, code: str) -> UUID:
    return uuid5(ids.collectivite_id(siret), f"service:{code}")


def compte_id(identifiant: str) -> UUID:
    return uuid5(ids.NAMESPACE, f"compte:{identifiant}")


def _collectivite(ligne: LigneCollectivite) -> dict[str, Any]:
    return {
        **ligne.model_dump(mode="json"),
        "id": ids.collectivite_id(ligne.siret),
        "etat": "operationnelle",
        "version": 0,
        "empreinte": "",
    }


def _service(ligne: LigneService) -> dict[str, Any]:
    return {
        "id": service_id(ligne.siret, ligne.code),
        "collectivite_id": ids.collectivite_id(ligne.siret),
        "code": ligne.code,
        "nom": ligne.nom,
        "parent_id": service_id(ligne.siret, ligne.parent) if ligne.parent else None,
        "responsable_id": ids.agent_id(ligne.siret, ligne.responsable) if ligne.responsable else None,
        "suppleant_id": ids.agent_id(ligne.siret, ligne.suppleant) if ligne.suppleant else None,
    }


def _agent(ligne: LigneAgent) -> dict[str, Any]:
    return {
        **ligne.model_dump(exclude={"siret", "service", "superieur"}),
        "id": ids.agent_id(ligne.siret, ligne.matricule),
        "personne_id": ids.agent_id(ligne.siret, ligne.matricule),
        "collectivite_id": ids.collectivite_id(ligne.siret),
        "service_id": service_id(ligne.siret, ligne.service) if ligne.service else None,
        "superieur_id": ids.agent_id(ligne.siret, ligne.superieur) if ligne.superieur else None,
        "actif": True,
        "version": 0,
        "empreinte": "",
    }


def _compte(ligne: LigneCompte) -> dict[str, Any]:
    return {
        "id": compte_id(ligne.identifiant),
        "identifiant": ligne.identifiant,
        "mot_de_passe": _hacher(ligne.mot_de_passe),
        "nom": ligne.nom,
        "prenom": ligne.prenom,
        "email": ligne.email,
        "actif": True,
    }


def _appartenance(ligne: LigneCompte) -> dict[str, Any]:
    siret = ligne.collectivite
    return {
        "id": compte_id(ligne.identifiant),
        "compte_id": compte_id(ligne.identifiant),
        "roles": list(ligne.role),
        "collectivite_id": ids.collectivite_id(siret) if siret else None,
        "agent_id": ids.agent_id(siret, ligne.matricule) if siret and ligne.matricule else None,
        "services": [],
        "structure": ligne.structure,
        "debut": day_of(now()),
    }


def _mandat(ligne: LigneMandat) -> dict[str, Any]:
    mandant, mandataire, maintenant = ids.collectivite_id(ligne.mandant), ids.collectivite_id(ligne.mandataire), now()
    return {
        "id": uuid5(mandant, f"mandat:{mandataire}:{ligne.debut}"),
        "mandant_id": mandant,
        "mandataire_id": mandataire,
        "debut": ligne.debut,
        "fin": ligne.fin,
        "portee": list(ligne.portee),
        "etat": EtatMandat.ACCEPTE,
        "propose_par_cote": Cote.MANDATAIRE,
        "propose_par": ligne.propose_par,
        "propose_le": maintenant,
        "repondu_par": ligne.accepte_par,
        "repondu_le": maintenant,
        "motif_reponse": "",
        "motif_revocation": "",
    }
