"""Alembic's entry: the models of this service, the plumbing of the kit."""

from services.kit.migrate import run
from services.notifications.models import Table

run(Table.metadata)
