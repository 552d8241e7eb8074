"""The calendar entry of a convocation: one event a day of training, in Paris time, with ids that never change."""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from services.contracts.inscriptions import Dossier
from services.kit.clock import PARIS
from services.kit.french import NBSP


def agenda(dossier: Dossier, etabli_le: datetime) -> bytes:
    """An iCalendar file (RFC 5545). `etabli_le` stamps it; the UID of a day is that of the request and of its date."""
    calendrier = Calendar()
    calendrier.add("prodid", "-//Inscription en ligne//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", "PUBLISH")
    for regroupement in dossier.regroupements:
        jour = regroupement.debut
        while jour <= regroupement.fin:
            evenement = Event()
            evenement.add("uid", f"{dossier.inscription_id}-{jour:%Y%m%d}@inscription-en-ligne")
            evenement.add("sequence", 0)
            evenement.add("dtstamp", etabli_le)
            evenement.add("dtstart", datetime.combine(jour, regroupement.heure_debut, PARIS))
            evenement.add("dtend", datetime.combine(jour, regroupement.heure_fin, PARIS))
            evenement.add("summary", f"Formation{NBSP}: {dossier.intitule}")
            evenement.add("location", dossier.adresse or dossier.lieu)
            evenement["description"] = vText(f"{dossier.session_code} – {dossier.structure_nom}\nConvocation{NBSP}: {dossier.lien}")
            if dossier.conseiller_email:
                evenement.add("organizer", vCalAddress(f"mailto:{dossier.conseiller_email}", params={"CN": dossier.conseiller}))
            calendrier.add_component(evenement)
            jour += timedelta(days=1)
    annees = [jour.year for regroupement in dossier.regroupements for jour in (regroupement.debut, regroupement.fin)]
    calendrier.add_missing_timezones(date(min(annees), 1, 1), date(max(annees) + 1, 1, 1))
    contenu: bytes = calendrier.to_ical()
    return contenu
