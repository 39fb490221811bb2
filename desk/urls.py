"""Where the desk is."""

from django.urls import path

from desk.views import doors, dossier, intake, queue

app_name = "desk"
# Codes that were given elsewhere may hold a slash.
DOSSIER = "dossiers/<path:code>/"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("bulk/", queue.bulk, name="bulk"),
    path("language/", doors.choose_language, name="language"),
    path("intake/", intake.start, name="intake_start"),
    path("intake/<str:procedure>/", intake.intake, name="intake"),
    path("intake/<str:procedure>/moved/", intake.moved, name="intake_moved"),
    path(f"{DOSSIER}acts/<slug:name>/", dossier.act, name="act"),
    path(DOSSIER, dossier.dossier, name="dossier"),
]
