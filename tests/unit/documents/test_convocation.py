"""The convocation on paper: whole, the same each time, whatever the names and the lengths."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.contracts.catalogue import Regroupement
from services.contracts.identity import Personne
from services.contracts.inscriptions import Dossier
from services.documents import jumeau, papier, pdf
from services.documents.papier import Papier
from services.kit.french import NBSP, NNBSP
from tests.dossiers import AGENT, dossier

REFERENCE = "CV-7K3M-9QXA"


def compose(lu: Dossier) -> Papier:
    return papier.convocation(lu, reference=REFERENCE, public_url="http://localhost:8080", etabli_le=datetime(2026, 11, 23, tzinfo=UTC))


def lu(contenu: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(contenu)).pages).split())


def test_it_says_all_that_one_needs_to_come() -> None:
    texte = lu(pdf.rendre(compose(dossier())))
    for attendu in (
        "Convocation à une formation",
        "Anne Le Bihan",
        "SXM5A 001",
        "du lundi 1er mars 2027 au mardi 2 mars 2027, de 9 h à 17 h",
        "lundi 5 avril 2027, de 9 h 30 à 16 h 30",
        "1 rue des Ajoncs, 35000 Rennes",
        "gwenaelle.legoff@bretagne.organisme.example",
        REFERENCE,
        "page 1 sur 1",
    ):
        assert attendu in texte.replace(NBSP, " ").replace(NNBSP, " ")


def test_the_same_paper_is_the_same_bytes() -> None:
    assert pdf.rendre(compose(dossier())) == pdf.rendre(compose(dossier()))


def test_its_title_language_and_author_are_set() -> None:
    lecteur = PdfReader(io.BytesIO(pdf.rendre(compose(dossier()))))
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Convocation à une formation – Rédiger un acte administratif sûr"
    assert lecteur.metadata.author == "Délégation Bretagne"
    assert str(lecteur.root_object["/Lang"]) == "fr-FR"


def test_fonts_are_embedded() -> None:
    contenu = pdf.rendre(compose(dossier()))
    for nom in (b"Roboto-Regular", b"Roboto-Medium", b"Roboto-Bold"):
        assert re.search(rb"/FontName /[A-Z0-9+]*" + nom, contenu), nom
    assert contenu.count(b"/FontFile2") >= 3


def test_forty_regroupements_go_on_over_the_pages() -> None:
    debut = date(2027, 3, 1)
    regroupements = tuple(
        Regroupement(debut=debut + timedelta(days=7 * i), fin=debut + timedelta(days=7 * i), heure_debut=time(9), heure_fin=time(17))
        for i in range(40)
    )
    contenu = pdf.rendre(compose(dossier(regroupements=regroupements)))
    assert len(PdfReader(io.BytesIO(contenu)).pages) == 2
    assert "Regroupement 40" in lu(contenu)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=400), st.text(max_size=3000))
def test_no_name_and_no_length_breaks_it(nom: str, intitule: str, objectifs: str) -> None:
    agent = Personne(nom=nom, prenom="Zoë", email="z@x.example", agent_id=AGENT)
    compose_ = compose(dossier(agent=agent, intitule=intitule, objectifs=objectifs))
    assert pdf.rendre(compose_).startswith(b"%PDF")
    assert b"<h1>" in jumeau.rendre(compose_)


def test_the_twin_says_the_same_and_trusts_no_text() -> None:
    html = jumeau.rendre(compose(dossier(intitule="<b>Marchés</b>"))).decode()
    assert "&lt;b&gt;Marchés" in html
    assert 'lang="fr"' in html
    assert html.count("<h2") == 5
