"""Under a mandate: the requests of the mandant and no others, decided in its name, signed by who acts."""

from uuid import UUID, uuid4

import pytest

from services.contracts.acteur import Acteur, Mandat, Role
from services.contracts.inscriptions import Issue
from services.inscriptions.models import Inscription
from services.inscriptions.schemas import ValidationCreate
from services.inscriptions.service import decisions, lecture, projections
from services.kit.problems import NotFound
from tests.integration.inscriptions.conftest import Monde, acteur, collectivite

SIGNATURE = "Anne Le Bihan (CDG 35) pour Commune de Saint-Aubin"


@pytest.fixture
async def voisine(monde: Monde) -> Monde:
    """The collectivité of the mandataire, with requests of its own."""
    voisine = Monde(monde.database, collectivite_id=uuid4(), session_id=monde.session_id)
    async with monde.database.transaction() as session:
        await projections.retenir_collectivite(session, collectivite(voisine.collectivite_id, nom="CDG 35"))
    return voisine


def sous_mandat(monde: Monde, agent_id: UUID | None = None) -> Acteur:
    mandat = Mandat(id=uuid4(), mandataire="CDG 35", mandant="Commune de Saint-Aubin")
    return acteur(Role.GESTIONNAIRE, collectivite_id=monde.collectivite_id, agent_id=agent_id, mandat=mandat)


async def valider(monde: Monde, qui: Acteur, inscription: Inscription) -> None:
    async with monde.database.transaction() as session:
        soumission = await decisions.proposer_validation(
            session, qui, inscription.id, ValidationCreate.model_validate({"issue": Issue.VALIDER}), str(uuid4())
        )
    await monde.applique(soumission.decision_id)


async def test_one_sees_the_mandant_s_and_nothing_else(monde: Monde, voisine: Monde) -> None:
    la_leur, la_sienne = await monde.depose(), await voisine.depose()
    async with monde.database.transaction() as session:
        page = await lecture.lister(session, sous_mandat(monde), etat=None, en_attente_de_lui=False, cursor=None)
    assert [demande.id for demande in page.elements] == [la_leur.id]
    with pytest.raises(NotFound):
        await valider(monde, sous_mandat(monde), la_sienne)


async def test_what_one_decides_keeps_for_whom(monde: Monde) -> None:
    inscription = await monde.depose()
    await valider(monde, sous_mandat(monde), inscription)
    async with monde.database.transaction() as session:
        lue = await lecture.lire(session, monde.gestionnaire(), inscription.id)
    validation = next(entree for entree in lue.journal if entree.fait == "validation")
    assert (validation.par, validation.pour) == (SIGNATURE, "Commune de Saint-Aubin, par délégation de Jeanne Simon, maire")
    assert lue.validee_par == SIGNATURE


async def test_the_people_of_the_mandant_still_decide(monde: Monde) -> None:
    inscription = await monde.depose()
    await valider(monde, monde.gestionnaire(), inscription)
    async with monde.database.transaction() as session:
        assert (await lecture.lire(session, sous_mandat(monde), inscription.id)).validee_par == "Anne Le Bihan"
