"""Passwords, refresh tokens, and the keys that sign access tokens."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.contracts.acteur import Acteur, Role
from services.identity import secret
from services.identity.trousseau import Trousseau

CLAIRE = Acteur(compte_id=UUID(int=1), nom="Claire Le Bris", email="claire@rochebrune.example", roles=frozenset({Role.AGENT}))
DIX_MINUTES = timedelta(minutes=10)
MIDI = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_password_is_recognised_and_an_unknown_account_never_is() -> None:
    hache = secret.hacher("Demonstration2026!")
    assert hache.startswith("$argon2id$")
    assert await secret.mot_de_passe_juste("Demonstration2026!", hache)
    assert not await secret.mot_de_passe_juste("demonstration2026!", hache)
    assert not await secret.mot_de_passe_juste("Demonstration2026!", None)


def test_the_successor_of_a_token_depends_on_both_the_token_and_the_salt() -> None:
    jeton, sel = secret.nouveau_jeton(), secret.nouveau_sel()
    suivant = secret.jeton_suivant(jeton, sel)
    assert suivant == secret.jeton_suivant(jeton, sel)
    assert len({jeton, suivant, secret.jeton_suivant(jeton, secret.nouveau_sel()), secret.jeton_suivant(secret.nouveau_jeton(), sel)}) == 4
    assert jeton not in secret.empreinte(jeton)


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    fichier = tmp_path / "etat" / "jwt-keys.json"
    premier = Trousseau.ouvrir(fichier, DIX_MINUTES)
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert list(fichier.parent.iterdir()) == [fichier]
    assert Trousseau.ouvrir(fichier, DIX_MINUTES).jwks() == premier.jwks()


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    depart = threading.Barrier(8)
    publiees: list[str] = []

    def demarrer() -> None:
        depart.wait()
        publiees.append(json.dumps(Trousseau.ouvrir(tmp_path / "cles.json", DIX_MINUTES).jwks()))

    fils = [threading.Thread(target=demarrer) for _ in range(8)]
    for un in fils:
        un.start()
    for un in fils:
        un.join()
    assert len(publiees) == 8
    assert len(set(publiees)) == 1


def test_what_is_published_verifies_tokens_and_signs_none(tmp_path: Path) -> None:
    trousseau = Trousseau.ouvrir(tmp_path / "cles.json", DIX_MINUTES)
    (publiee,) = trousseau.jwks()["keys"]
    assert set(publiee) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    jeton = trousseau.signer(CLAIRE, MIDI)
    lu = jwt.decode(jeton, KeySet.import_key_set(trousseau.jwks()), algorithms=["ES256"])
    assert lu.header == {"typ": "JWT", "alg": "ES256", "kid": publiee["kid"]}
    assert lu.claims["exp"] - lu.claims["iat"] == 600
    assert Acteur.model_validate(lu.claims["acteur"]) == CLAIRE


def test_a_file_without_dates_signs_with_its_first_key(tmp_path: Path) -> None:
    fichier = tmp_path / "cles.json"
    cles = [ECKey.generate_key("P-256", auto_kid=True) for _ in range(2)]
    fichier.write_text(json.dumps({"keys": [cle.as_dict(private=True) for cle in cles]}))
    trousseau = Trousseau.ouvrir(fichier, DIX_MINUTES)
    jeton = trousseau.signer(CLAIRE, MIDI)
    assert jwt.decode(jeton, KeySet.import_key_set(trousseau.jwks()), algorithms=["ES256"]).header["kid"] == cles[0].kid


@pytest.mark.parametrize("contenu", ['{"keys": []}', '{"keys": [{}]}', '{"keys": 3}', "[]", ""])
def test_a_file_without_key_is_refused(tmp_path: Path, contenu: str) -> None:
    fichier = tmp_path / "cles.json"
    fichier.write_text(contenu)
    with pytest.raises(ValueError, match="aucune clé"):
        Trousseau.ouvrir(fichier, DIX_MINUTES)
