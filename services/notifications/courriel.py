"""A queued message as the mail that leaves: always the same headers for the same row, its papers fetched at that moment."""

import base64
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from services.contracts.documents import DocumentLu, LireDocument
from services.kit.context import Context
from services.notifications.models import Message


class AdresseInvalideError(Exception):
    """No mail can be written to this address."""


async def composer_courriel(context: Context, message: Message, *, expediteur: str) -> EmailMessage:
    """Raises AdresseInvalideError; a `Problem` when the paper to join is not there."""
    mail = EmailMessage()
    mail["From"] = expediteur
    mail["To"] = _adresse(message)
    if message.repondre_a:
        mail["Reply-To"] = message.repondre_a
    mail["Subject"] = message.sujet
    mail["Date"] = format_datetime(message.depose_le)
    mail["Message-ID"] = f"<{message.id}@inscription-en-ligne>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.texte)
    mail.add_alternative(message.html, subtype="html")
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


def _adresse(message: Message) -> Address:
    try:
        return Address(message.destinataire, addr_spec=message.adresse)
    except (ValueError, IndexError) as error:
        raise AdresseInvalideError from error


def _joindre_document(mail: EmailMessage, document: DocumentLu) -> None:
    genre, _, sous_genre = document.type_mime.partition("/")
    mail.add_attachment(base64.b64decode(document.contenu_base64), maintype=genre, subtype=sous_genre, filename=document.nom_fichier)
