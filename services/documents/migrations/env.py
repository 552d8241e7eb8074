"""Alembic's entry: the models of this service, the plumbing of the kit."""

from services.documents.models import Table
from services.kit.migrate import run

run(Table.metadata)
