"""Sending: each queued message leaves by SMTP, is tried again, or is given up, and its row says so.

A row is held by its sender while SMTP answers, so that several replicas never send it at once. A crash between the
acceptance by SMTP and the commit sends it again, under the same Message-ID: mail servers and clients recognise it.
"""

import asyncio
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.kit.clock import now
from services.kit.context import Context
from services.kit.french import NBSP
from services.kit.logs import get_logger
from services.kit.problems import Problem
from services.kit.wake import Wake
from services.notifications import repository
from services.notifications.courriel import AdresseInvalideError, CourrielPerimeError, composer_courriel
from services.notifications.domain import Echec, EtatMessage, est_definitif, prochain_essai
from services.notifications.models import Message
from services.notifications.settings import Settings

A_LA_FOIS = 4
SMTP_SECONDES = 20.0

# The first that fits.
RAISONS: tuple[tuple[type[Exception], str], ...] = (
    (AdresseInvalideError, "Cette adresse n’en est pas une"),
    (CourrielPerimeError, "Le lien que portait ce message ne sert plus"),
    (aiosmtplib.SMTPRecipientRefused, "Adresse refusée par le serveur de courriel"),
    (aiosmtplib.SMTPDataError, "Message refusé par le serveur de courriel"),
    (aiosmtplib.SMTPResponseException, "Le serveur de courriel n’accepte pas nos envois"),
    (aiosmtplib.SMTPException, "Le serveur de courriel ne répond pas"),
    (OSError, "Le serveur de courriel ne répond pas"),
    (Problem, "La pièce jointe n’est pas disponible"),
    (Exception, "Le message n’a pas pu être préparé"),
)

log = get_logger(__name__)


async def envoyer_sans_fin(context: Context) -> None:
    """Send what is due until cancelled: at each NOTIFY, and every few seconds for what waits for a new try."""
    reveil = Wake(context.database.url, repository.CANAL)
    async with asyncio.TaskGroup() as group:
        group.create_task(reveil.listen())
        for _ in range(A_LA_FOIS):
            group.create_task(_vider_sans_fin(context, reveil))


async def _vider_sans_fin(context: Context, reveil: Wake) -> None:
    """One sender. It shares its alarm with the others: whoever clears it looks afterwards, so that nothing is missed."""
    while True:
        reveil.clear()
        try:
            while await envoyer_le_suivant(context):
                pass
        except Exception:
            log.exception("envoi.interrompu")
        await reveil.wait()


async def envoyer_le_suivant(context: Context) -> bool:
    """Send one message that is due; False when there is none."""
    async with context.database.transaction() as session:
        message = await repository.a_envoyer(session, now())
        if message is None:
            return False
        _noter(message, await _essayer(context, message))
        log.info("envoi.essai", message=str(message.id), gabarit=message.gabarit, etat=message.etat, essais=message.essais)
        session.add(message)
    return True


def _noter(message: Message, echec: Echec | None) -> None:
    message.essais += 1
    if echec is None:
        message.etat = EtatMessage.ENVOYE
        message.envoye_le = now()
        message.derniere_erreur = ""
        return
    message.derniere_erreur = echec.raison
    suivant = None if echec.definitif else prochain_essai(message.essais, message.depose_le, now())
    if suivant is None:
        message.etat = EtatMessage.ABANDONNE
    else:
        message.etat = EtatMessage.REESSAYE
        message.prochain_essai = suivant


async def _essayer(context: Context, message: Message) -> Echec | None:
    """None when the server took the message."""
    settings = context.settings_as(Settings)
    try:
        await _remettre(settings, await composer_courriel(context, message, expediteur=settings.mail_from))
    except Exception as error:  # noqa: BLE001 -- one message that cannot be made must not keep the others waiting
        # Its text may hold an address, which has no business in a log.
        log.warning("envoi.echec", message=str(message.id), error=type(error).__name__)
        return _echec(error)
    return None


def _echec(error: Exception) -> Echec:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    raison = next(raison for genre, raison in RAISONS if isinstance(error, genre))
    precision = _precision(error)
    return Echec(f"{raison}{NBSP}: {precision}" if precision else f"{raison}.", definitif=_est_definitif(error))


def _est_definitif(error: Exception) -> bool:
    """Only what the server says of this address or of this text is final: a wrong password, a refused sender or a server that
    is away are mended by the operator, and the mail leaves then.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return est_definitif(error.code)
    return isinstance(error, AdresseInvalideError | CourrielPerimeError)


def _precision(error: Exception) -> str:
    match error:
        case aiosmtplib.SMTPResponseException():
            return f"{error.code} {error.message}"
        case aiosmtplib.SMTPException() | OSError():
            return str(error)
        case Problem():
            return error.title
    return ""


async def _remettre(settings: Settings, mail: EmailMessage) -> None:
    serveur = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=serveur.hostname,
        port=serveur.port,
        username=unquote(serveur.username) if serveur.username else None,
        password=unquote(serveur.password) if serveur.password else None,
        use_tls=serveur.scheme == "smtps",
        # None: when the server offers it.
        start_tls={"smtp": None, "starttls": True, "smtps": False}[serveur.scheme],
        timeout=SMTP_SECONDES,
    )
