"""What the launcher shows: one coloured line an event, and tables."""

import csv
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.local.settings import ROOT, StackSettings
from deploy.local.status import ProgramStatus
from deploy.local.supervisor import Happening, Tone

ACCOUNTS = ROOT / "deploy" / "demo" / "comptes.csv"
STYLES = {Tone.INFO: "dim", Tone.READY: "green", Tone.WARNING: "yellow", Tone.ERROR: "bold red"}
SIGNS = {Tone.INFO: "·", Tone.READY: "✓", Tone.WARNING: "!", Tone.ERROR: "✗"}

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def show(happening: Happening) -> None:
    """One line: when, what program, what happened; a sign says it as well as the colour."""
    style = STYLES[happening.tone]
    instant = datetime.now().astimezone().strftime("%H:%M:%S")
    console.print(
        f"[dim]{instant}[/] [{style}]{SIGNS[happening.tone]}[/] [bold]{happening.who:<26}[/] [{style}]{escape(happening.text)}[/]",
        soft_wrap=True,
    )


def show_addresses(settings: StackSettings) -> None:
    table = Table(title="Inscription en ligne", show_header=False, title_justify="left", title_style="bold green")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row("Application", settings.public_url)
    if settings.gateway_url is None:
        table.add_row("en HTTPS", f"https://localhost:{settings.port_gateway_tls}")
    if settings.mailbox_url:
        table.add_row("Courrier envoyé", settings.mailbox_url)
    if settings.temporal_ui:
        table.add_row("Circuits (Temporal)", settings.temporal_ui)
    table.add_row("Journaux", str(settings.state_dir / "logs"))
    console.print(table)
    _show_accounts()


def _show_accounts() -> None:
    if not ACCOUNTS.exists():
        return
    with ACCOUNTS.open(encoding="utf-8-sig", newline="") as file:
        accounts = [row for row in csv.DictReader(file, delimiter=";") if row["presentation"]]
    table = Table(title="Comptes de démonstration", title_justify="left", title_style="bold green")
    table.add_column("Identifiant", style="bold", no_wrap=True)
    table.add_column("Mot de passe", no_wrap=True)
    table.add_column("Qui")
    for row in accounts:
        table.add_row(row["identifiant"], row["mot_de_passe"], f"{row['prenom']} {row['nom']}, {row['presentation']}")
    console.print(table)


def show_status(programs: list[ProgramStatus]) -> None:
    table = Table()
    for heading in ("Programme", "Pid", "Port", "État"):
        table.add_column(heading, no_wrap=heading != "État")
    for one in programs:
        state = "[green]✓ prêt[/]" if one.ready else f"[red]✗ {escape(one.reason)}[/]"
        table.add_row(one.name, str(one.pid or "–"), ", ".join(map(str, one.ports)) or "–", state)
    console.print(table)
