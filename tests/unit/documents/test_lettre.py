"""The letter of the code: one page, whole, without the password, whatever the names."""

import io
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.contracts.documents import ComposerLettre
from services.documents.lettre import rediger
from services.documents.pdf_lettre import rendre_la_lettre


def demande(**autrement: Any) -> ComposerLettre:
    return ComposerLettre.model_validate(
        {
            "delegation": "Délégation Bretagne",
            "delegation_ville": "Rennes",
            "delegation_email": "bretagne@organisme.example",
            "collectivite": "Commune de Kervignac-sur-Aven",
            "siret": "21350950800015",
            "adresse": ("1, place de l'Église", "29930 Kervignac-sur-Aven"),
            "email": "mairie@kervignac.example",
            "code": "29-K7M2-9QXT",
            "expire_le": datetime(2027, 1, 23, 9, 30, tzinfo=UTC),
            "ecrite_le": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        }
        | autrement
    )


def lettre(**autrement: Any) -> PdfReader:
    return PdfReader(io.BytesIO(rendre_la_lettre(rediger(demande(**autrement), "http://localhost:8080/"))))


def test_it_says_all_that_one_needs_to_open_the_account() -> None:
    (page,) = lettre().pages
    texte = " ".join(page.extract_text().split())
    for attendu in (
        "Délégation Bretagne",
        "Commune de Kervignac-sur-Aven",
        "1, place de l’Église",
        "SIRET 213 509 508 00015",
        "Rennes, le 24 novembre 2026",
        "29-K7M2-9QXT",
        "Valable jusqu’au samedi 23 janvier 2027 à 10 h 30",
        "http://localhost:8080/ouverture,",
        "mot de passe provisoire que vous recevez à part, par courriel",
        "mairie@kervignac.example",
        "Le courriel n’est pas arrivé ?",
        "écrivez à bretagne@organisme.example",
    ):
        assert attendu in texte, attendu


def test_it_tells_programs_what_it_is() -> None:
    lu = lettre()
    assert lu.metadata is not None
    assert lu.metadata.title == "Lettre – ouverture de votre compte sur Inscription en ligne – Commune de Kervignac-sur-Aven"
    assert lu.metadata.author == "Délégation Bretagne"
    assert str(lu.root_object["/Lang"]) == "fr-FR"


def test_the_same_letter_is_the_same_bytes() -> None:
    premiere, seconde = (rendre_la_lettre(rediger(demande(), "http://localhost:8080")) for _ in range(2))
    assert premiere == seconde


@settings(max_examples=15, deadline=None)
@given(nom=st.text(max_size=200), adresse=st.lists(st.text(min_size=1, max_size=200), max_size=3))
def test_whatever_the_names_it_is_one_page_with_its_code(nom: str, adresse: list[str]) -> None:
    (page,) = lettre(collectivite=nom, adresse=tuple(adresse)).pages
    assert "29-K7M2-9QXT" in page.extract_text()
