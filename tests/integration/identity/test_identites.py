"""Login by a third party, against a real provider that can lie."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from joserfc.jwk import KeySet
from pydantic import ValidationError
from sqlalchemy import text

from services.contracts.acteur import Role
from services.contracts.ids import collectivite_id
from services.identity.main import create_app
from services.identity.models import Appartenance, Compte
from services.identity.secret import hacher
from services.identity.settings import Settings
from services.kit.auth import Verifier
from services.kit.clock import day_of, now
from services.kit.database import Database
from tests.fournisseur_oidc import CLIENT_ID, SECRET, Ecart, FournisseurOidc, Personne, fournisseur_en_marche
from tests.integration.identity.conftest import API, CLAIRE, MOT_DE_PASSE, SOLENE, connecter

RETOUR = "http://localhost/connexion/tiers/retour"
ROCHEBRUNE = collectivite_id("21350950800015")
HACHE = hacher(MOT_DE_PASSE)
JSON = dict[str, Any]


@pytest.fixture(scope="module")
def fournisseur() -> Iterator[FournisseurOidc]:
    with fournisseur_en_marche() as fournisseur:
        yield fournisseur


def reglages(database: Database, cles: Path, issuer: str, **autres: Any) -> Settings:
    return Settings(
        database_url=database.url,
        nats_url="nats://127.0.0.1:1",
        jwks_url="http://127.0.0.1:1",
        public_url="http://localhost",
        liens_keys="cle-des-liens-de-l-essai",
        facteurs_keys="cle-des-facteurs-de-l-essai",
        jwt_keys_file=cles / "jwt-keys.json",
        oidc_issuer=issuer,
        **{"oidc_client_id": CLIENT_ID, "oidc_client_secret": SECRET, **autres},
    )


class Navigateur:
    """A browser and the web UI behind it: goes to the provider, comes back with a code."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        verifier = Verifier(settings.jwks_url)
        verifier._keys._keys = KeySet.import_key_set(self.app.state.trousseau.jwks())
        verifier._keys._fetched_at = float("inf")
        self.app.state.verifier = verifier
        self.api = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=f"http://identity{API}")

    async def fermer(self) -> None:
        await self.api.aclose()
        await self.app.state.context.database.dispose()

    async def aller(self) -> JSON:
        """To the provider and back: what is posted then."""
        depart = (await self.api.post("/sessions/oidc/depart", json={"redirect_uri": RETOUR})).raise_for_status().json()
        async with httpx.AsyncClient() as http:
            vers = urlsplit((await http.get(depart["adresse"])).headers["location"])
        retour = parse_qs(vers.query)
        assert retour["state"] == [depart["etat"]]
        return {
            "code": retour["code"][0],
            "code_verifier": depart["verificateur"],
            "nonce": depart["nonce"],
            "redirect_uri": RETOUR,
        }

    async def se_connecter(self, **autrement: str) -> httpx.Response:
        return await self.api.post("/sessions/oidc", json={**await self.aller(), "depuis": "Firefox sous Linux", **autrement})

    async def appeler(self, session: JSON, methode: str, chemin: str, corps: JSON | None = None) -> httpx.Response:
        return await self.api.request(methode, chemin, json=corps, headers={"Authorization": f"Bearer {session['access_token']}"})


@pytest.fixture(scope="module")
async def navigateur(
    database: Database, fournisseur: FournisseurOidc, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Navigateur]:
    navigateur = Navigateur(reglages(database, tmp_path_factory.mktemp("cles"), fournisseur.emetteur))
    yield navigateur
    await navigateur.fermer()


async def un_compte(database: Database, nom: str, **autres: Any) -> Compte:
    async with database.transaction() as session:
        compte = Compte(identifiant=nom, nom=nom, prenom="Ana", **{"email": f"{nom}@mairie.example", "mot_de_passe": HACHE, **autres})
        session.add(compte)
        await session.flush()
        session.add(Appartenance(compte_id=compte.id, roles=[Role.GESTIONNAIRE], collectivite_id=ROCHEBRUNE, debut=day_of(now())))
    return compte


async def gabarits(database: Database, email: str) -> list[str]:
    async with database.transaction() as session:
        lignes = await session.execute(text("select gabarit from courriels where email = :email order by cree_le"), {"email": email})
        return list(lignes.scalars())


def probleme(reponse: httpx.Response) -> tuple[int, str]:
    return reponse.status_code, reponse.json()["type"].removeprefix("urn:iel:probleme:")


async def test_a_verified_address_links_then_the_subject_is_enough(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database
) -> None:
    compte = await un_compte(database, "premiere")
    fournisseur.sage(Personne("sub-premiere", compte.email.upper()))
    session = (await navigateur.se_connecter()).raise_for_status().json()
    assert session["acteur"]["compte_id"] == str(compte.id)
    assert await gabarits(database, compte.email) == ["identite_liee"]
    demande = fournisseur.demandes[-1]
    assert (demande["code_challenge_method"], demande["response_type"], demande["scope"]) == ("S256", "code", "openid email")
    # His address changes there, or its verification ends: he is known by now.
    fournisseur.sage(Personne("sub-premiere", "autre@ailleurs.example", verifie=False))
    assert (await navigateur.se_connecter()).json()["acteur"]["compte_id"] == str(compte.id)
    assert await gabarits(database, compte.email) == ["identite_liee"]
    liste = (await navigateur.appeler(session, "GET", "/moi/identites")).json()
    assert (liste["fournisseur"], liste["retirable"], len(liste["identites"])) == ("ProConnect", True, 1)
    assert liste["identites"][0]["liee_par"] == "adresse vérifiée, à la connexion"
    ouvertes = (await navigateur.appeler(session, "GET", "/moi/sessions")).json()
    assert {ouverte["ouverte_depuis"] for ouverte in ouvertes} == {"Firefox sous Linux"}


async def test_a_second_factor_is_asked_after_a_third_party_too(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database
) -> None:
    compte = await un_compte(database, "double-verrou")
    fournisseur.sage(Personne("sub-double-verrou", compte.email))
    session = (await navigateur.se_connecter()).raise_for_status().json()
    application = pyotp.TOTP((await navigateur.appeler(session, "PUT", "/moi/second-facteur/totp")).json()["secret"])
    active = await navigateur.appeler(
        session, "POST", "/moi/second-facteur/totp/activation", {"code": application.at(now() - timedelta(seconds=30))}
    )
    assert active.status_code == 200
    refus = await navigateur.se_connecter()
    assert probleme(refus) == (401, "second-facteur-requis")
    preuve = {"defi": refus.json()["defi"], "code": application.at(now())}
    ouverte = (await navigateur.api.post("/sessions/second-facteur", json=preuve)).raise_for_status().json()
    assert ouverte["acteur"]["compte_id"] == str(compte.id)


@pytest.mark.parametrize("signe", [True, False])
@pytest.mark.parametrize("dans_le_jeton", [True, False])
async def test_the_address_comes_by_the_token_or_by_userinfo_plain_or_signed(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database, signe: bool, dans_le_jeton: bool
) -> None:
    compte = await un_compte(database, f"source{signe}{dans_le_jeton}".lower())
    fournisseur.sage(Personne(f"sub-{compte.nom}", compte.email))
    fournisseur.userinfo_signe, fournisseur.email_dans_le_jeton = signe, dans_le_jeton
    assert (await navigateur.se_connecter()).json()["acteur"]["compte_id"] == str(compte.id)


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        (Ecart.AUTRE_NONCE, (403, "identite-refusee")),
        (Ecart.AUTRE_AUDIENCE, (403, "identite-refusee")),
        (Ecart.AUTRE_EMETTEUR, (403, "identite-refusee")),
        (Ecart.PERIME, (403, "identite-refusee")),
        (Ecart.AUTRE_CLE, (403, "identite-refusee")),
        (Ecart.SANS_SIGNATURE, (403, "identite-refusee")),
        (Ecart.SIGNE_PAR_LA_CLE_PUBLIQUE, (403, "identite-refusee")),
        (Ecart.JETON_D_ACCES_SUBSTITUE, (403, "identite-refusee")),
        (Ecart.USERINFO_D_UN_AUTRE, (403, "identite-refusee")),
        (Ecart.USERINFO_SIGNE_PAR_UN_AUTRE, (403, "identite-refusee")),
        (Ecart.SECRET_REFUSE, (403, "identite-refusee")),
        (Ecart.EN_PANNE, (503, "fournisseur-muet")),
    ],
)
async def test_a_provider_that_lies_or_fails_opens_nothing(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database, ecart: Ecart, attendu: tuple[int, str]
) -> None:
    compte = await un_compte(database, f"dupe-{ecart}")
    fournisseur.sage(Personne(f"sub-{ecart}", compte.email))
    fournisseur.ecart = ecart
    fournisseur.userinfo_signe = ecart is Ecart.USERINFO_SIGNE_PAR_UN_AUTRE
    assert probleme(await navigateur.se_connecter()) == attendu
    assert await gabarits(database, compte.email) == []
    fournisseur.ecart = Ecart.AUCUN
    assert (await navigateur.se_connecter()).status_code == 200


async def test_what_the_browser_brings_back_is_bound_to_what_was_kept(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database
) -> None:
    compte = await un_compte(database, "prudente")
    fournisseur.sage(Personne("sub-prudente", compte.email))
    assert probleme(await navigateur.se_connecter(nonce="celui-d-un-autre")) == (403, "identite-refusee")
    assert probleme(await navigateur.se_connecter(code_verifier="v" * 43)) == (410, "connexion-perimee")
    assert probleme(await navigateur.se_connecter(code="inconnu")) == (410, "connexion-perimee")
    retour = await navigateur.aller()
    assert (await navigateur.api.post("/sessions/oidc", json=retour)).status_code == 200
    rejoue = await navigateur.api.post("/sessions/oidc", json=retour)
    assert probleme(rejoue) == (410, "connexion-perimee")
    ailleurs = await navigateur.api.post("/sessions/oidc/depart", json={"redirect_uri": "http://localhost.malin.example/retour"})
    assert (ailleurs.status_code, ailleurs.json()["errors"][0]["champ"]) == (422, "redirect_uri")


async def test_no_account_is_guessed(navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database) -> None:
    fournisseur.sage(Personne("sub-inconnue", "personne@nulle-part.example"))
    refus = await navigateur.se_connecter()
    assert probleme(refus) == (403, "aucun-compte")
    assert "service formation" in refus.json()["detail"]
    un = await un_compte(database, "double1")
    await un_compte(database, "double2", email=un.email.upper())
    fournisseur.sage(Personne("sub-double", un.email))
    assert probleme(await navigateur.se_connecter()) == (403, "plusieurs-comptes")
    ferme = await un_compte(database, "fermee", actif=False)
    fournisseur.sage(Personne("sub-fermee", ferme.email))
    assert probleme(await navigateur.se_connecter()) == (403, "aucun-compte")


@pytest.mark.parametrize("verifie", [False, None])
async def test_an_address_that_was_not_verified_opens_nothing(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database, verifie: bool | None
) -> None:
    compte = await un_compte(database, f"douteuse{verifie}".lower())
    fournisseur.sage(Personne(f"sub-douteuse{verifie}", compte.email, verifie))
    assert probleme(await navigateur.se_connecter()) == (403, "adresse-non-verifiee")
    session = (await connecter(navigateur.api, compte.identifiant)).json()
    assert probleme(await navigateur.appeler(session, "POST", "/moi/identites", await navigateur.aller())) == (403, "adresse-non-verifiee")


async def test_who_has_left_or_is_closed_does_not_come_in(navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database) -> None:
    compte = await un_compte(database, "partie")
    fournisseur.sage(Personne("sub-partie", compte.email))
    assert (await navigateur.se_connecter()).status_code == 200
    async with database.transaction() as session:
        await session.execute(text("update appartenances set fin = debut where compte_id = :id"), {"id": compte.id})
    assert probleme(await navigateur.se_connecter()) == (403, "acces-termine")
    async with database.transaction() as session:
        await session.execute(text("update comptes set actif = false where id = :id"), {"id": compte.id})
    assert probleme(await navigateur.se_connecter()) == (403, "compte-ferme")


async def test_one_links_and_takes_away_from_ones_own_account(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database
) -> None:
    compte, autre = await un_compte(database, "relieuse"), await un_compte(database, "voisine")
    fournisseur.sage(Personne("sub-relieuse", "perso@ailleurs.example"))
    session = (await connecter(navigateur.api, compte.identifiant)).json()
    for _ in range(2):
        assert (await navigateur.appeler(session, "POST", "/moi/identites", await navigateur.aller())).status_code == 204
    (identite,) = (await navigateur.appeler(session, "GET", "/moi/identites")).json()["identites"]
    assert (identite["fournisseur"], identite["email"], identite["liee_par"]) == ("ProConnect", "perso@ailleurs.example", "Ana relieuse")
    assert (await navigateur.se_connecter()).json()["acteur"]["compte_id"] == str(compte.id)
    voisine = (await connecter(navigateur.api, autre.identifiant)).json()
    assert probleme(await navigateur.appeler(voisine, "POST", "/moi/identites", await navigateur.aller())) == (409, "identite-prise")
    chemin = f"/moi/identites/{identite['id']}"
    assert (await navigateur.appeler(voisine, "DELETE", chemin)).status_code == 404
    assert (await navigateur.appeler(session, "DELETE", chemin)).status_code == 204
    assert (await navigateur.appeler(session, "DELETE", chemin)).status_code == 404
    assert probleme(await navigateur.se_connecter()) == (403, "aucun-compte")
    assert await gabarits(database, compte.email) == ["identite_liee", "identite_deliee"]


async def test_a_link_taken_away_does_not_come_back_by_itself(
    navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database
) -> None:
    compte = await un_compte(database, "decidee")
    fournisseur.sage(Personne("sub-decidee", compte.email))
    session = (await navigateur.se_connecter()).json()
    (identite,) = (await navigateur.appeler(session, "GET", "/moi/identites")).json()["identites"]
    await navigateur.appeler(session, "DELETE", f"/moi/identites/{identite['id']}")
    assert probleme(await navigateur.se_connecter()) == (403, "lien-retire")
    assert (await navigateur.appeler(session, "POST", "/moi/identites", await navigateur.aller())).status_code == 204
    assert (await navigateur.se_connecter()).status_code == 200


async def test_the_last_way_in_is_not_taken_away(navigateur: Navigateur, fournisseur: FournisseurOidc, database: Database) -> None:
    compte = await un_compte(database, "sansmotdepasse", mot_de_passe=None)
    fournisseur.sage(Personne("sub-sansmotdepasse", compte.email))
    session = (await navigateur.se_connecter()).raise_for_status().json()
    # He needs no password to be counted among those who act.
    siens = (await navigateur.appeler(session, "GET", "/collectivite/gestionnaires")).json()
    assert [lu["etat"] for lu in siens if lu["identifiant"] == compte.identifiant] == ["actif"]
    liste = (await navigateur.appeler(session, "GET", "/moi/identites")).json()
    assert liste["retirable"] is False
    refus = await navigateur.appeler(session, "DELETE", f"/moi/identites/{liste['identites'][0]['id']}")
    assert probleme(refus) == (409, "derniere-facon")
    assert (await navigateur.se_connecter()).status_code == 200


async def test_a_level_may_be_required_and_addresses_vouched_for(fournisseur: FournisseurOidc, database: Database, tmp_path: Path) -> None:
    compte = await un_compte(database, "exigeante")
    exigeant = Navigateur(reglages(database, tmp_path, fournisseur.emetteur, oidc_acr="eidas2 eidas3", oidc_adresses_verifiees=True))
    fournisseur.sage(Personne("sub-exigeante", compte.email, verifie=None))
    assert probleme(await exigeant.se_connecter()) == (403, "niveau-insuffisant")
    assert fournisseur.demandes[-1]["acr_values"] == "eidas2 eidas3"
    fournisseur.acr = "eidas2"
    assert (await exigeant.se_connecter()).status_code == 200
    fournisseur.personne = Personne("sub-autre", compte.email, verifie=False)
    assert probleme(await exigeant.se_connecter()) == (403, "adresse-non-verifiee")
    await exigeant.fermer()


async def test_a_provider_may_want_the_secret_in_the_body(fournisseur: FournisseurOidc, database: Database, tmp_path: Path) -> None:
    compte = await un_compte(database, "dansmoncorps")
    fournisseur.sage(Personne("sub-dansmoncorps", compte.email))
    fournisseur.methodes = ("client_secret_post",)
    navigateur = Navigateur(reglages(database, tmp_path, fournisseur.emetteur))
    assert (await navigateur.se_connecter()).status_code == 200
    fournisseur.methodes = ("client_secret_basic",)
    await navigateur.fermer()


async def test_a_provider_that_is_not_there_or_is_another_is_told(fournisseur: FournisseurOidc, database: Database, tmp_path: Path) -> None:
    for issuer in ("http://127.0.0.1:1", fournisseur.emetteur + "/"):
        navigateur = Navigateur(reglages(database, tmp_path, issuer))
        depart = await navigateur.api.post("/sessions/oidc/depart", json={"redirect_uri": RETOUR})
        assert probleme(depart) == (503, "fournisseur-muet")
        assert (await navigateur.api.get("/sessions/oidc")).json() == {"nom": "ProConnect"}
        await navigateur.fermer()


async def test_without_a_provider_nothing_is_offered(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sessions/oidc")).json() == {"nom": None}
    assert (await client.post("/sessions/oidc/depart", json={"redirect_uri": RETOUR})).status_code == 404
    session = (await connecter(client, SOLENE)).json()
    entetes = {"Authorization": f"Bearer {session['access_token']}"}
    assert (await client.get("/moi/identites", headers=entetes)).json() == {"fournisseur": None, "retirable": True, "identites": []}


@pytest.mark.parametrize(
    ("issuer", "autres"),
    [
        ("http://fournisseur.example", {}),
        ("ftp://fournisseur.example", {}),
        ("https://fournisseur.example", {"oidc_client_secret": ""}),
        ("https://fournisseur.example", {"oidc_client_id": ""}),
    ],
)
def test_a_provider_half_configured_stops_the_service(database: Database, tmp_path: Path, issuer: str, autres: JSON) -> None:
    with pytest.raises(ValidationError):
        reglages(database, tmp_path, issuer, **autres)


async def test_the_password_still_opens(client: httpx.AsyncClient) -> None:
    assert (await connecter(client, CLAIRE)).status_code == 200
