"""What each message says, to whom."""

import re

import pytest

from services.contracts.inscriptions import AvisRendu, SensAvis
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.clock import now
from services.kit.french import NBSP, NNBSP
from services.notifications.contenus import COMPOSITIONS, LIBELLES
from services.notifications.domain import A_QUI, destinataires
from services.notifications.models import Message
from services.notifications.service import composer_message
from tests.dossiers import INSCRIPTION, dossier


def messages(gabarit: Gabarit, **autrement: object) -> list[Message]:
    demande = DeposerMessage(cle=f"{INSCRIPTION}:{gabarit}", gabarit=gabarit, inscription_id=INSCRIPTION)
    lu = dossier(**autrement)
    return [composer_message(demande, lu, destinataire) for destinataire in destinataires(gabarit, lu)]


def test_every_gabarit_has_its_people_its_label_and_its_text() -> None:
    assert set(A_QUI) == set(LIBELLES) == set(COMPOSITIONS) == set(Gabarit)


@pytest.mark.parametrize("gabarit", Gabarit)
def test_a_message_is_whole_and_well_written(gabarit: Gabarit) -> None:
    for message in messages(gabarit):
        for texte in (message.sujet, message.texte):
            assert not re.search(rf"[^{NBSP}]:(?=\s)", texte), texte
            assert not re.search(rf"[^{NNBSP}][;!?]", texte), texte
            assert "'" not in texte
            assert "None" not in texte
        assert "2026-000042" in message.sujet
        assert message.repondre_a == "mairie@commune.example"
        assert "<h1" in message.html


def test_the_avis_mail_gives_the_link_and_asks_no_account() -> None:
    (message,) = messages(Gabarit.AVIS_DEMANDE)
    assert message.adresse == "yann.morvan@commune.example"
    assert "http://localhost:8080/avis/jeton-de-test" in message.texte
    assert "Aucun compte n’est nécessaire" in message.texte
    assert f"lundi 30{NBSP}novembre{NBSP}2026 à 18{NBSP}h" in message.texte


def test_the_deputy_knows_for_whom_he_answers() -> None:
    demande = dossier().demande_avis
    assert demande is not None
    interim = demande.model_copy(update={"par_interim_de": "Yann Morvan"})
    (message,) = messages(Gabarit.AVIS_DEMANDE, demande_avis=interim)
    assert "par intérim de Yann Morvan" in message.texte


@pytest.mark.parametrize(("etat", "raison"), [("retiree", "a retiré sa demande"), ("preinscription", "suppléance")])
def test_who_was_asked_is_told_why_no_more(etat: str, raison: str) -> None:
    (message,) = messages(Gabarit.AVIS_CLOS, etat=etat)
    assert raison in message.texte


def test_every_gestionnaire_reads_the_avis_or_its_absence() -> None:
    assert [message.adresse for message in messages(Gabarit.A_VALIDER)] == ["eric.rault@commune.example", "soizic.kervella@commune.example"]
    assert "Avis favorable sous réserve de Yann Morvan" in messages(Gabarit.A_VALIDER)[0].texte
    rien = AvisRendu(sens=SensAvis.NON_RENDU, par="", le=now())
    assert "aucun supérieur n’est connu" in messages(Gabarit.A_VALIDER, avis=(rien,))[0].texte


def test_a_gestionnaire_who_is_the_agent_gets_one_mail() -> None:
    seul = dossier().agent
    assert len(messages(Gabarit.TRANSMISE, gestionnaires=(seul,))) == 1


def test_what_people_typed_is_text_and_not_markup() -> None:
    (message,) = messages(Gabarit.AVIS_DEMANDE, motivation="<script>alert(1)</script>")
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html


def test_a_place_on_the_waiting_list_is_not_an_admission() -> None:
    assert "n’est pas une admission" in messages(Gabarit.LISTE_ATTENTE)[0].texte
