"""Sending: each queued message leaves by SMTP, is tried again, or is given up, and its row says so.

A row is held by its sender while SMTP answers, so that several replicas never send it at once. A crash between the
acceptance by SMTP and the commit sends it again, under the same Message-ID: mail servers and clients recognise it.
"""

import asyncio
import base64
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.contracts.documents import DocumentLu, LireDocument
from services.kit.clock import now
from services.kit.context import Context
from services.kit.logs import get_logger
from services.kit.problems import Problem
from services.kit.wake import Wake
from services.notifications import repository
from services.notifications.domain import EtatMessage, est_definitif, prochain_essai
from services.notifications.models import Message
from services.notifications.settings import Settings

A_LA_FOIS = 4
SMTP_SECONDES = 20.0

log = get_logger(__name__)


async def envoyer_sans_fin(context: Context) -> None:
    """Send what is due until cancelled: at each NOTIFY, and every few seconds for what waits for a new try."""
    reveil = Wake(context.database.url, repository.CANAL)
    async with asyncio.TaskGroup() as group:
        group.create_task(reveil.listen())
        group.create_task(_vider_sans_fin(context, reveil))


async def _vider_sans_fin(context: Context, reveil: Wake) -> None:
    while True:
        reveil.clear()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(A_LA_FOIS):
                    group.create_task(_vider(context))
        except* Exception:
            log.exception("envoi.interrompu")
        await reveil.wait()


async def _vider(context: Context) -> None:
    while await envoyer_le_suivant(context):
        pass


async def envoyer_le_suivant(context: Context) -> bool:
    """Send one message that is due; False when there is none."""
    settings = context.settings_as(Settings)
    async with context.database.transaction() as session:
        message = await repository.a_envoyer(session, now())
        if message is None:
            return False
        message.essais += 1
        try:
            await _remettre(settings, await _composer(context, settings, message))
        except aiosmtplib.SMTPRecipientsRefused as error:
            _echec(message, error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            _echec(message, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, Problem) as error:
            _echec(message, 0, str(error) or type(error).__name__)
        else:
            message.etat = EtatMessage.ENVOYE
            message.envoye_le = now()
            message.derniere_erreur = ""
        log.info("envoi.essai", message=str(message.id), gabarit=message.gabarit, etat=message.etat, essais=message.essais)
        session.add(message)
    return True


def _echec(message: Message, code: int, raison: str) -> None:
    suivant = None if est_definitif(code) else prochain_essai(message.essais, message.depose_le, now())
    message.derniere_erreur = f"{code} {raison}".strip()
    if suivant is None:
        message.etat = EtatMessage.ABANDONNE
    else:
        message.etat = EtatMessage.REESSAYE
        message.prochain_essai = suivant


async def _composer(context: Context, settings: Settings, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = formataddr((message.destinataire, message.adresse))
    mail["Reply-To"] = message.repondre_a
    mail["Subject"] = message.sujet
    mail["Date"] = format_datetime(message.depose_le)
    mail["Message-ID"] = f"<{message.id}@inscription-en-ligne>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.texte)
    mail.add_alternative(message.html, subtype="html")
    if message.document_id is not None:
        document: DocumentLu = await context.bus.request(LireDocument(document_id=message.document_id))
        genre, _, sous_genre = document.type_mime.partition("/")
        contenu = base64.b64decode(document.contenu_base64)
        mail.add_attachment(contenu, maintype=genre, subtype=sous_genre, filename=document.nom_fichier)
    if message.agenda is not None:
        mail.add_attachment(
            message.agenda.encode(), maintype="text", subtype="calendar", filename="formation.ics", params={"method": "PUBLISH"}
        )
    return mail


async def _remettre(settings: Settings, mail: EmailMessage) -> None:
    serveur = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=serveur.hostname,
        port=serveur.port,
        username=unquote(serveur.username) if serveur.username else None,
        password=unquote(serveur.password) if serveur.password else None,
        use_tls=serveur.scheme == "smtps",
        # None: use STARTTLS when the server offers it.
        start_tls=None if serveur.scheme == "smtp" else False,
        timeout=SMTP_SECONDES,
    )
