"""The application of an import: a few statements for the whole file, however long."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import ImportAgents
from services.identity.repository.imports import PROPRES

_TYPES = {"date_naissance": "date", "entree_le": "date", "sortie_le": "date", "temps_travail": "int"}
_A_ECRIRE = tuple(champ for champ in PROPRES if champ != "matricule")


def _valeur(champ: str) -> str:
    return f"cast(l.valeurs ->> '{champ}' as {_TYPES.get(champ, 'text')})"


_DU_MATRICULE = (
    "l.import_id = :import_id and l.action = 'creer' and exists"
    " (select from agents a where a.collectivite_id = :collectivite_id and a.matricule = l.matricule)"
)
_DISPARU = (
    "l.import_id = :import_id and l.action = 'modifier' and not exists"
    " (select from agents a where a.collectivite_id = :collectivite_id and a.id = l.agent_id and a.matricule = l.matricule)"
)
_SANS_SERVICE = (
    "l.import_id = :import_id and l.action in ('creer', 'modifier') and l.valeurs ? 'service' and not exists"
    " (select from services s where s.collectivite_id = :collectivite_id and s.code = l.valeurs ->> 'service')"
)
_SANS_SUPERIEUR = (
    "l.import_id = :import_id and l.action in ('creer', 'modifier') and l.valeurs ? 'superieur' and not exists"
    " (select from agents a where a.collectivite_id = :collectivite_id and a.matricule = l.valeurs ->> 'superieur')"
    " and not exists (select from import_lignes m where m.import_id = l.import_id and m.action = 'creer'"
    " and m.matricule = l.valeurs ->> 'superieur')"
)
_SORTI_AVANT_D_ENTRER = (
    "l.import_id = :import_id and l.action = 'modifier' and l.valeurs ?| array['entree_le', 'sortie_le'] and exists"
    " (select from agents a where a.collectivite_id = :collectivite_id and a.id = l.agent_id"
    f" and coalesce({_valeur('sortie_le')}, a.sortie_le) <= coalesce({_valeur('entree_le')}, a.entree_le))"
)
PERIMEES = " union ".join(
    f"select l.numero from import_lignes l where {condition}"  # noqa: S608 -- conditions of ours
    for condition in (_DU_MATRICULE, _DISPARU, _SANS_SERVICE, _SANS_SUPERIEUR, _SORTI_AVANT_D_ENTRER)
)

CREER = (
    f"insert into agents (id, personne_id, collectivite_id, matricule, {', '.join(_A_ECRIRE)}, service_id, actif, version, empreinte)"  # noqa: S608 -- names of ours
    f" select l.agent_id, l.agent_id, :collectivite_id, l.matricule, "
    + ", ".join("coalesce(" + _valeur(champ) + ", 100)" if champ == "temps_travail" else _valeur(champ) for champ in _A_ECRIRE)
    + ", s.id, true, 0, '' from import_lignes l"
    " left join services s on s.collectivite_id = :collectivite_id and s.code = l.valeurs ->> 'service'"
    " where l.import_id = :import_id and l.action = 'creer'"
)
MODIFIER = (
    "update agents a set "  # noqa: S608 -- names of ours
    + ", ".join(f"{champ} = coalesce({_valeur(champ)}, a.{champ})" for champ in _A_ECRIRE)
    + ", service_id = coalesce((select s.id from services s where s.collectivite_id = :collectivite_id"
    " and s.code = l.valeurs ->> 'service'), a.service_id)"
    " from import_lignes l where l.import_id = :import_id and l.action = 'modifier'"
    " and a.collectivite_id = :collectivite_id and a.id = l.agent_id"
)
RELIER = (
    "update agents a set superieur_id = s.id from import_lignes l"
    " join agents s on s.collectivite_id = :collectivite_id and s.matricule = l.valeurs ->> 'superieur'"
    " where l.import_id = :import_id and l.action in ('creer', 'modifier')"
    " and a.collectivite_id = :collectivite_id and a.id = l.agent_id"
)


_TRACE = (
    "insert into changements (id, collectivite_id, objet, objet_id, survenu_le, par, action, details, motif)"
    " select gen_random_uuid(), :collectivite_id, 'agent', l.agent_id, :survenu_le, :par, {action}, {details}, :motif"
    " from import_lignes l {suite} where l.import_id = :import_id and l.action = '{ligne}'"
)
TRACER_CREATIONS = _TRACE.format(action="'creation'", details="'[]'::jsonb", suite="", ligne="creer")
# What stood in each field that a line changes; a service by its code and a supérieur by his matricule, as in the file.
TRACER_MODIFICATIONS = _TRACE.format(
    action="'modification'",
    details="(select coalesce(jsonb_agg(jsonb_build_object('champ', v.key, 'apres', v.value, 'avant', coalesce(case v.key"
    " when 'service' then (select s.code from services s where s.id = a.service_id)"
    " when 'superieur' then (select m.matricule from agents m where m.id = a.superieur_id)"
    " else to_jsonb(a) ->> v.key end, ''))), '[]') from jsonb_each_text(l.valeurs) v)",
    suite="join agents a on a.collectivite_id = :collectivite_id and a.id = l.agent_id",
    ligne="modifier",
)


async def tracer(session: AsyncSession, demande: ImportAgents, maintenant: datetime) -> None:
    """The history of each agent, before he is written."""
    faits = {
        **_noms(demande.id, demande.collectivite_id),
        "survenu_le": maintenant,
        "par": demande.applique_par or demande.depose_par,
        "motif": f"Import du fichier «\N{NO-BREAK SPACE}{demande.nom_fichier}\N{NO-BREAK SPACE}»",
    }
    for requete in (TRACER_CREATIONS, TRACER_MODIFICATIONS):
        await session.execute(text(requete), faits)


async def perimees(session: AsyncSession, import_id: UUID, collectivite_id: UUID) -> list[int]:
    """The lines that what happened since the analysis makes wrong."""
    lignes = await session.execute(text(f"{PERIMEES} order by numero"), _noms(import_id, collectivite_id))
    return [numero for (numero,) in lignes.all()]


async def appliquer(session: AsyncSession, import_id: UUID, collectivite_id: UUID) -> AsyncIterator[int]:
    """Write the agents; how many are written, step by step."""
    ecrits = 0
    for requete in (CREER, MODIFIER):
        ecrits += (await session.execute(text(requete), _noms(import_id, collectivite_id))).rowcount  # type: ignore[attr-defined]
        yield ecrits
    await session.execute(text(RELIER), _noms(import_id, collectivite_id))


def _noms(import_id: UUID, collectivite_id: UUID) -> dict[str, Any]:
    return {"import_id": import_id, "collectivite_id": collectivite_id}
