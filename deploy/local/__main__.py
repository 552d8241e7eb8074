"""`python -m deploy.local up|down|reset|status|logs|demo`: the commands behind `make`."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from deploy.local import commands
from deploy.local.console import errors
from deploy.local.failures import LaunchError
from deploy.local.settings import StackSettings

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="La plateforme entière sur cette machine.", pretty_exceptions_enable=False
)


def run(command: Callable[[StackSettings], int]) -> None:
    """Run a command; what it cannot do is one sentence on the error output, and exit code 1."""
    try:
        code = command(_settings())
    except LaunchError as error:
        errors.print(f"[bold red]✗[/] {escape(str(error))}", soft_wrap=True)
        code = 1
    raise typer.Exit(code)


def _settings() -> StackSettings:
    try:
        return StackSettings()
    except ValidationError as error:
        wrong = ", ".join(f"IEL_{str(one['loc'][0]).upper()}" for one in error.errors())
        raise LaunchError(f"Ces variables d’environnement n’ont pas une valeur possible\u00a0: {wrong}.") from error


@app.command()
def up(*, detach: Annotated[bool, typer.Option("--detach", help="Rendre la main quand tout est prêt.")] = False) -> None:
    """Démarrer tout, et rester jusqu’à Ctrl-C."""
    run(commands.up_detached if detach else commands.up)


@app.command()
def down() -> None:
    """Arrêter tout, et garder les données."""
    run(commands.down)


@app.command()
def reset() -> None:
    """Arrêter tout, et effacer les données."""
    run(commands.reset)


@app.command()
def status() -> None:
    """Dire ce qui est prêt ; code 0 seulement quand tout l’est."""
    run(commands.show_state)


@app.command()
def logs(name: Annotated[str | None, typer.Argument(help="Un programme ; tous sinon.")] = None) -> None:
    """Suivre les journaux."""
    run(lambda settings: commands.logs(settings, name))


@app.command()
def demo() -> None:
    """Jouer la démonstration ; démarrer ce qui manque, puis l’arrêter."""
    run(commands.demo)


if __name__ == "__main__":
    sys.exit(app())
