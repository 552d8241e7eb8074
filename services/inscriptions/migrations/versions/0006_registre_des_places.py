"""The ledger in one order: each movement bears the version it led to, and every figure is the sum of what moved it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("mode_admission", sa.String(), nullable=False, server_default="sur_selection"))
    op.add_column("sessions", sa.Column("liste_attente", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("sessions", "mode_admission", server_default=None)
    op.alter_column("sessions", "liste_attente", server_default=None)
    ordonner_les_mouvements()
    distinguer_l_effectif_de_la_capacite()


def ordonner_les_mouvements() -> None:
    """Capacity was written whole at each change: it becomes what the change added, as the other figures are."""
    op.add_column("mouvements_places", sa.Column("rang", sa.Integer()))
    op.add_column("mouvements_places", sa.Column("effectif_attendu", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("mouvements_places", "effectif_attendu", server_default=None)
    op.execute(
        "update mouvements_places m set rang = o.rang from"
        " (select id, row_number() over (partition by session_id order by le, (inscription_id is null) desc, id) as rang"
        "  from mouvements_places) o where o.id = m.id"
    )
    op.execute(
        "update mouvements_places m set capacite = m.capacite - o.precedente, effectif_attendu = m.capacite - o.precedente from"
        " (select id, lag(capacite, 1, 0) over (partition by session_id order by rang) as precedente"
        "  from mouvements_places where inscription_id is null) o where o.id = m.id"
    )
    op.execute("update mouvements_places set cause = 'effectif' where inscription_id is null")
    op.drop_index("ix_mouvements_places_session_id", "mouvements_places")
    op.drop_constraint("mouvements_places_pkey", "mouvements_places", type_="primary")
    op.drop_column("mouvements_places", "id")
    op.create_primary_key("mouvements_places_pkey", "mouvements_places", ["session_id", "rang"])
    op.create_index("mouvements_places_inscription", "mouvements_places", ["inscription_id"])


def distinguer_l_effectif_de_la_capacite() -> None:
    """Where the effectif was lowered below the seats given, the capacity rises to these, by a movement as any other."""
    op.add_column("places", sa.Column("effectif_attendu", sa.Integer()))
    op.execute("update places set effectif_attendu = capacite")
    op.alter_column("places", "effectif_attendu", nullable=False)
    op.execute(
        "with mue as (update places set capacite = admises, version = version + 1 where admises > capacite"
        " returning session_id, version, capacite - effectif_attendu as ajout)"
        " insert into mouvements_places (session_id, rang, cause, effectif_attendu, capacite, recues, admises, en_attente, le)"
        " select session_id, version, 'effectif', 0, ajout, 0, 0, 0, now() from mue"
    )
    op.drop_constraint("places_capacity", "places", type_="check")
    op.create_check_constraint("places_jamais_survendues", "places", "admises <= capacite")
    op.create_check_constraint("places_effectif", "places", "effectif_attendu >= 0 and capacite >= effectif_attendu")


def downgrade() -> None:
    op.drop_constraint("places_jamais_survendues", "places", type_="check")
    op.drop_constraint("places_effectif", "places", type_="check")
    op.execute("update places set capacite = effectif_attendu")
    op.drop_column("places", "effectif_attendu")
    op.create_check_constraint("places_capacity", "places", "capacite >= 0")
    op.execute(
        "update mouvements_places m set capacite = o.total, cause = 'capacite' from"
        " (select session_id, rang, sum(effectif_attendu) over (partition by session_id order by rang) as total from mouvements_places) o"
        " where o.session_id = m.session_id and o.rang = m.rang and m.inscription_id is null"
    )
    op.execute("update mouvements_places set capacite = 0 where inscription_id is not null")
    op.drop_index("mouvements_places_inscription", "mouvements_places")
    op.drop_constraint("mouvements_places_pkey", "mouvements_places", type_="primary")
    op.add_column("mouvements_places", sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")))
    op.alter_column("mouvements_places", "id", server_default=None)
    op.create_primary_key("mouvements_places_pkey", "mouvements_places", ["id"])
    op.create_index("ix_mouvements_places_session_id", "mouvements_places", ["session_id"])
    op.drop_column("mouvements_places", "effectif_attendu")
    op.drop_column("mouvements_places", "rang")
    op.drop_column("sessions", "mode_admission")
    op.drop_column("sessions", "liste_attente")
