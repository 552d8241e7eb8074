"""Errors as part of the product: one exception that becomes RFC 9457 on HTTP and travels typed over NATS."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

TYPE_PREFIX = "urn:iel:probleme:"


class FieldError(BaseModel):
    """What is wrong with one field, in words that say how to mend it."""

    champ: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457 body. `type` is `urn:iel:probleme:<slug>`; `title` and `detail` are French sentences. A kind may have members of its own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: list[FieldError] = []
    retry_after: int | None = None
    correlation_id: str | None = None


class Problem(Exception):  # noqa: N818 -- RFC 9457's word
    """Something the caller can understand and, often, mend.

    `slug` is stable and read by programs; `retry_after` is in seconds; `extras` are the members of its kind.
    """

    def __init__(
        self,
        slug: str,
        title: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        extras: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{slug}: {title}")
        self.slug = slug
        self.title = title
        self.status = int(status)
        self.detail = detail
        self.errors = list(errors)
        self.retry_after = retry_after
        self.extras = dict(extras or {})

    def body(self, instance: str = "", correlation_id: str | None = None) -> ProblemBody:
        return ProblemBody(
            type=TYPE_PREFIX + self.slug,
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=instance,
            errors=self.errors,
            retry_after=self.retry_after,
            correlation_id=correlation_id,
            **self.extras,
        )

    @staticmethod
    def from_body(body: ProblemBody) -> "Problem":
        return Problem(
            body.type.removeprefix(TYPE_PREFIX),
            body.title,
            status=body.status,
            detail=body.detail,
            errors=body.errors,
            retry_after=body.retry_after,
            extras=body.model_extra,
        )


class NotFound(Problem):
    def __init__(self, title: str, *, slug: str = "introuvable", detail: str = "") -> None:
        super().__init__(slug, title, status=HTTPStatus.NOT_FOUND, detail=detail)


class Forbidden(Problem):
    def __init__(self, title: str, *, slug: str = "interdit", detail: str = "") -> None:
        super().__init__(slug, title, status=HTTPStatus.FORBIDDEN, detail=detail)


class Unauthenticated(Problem):
    def __init__(self, title: str, *, slug: str = "non-authentifie", detail: str = "") -> None:
        super().__init__(slug, title, status=HTTPStatus.UNAUTHORIZED, detail=detail)


class Conflict(Problem):
    def __init__(self, slug: str, title: str, *, detail: str = "") -> None:
        super().__init__(slug, title, status=HTTPStatus.CONFLICT, detail=detail)


class Invalid(Problem):
    """The request is understood but a field is wrong: each error names its field."""

    def __init__(self, title: str, *, slug: str = "saisie-invalide", errors: Sequence[FieldError] = (), detail: str = "") -> None:
        super().__init__(slug, title, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors, detail=detail)


class Unavailable(Problem):
    """Something needed does not answer for now: try again after `retry_after` seconds."""

    def __init__(self, title: str, *, slug: str = "indisponible", detail: str = "", retry_after: int = 5) -> None:
        super().__init__(slug, title, status=HTTPStatus.SERVICE_UNAVAILABLE, detail=detail, retry_after=retry_after)
