"""French typography for dates, hours and numbers, as printed on paper, pages and mails."""

from datetime import date, datetime, time

from babel.dates import format_date

from services.kit.clock import PARIS

NBSP = "\N{NO-BREAK SPACE}"
NNBSP = "\N{NARROW NO-BREAK SPACE}"


def date_longue(jour: date) -> str:
    """`1er mars 2027`, `23 novembre 2026`; an instant is taken at its Paris date."""
    if isinstance(jour, datetime):
        jour = jour.astimezone(PARIS).date()
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{NBSP}{format_date(jour, 'MMMM', locale='fr')}{NBSP}{jour.year}"


def jour_et_date(jour: date) -> str:
    """`lundi 1er mars 2027`."""
    if isinstance(jour, datetime):
        jour = jour.astimezone(PARIS).date()
    return f"{format_date(jour, 'EEEE', locale='fr')} {date_longue(jour)}"


def heure(moment: time) -> str:
    """`9 h`, `9 h 30`."""
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def instant_long(instant: datetime) -> str:
    """`lundi 1er mars 2027 à 9 h 30`, in Paris."""
    local = instant.astimezone(PARIS)
    return f"{jour_et_date(local)} à {heure(local.time())}"


def nombre(valeur: float) -> str:
    """`1 250`, `7,5`: narrow no-break space in thousands, comma for decimals."""
    texte = f"{valeur:,.2f}".rstrip("0").rstrip(".") if isinstance(valeur, float) else f"{valeur:,}"
    return texte.replace(",", NNBSP).replace(".", ",")
