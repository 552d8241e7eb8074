"""Papers read over HTTP: by those they are for, as they were archived; verified by anyone."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.contracts.acteur import Role
from services.documents.domain import Genre, nouvelle_reference
from tests.dossiers import AGENT, COLLECTIVITE
from tests.integration.documents.conftest import Maison, acteur

ADMINISTRATEUR = acteur(roles=[Role.ADMINISTRATEUR])

PERSONNES = [
    ({"roles": [Role.AGENT], "agent_id": AGENT, "collectivite_id": COLLECTIVITE}, True),
    ({"roles": [Role.AGENT], "agent_id": uuid4(), "collectivite_id": COLLECTIVITE}, False),
    ({"roles": [Role.GESTIONNAIRE_PRINCIPAL], "collectivite_id": COLLECTIVITE}, True),
    ({"roles": [Role.GESTIONNAIRE], "collectivite_id": COLLECTIVITE}, True),
    ({"roles": [Role.LECTURE], "collectivite_id": COLLECTIVITE}, True),
    ({"roles": [Role.GESTIONNAIRE], "collectivite_id": uuid4()}, False),
    ({"roles": [Role.GESTIONNAIRE]}, False),
    ({"roles": [Role.CONSEILLER], "structure": "BRE"}, True),
    ({"roles": [Role.CONSEILLER], "structure": "NAQ"}, False),
    ({"roles": [Role.CONSEILLER]}, False),
    ({"roles": [Role.ADMINISTRATEUR]}, True),
    ({"roles": []}, False),
]


@pytest.mark.parametrize(("champs", "voit"), PERSONNES)
async def test_a_paper_is_for_its_people(maison: Maison, champs: dict[str, Any], voit: bool) -> None:
    inscription_id = maison.inscriptions.accepte()
    produit = await maison.produire(inscription_id)
    async with maison.client(acteur(**champs)) as client:
        liste = (await client.get("/documents", params={"inscription_id": str(inscription_id)})).json()["elements"]
        contenu = await client.get(f"/documents/{produit.document_id}/contenu")
        jumeau = await client.get(f"/documents/{produit.document_id}/version-html")
    assert [document["id"] for document in liste] == ([str(produit.document_id)] if voit else [])
    assert contenu.status_code == jumeau.status_code == (200 if voit else 404)
    if not voit:
        assert contenu.json()["type"] == "urn:iel:probleme:document-introuvable"


async def test_nobody_reads_without_saying_who_he_is(maison: Maison) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    async with maison.client() as client:
        for chemin in ("/documents?inscription_id=" + str(uuid4()), f"/documents/{produit.document_id}/contenu"):
            reponse = await client.get(chemin)
            assert reponse.status_code == 401
            assert reponse.headers["content-type"] == "application/problem+json"


async def test_the_list_says_what_the_paper_is(maison: Maison) -> None:
    inscription_id = maison.inscriptions.accepte()
    produit = await maison.produire(inscription_id)
    async with maison.client(ADMINISTRATEUR) as client:
        (document,) = (await client.get("/documents", params={"inscription_id": str(inscription_id)})).json()["elements"]
    assert datetime.fromisoformat(document.pop("cree_le")).tzinfo is not None
    assert document.pop("taille") > 1000
    assert document == {
        "id": str(produit.document_id),
        "genre": "convocation",
        "libelle": "Convocation",
        "reference": produit.reference,
        "version": 1,
        "nom_fichier": f"convocation-SXM5A-001-{produit.reference}.pdf",
    }


async def test_the_pdf_is_shown_in_place_and_sent_once_only(maison: Maison) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    chemin = f"/documents/{produit.document_id}/contenu"
    async with maison.client(ADMINISTRATEUR) as client:
        reponse = await client.get(chemin)
        connue = await client.get(chemin, headers={"If-None-Match": f'"autre", {reponse.headers["etag"]}'})
        autre = await client.get(chemin, headers={"If-None-Match": '"autre"'})
    assert reponse.headers["content-type"] == "application/pdf"
    assert reponse.headers["content-disposition"] == f'inline; filename="convocation-SXM5A-001-{produit.reference}.pdf"'
    assert "private" in reponse.headers["cache-control"]
    assert reponse.headers["etag"].strip('"') in {archive.name for archive in maison.archives()}
    assert reponse.content.startswith(b"%PDF")
    assert (connue.status_code, connue.content) == (304, b"")
    assert autre.status_code == 200


async def test_the_twin_is_a_page_of_html(maison: Maison) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    async with maison.client(ADMINISTRATEUR) as client:
        reponse = await client.get(f"/documents/{produit.document_id}/version-html")
    assert reponse.headers["content-type"] == "text/html; charset=utf-8"
    assert produit.reference in reponse.text
    assert "Anne Le Bihan" in reponse.text


@pytest.mark.parametrize(("outrage", "slug"), [("falsifie", "document-altere"), ("efface", "document-absent")])
async def test_a_problem_is_given_rather_than_the_wrong_paper(maison: Maison, outrage: str, slug: str) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    for archive in maison.archives():
        if outrage == "efface":
            archive.unlink()
        else:
            archive.write_bytes(archive.read_bytes().replace(b"a", b"b", 1))
    async with maison.client(ADMINISTRATEUR) as client:
        for suite in ("contenu", "version-html"):
            reponse = await client.get(f"/documents/{produit.document_id}/{suite}")
            assert reponse.status_code == 500
            assert reponse.headers["content-type"] == "application/problem+json"
            assert reponse.json()["type"] == f"urn:iel:probleme:{slug}"


@pytest.mark.parametrize("saisie", ["{}", "{} ", "minuscules", "sans tirets", "espaces"])
async def test_anyone_verifies_a_reference_however_it_is_typed(maison: Maison, saisie: str) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    tapee = {
        "minuscules": produit.reference.lower(),
        "sans tirets": produit.reference.replace("-", ""),
        "espaces": produit.reference.replace("-", " "),
    }.get(saisie, saisie.format(produit.reference))
    async with maison.client() as client:
        vu = (await client.get(f"/verification/{tapee}")).json()
    assert datetime.fromisoformat(vu.pop("cree_le"))
    assert vu == {
        "statut": "valide",
        "reference": produit.reference,
        "genre": "convocation",
        "libelle": "Convocation",
        "session_code": "SXM5A 001",
        "intitule": "Rédiger un acte administratif sûr",
        "emetteur": "Délégation Bretagne",
    }


@pytest.mark.parametrize("saisie", [nouvelle_reference(Genre.CONVOCATION), "CV", "%00", "' or 1=1 --", "é" * 500, "CV-7K3M"])
async def test_what_was_not_made_here_is_unknown_in_the_same_shape(maison: Maison, saisie: str) -> None:
    produit = await maison.produire(maison.inscriptions.accepte())
    async with maison.client() as client:
        inconnue = await client.get(f"/verification/{saisie}")
        connue = await client.get(f"/verification/{produit.reference}")
    assert inconnue.status_code == connue.status_code == httpx.codes.OK
    assert inconnue.json()["statut"] == "inconnue"
    assert inconnue.json().keys() == connue.json().keys()
