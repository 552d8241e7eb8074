"""PostgreSQL: one engine a service, one transaction a use case."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy.ext.asyncio
import sqlalchemy.orm
import sqlmodel
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

OUTAGES = (OperationalError, PoolTimeoutError)
"""What is raised when the database is away, or has no connection left: no fault of what was asked."""


def libpq(url: str) -> str:
    """The address as PostgreSQL's own library reads it, from SQLAlchemy's `postgresql+psycopg://…`."""
    return url.replace("postgresql+psycopg://", "postgresql://")


class _SyncSession(sqlmodel.Session):
    def execute(self, *args: Any, **kwargs: Any) -> Any:
        return sqlalchemy.orm.Session.execute(self, *args, **kwargs)


class Session(AsyncSession):
    """SQLModel's session, with SQLAlchemy's own `execute`.

    SQLModel deprecates `execute` in favour of `exec`, made for selects of models; set-based statements and their rows
    need the former.
    """

    sync_session_class = _SyncSession

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return await sqlalchemy.ext.asyncio.AsyncSession.execute(self, *args, **kwargs)


class Database:
    """Transactions on the service's own database. `url` is `postgresql+psycopg://…`."""

    def __init__(self, url: str, pool: int = 10) -> None:
        self.url = url
        self._engine = create_async_engine(
            url,
            pool_size=pool,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            connect_args={"connect_timeout": 5},
            # The values of a statement that failed are often somebody's name or mail: they have no business in a log.
            hide_parameters=True,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends well, roll back otherwise."""
        async with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def ping(self) -> None:
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def dispose(self) -> None:
        await self._engine.dispose()
