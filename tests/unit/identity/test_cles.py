"""A rotation of the signing keys: no token is refused, at any instant, by anyone; and what the operator reads of it."""

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from typer.testing import CliRunner, Result

from services.identity import cles as commande
from services.identity.domain.cles import AVANT_DE_SIGNER, TOLERANCE, Cle, est_morte, morte_le, signataire
from services.identity.fichier_de_cles import Paire, lire, remplacer
from services.identity.trousseau import Trousseau
from services.kit.auth import KEYS_LIVE_SECONDS
from services.kit.clock import now
from tests.unit.identity.test_secrets import CLAIRE, DIX_MINUTES

MIDI = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANCIENNE, NOUVELLE = Cle("ancienne", MIDI), Cle("nouvelle", MIDI + timedelta(hours=1))


def test_each_key_signs_from_its_instant_until_the_next_one_does() -> None:
    cles = [ANCIENNE, NOUVELLE]
    assert signataire(cles, MIDI + timedelta(minutes=59)) == ANCIENNE
    assert signataire(cles, NOUVELLE.signe_des) == NOUVELLE
    # A clock that is late still signs.
    assert signataire(cles, MIDI - timedelta(days=1)) == ANCIENNE


def test_a_key_dies_with_the_last_token_it_signed() -> None:
    cles = [ANCIENNE, NOUVELLE]
    fin = NOUVELLE.signe_des + DIX_MINUTES + TOLERANCE
    assert morte_le(ANCIENNE, cles, DIX_MINUTES) == fin
    assert not est_morte(ANCIENNE, cles, DIX_MINUTES, fin - timedelta(seconds=1))
    assert est_morte(ANCIENNE, cles, DIX_MINUTES, fin)
    assert morte_le(NOUVELLE, cles, DIX_MINUTES) is None


def test_a_new_key_waits_for_every_verifier() -> None:
    assert timedelta(seconds=2 * KEYS_LIVE_SECONDS) <= AVANT_DE_SIGNER


def avec(nouvelle: Paire, cles: Sequence[Paire]) -> list[Paire]:
    return [*cles, nouvelle]


def vivantes(a: datetime, cles: Sequence[Paire]) -> list[Paire]:
    return [cle for cle in cles if not est_morte(cle, cles, DIX_MINUTES, a)]


def test_no_token_is_ever_refused_during_a_rotation(tmp_path: Path) -> None:
    """Two processes on one file, a verifier whose keys are always as old as may be, for half an hour by steps of ten seconds."""
    fichier = tmp_path / "cles.json"
    processus = [Trousseau.ouvrir(fichier, DIX_MINUTES) for _ in range(2)]
    emis: list[tuple[datetime, str]] = []
    publies: list[tuple[datetime, KeySet]] = []
    signataires = set()
    for pas in range(180):
        instant = MIDI + timedelta(seconds=10 * pas)
        if pas == 12:
            remplacer(fichier, partial(avec, Paire.nouvelle(instant + AVANT_DE_SIGNER)))
        remplacer(fichier, partial(vivantes, instant))
        publies.append((instant, KeySet.import_key_set(processus[pas % 2].jwks())))
        emis.append((instant, processus[pas % 2].signer(CLAIRE, instant)))
        emis = [(quand, jeton) for quand, jeton in emis if instant - quand < DIX_MINUTES]
        lues = next(cles for publie, cles in publies if instant - publie <= timedelta(seconds=KEYS_LIVE_SECONDS))
        for _, jeton in (emis[0], emis[-1]):
            signataires.add(jwt.decode(jeton, lues, algorithms=["ES256"]).header["kid"])
    assert len(signataires) == 2
    assert len(lire(fichier)) == 1


def test_two_operators_at_once_lose_no_key(tmp_path: Path) -> None:
    fichier = tmp_path / "cles.json"
    Trousseau.ouvrir(fichier, DIX_MINUTES)
    fils = [threading.Thread(target=remplacer, args=(fichier, partial(avec, Paire.nouvelle(now())))) for _ in range(8)]
    for un in fils:
        un.start()
    for un in fils:
        un.join()
    assert len(lire(fichier)) == 9
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [fichier]


def test_a_file_that_becomes_wrong_changes_nothing(tmp_path: Path) -> None:
    fichier = tmp_path / "cles.json"
    trousseau = Trousseau.ouvrir(fichier, DIX_MINUTES)
    publiees = trousseau.jwks()
    fichier.write_text("{")
    assert trousseau.jwks() == publiees
    fichier.unlink()
    assert trousseau.jwks() == publiees


def lancer(fichier: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commande.cli, list(arguments), env={"IEL_JWT_KEYS_FILE": str(fichier)})


def test_the_operator_rotates_and_reads_where_it_is(tmp_path: Path) -> None:
    fichier = tmp_path / "cles.json"
    trousseau = Trousseau.ouvrir(fichier, DIX_MINUTES)
    ajout = lancer(fichier, "rotation")
    assert ajout.exit_code == 0, ajout.output
    ancienne, nouvelle = (cle["kid"] for cle in trousseau.jwks()["keys"])
    assert f"Clé {nouvelle} ajoutée et publiée." in ajout.output
    premiere, seconde = lancer(fichier, "liste").output.splitlines()
    assert premiere == f"{ancienne}\tsigne"
    assert seconde.startswith(f"{nouvelle}\tpubliée, signera le ")
    retrait = lancer(fichier, "retrait").output
    assert f"Clé {ancienne} gardée\N{NO-BREAK SPACE}: ses derniers jetons expirent le " in retrait
    assert "Aucune clé à retirer pour le moment." in retrait


def test_a_dead_key_is_withdrawn(tmp_path: Path) -> None:
    fichier = tmp_path / "cles.json"
    trousseau = Trousseau.ouvrir(fichier, DIX_MINUTES)
    (ancienne,) = lire(fichier)
    remplacer(fichier, partial(avec, Paire.nouvelle(now() - timedelta(minutes=12))))
    assert lancer(fichier, "liste").output.splitlines()[0] == f"{ancienne.kid}\tà retirer"
    assert lancer(fichier, "retrait").output == f"Clé {ancienne.kid} retirée.\n"
    assert len(trousseau.jwks()["keys"]) == 1


@pytest.mark.parametrize("contenu", [None, "{}", json.dumps({"keys": []})])
def test_a_file_that_is_no_key_set_is_told_in_one_sentence(tmp_path: Path, contenu: str | None) -> None:
    fichier = tmp_path / "cles.json"
    if contenu is not None:
        fichier.write_text(contenu)
    for verbe in ("liste", "rotation", "retrait"):
        resultat = lancer(fichier, verbe)
        assert (resultat.exit_code, len(resultat.output.splitlines())) == (2, 1)
