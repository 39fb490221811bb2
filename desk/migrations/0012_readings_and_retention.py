import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from desk import triggers


def protect(apps, schema_editor):
    triggers.install(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_catalogue_import'),
        ('desk', '0011_result_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='anonymised_at',
            field=models.DateTimeField(blank=True, help_text='Nothing of its people is kept any more', null=True, verbose_name='anonymised at'),
        ),
        migrations.CreateModel(
            name='ReadingReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('why', models.CharField(choices=[('asked', 'the person asks about it'), ('check', 'I check how work is done'), ('complaint', 'a complaint or feedback is being settled'), ('related', 'another dossier of the same matter needs it'), ('colleague', 'a colleague asked me to help'), ('other', 'something else')], max_length=10, verbose_name='reason')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reading_reasons', to='desk.dossier')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DossierReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_name', models.CharField(max_length=300, verbose_name='name')),
                ('by_role', models.CharField(choices=[('clerk', 'clerk at the counter'), ('handler', 'handler'), ('approver', 'approver'), ('head', 'head of the centre'), ('supervisor', 'supervisor of the province'), ('contractor', 'contracted or postal staff'), ('editor', 'editor of the catalogue'), ('publisher', 'approver of the catalogue')], max_length=12, verbose_name='role')),
                ('by_title', models.CharField(blank=True, max_length=150, verbose_name='title')),
                ('by_unit', models.CharField(blank=True, max_length=300, verbose_name='unit')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('span', models.PositiveIntegerField()),
                ('what', models.CharField(choices=[('page', 'the dossier'), ('file', 'its files'), ('slip', 'its slips'), ('intake', 'people filled in from it'), ('register', 'the register'), ('export', 'a workbook'), ('person', 'the data given to the person')], max_length=10, verbose_name='what')),
                ('is_own', models.BooleanField(verbose_name='own work')),
                ('why', models.CharField(blank=True, choices=[('asked', 'the person asks about it'), ('check', 'I check how work is done'), ('complaint', 'a complaint or feedback is being settled'), ('related', 'another dossier of the same matter needs it'), ('colleague', 'a colleague asked me to help'), ('other', 'something else')], max_length=10, verbose_name='reason')),
                ('by_agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.agency')),
                ('dossier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='desk.dossier')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='desk.readingreason')),
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('years', models.PositiveSmallIntegerField(blank=True, help_text='After it was handed over or settled. Empty: kept for good', null=True, verbose_name='years')),
                ('source', models.CharField(help_text='The law or decision that says so', max_length=300, verbose_name='source')),
                ('field', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='retention', to='catalogue.field')),
                ('procedure', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='retention', to='catalogue.procedure')),
            ],
            options={
                'verbose_name': 'time for which data are kept',
                'verbose_name_plural': 'times for which data are kept',
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('set_at', models.DateTimeField(verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='desk.dossier')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['dossier'], name='hold_in_force')],
            },
        ),
        migrations.AddConstraint(
            model_name='readingreason',
            constraint=models.UniqueConstraint(fields=('dossier', 'reader', 'day'), name='reading_reason_once_a_day'),
        ),
        migrations.AddIndex(
            model_name='dossierreading',
            index=models.Index(fields=['by_agency', 'is_own', '-id'], name='reading_by_agency'),
        ),
        migrations.AddIndex(
            model_name='dossierreading',
            index=models.Index(fields=['is_own', '-id'], name='reading_not_own_first'),
        ),
        migrations.AddIndex(
            model_name='dossierreading',
            index=models.Index(fields=['at'], name='reading_at'),
        ),
        migrations.AddConstraint(
            model_name='dossierreading',
            constraint=models.UniqueConstraint(fields=('dossier', 'reader', 'what', 'is_own', 'span'), name='reading_once_a_span'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('procedure__isnull', True), ('field__isnull', True), _connector='OR'), name='retention_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.UniqueConstraint(fields=('procedure', 'field'), name='retention_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('years__isnull', True), ('years__gte', 1), _connector='OR'), name='retention_years_possible'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='retention_has_source'),
        ),
        migrations.RunPython(protect, unprotect),
    ]
