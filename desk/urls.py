"""Where the desk is."""

from django.urls import path

from desk import views_files
from desk.views import (
    accounts,
    bulk,
    doors,
    dossier,
    exports,
    intake,
    intake_live,
    intake_start,
    leave,
    notices,
    persons,
    queue,
    readings,
    saved,
    today,
    whys,
    workload,
)

app_name = "desk"
# Codes that were given elsewhere may hold a slash.
DOSSIER = "dossiers/<path:code>/"
FILES = f"{DOSSIER}files/"
urlpatterns = [
    path("", today.today, name="today"),
    path("keys/", today.keys, name="keys"),
    path("workload/", workload.workload, name="workload"),
    path("workload/hand-out/", workload.hand_out, name="hand_out"),
    path("leave/", leave.leave, name="leave"),
    path("leave/<int:pk>/end/", leave.end_leave, name="end_leave"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts.<str:kind>", accounts.accounts_file, name="accounts_file"),
    path("accounts/procedures/", accounts.procedures, name="accounts_procedures"),
    path("accounts/procedures.<str:kind>", accounts.procedures_file, name="accounts_procedures_file"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="read_notices"),
    path("dossiers/", queue.queue, name="queue"),
    path("dossiers.xlsx", exports.dossiers, name="export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("views/", saved.save, name="save_view"),
    path("views/<int:pk>/", saved.open_view, name="saved_view"),
    path("views/<int:pk>/remove/", saved.remove, name="remove_view"),
    path("register/", exports.register, name="register"),
    path("register.xlsx", exports.register_file, name="register_file"),
    path("readings/", readings.readings, name="readings"),
    path("language/", doors.choose_language, name="language"),
    path("log-out/", doors.log_out, name="log_out"),
    path("intake/", intake_start.start, name="intake_start"),
    path("intake/<str:procedure>/", intake.intake, name="intake"),
    path("intake/<str:procedure>/live/", intake_live.live, name="intake_live"),
    path("intake/<str:procedure>/moved/", intake.moved, name="intake_moved"),
    path(FILES, views_files.files, name="files"),
    path(f"{FILES}<int:pk>/", views_files.download, name="download_file"),
    path(f"{FILES}<int:pk>/remove/", views_files.remove, name="remove_file"),
    path(f"{FILES}<int:pk>/pages/<int:page>/", views_files.look, name="file_page"),
    path(f"{FILES}<int:pk>/pages/<int:page>/<str:size>/", views_files.preview, name="preview_file"),
    path(f"{DOSSIER}slips/<int:number>/<slug:form>.pdf", dossier.slip, name="slip"),
    path(f"{DOSSIER}person-data/", persons.person_data, name="person_data"),
    path(f"{DOSSIER}why/", whys.why, name="why"),
    path(f"{DOSSIER}looking/", dossier.looking, name="looking"),
    path(f"{DOSSIER}acts/<slug:name>/", dossier.act, name="act"),
    path(DOSSIER, dossier.dossier, name="dossier"),
]
