"""What documents says and can be asked."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.contracts.base import Event, Message, Request


class DocumentArchive(Event):
    """A document was made and archived."""

    subject_prefix: ClassVar[str] = "documents.v1.document.archive"

    document_id: UUID
    inscription_id: UUID
    genre: str
    reference: str
    empreinte: str

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id


class DocumentProduit(Message):
    document_id: UUID
    reference: str
    deja_fait: bool = False


class ProduireConvocation(Request[DocumentProduit]):
    """Make and archive the convocation of an accepted request. Idempotent by request."""

    subject: ClassVar[str] = "rpc.documents.v1.convocation.produire"
    reply: ClassVar[type[Message]] = DocumentProduit

    inscription_id: UUID


class DocumentLu(Message):
    nom_fichier: str
    type_mime: str
    contenu_base64: str


class LireDocument(Request[DocumentLu]):
    """The bytes of a document, for a mail. 700 kB at most (the bus carries 1 MB)."""

    subject: ClassVar[str] = "rpc.documents.v1.document.lire"
    reply: ClassVar[type[Message]] = DocumentLu

    document_id: UUID


class ComposerLettre(Request[DocumentLu]):
    """The letter by which a délégation gives a collectivité its code. Nothing is kept of it: asked again, it is made again.

    `adresse` are the lines under the name of the collectivité, if they are known. The password goes by mail to `email`, and is
    not in the letter.
    """

    subject: ClassVar[str] = "rpc.documents.v1.lettre.composer"
    reply: ClassVar[type[Message]] = DocumentLu

    delegation: str
    delegation_ville: str
    delegation_email: str
    collectivite: str
    siret: str
    adresse: tuple[str, ...] = ()
    email: str
    code: str
    expire_le: datetime
    ecrite_le: datetime
