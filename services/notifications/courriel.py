"""A queued message as the mail that leaves: always the same headers for the same row, its papers fetched at that moment."""

import base64
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from http import HTTPStatus

from services.contracts.documents import DocumentLu, LireDocument
from services.contracts.identity import Courriel, LireCourriel
from services.kit.context import Context
from services.kit.problems import Problem
from services.notifications.contenus_comptes import composer_compte
from services.notifications.models import Message
from services.notifications.rendu import en_html, en_texte


class AdresseInvalideError(Exception):
    """No mail can be written to this address."""


class CourrielPerimeError(Exception):
    """What was to be said no longer holds: its link has served, or another replaced it."""


async def composer_courriel(context: Context, message: Message, *, expediteur: str) -> EmailMessage:
    """Raises AdresseInvalideError; CourrielPerimeError; a `Problem` when the paper to join is not there."""
    mail = EmailMessage()
    mail["From"] = expediteur
    mail["To"] = _adresse(message)
    if message.repondre_a:
        mail["Reply-To"] = message.repondre_a
    mail["Subject"] = message.sujet
    mail["Date"] = format_datetime(message.depose_le)
    mail["Message-ID"] = f"<{message.id}@inscription-en-ligne>"
    mail["Auto-Submitted"] = "auto-generated"
    texte, html = await _corps(context, message)
    mail.set_content(texte)
    mail.add_alternative(html, subtype="html")
    if message.document_id is not None:
        document: DocumentLu = await context.bus.request(LireDocument(document_id=message.document_id))
        _joindre_document(mail, document)
    if message.agenda is not None:
        # As bytes: as text, line ends would be rewritten, and those of iCalendar are CRLF.
        mail.add_attachment(
            message.agenda.encode(),
            maintype="text",
            subtype="calendar",
            filename="formation.ics",
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    return mail


async def _corps(context: Context, message: Message) -> tuple[str, str]:
    """What was written when it was queued; for an account, what identity says now: it may hold a secret, which stays there."""
    if message.courriel_id is None:
        return message.texte, message.html
    try:
        courriel: Courriel = await context.bus.request(LireCourriel(courriel_id=message.courriel_id))
    except Problem as problem:
        if problem.status == HTTPStatus.NOT_FOUND:
            raise CourrielPerimeError from problem
        raise
    contenu = composer_compte(courriel)
    return en_texte(contenu), en_html(contenu)


def _adresse(message: Message) -> Address:
    try:
        return Address(message.destinataire, addr_spec=message.adresse)
    except (ValueError, IndexError) as error:
        raise AdresseInvalideError from error


def _joindre_document(mail: EmailMessage, document: DocumentLu) -> None:
    genre, _, sous_genre = document.type_mime.partition("/")
    mail.add_attachment(base64.b64decode(document.contenu_base64), maintype=genre, subtype=sous_genre, filename=document.nom_fichier)
