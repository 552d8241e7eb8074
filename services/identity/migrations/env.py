from services.identity.models import Table
from services.kit.migrate import run

run(Table.metadata)
