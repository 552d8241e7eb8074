"""Mails as files: one `.eml` each, named by arrival."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

NAME = re.compile(r"^\d{20}-[0-9a-f]{8}$")
LINK = re.compile(r"https?://[^\s<>\"']+")
ENVELOPE = "X-Destinataire-Enveloppe"


@dataclass(frozen=True)
class Attachment:
    rang: int
    nom: str
    type_mime: str
    contenu: bytes


@dataclass(frozen=True)
class Mail:
    """A mail as received; `destinataires` are those of the envelope, copies included."""

    id: str
    recu_le: datetime
    de: str
    a: str
    copie: str
    destinataires: tuple[str, ...]
    objet: str
    texte: str
    html: str
    pieces_jointes: tuple[Attachment, ...]

    @property
    def liens(self) -> tuple[str, ...]:
        """Addresses of the text, each once, in order."""
        return tuple(dict.fromkeys(link.rstrip(".,;)") for link in LINK.findall(self.texte)))

    def concerns(self, to: str, subject: str) -> bool:
        return to.lower() in " ".join((*self.destinataires, self.a, self.copie)).lower() and subject.lower() in self.objet.lower()


class Store:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = lru_cache(maxsize=2000)(self._parse)

    def keep(self, content: bytes, recipients: list[str]) -> str:
        """Write a mail down, whole or not at all; its id."""
        identifier = f"{time.time_ns():020d}-{uuid4().hex[:8]}"
        envelope = b"".join(f"{ENVELOPE}: {recipient}\r\n".encode() for recipient in recipients)
        temporary = self._folder / f".{identifier}"
        temporary.write_bytes(envelope + content)
        temporary.rename(self._folder / f"{identifier}.eml")
        return identifier

    def ids(self) -> list[str]:
        """Newest first."""
        return sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)

    def search(self, to: str = "", subject: str = "") -> Iterator[Mail]:
        """Newest first, those whose addresses and subject contain these words."""
        return (mail for mail in map(self._read, self.ids()) if mail.concerns(to, subject))

    def get(self, identifier: str) -> Mail | None:
        if not NAME.match(identifier) or not self._path(identifier).exists():
            return None
        return self._read(identifier)

    def _path(self, identifier: str) -> Path:
        return self._folder / f"{identifier}.eml"

    def _parse(self, identifier: str) -> Mail:
        message = BytesParser(policy=policy.default).parsebytes(self._path(identifier).read_bytes())
        return Mail(
            id=identifier,
            recu_le=datetime.fromtimestamp(int(identifier.split("-", maxsplit=1)[0]) / 1e9, UTC),
            de=str(message["From"] or ""),
            a=str(message["To"] or ""),
            copie=str(message["Cc"] or ""),
            destinataires=tuple(str(value) for value in message.get_all(ENVELOPE, [])),
            objet=str(message["Subject"] or "(sans objet)"),
            texte=_body(message, "plain"),
            html=_body(message, "html"),
            pieces_jointes=tuple(_attachments(message)),
        )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for rank, part in enumerate(message.iter_attachments()):
        content = part.get_payload(decode=True)
        name = part.get_filename() or f"piece-{rank + 1}"
        yield Attachment(rank, name, part.get_content_type(), content if isinstance(content, bytes) else b"")
