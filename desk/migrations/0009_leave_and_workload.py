
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_posting'),
        ('desk', '0008_endings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(help_text='It ends by itself at 24:00', verbose_name='last day')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('ended_at', models.DateTimeField(blank=True, help_text='Before its last day', null=True, verbose_name='ended at')),
            ],
            options={
                'ordering': ['first_day', 'pk'],
            },
        ),
        migrations.RemoveIndex(
            model_name='dossier',
            name='dossier_open_due',
        ),
        migrations.RemoveIndex(
            model_name='dossier',
            name='dossier_open_held',
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('state__in', [1, 2, 4, 5, 6])), fields=['due_at', 'id'], include=('state', 'procedure', 'holder', 'channel', 'submitted_at', 'system', 'step', 'holder_agency', 'received_by', 'decided_by', 'helped_by'), name='dossier_open_due'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('state__in', [1, 2, 4, 5, 6])), fields=['holder_agency', 'due_at', 'id'], include=('state', 'procedure', 'holder', 'channel', 'submitted_at', 'system', 'step', 'received_by', 'decided_by'), name='dossier_open_held'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('received_at__isnull', False), ('settled_at__isnull', False)), fields=['decided_by', 'settled_at', 'id'], include=('settlement', 'state', 'procedure'), name='dossier_settled'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('state', 8), ('stop_kind', 'suspension')), fields=['holder_agency', 'submitted_at', 'id'], name='dossier_suspended'),
        ),
        migrations.AddField(
            model_name='leave',
            name='absent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='who is away'),
        ),
        migrations.AddField(
            model_name='leave',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.agency', verbose_name='agency'),
        ),
        migrations.AddField(
            model_name='leave',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leave',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leave',
            name='substitute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings_in', to=settings.AUTH_USER_MODEL, verbose_name='who stands in'),
        ),
        migrations.AddIndex(
            model_name='leave',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['substitute', 'last_day'], name='leave_stood_in'),
        ),
        migrations.AddIndex(
            model_name='leave',
            index=models.Index(fields=['agency', 'last_day'], name='leave_at_agency'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='leave_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('absent', models.F('substitute')), _negated=True), name='leave_is_stood_in_by_another'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='leave_ended_by_somebody'),
        ),
    ]
