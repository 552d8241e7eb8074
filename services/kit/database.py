"""PostgreSQL: one engine a service, one transaction a use case."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession


class Database:
    """Transactions on the service's own database. `url` is `postgresql+psycopg://…`."""

    def __init__(self, url: str, pool: int = 10) -> None:
        self.url = url
        self._engine = create_async_engine(url, pool_size=pool, max_overflow=0, pool_pre_ping=True, pool_timeout=10)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends well, roll back otherwise."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def ping(self) -> None:
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def dispose(self) -> None:
        await self._engine.dispose()
