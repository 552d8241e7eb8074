"""Many rows written by one statement, whatever their number."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def insert_rows(session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns. They travel as one JSON parameter: thousands of binds cost more than the writing."""
    if not rows:
        return
    name, columns = table.__tablename__, ", ".join(rows[0])
    statement = f"insert into {name} ({columns}) select {columns} from jsonb_populate_recordset(null::{name}, cast(:rows as jsonb))"  # noqa: S608 -- names of ours
    await session.execute(text(statement), {"rows": json.dumps([dict(row) for row in rows], default=_plain)})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no column holds a {type(value).__name__}")
