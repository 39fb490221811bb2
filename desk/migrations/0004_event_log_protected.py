from django.db import migrations, models

from desk import triggers


def protect(apps, schema_editor):
    triggers.install(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0003_file_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnchoredDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('seal', models.CharField(max_length=64)),
            ],
        ),
        migrations.AddIndex(
            model_name='dossierevent',
            index=models.Index(fields=['at'], name='event_at'),
        ),
        migrations.RunPython(protect, unprotect),
    ]
