"""Keep the agencies that take part in a procedure, as the source writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="procedure",
            name="coordinating_agency",
            field=models.TextField(
                blank=True,
                help_text="As the source writes them; they don't decide",
                verbose_name="agencies that take part",
            ),
        ),
    ]
