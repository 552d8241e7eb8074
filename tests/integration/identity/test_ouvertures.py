"""Opening the account of a collectivité: codes, form, activation, decision; and what people get wrong on the way."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from services.contracts.identity import LireCourriel
from services.contracts.ouvertures import EtapeOuverture, RendreOperationnelle, TrancherOuverture
from services.identity.domain.ouverture import CONDITIONS
from services.identity.models import DecisionOuverture
from services.identity.service import courriels, suivi_ouvertures
from services.kit.clock import now
from services.kit.database import Database
from tests.integration.identity.conftest import GWENAELLE, HELENE, SOLENE, Lecteur, connecter

CLES = ["cle-des-liens-de-l-essai"]
PHRASE = "le chemin longe la rive gauche"
JSON = dict[str, Any]


def _sirets() -> Iterator[str]:
    """Valid ones, each its own."""
    for n in range(1000):
        siren = _cle(f"2199{n:04d}")
        yield _cle(f"{siren}0001")


def _cle(debut: str) -> str:
    total = sum((d * 2 - 9 if d > 4 else d * 2) if rang % 2 == 0 else d for rang, d in enumerate(map(int, reversed(debut))))
    return f"{debut}{-total % 10}"


SIRETS = _sirets()


class Ouvreur:
    """Both sides of one opening."""

    def __init__(self, client: httpx.AsyncClient, database: Database, conseillere: Lecteur) -> None:
        self.client, self.database, self.conseillere = client, database, conseillere
        self.siret = next(SIRETS)
        self.ouverture: JSON = {}
        self.acces = ""

    async def remettre(self, **autrement: str) -> httpx.Response:
        corps = {"siret": self.siret, "nom": "Commune de Lanvaux", "email": "mairie@lanvaux.example", "departement": "35"} | autrement
        reponse = await self.conseillere.post("/ouvertures", corps)
        if reponse.is_success:
            self.ouverture = reponse.json()
        return reponse

    async def courriel(self, gabarit: str, email: str) -> JSON:
        """What notifications would read of the last mail of this kind to this address."""
        requete = text("select id from courriels where gabarit = :gabarit and email = :email order by cree_le desc limit 1")
        async with self.database.transaction() as session:
            identifiant = (await session.execute(requete, {"gabarit": gabarit, "email": email})).scalar_one()
            lu = await courriels.lire(session, LireCourriel(courriel_id=identifiant), public_url="http://localhost", cles=CLES)
        return lu.model_dump()

    async def mot_de_passe(self) -> str:
        return str((await self.courriel("ouverture_mot_de_passe", "mairie@lanvaux.example"))["faits"]["mot_de_passe"])

    async def entrer(self, code: str | None = None, mot_de_passe: str | None = None) -> httpx.Response:
        corps = {"code": code or self.ouverture["code"], "mot_de_passe": mot_de_passe or await self.mot_de_passe()}
        reponse = await self.client.post("/ouvertures/acces", json=corps)
        if reponse.is_success:
            self.acces = reponse.json()["jeton"]
        return reponse

    def dossier(self, **autrement: Any) -> JSON:
        return {
            "nom": "Commune de Lanvaux",
            "nature": "commune",
            "code_insee": "35953",
            "effectif": 12,
            "adresse": "1 place de l’Église",
            "code_postal": "35953",
            "ville": "Lanvaux",
            "email": "mairie@lanvaux.example",
            "autorite_nom": "Yvonne Le Meur",
            "autorite_qualite": "maire",
            "gestionnaires": [{"prenom": "Rozenn", "nom": "Cadiou", "email": f"rozenn.{self.siret}@lanvaux.example"}],
            "conditions": CONDITIONS,
        } | autrement

    async def deposer(self, **autrement: Any) -> httpx.Response:
        return await self.client.post(
            "/ouvertures/acces/dossier", json=self.dossier(**autrement), headers={"X-Acces-Ouverture": self.acces}
        )

    async def lu(self) -> JSON:
        reponse = await self.client.get("/ouvertures/acces/dossier", headers={"X-Acces-Ouverture": self.acces})
        return dict(reponse.raise_for_status().json())

    async def trancher(self, issue: str, motif: str = "") -> None:
        """As the workflow does once the délégation has decided."""
        decision = DecisionOuverture(
            id=uuid4(), ouverture_id=UUID(self.ouverture["id"]), issue=issue, motif=motif, par="Gwenaëlle Le Goff", prise_le=now()
        )
        async with self.database.transaction() as session:
            session.add(decision)
            await session.flush()
            await suivi_ouvertures.trancher(session, TrancherOuverture(decision_id=decision.id))

    async def jeton_d_activation(self) -> str:
        lien = (await self.courriel("activation", f"rozenn.{self.siret}@lanvaux.example"))["lien"]
        return str(lien).rpartition("/")[2]


@pytest.fixture
async def ouvreur(client: httpx.AsyncClient, database: Database) -> Ouvreur:
    return Ouvreur(client, database, await Lecteur.nomme(client, GWENAELLE))


async def test_the_four_steps(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    assert (await ouvreur.remettre()).status_code == 201
    assert (await ouvreur.entrer()).is_success
    assert (await ouvreur.deposer()).is_success
    jeton = await ouvreur.jeton_d_activation()
    assert (await client.get(f"/liens/{jeton}")).json()["nom"] == "Rozenn Cadiou"
    assert (await client.post(f"/liens/{jeton}", json={"mot_de_passe": PHRASE})).status_code == 204
    identifiant = "rozenn.cadiou"
    # Activated, and the collectivité is not validated: one may log in, and do nothing yet.
    assert (await connecter(client, identifiant, PHRASE)).json()["acteur"]["droits"] == []
    await ouvreur.trancher("valider")
    async with ouvreur.database.transaction() as session:
        await suivi_ouvertures.rendre_operationnelle(session, RendreOperationnelle(ouverture_id=UUID(ouvreur.ouverture["id"])))
    session_ouverte = (await connecter(client, identifiant, PHRASE)).json()
    assert "regler_collectivite" in session_ouverte["acteur"]["droits"]
    des_deux_cotes = [(await ouvreur.lu())["faits"], (await ouvreur.conseillere.lit(f"/ouvertures/{ouvreur.ouverture['id']}"))["faits"]]
    assert des_deux_cotes[0] == des_deux_cotes[1]
    assert [fait["libelle"] for fait in des_deux_cotes[0]] == [
        "Code remis par courrier, mot de passe envoyé par courriel",
        "Dossier déposé, conditions d’utilisation acceptées",
        "Lien d’activation envoyé à Rozenn Cadiou",
        "Compte de Rozenn Cadiou activé",
        "Collectivité validée",
        "Collectivité opérationnelle",
    ]


async def test_a_refusal_is_mended_and_filed_again(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    await ouvreur.entrer()
    await ouvreur.deposer()
    assert (await ouvreur.deposer()).status_code == 409
    await ouvreur.trancher("refuser", "L’effectif ne correspond pas.")
    dossier = await ouvreur.lu()
    assert (dossier["etape"], dossier["modifiable"], dossier["dossier"]["effectif"]) == (EtapeOuverture.A_REPRENDRE, True, 12)
    assert dossier["faits"][-1]["motif"] == "L’effectif ne correspond pas."
    autre = {"prenom": "Gaël", "nom": "Prigent", "email": f"gael.{ouvreur.siret}@lanvaux.example"}
    assert (await ouvreur.deposer(effectif=14, gestionnaires=[autre])).json()["etape"] == EtapeOuverture.A_VALIDER
    # Who is no longer named belongs nowhere: her account opens, and leads to nothing.
    lien = await ouvreur.courriel("activation", f"rozenn.{ouvreur.siret}@lanvaux.example")
    await ouvreur.client.post(f"/liens/{lien['lien'].rpartition('/')[2]}", json={"mot_de_passe": PHRASE})
    assert (await connecter(ouvreur.client, lien["faits"]["identifiant"], PHRASE)).json()["title"] == "Votre accès a pris fin."


async def test_wrong_codes_are_slowed_and_say_where_to_look(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    refus = await ouvreur.entrer(mot_de_passe="aaaa-bbbb-cccc")
    assert (refus.status_code, refus.json()["type"].rpartition(":")[2]) == (401, "codes-refuses")
    for _ in range(2):
        await ouvreur.entrer(mot_de_passe="aaaa-bbbb-cccc")
    assert (await ouvreur.entrer(mot_de_passe="aaaa-bbbb-cccc")).status_code == 429


async def test_codes_are_read_as_people_type_them(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    code = ouvreur.ouverture["code"].lower().replace("-", " ")
    assert (await ouvreur.entrer(code, (await ouvreur.mot_de_passe()).upper().replace("-", ""))).is_success


async def test_a_new_password_replaces_the_other(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    ancien = await ouvreur.mot_de_passe()
    assert (await ouvreur.conseillere.post(f"/ouvertures/{ouvreur.ouverture['id']}/mot-de-passe", {})).is_success
    assert (await ouvreur.entrer(mot_de_passe=ancien)).status_code == 401
    assert (await ouvreur.entrer()).is_success


@pytest.mark.parametrize(
    ("autrement", "champ"),
    [
        ({"siret": "20003452800041"}, "siret"),
        ({"siret": "21350950800015"}, "siret"),
        ({"email": "pas une adresse"}, "email"),
        ({"departement": "ABC"}, "departement"),
    ],
)
async def test_what_the_delegation_mistypes_is_said_beside_the_field(ouvreur: Ouvreur, autrement: dict[str, str], champ: str) -> None:
    reponse = await ouvreur.remettre(**autrement)
    assert reponse.status_code == 422
    assert [erreur["champ"] for erreur in reponse.json()["errors"]] == [champ]


async def test_one_opening_a_collectivite(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    assert (await ouvreur.remettre()).json()["errors"][0]["message"] == "L’ouverture de cette collectivité est déjà en cours."


async def test_terms_that_changed_must_be_read_again(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    await ouvreur.entrer()
    reponse = await ouvreur.deposer(conditions="2020-01")
    assert reponse.json()["errors"][0]["champ"] == "conditions"


async def test_a_link_serves_once_even_clicked_twice_at_once(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    await ouvreur.remettre()
    await ouvreur.entrer()
    await ouvreur.deposer()
    jeton = await ouvreur.jeton_d_activation()
    faible = await client.post(f"/liens/{jeton}", json={"mot_de_passe": "court"})
    assert faible.json()["errors"][0]["message"].startswith("Choisissez au moins 12 caractères")
    reponses = await asyncio.gather(*(client.post(f"/liens/{jeton}", json={"mot_de_passe": PHRASE}) for _ in range(4)))
    assert sorted(reponse.status_code for reponse in reponses) == [204, 410, 410, 410]
    assert (await client.get(f"/liens/{jeton}")).json()["title"] == "Ce lien a déjà servi."
    assert (await client.get("/liens/nimporte.quoi")).status_code == 404


async def test_a_link_that_is_sent_again_replaces_the_first(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    await ouvreur.remettre()
    await ouvreur.entrer()
    await ouvreur.deposer()
    premier = await ouvreur.jeton_d_activation()
    assert (await client.post(f"/liens/{premier}/renvoi")).status_code == 204
    second = await ouvreur.jeton_d_activation()
    assert second != premier
    assert (await client.get(f"/liens/{premier}")).json()["title"] == "Un lien plus récent a remplacé celui-ci."
    assert (await client.get(f"/liens/{second}")).is_success


async def test_a_conseillere_sees_her_ressort_and_a_gestionnaire_nothing(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    await ouvreur.remettre()
    adresse = f"/ouvertures/{ouvreur.ouverture['id']}"
    assert ouvreur.ouverture["id"] in {ligne["id"] for ligne in await ouvreur.conseillere.lit_tout("/ouvertures")}
    assert (await (await Lecteur.nomme(client, HELENE)).get(adresse)).is_success
    assert (await (await Lecteur.nomme(client, "camille.rochette")).get(adresse)).status_code == 404
    assert (await (await Lecteur.nomme(client, SOLENE)).get(adresse)).status_code == 403


async def test_codes_that_ran_out(ouvreur: Ouvreur) -> None:
    await ouvreur.remettre()
    async with ouvreur.database.transaction() as session:
        await session.execute(
            text("update ouvertures set codes_expirent_le = :hier where id = :id"),
            {"hier": now() - timedelta(days=1), "id": ouvreur.ouverture["id"]},
        )
    assert (await ouvreur.entrer()).json()["title"] == "Ces codes ont expiré."


async def test_a_forgotten_password(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    for saisie in ("personne.inconnue", "thomas.riou"):
        assert (await client.post("/mot-de-passe-oublie", json={"identifiant": saisie})).status_code == 204
    lien = (await ouvreur.courriel("mot_de_passe", "thomas.riou@rochebrune.example"))["lien"]
    ouverte = (await connecter(client, "thomas.riou")).json()
    assert (await client.post(f"/liens/{lien.rpartition('/')[2]}", json={"mot_de_passe": PHRASE})).status_code == 204
    assert (await connecter(client, "thomas.riou", PHRASE)).is_success
    # Whoever was logged in with the former one no longer is.
    reponse = await client.post("/sessions/renouvellement", json={"refresh_token": ouverte["refresh_token"]})
    assert reponse.status_code == 401
    for _ in range(2):
        await client.post("/mot-de-passe-oublie", json={"identifiant": "personne.inconnue"})
    assert (await client.post("/mot-de-passe-oublie", json={"identifiant": "personne.inconnue"})).status_code == 429
