"""What the API shows of a session."""

from datetime import timedelta

import pytest

from services.catalogue import schemas
from services.catalogue.domain import Etat, EtatDuStage, Nature, Organisation, Places
from services.catalogue.schemas import SessionPublic
from tests.unit.catalogue.fabrique import MAINTENANT, un_stage, une_session


def test_an_open_session_shows_its_figures() -> None:
    publique = SessionPublic.de(EtatDuStage(session=une_session(), places=Places(recues=12, admises=9, en_attente=1)), MAINTENANT)
    assert publique.ouverte
    assert publique.motif_fermeture is None
    assert (publique.effectif_attendu, publique.recues, publique.admises, publique.en_attente, publique.disponibles) == (15, 12, 9, 1, 6)


def test_a_closed_session_says_why() -> None:
    session = une_session()
    apres = SessionPublic.de(EtatDuStage(session=session), session.date_limite + timedelta(seconds=1))
    assert (apres.ouverte, apres.motif_fermeture) == (False, "Les inscriptions sont closes depuis le 18\xa0janvier\xa02027.")
    annulee = SessionPublic.de(EtatDuStage(session=une_session(etat=Etat.ANNULEE)), MAINTENANT)
    assert (annulee.ouverte, annulee.motif_fermeture) == (False, "Cette session est annulée.")


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("organisation", Organisation)
def test_every_nature_and_organisation_has_its_french_label(nature: Nature, organisation: Organisation) -> None:
    session = une_session(stage=un_stage(nature=nature, organisation=organisation))
    publique = SessionPublic.de(EtatDuStage(session=session), MAINTENANT)
    assert publique.nature_libelle[0].isupper()
    assert publique.organisation_libelle[0].isupper()


def test_the_example_of_the_documentation_is_a_session() -> None:
    exemple = SessionPublic.model_validate(schemas.EXEMPLE)
    assert exemple.disponibles == exemple.effectif_attendu - exemple.admises
    assert set(schemas.EXEMPLE) == set(SessionPublic.model_fields)
