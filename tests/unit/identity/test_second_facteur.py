"""The rules of second factors."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.fernet import InvalidToken

from services.contracts.acteur import Role
from services.identity.domain.roles import Organisation
from services.identity.domain.second_facteur import NOMBRE_DE_CODES, code_normalise, concerne, nouveaux_codes
from services.identity.totp import adresse, nouveau_secret, pas_du_code
from services.kit.sealed import seal, unseal

MAINTENANT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
PAS = int(MAINTENANT.timestamp()) // 30


@pytest.mark.parametrize(("ecart", "accepte"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_accepted_one_step_around_now(ecart: int, accepte: bool) -> None:
    secret = nouveau_secret()
    code = pyotp.TOTP(secret).at(MAINTENANT + timedelta(seconds=30 * ecart))
    assert pas_du_code(secret, code, MAINTENANT, None) == (PAS + ecart if accepte else None)


def test_a_code_serves_once_and_none_before_it_serves_after() -> None:
    secret = nouveau_secret()
    for ecart in (-1, 0):
        code = pyotp.TOTP(secret).at(MAINTENANT + timedelta(seconds=30 * ecart))
        assert pas_du_code(secret, code, MAINTENANT, PAS) is None
    suivant = pyotp.TOTP(secret).at(MAINTENANT + timedelta(seconds=30))
    assert pas_du_code(secret, suivant, MAINTENANT, PAS) == PAS + 1


@pytest.mark.parametrize("code", ["", "é", "12345", "1234567"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert pas_du_code(nouveau_secret(), code, MAINTENANT, None) is None


def test_the_qr_code_names_the_platform_and_the_account() -> None:
    assert adresse(nouveau_secret(), "claire.lebris").startswith("otpauth://totp/Inscription%20en%20ligne:claire.lebris?")


def test_recovery_codes_differ_and_are_read_as_people_type_them() -> None:
    codes = nouveaux_codes()
    assert len(set(codes)) == NOMBRE_DE_CODES
    assert {len(code_normalise(code)) for code in codes} == {16}
    assert code_normalise(f" {codes[0].upper().replace('-', ' ')} ") == code_normalise(codes[0])


@pytest.mark.parametrize(
    ("role", "organisation", "attendu"),
    [
        (Role.AGENT, Organisation.COLLECTIVITE, False),
        (Role.LECTURE, Organisation.COLLECTIVITE, False),
        (Role.CLIENT_API, Organisation.COLLECTIVITE, False),
        (Role.GESTIONNAIRE, Organisation.COLLECTIVITE, True),
        (Role.GESTIONNAIRE_PRINCIPAL, Organisation.COLLECTIVITE, True),
        (Role.ASSISTANT, Organisation.STRUCTURE, True),
        (Role.OPERATEUR, Organisation.ORGANISME, True),
    ],
)
def test_it_is_required_of_those_who_decide_for_others(role: Role, organisation: Organisation, attendu: bool) -> None:
    assert concerne([role], organisation) is attendu


def test_what_is_sealed_opens_for_its_purpose_with_any_of_the_keys() -> None:
    scelle = seal("JBSWY3DPEHPK3PXP", "totp", ["ancienne"])
    assert unseal(scelle, "totp", ["nouvelle", "ancienne"]) == "JBSWY3DPEHPK3PXP"
    for usage, cles in (("autre", ["ancienne"]), ("totp", ["nouvelle"])):
        with pytest.raises(InvalidToken):
            unseal(scelle, usage, cles)
