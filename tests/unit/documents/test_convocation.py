"""The convocation on paper: whole, the same each time, whatever the names and the lengths."""

import asyncio
import io
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
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
ETABLI_LE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LONGUEUR_D_UNE_PAGE = 12_000


def compose(lu: Dossier, etabli_le: datetime = ETABLI_LE, annulation_jours: int = 15) -> Papier:
    return papier.convocation(
        lu, reference=REFERENCE, public_url="http://localhost:8080", etabli_le=etabli_le, annulation_jours=annulation_jours
    )


def pages(contenu: bytes) -> list[str]:
    """The text of each page, its spaces made plain."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(contenu)).pages]


def texte(lu: Dossier, etabli_le: datetime = ETABLI_LE, annulation_jours: int = 15) -> str:
    return " ".join(pages(pdf.rendre(compose(lu, etabli_le, annulation_jours))))


def chaque_semaine(nombre: int) -> tuple[Regroupement, ...]:
    jours = (date(2027, 3, 1) + timedelta(days=7 * rang) for rang in range(nombre))
    return tuple(Regroupement(debut=jour, fin=jour, heure_debut=time(9), heure_fin=time(17)) for jour in jours)


def test_it_says_all_that_one_needs_to_come() -> None:
    page = texte(dossier())
    for attendu in (
        "Convocation à une formation",
        "Rédiger un acte administratif sûr",
        "Session SXM5A 001",
        "Madame Anne Le Bihan",
        "Commande publique",
        "Commune de Saint-Aubin",
        "n° 2026-000042",
        "Établie le 23 novembre 2026",
        "du lundi 1er au mardi 2 mars 2027, de 9 h à 17 h chaque jour",
        "lundi 5 avril 2027, de 9 h 30 à 16 h 30",
        "18 heures",
        "1 rue des Ajoncs, 35000 Rennes",
        "Gwenaëlle Le Goff",
        "gwenaelle.legoff@bretagne.organisme.example",
        "une pièce d’identité",
        "Repas, déplacements",
        "jusqu’au dimanche 14 février 2027 inclus",
        f"http://localhost:8080/verification/{REFERENCE}",
        "page 1 sur 1",
    ):
        assert attendu in page


def test_the_delay_to_cancel_is_a_parameter() -> None:
    assert "jusqu’au lundi 22 février 2027 inclus" in texte(dossier(), annulation_jours=7)


def test_when_it_is_too_late_to_cancel_freely_no_past_day_is_promised() -> None:
    page = texte(dossier(), etabli_le=datetime(2027, 2, 20, tzinfo=UTC))
    assert "l’annulation est tardive et demande un motif" in page
    assert "jusqu’au" not in page


def test_who_follows_from_his_desk_is_not_asked_to_travel() -> None:
    page = texte(dossier(lieu="À distance", adresse="Classe virtuelle : le lien accompagne la convocation"))
    assert "Connectez-vous un quart d’heure avant" in page
    assert "Repas" not in page
    assert "Ville" not in page


def test_what_is_not_known_leaves_no_empty_line() -> None:
    compose_ = compose(dossier(agent_fonction="", agent_service="", conseiller="", objectifs=""))
    assert compose_.destinataire == ("Madame Anne Le Bihan", "Commune de Saint-Aubin")
    assert all(valeur for rubrique in compose_.rubriques for _, valeur in rubrique.faits)
    assert "Objectifs" not in [rubrique.titre for rubrique in compose_.rubriques]


@pytest.mark.parametrize(
    ("civilite", "attendu"), [("Mme", "Madame Anne"), ("M.", "Monsieur Anne"), ("", "Anne"), ("Docteur", "Docteur Anne")]
)
def test_people_are_addressed_in_full(civilite: str, attendu: str) -> None:
    assert compose(dossier(agent_civilite=civilite)).destinataire[0] == f"{attendu} Le Bihan"


def test_every_sentence_of_ours_is_set_in_french() -> None:
    ours = compose(dossier())
    phrases = [ours.introduction, *(valeur for r in ours.rubriques for _, valeur in (*r.faits, *r.conseils))]
    for phrase in phrases:
        assert "'" not in phrase
        assert not re.search(r"[ \w][;!?]|[ \w]:(?!//)", phrase.replace(f"{NNBSP}", "\0").replace(f"{NBSP}:", "")), phrase


def test_the_same_paper_is_the_same_bytes() -> None:
    assert pdf.rendre(compose(dossier())) == pdf.rendre(compose(dossier()))


def test_another_process_makes_the_same_bytes() -> None:
    programme = (
        "import sys; from tests.unit.documents.test_convocation import compose, dossier, pdf;"
        " pdf.rendre(compose(dossier(intitule='Un autre'))); sys.stdout.buffer.write(pdf.rendre(compose(dossier())))"
    )
    ailleurs = subprocess.run([sys.executable, "-c", programme], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert ailleurs.stdout == pdf.rendre(compose(dossier()))


async def test_papers_made_at_once_do_not_mix() -> None:
    papiers = [compose(dossier(intitule=f"Stage {rang} " * 8)) for rang in range(12)]
    ensemble = await asyncio.gather(*(pdf.imprimer(un) for un in papiers))
    assert list(ensemble) == [pdf.rendre(un) for un in papiers]


def test_its_title_language_author_and_date_are_set() -> None:
    lecteur = PdfReader(io.BytesIO(pdf.rendre(compose(dossier()))))
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Convocation à une formation – Rédiger un acte administratif sûr"
    assert lecteur.metadata.author == "Délégation Bretagne"
    assert lecteur.metadata.creation_date == ETABLI_LE
    assert str(lecteur.root_object["/Lang"]) == "fr-FR"


def test_all_fonts_are_embedded() -> None:
    (page,) = PdfReader(io.BytesIO(pdf.rendre(compose(dossier())))).pages
    polices = [police.get_object() for police in page["/Resources"]["/Font"].get_object().values()]  # type: ignore[index]
    noms = {str(police["/BaseFont"]).partition("+")[2] for police in polices}
    assert noms == {"Roboto-Regular", "Roboto-Medium", "Roboto-Bold", "SourceSerifPro-Semibold"}
    assert all("/FontFile2" in police["/FontDescriptor"] for police in polices)


@pytest.mark.parametrize("nom", ["Nguyễn Thị Ánh", "Łukasz Święcicki", "Ŋgũgĩ", "Ðorđević", "Æsir Œuvrard", "Μαρία", "Ольга"])
def test_names_of_many_alphabets_are_printed(nom: str) -> None:
    agent = Personne(nom=nom, prenom="Zoë", email="z@x.example", agent_id=AGENT)
    assert f"Zoë {nom}" in texte(dossier(agent=agent, intitule=f"Cours de {nom}"))
    assert f"Cours de {nom}" in texte(dossier(agent=agent, intitule=f"Cours de {nom}"))


def test_forty_regroupements_go_on_over_the_pages() -> None:
    toutes = pages(pdf.rendre(compose(dossier(regroupements=chaque_semaine(40)))))
    assert len(toutes) == 3
    assert all(f"Regroupement {rang} " in " ".join(toutes) for rang in range(1, 41))
    assert all(f"page {rang} sur 3" in page and REFERENCE in page for rang, page in enumerate(toutes, start=1))


def test_regroupements_are_told_in_the_order_of_the_days() -> None:
    premier, dernier = chaque_semaine(2)
    faits = dict(compose(dossier(regroupements=(dernier, premier))).rubriques[0].faits)
    assert faits["Regroupement 1"].startswith(f"lundi 1er{NBSP}mars")


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), "lundi 1er mars 2027, de 9 h à 12 h 30"),
        (date(2027, 3, 1), date(2027, 3, 2), "du lundi 1er au mardi 2 mars 2027, de 9 h à 12 h 30 chaque jour"),
        (date(2027, 3, 31), date(2027, 4, 1), "du mercredi 31 mars au jeudi 1er avril 2027, de 9 h à 12 h 30 chaque jour"),
        (date(2026, 12, 31), date(2027, 1, 1), "du jeudi 31 décembre 2026 au vendredi 1er janvier 2027, de 9 h à 12 h 30 chaque jour"),
    ],
)
def test_days_are_told_as_one_says_them(debut: date, fin: date, attendu: str) -> None:
    regroupement = Regroupement(debut=debut, fin=fin, heure_debut=time(9), heure_fin=time(12, 30))
    faits = dict(compose(dossier(regroupements=(regroupement,))).rubriques[0].faits)
    assert faits["Date"].replace(NBSP, " ") == attendu


def test_no_title_stands_alone_at_the_foot_of_a_page() -> None:
    titres = {rubrique.titre for rubrique in compose(dossier()).rubriques}
    for nombre in range(12, 24):
        for page in PdfReader(io.BytesIO(pdf.rendre(compose(dossier(regroupements=chaque_semaine(nombre)))))).pages:
            lignes = [ligne for ligne in page.extract_text().splitlines() if not ligne.startswith(("Référence CV", "page "))]
            assert lignes[-1].strip() not in titres


@pytest.mark.parametrize(
    "champ", ["intitule", "objectifs", "adresse", "lieu", "conseiller", "conseiller_email", "structure_nom", "agent_service"]
)
@pytest.mark.parametrize("mot", ["Œuvre ", "x"])
def test_what_is_longer_than_a_page_goes_on_over_the_next(champ: str, mot: str) -> None:
    long = (mot * LONGUEUR_D_UNE_PAGE)[:LONGUEUR_D_UNE_PAGE]
    assert len(pages(pdf.rendre(compose(dossier(**{champ: long}))))) > 1


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=400), st.text(max_size=3000), st.text(max_size=200))
def test_no_name_and_no_length_breaks_it(nom: str, intitule: str, objectifs: str, ailleurs: str) -> None:
    agent = Personne(nom=nom, prenom=ailleurs, email="z@x.example", agent_id=AGENT)
    lu = dossier(
        agent=agent,
        intitule=intitule,
        objectifs=objectifs,
        structure_nom=ailleurs,
        adresse=ailleurs,
        conseiller_email=ailleurs,
        collectivite=ailleurs,
        agent_civilite=nom,
        session_code=nom,
    )
    assert pdf.rendre(compose(lu)).startswith(b"%PDF")
    assert b"<h1>" in jumeau.rendre(compose(lu))


@pytest.mark.parametrize(
    "piege", ["<b>gras", "&amp; &", "</para>", "<img src='file:///etc/passwd'/>", "<a href='http://x'>ici</a>", "{{ 7*7 }}"]
)
def test_the_text_of_people_is_no_markup(piege: str) -> None:
    assert piege.replace("'", "’") in texte(dossier(intitule=piege)).replace("'", "’")
    html = jumeau.rendre(compose(dossier(intitule=piege))).decode()
    assert "<b>" not in html
    assert "<img" not in html
    assert html.count("<a ") == 1


def test_the_twin_says_the_same() -> None:
    compose_ = compose(dossier())
    html = jumeau.rendre(compose_).decode()
    assert 'lang="fr"' in html
    assert html.count("<h1") == 1
    assert html.count("<h2") == len(compose_.rubriques)
    dites = [compose_.introduction, compose_.sous_titre, compose_.precision, compose_.verification, *compose_.destinataire]
    faits = [valeur for rubrique in compose_.rubriques for _, valeur in (*rubrique.faits, *rubrique.conseils)]
    paragraphes = [paragraphe for rubrique in compose_.rubriques for paragraphe in rubrique.paragraphes]
    assert all(dit in html for dit in (*dites, *faits, *paragraphes, *(valeur for _, valeur in compose_.reperes)))
