"""Files of agents on their way out: the agents themselves, an empty template, the report of an import."""

from collections.abc import AsyncIterator, Iterable, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.imports.analyse import cellule_ecrite, libelle
from services.identity.domain.imports.colonnes import COLONNES
from services.identity.models import LigneImport
from services.identity.repository import imports as repository
from services.identity.service.lecture import portee
from services.identity.tableurs.ecriture import Format
from services.kit.clock import now
from services.kit.database import Database
from services.kit.problems import Forbidden

ENTETE = [colonne.libelle for colonne in COLONNES]
RESULTATS = {"creer": "À créer", "modifier": "À modifier", "inchangee": "Sans changement", "erreur": "En erreur"}


async def noter(session: AsyncSession, acteur: Acteur, format_: Format) -> None:
    """The trace, kept before the first agent leaves. Forbidden when the acteur may not read them."""
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("L’export des agents est réservé aux gestionnaires de leur collectivité.")
    await repository.noter_l_export(
        session,
        portee(acteur),
        collectivite_id=acteur.collectivite_id,
        exporte_par=acteur.signature,
        exporte_le=now(),
        format=format_,
    )


async def agents(database: Database, acteur: Acteur) -> AsyncIterator[Sequence[str]]:
    """The lines of the export, read as they leave, in a transaction of their own."""
    yield ENTETE
    async with database.transaction() as session:
        async for valeurs in repository.agents_a_exporter(session, portee(acteur)):
            yield [cellule_ecrite(colonne.champ, valeurs.get(colonne.champ, "")) for colonne in COLONNES]


async def modele() -> AsyncIterator[Sequence[str]]:
    yield ENTETE


async def rapport(lignes: Iterable[LigneImport]) -> AsyncIterator[Sequence[str]]:
    """One line a message, or one when there is nothing to say."""
    yield ["Ligne", "Matricule", "Nom", "Résultat", "Nature", "Colonne", "Message"]
    for ligne in lignes:
        debut = [str(ligne.numero), ligne.matricule, nom_de(ligne), RESULTATS.get(ligne.action or "", "À analyser")]
        if not ligne.messages:
            yield [*debut, "", "", ""]
        for message in ligne.messages:
            nature = "Avertissement" if message["avertissement"] else "Erreur"
            yield [*debut, nature, libelle(message["champ"]), message["texte"]]


def nom_de(ligne: LigneImport) -> str:
    return " ".join(ligne.donnees[champ] for champ in ("prenom", "nom") if ligne.donnees.get(champ))
