"""Who is asked for an avis: told as cases, then as properties of any organigramme."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.hierarchie import Arbre, Encadrement, NoeudService, encadrement

CLAIRE, YANN, ANNE_MARIE, ISABELLE, MARC = (UUID(int=n) for n in range(1, 6))
TOUS = {CLAIRE, YANN, ANNE_MARIE, ISABELLE, MARC}
DIRECTION, ACCUEIL = UUID(int=101), UUID(int=102)
SERVICES = {DIRECTION: NoeudService(None, ISABELLE, MARC), ACCUEIL: NoeudService(DIRECTION, YANN, ANNE_MARIE)}


def de(
    agent: UUID,
    service: UUID | None = ACCUEIL,
    superieur: UUID | None = None,
    actifs: set[UUID] = TOUS,
    interims: dict[UUID, UUID] | None = None,
) -> Encadrement:
    return encadrement(agent, superieur_propre=superieur, service=service, arbre=Arbre(SERVICES, actifs, interims or {}))


def test_an_agent_has_the_head_and_the_deputy_of_his_service() -> None:
    assert de(CLAIRE) == Encadrement(YANN, ANNE_MARIE)


def test_the_head_has_the_head_of_the_service_above() -> None:
    assert de(YANN) == Encadrement(ISABELLE, ANNE_MARIE)


def test_the_deputy_is_replaced_by_the_deputy_above() -> None:
    assert de(ANNE_MARIE) == Encadrement(YANN, MARC)


def test_at_the_top_nobody_is_known() -> None:
    assert de(ISABELLE, DIRECTION) == Encadrement(None, None)


def test_an_agent_s_own_superieur_comes_first() -> None:
    assert de(CLAIRE, superieur=MARC) == Encadrement(MARC, ANNE_MARIE)
    assert de(CLAIRE, superieur=ANNE_MARIE) == Encadrement(ANNE_MARIE, MARC)


def test_without_service_nor_superieur_nobody_is_known() -> None:
    assert de(CLAIRE, service=None) == Encadrement(None, None)
    assert de(CLAIRE, service=None, superieur=MARC) == Encadrement(MARC, None)


def test_whoever_left_is_not_asked() -> None:
    assert de(CLAIRE, actifs=TOUS - {YANN}) == Encadrement(ISABELLE, ANNE_MARIE)
    assert de(CLAIRE, superieur=MARC, actifs=TOUS - {MARC}) == Encadrement(YANN, ANNE_MARIE)


def test_who_stands_in_is_asked_in_the_place_of_the_absent() -> None:
    assert de(CLAIRE, interims={YANN: MARC}) == Encadrement(MARC, ANNE_MARIE, YANN)
    assert de(CLAIRE, superieur=ISABELLE, interims={ISABELLE: MARC}) == Encadrement(MARC, ANNE_MARIE, ISABELLE)


def test_who_stands_in_for_his_own_superieur_is_led_from_above() -> None:
    assert de(ANNE_MARIE, interims={YANN: ANNE_MARIE}) == Encadrement(ISABELLE, MARC)


def test_a_deputy_who_is_away_is_not_asked() -> None:
    assert de(CLAIRE, interims={ANNE_MARIE: ISABELLE}) == Encadrement(YANN, MARC)


def test_who_stands_in_but_left_lets_the_head_answer() -> None:
    assert de(CLAIRE, actifs=TOUS - {MARC}, interims={YANN: MARC}) == Encadrement(YANN, ANNE_MARIE)


def test_a_service_may_be_led_for_a_time_without_head() -> None:
    services = {ACCUEIL: NoeudService(None, None, None, interimaire=MARC)}
    trouve = encadrement(CLAIRE, superieur_propre=None, service=ACCUEIL, arbre=Arbre(services, TOUS))
    assert trouve == Encadrement(MARC, None)


AGENTS = st.sampled_from([UUID(int=n) for n in range(1, 8)])
NOEUDS = st.sampled_from([UUID(int=n) for n in range(101, 106)])
ORGANIGRAMMES = st.dictionaries(
    NOEUDS,
    st.builds(
        NoeudService,
        parent=st.none() | NOEUDS,
        responsable=st.none() | AGENTS,
        suppleant=st.none() | AGENTS,
        interimaire=st.none() | AGENTS,
    ),
)
INTERIMS = st.dictionaries(AGENTS, AGENTS, max_size=3)


@given(AGENTS, st.none() | AGENTS, st.none() | NOEUDS, ORGANIGRAMMES, st.frozensets(AGENTS), INTERIMS)
def test_nobody_leads_himself_and_two_different_active_persons_are_asked(
    agent: UUID,
    propre: UUID | None,
    service: UUID | None,
    services: dict[UUID, NoeudService],
    actifs: frozenset[UUID],
    interims: dict[UUID, UUID],
) -> None:
    trouve = encadrement(agent, superieur_propre=propre, service=service, arbre=Arbre(services, actifs, interims))
    assert agent not in {trouve.superieur, trouve.suppleant}
    assert {trouve.superieur, trouve.suppleant} - {None} <= actifs
    assert trouve.superieur is None or trouve.superieur != trouve.suppleant
    if propre in actifs and propre != agent and propre not in interims:
        assert trouve.superieur == propre
    assert trouve.interim_de is None or trouve.interim_de not in {trouve.superieur, trouve.suppleant}
    if trouve.superieur is None:
        assert trouve.suppleant is None


@given(AGENTS, NOEUDS, ORGANIGRAMMES)
def test_somebody_is_found_as_soon_as_the_service_has_another_head(agent: UUID, service: UUID, services: dict[UUID, NoeudService]) -> None:
    actifs = [UUID(int=n) for n in range(1, 8)]
    trouve = encadrement(agent, superieur_propre=None, service=service, arbre=Arbre(services, actifs))
    noeud = services.get(service)
    if noeud is not None and noeud.responsable not in {None, agent} and noeud.interimaire is None:
        assert trouve.superieur == noeud.responsable
