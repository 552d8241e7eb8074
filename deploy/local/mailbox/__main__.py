"""The SMTP sink and its page, in one process: `python -m deploy.local.mailbox`."""

import asyncio
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.mailbox.page import build_page
from deploy.local.mailbox.store import Store


class MailboxSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore")

    host: str
    port_smtp: int
    port_mailbox: int
    mailbox_dir: Path


class Sink:
    """Accepts every mail for everybody."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.original_content or b""
        identifier = await asyncio.to_thread(self._store.keep, content, envelope.rcpt_tos)
        return f"250 OK {identifier}"


async def serve(settings: MailboxSettings) -> None:
    store = Store(settings.mailbox_dir)
    sink = Sink(store)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="courrier.localhost", loop=loop), settings.host, settings.port_smtp
    )
    async with smtp:
        page = uvicorn.Config(build_page(store), host=settings.host, port=settings.port_mailbox, log_level="warning", access_log=False)
        await uvicorn.Server(page).serve()


if __name__ == "__main__":
    asyncio.run(serve(MailboxSettings()))
