"""The operator's side: `python -m services.kit.dead_letters list|replay --service inscriptions [--id 12]`.

Talks to the running service over NATS, as that service: reads IEL_NATS_URL, IEL_NATS_PASSWORD and, when it is not the name
of the service, IEL_NATS_USER.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import nats.errors
import typer
from pydantic import ValidationError

from services.kit import logs
from services.kit.bus import Bus
from services.kit.dead_letters import DeadLetterList, DeadLetterPublic, ListDeadLetters, Replayed, requests_of
from services.kit.french import NBSP
from services.kit.problems import Problem
from services.kit.settings import ServiceSettings

CONNECT_SECONDS = 5
REPLAY_SECONDS = 30.0

cli = typer.Typer(help=f"Messages abandonnés par un service{NBSP}: les lister, les rejouer.", no_args_is_help=True)
Service = Annotated[str, typer.Option(help="Nom du service, par exemple inscriptions.")]
Number = Annotated[
    int | None, typer.Option("--id", help="Numéro d’un message. Sans lui, tous sont rejoués, du plus ancien au plus récent.")
]


@cli.command("list")
def show(service: Service) -> None:
    """Liste les messages abandonnés qui n’ont pas été rejoués."""
    letters = asyncio.run(_list(service))
    for letter in letters:
        typer.echo(f"n°{NBSP}{letter.id}\t{letter.received_at}\t{letter.consumer}\t{letter.subject}\t{letter.reason}")
    if not letters:
        typer.echo("Aucun message abandonné.")


@cli.command()
def replay(service: Service, number: Number = None) -> None:
    """Rejoue un message abandonné, ou tous."""
    if not asyncio.run(_replay(service, number)):
        raise typer.Exit(1)


async def _list(service: str) -> list[DeadLetterPublic]:
    listing, _ = requests_of(service)
    async with _bus(service) as bus:
        return await _waiting(bus, listing)


async def _replay(service: str, number: int | None) -> bool:
    """Whether every message was handled this time."""
    listing, replaying = requests_of(service)
    async with _bus(service) as bus:
        numbers = [number] if number is not None else [letter.id for letter in await _waiting(bus, listing)]
        outcomes: dict[int, Replayed] = {id_: await bus.request(replaying(id=id_), timeout=REPLAY_SECONDS) for id_ in numbers}
    for id_, outcome in outcomes.items():
        typer.echo(f"n°{NBSP}{id_}{NBSP}: " + ("rejoué" if outcome.replayed else f"toujours en échec ({outcome.reason})"))
    if not outcomes:
        typer.echo("Aucun message abandonné.")
    return all(outcome.replayed for outcome in outcomes.values())


async def _waiting(bus: Bus, listing: type[ListDeadLetters]) -> list[DeadLetterPublic]:
    found: DeadLetterList = await bus.request(listing())
    return found.elements


@asynccontextmanager
async def _bus(service: str) -> AsyncIterator[Bus]:
    # The command says by itself, in one sentence, what goes wrong.
    logs.configure(service, "CRITICAL")
    try:
        settings = ServiceSettings(service=service, port=0, jwks_url="", public_url="")
    except ValidationError:
        raise _sorry("Donnez l’adresse de NATS dans IEL_NATS_URL, et le mot de passe du service dans IEL_NATS_PASSWORD.") from None
    bus = Bus(settings.model_copy(update={"nats_user": settings.nats_user or service}))
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await bus.connect()
        yield bus
    except (TimeoutError, nats.errors.Error):
        raise _sorry("NATS ne répond pas, ou refuse ce mot de passe. Vérifiez IEL_NATS_URL et IEL_NATS_PASSWORD.") from None
    except Problem as problem:
        raise _sorry(f"Le service {service} ne répond pas{NBSP}: {problem.title}") from None
    finally:
        await bus.close()


def _sorry(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


if __name__ == "__main__":
    cli()
