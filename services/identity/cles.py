"""The operator's side of the signing keys: `python -m services.identity.cles rotation|retrait|liste`.

Reads IEL_JWT_KEYS_FILE, the file that the running identity uses and takes up by itself, and IEL_DUREE_ACCES when tokens do not
live ten minutes. Nobody is logged out by a rotation: the new key is published before it signs, and the old one stays published
until the last token it signed is dead.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.identity.domain import cles as regles
from services.identity.fichier_de_cles import Paire, lire, remplacer
from services.kit.clock import now
from services.kit.french import NBSP, instant_long

cli = typer.Typer(help=f"Clés qui signent les jetons d’accès{NBSP}: les voir, en changer sans rien arrêter.", no_args_is_help=True)


class Reglages(BaseSettings):
    """What the command is told by its environment, as the service is."""

    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore")

    jwt_keys_file: Path
    duree_acces: timedelta = timedelta(minutes=10)


@cli.command()
def liste() -> None:
    """Dit de chaque clé si elle signera, signe, vérifie seulement, ou peut être retirée."""
    reglages = _reglages()
    cles = _lues(reglages.jwt_keys_file)
    for cle in cles:
        typer.echo(f"{cle.kid}\t{_etat(cle, cles, reglages.duree_acces, now())}")


@cli.command()
def rotation() -> None:
    """Ajoute une clé, publiée aussitôt, qui signera une fois connue de tous."""
    fichier = _reglages().jwt_keys_file
    _lues(fichier)
    nouvelle = Paire.nouvelle(now() + regles.AVANT_DE_SIGNER)
    remplacer(fichier, lambda cles: [*cles, nouvelle])
    typer.echo(f"Clé {nouvelle.kid} ajoutée et publiée. Elle signera dans deux minutes, sans rien redémarrer.")


@cli.command()
def retrait() -> None:
    """Retire les clés dont tous les jetons ont expiré."""
    reglages = _reglages()
    _lues(reglages.jwt_keys_file)
    maintenant = now()
    retirees: list[str] = []

    def vivantes(cles: Sequence[Paire]) -> Sequence[Paire]:
        mortes = [cle for cle in cles if regles.est_morte(cle, cles, reglages.duree_acces, maintenant)]
        retirees.extend(cle.kid for cle in mortes)
        return [cle for cle in cles if cle not in mortes]

    remplacer(reglages.jwt_keys_file, vivantes)
    for kid in retirees:
        typer.echo(f"Clé {kid} retirée.")
    cles = _lues(reglages.jwt_keys_file)
    for cle in cles:
        fin = regles.morte_le(cle, cles, reglages.duree_acces)
        if fin is not None:
            typer.echo(f"Clé {cle.kid} gardée{NBSP}: ses derniers jetons expirent le {instant_long(fin)}.")
    if not retirees:
        typer.echo("Aucune clé à retirer pour le moment.")


def _etat(cle: Paire, cles: Sequence[Paire], duree: timedelta, maintenant: datetime) -> str:
    fin = regles.morte_le(cle, cles, duree)
    if cle.signe_des > maintenant:
        return f"publiée, signera le {instant_long(cle.signe_des)}"
    if regles.signataire(cles, maintenant) == cle:
        return "signe"
    if fin is None or fin > maintenant:
        return "vérifie seulement" + (f", jusqu’au {instant_long(fin)}" if fin else "")
    return "à retirer"


def _reglages() -> Reglages:
    try:
        return Reglages()
    except ValidationError:
        raise _desole(
            "Donnez le fichier des clés dans IEL_JWT_KEYS_FILE, et une durée dans IEL_DUREE_ACCES si vous l’avez changée."
        ) from None


def _lues(fichier: Path) -> tuple[Paire, ...]:
    try:
        return lire(fichier)
    except OSError:
        raise _desole(f"Le fichier {fichier} ne peut pas être lu. Le service identity le crée à son premier démarrage.") from None
    except ValueError as erreur:
        raise _desole(str(erreur)) from None


def _desole(phrase: str) -> typer.Exit:
    typer.echo(phrase, err=True)
    return typer.Exit(2)


if __name__ == "__main__":
    cli()
