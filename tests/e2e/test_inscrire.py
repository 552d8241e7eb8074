"""A gestionnaire registers agents in a browser: picked, checked, ordered, transmitted, and read in the ledger of the session."""

import httpx
import pytest

from tests.e2e.conftest import Visiter
from tests.parcours import Parcours
from tests.servers import RunningStack

pytestmark = pytest.mark.timeout(300)

MOTIF = "Mise en œuvre du nouveau logiciel d’état civil."


async def test_two_agents_are_checked_ordered_and_transmitted(visiter: Visiter, stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        session = await (await Parcours.commencer(http, "claire.lebris")).session_libre()
    visite = await visiter("solene.morvan")
    await visite.aller(f"/sessions/{session['id']}")
    await visite.page.get_by_role("link", name="Inscrire des agents").click()
    await visite.conforme()
    candidats = visite.page.locator("input[name=agents]")
    choisis = [await candidats.nth(rang).get_attribute("value") for rang in (0, 1)]
    for rang in (0, 1):
        await candidats.nth(rang).check()
    await visite.bouton("Vérifier et classer d’abord")
    assert "trop court" in await visite.texte()
    await visite.page.get_by_label("Pourquoi cette formation").fill(MOTIF)
    await visite.bouton("Vérifier et classer d’abord")
    assert "agents peuvent être inscrits" in await visite.texte()
    await visite.conforme()
    for agent, priorite in zip(choisis, ("2", "1"), strict=True):
        await visite.page.locator(f"#rang-{agent}").fill(priorite)
    await visite.bouton("Inscrire dans cet ordre")
    assert "agents inscrits" in await visite.texte()
    await visite.conforme()
    await visite.page.get_by_role("link", name="Demande 20").first.click()
    assert "Transmise à l’organisme" in await visite.texte()
    assert MOTIF in await visite.texte()
    await visite.aller(f"/sessions/{session['id']}/places")
    assert (await visite.texte()).count("(+1)") >= 2
    await visite.conforme()
