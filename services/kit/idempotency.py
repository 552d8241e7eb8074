"""`Idempotency-Key`: a POST that is sent twice acts once and answers the same."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.problems import Problem

Reply = TypeVar("Reply", bound=BaseModel)


async def once(
    session: AsyncSession, *, key: str, scope: str, request: BaseModel, reply_model: type[Reply], action: Callable[[], Awaitable[Reply]]
) -> Reply:
    """The answer once given to `key` in `scope` (who calls, and what), else that of `action`, stored in the same transaction.

    Two calls at once: the second waits for the first's transaction. The same key with another body is a problem
    `cle-deja-utilisee` (422).
    """
    request_hash = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    mine = await session.execute(
        text(
            "insert into idempotency_keys (scope, key, request_hash) values (:scope, :key, :hash)"
            " on conflict (scope, key) do nothing returning key"
        ),
        {"scope": scope, "key": key, "hash": request_hash},
    )
    if mine.first() is None:
        known = (
            await session.execute(
                text("select request_hash, reply from idempotency_keys where scope = :scope and key = :key"), {"scope": scope, "key": key}
            )
        ).one()
        if known.request_hash != request_hash:
            raise Problem(
                "cle-deja-utilisee",
                "Cette clé d’idempotence a déjà servi pour une autre demande.",
                status=422,
                detail="Employez une nouvelle valeur d’en-tête Idempotency-Key pour chaque demande différente.",
            )
        return reply_model.model_validate(known.reply)
    reply = await action()
    await session.execute(
        text("update idempotency_keys set reply = cast(:reply as jsonb) where scope = :scope and key = :key"),
        {"reply": reply.model_dump_json(), "scope": scope, "key": key},
    )
    return reply
