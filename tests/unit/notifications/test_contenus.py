"""What each message says, to whom."""

import re
from datetime import UTC, datetime

import pytest

from services.contracts.inscriptions import AvisRendu, SensAvis
from services.contracts.notifications import EN_COPIE, DeposerMessage, Gabarit
from services.kit.clock import now
from services.kit.french import NBSP, NNBSP
from services.notifications.contenus import COMPOSITIONS
from services.notifications.domain import REGLES, RoleDestinataire, destinataires
from services.notifications.models import Message
from services.notifications.service import composer_message
from tests.dossiers import INSCRIPTION, dossier


def messages(gabarit: Gabarit, **autrement: object) -> list[Message]:
    demande = DeposerMessage(cle=f"{INSCRIPTION}:{gabarit}", gabarit=gabarit, inscription_id=INSCRIPTION)
    lu = dossier(**autrement)
    return [composer_message(demande, lu, destinataire) for destinataire in destinataires(gabarit, lu)]


def test_every_gabarit_has_its_people_its_label_and_its_text() -> None:
    assert set(REGLES) == set(COMPOSITIONS) == set(Gabarit)


@pytest.mark.parametrize("gabarit", Gabarit)
def test_a_message_is_whole_and_well_written(gabarit: Gabarit) -> None:
    for message in messages(gabarit, copies=[COPIE]):
        for texte in (message.sujet, message.texte):
            assert not re.search(rf"[^{NBSP}]:(?=\s)", texte), texte
            assert not re.search(rf"[^{NNBSP}][;!?]", texte), texte
            assert "'" not in texte
            assert not re.search(r"None|\bde [AEIOUÉÈÊ]", texte), texte
            assert not re.search(r"anne le bihan|délégation bretagne", texte), texte
        assert "2026-000042" in message.sujet
        assert message.repondre_a == "mairie@commune.example"
        assert message.html.count("<h1") == 1
        assert '<html lang="fr">' in message.html
        # The supérieur has no account; the others follow the request in the platform.
        lien = "/avis/" if message.role is RoleDestinataire.SUPERIEUR else f"/inscriptions/{INSCRIPTION}"
        assert lien in message.texte
        assert lien in message.html
        assert "Vous recevez ce message parce que" in message.texte


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
    (message,) = messages(Gabarit.AVIS_CLOS, etat=etat, demande_avis=None, avis=())
    assert "n’est plus attendu" in message.sujet
    assert raison in message.texte


def test_who_gave_his_avis_is_told_of_the_withdrawal() -> None:
    (message,) = messages(Gabarit.AVIS_CLOS, etat="retiree", demande_avis=None)
    assert "attendu" not in message.texte
    assert f"Elle n’aura pas de suite{NNBSP}; votre avis reste au dossier." in message.texte


@pytest.mark.parametrize("gabarit", [Gabarit.AVIS_DEMANDE, Gabarit.AVIS_RELANCE])
def test_nobody_is_asked_for_an_avis_that_is_closed(gabarit: Gabarit) -> None:
    assert messages(gabarit, demande_avis=None) == []


@pytest.mark.parametrize(
    ("prenom", "attendu"),
    [("Anne", "d’Anne"), ("Élise", "d’Élise"), ("Yann", "de Yann"), ("Yves", "d’Yves"), ("Hélène", "d’Hélène"), ("Soizic", "de Soizic")],
)
def test_a_first_name_is_elided_as_one_speaks(prenom: str, attendu: str) -> None:
    agent = dossier().agent.model_copy(update={"prenom": prenom})
    assert f"La demande {attendu} Le Bihan" in messages(Gabarit.A_VALIDER, agent=agent)[0].texte


def test_the_receipt_says_when_and_by_whom() -> None:
    pour_l_agent, pour_un_gestionnaire, _ = messages(
        Gabarit.TRANSMISE, validee_par="Éric Rault", validee_le=datetime(2026, 11, 26, 10, 5, tzinfo=UTC)
    )
    assert f"Transmise le{NBSP}: jeudi 26{NBSP}novembre{NBSP}2026 à 11{NBSP}h{NBSP}05" in pour_l_agent.texte
    assert f"Signée par{NBSP}: Éric Rault, par délégation de Jeanne Simon, maire" in pour_l_agent.texte
    assert f"Déposée le{NBSP}: lundi 23{NBSP}novembre{NBSP}2026 à 9{NBSP}h{NBSP}30" in pour_l_agent.texte
    assert "Votre demande est validée" in pour_l_agent.texte
    assert "La demande d’Anne Le Bihan est validée" in pour_un_gestionnaire.texte


@pytest.mark.parametrize(("validee_le", "raison"), [(None, "date limite d’inscription"), (now(), "La session commence")])
def test_who_let_the_request_expire_is_said(validee_le: datetime | None, raison: str) -> None:
    assert raison in messages(Gabarit.EXPIREE, validee_le=validee_le)[0].texte


def test_the_convocation_goes_to_the_agent_and_its_copies_say_so() -> None:
    pour_l_agent, *copies = messages(Gabarit.CONVOCATION)
    assert pour_l_agent.adresse == "anne.lebihan@commune.example"
    assert "copie" not in pour_l_agent.sujet
    assert [copie.adresse for copie in copies] == ["eric.rault@commune.example", "soizic.kervella@commune.example"]
    assert all(copie.sujet.startswith("Convocation (copie) – Anne Le Bihan") for copie in copies)
    assert all(message.agenda for message in (pour_l_agent, *copies))


def test_what_asks_for_an_act_leaves_first() -> None:
    assert messages(Gabarit.AVIS_RELANCE)[0].priorite < messages(Gabarit.ACCEPTEE)[0].priorite


def test_what_is_not_known_is_not_written() -> None:
    vide = {"adresse": "", "conseiller_email": "", "agent_service": "", "agent_fonction": "", "autorite": "", "motif_decision": None}
    for gabarit in Gabarit:
        for message in messages(gabarit, **vide):
            assert "()" not in message.texte
            assert not re.search(r":[ \u00a0]*$|, ,|, *$", message.texte.replace(f"{NBSP}:\nhttp", ""), re.MULTILINE), message.texte


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


COPIE = {"nom": "Accueil de la mairie", "email": "accueil@commune.example", "gabarits": ["acceptee", "convocation"]}


def test_a_copy_is_a_message_of_its_own_and_says_so() -> None:
    for gabarit, sujet in ((Gabarit.CONVOCATION, "Convocation (copie)"), (Gabarit.ACCEPTEE, "Demande acceptée (copie)")):
        *_, copie = messages(gabarit, copies=[COPIE])
        assert (copie.adresse, copie.destinataire, copie.role) == (
            "accueil@commune.example",
            "Accueil de la mairie",
            RoleDestinataire.COPIE,
        )
        assert copie.sujet.startswith(f"{sujet} – Anne Le Bihan")
        assert "la collectivité (Commune de Saint-Aubin) vous l’envoie en copie" in copie.texte


def test_only_what_was_asked_is_copied_and_never_an_avis() -> None:
    indiscrete = {**COPIE, "gabarits": [str(gabarit) for gabarit in Gabarit]}
    assert "accueil@commune.example" not in {message.adresse for message in messages(Gabarit.TRANSMISE, copies=[COPIE])}
    copies = {
        gabarit for gabarit in Gabarit if any(message.role is RoleDestinataire.COPIE for message in messages(gabarit, copies=[indiscrete]))
    }
    assert copies == set(EN_COPIE)
    assert all(RoleDestinataire.GESTIONNAIRE in REGLES[gabarit].a_qui for gabarit in EN_COPIE)


def test_who_gets_it_already_gets_no_copy() -> None:
    sienne = {**COPIE, "email": "ERIC.RAULT@commune.example"}
    assert len(messages(Gabarit.ACCEPTEE, copies=[sienne])) == len(messages(Gabarit.ACCEPTEE))
