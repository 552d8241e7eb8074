"""A session changed while requests come: by whom it concerns, from what was read, told to everybody, and kept."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from services.catalogue import domain, service
from services.contracts.acteur import Acteur, Role
from services.contracts.catalogue import ModeAdmission, SessionEnregistree
from services.kit import clock
from services.kit.problems import Problem
from tests.acteurs import un_acteur
from tests.integration.catalogue.conftest import RENNES, Catalogue, Client, agent_de
from tests.unit.catalogue.fabrique import une_session

DEMAIN = clock.now().date() + timedelta(days=60)
CONSEILLERE = un_acteur(Role.CONSEILLER, structure="BRE")
CORPS: dict[str, Any] = {
    "effectif_attendu": 20,
    "effectif_minimum": 6,
    "mode_admission": "au_fil_de_l_eau",
    "liste_attente": False,
    "motif": "Une salle plus grande.",
}


@pytest.fixture
async def session_id(catalogue: Catalogue) -> UUID:
    session = une_session("001", debut=DEMAIN)
    await catalogue.charge(session)
    return session.id


async def regler(client: Client, session_id: UUID, qui: Acteur = CONSEILLERE, lue: str = '"1"', **autrement: Any) -> httpx.Response:
    chemin = f"/api/catalogue/v1/sessions/{session_id}/accueil"
    return await client(qui).put(chemin, json={**CORPS, **autrement}, headers={"If-Match": lue})


async def evenements(catalogue: Catalogue, session_id: UUID) -> list[SessionEnregistree]:
    async with catalogue.database.transaction() as session:
        requete = text("select payload from outbox where subject like :suffixe order by position")
        lus = (await session.execute(requete, {"suffixe": f"%.{session_id}"})).scalars()
        return [SessionEnregistree.model_validate(lu) for lu in lus]


async def test_it_is_kept_told_and_explained(catalogue: Catalogue, client: Client, session_id: UUID) -> None:
    reponse = await regler(client, session_id)
    assert (reponse.status_code, reponse.headers["ETag"]) == (200, '"2"')
    lue = (await client(CONSEILLERE).get(f"/api/catalogue/v1/sessions/{session_id}")).json()
    assert lue == reponse.json()
    assert {champ: lue[champ] for champ in CORPS if champ != "motif"} == {champ: CORPS[champ] for champ in CORPS if champ != "motif"}
    dernier = (await evenements(catalogue, session_id))[-1]
    assert (dernier.version, dernier.effectif_attendu, dernier.effectif_minimum) == (2, 20, 6)
    assert (dernier.mode_admission, dernier.liste_attente) == (ModeAdmission.AU_FIL_DE_L_EAU, False)
    (changement,) = (await client(CONSEILLERE).get(f"/api/catalogue/v1/sessions/{session_id}/changements")).json()
    assert (changement["par"], changement["motif"], changement["version"]) == (CONSEILLERE.nom, "Une salle plus grande.", 2)
    assert {"champ": "Liste d’attente", "avant": "oui", "apres": "non"} in changement["champs"]


async def test_what_changes_nothing_tells_nobody(catalogue: Catalogue, client: Client, session_id: UUID) -> None:
    tel_quel = une_session("001", debut=DEMAIN)
    accueil: dict[str, Any] = {"effectif_attendu": tel_quel.effectif_attendu, "effectif_minimum": tel_quel.effectif_minimum}
    reponse = await regler(client, session_id, **accueil, mode_admission="sur_selection", liste_attente=True)
    assert reponse.headers["ETag"] == '"1"'
    assert len(await evenements(catalogue, session_id)) == 1


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("effectif_attendu", 0), ("effectif_minimum", 21), ("effectif_minimum", -1), ("motif", "non"), ("mode_admission", "x")],
)
async def test_a_mistake_is_told_at_its_field(client: Client, session_id: UUID, champ: str, valeur: Any) -> None:
    reponse = await regler(client, session_id, **{champ: valeur})
    assert reponse.status_code == 422
    assert champ in [erreur["champ"] for erreur in reponse.json()["errors"]]


async def test_what_was_read_must_be_what_is(client: Client, session_id: UUID) -> None:
    assert (await regler(client, session_id)).status_code == 200
    perimee = await regler(client, session_id, effectif_attendu=30)
    assert (perimee.status_code, perimee.json()["type"]) == (412, "urn:iel:probleme:modifie-entre-temps")


async def test_two_at_once_one_is_told(client: Client, session_id: UUID) -> None:
    reponses = await asyncio.gather(*(regler(client, session_id, effectif_attendu=20 + rang) for rang in range(6)))
    assert sorted(reponse.status_code for reponse in reponses) == [200, 412, 412, 412, 412, 412]


async def test_only_its_structure_changes_it(client: Client, session_id: UUID) -> None:
    attendus = [
        (un_acteur(Role.ADMINISTRATEUR), 200),
        (un_acteur(Role.CONSEILLER, structure="PDL"), 404),
        (un_acteur(Role.ASSISTANT, structure="BRE"), 403),
        (un_acteur(Role.GESTIONNAIRE, collectivite_id=RENNES), 403),
        (agent_de(RENNES), 403),
    ]
    for qui, attendu in attendus:
        assert (await regler(client, session_id, qui)).status_code == attendu


async def test_its_history_is_for_the_organisme(catalogue: Catalogue, session_id: UUID) -> None:
    async with catalogue.database.transaction() as session:
        with pytest.raises(Problem, match="L’historique d’une session"):
            await service.lire_les_changements(session, agent_de(RENNES), session_id)


async def test_a_session_is_sound_or_not_loaded() -> None:
    anomalies = domain.anomalies_de_la_session(une_session("001", debut=DEMAIN, effectif_attendu=0))
    assert "L’effectif attendu est d’au moins une personne." in anomalies
