from django.db import migrations

PHONE = "replace(replace(replace(phone, ' ', ''), '.', ''), '-', '')"
INDEXES = {
    "dossier_code_backwards": "desk_dossier (reverse(code) text_pattern_ops)",
    "party_phone_backwards": f"desk_party (reverse({PHONE}) text_pattern_ops) WHERE NOT (phone = '')",
    "identifier_backwards": "desk_partyidentifier (reverse(value) text_pattern_ops)",
}


def index_endings(apps, schema_editor):
    """Give PostgreSQL the indexes by which `desk.needles.ended` finds endings; SQLite reads them."""
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {columns}")


def forget_endings(apps, schema_editor):
    """Take the indexes off again."""
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("desk", "0007_saved_views")]

    operations = [migrations.RunPython(index_endings, forget_endings)]
