"""Where the desk is."""

from django.urls import path

from desk import views_files

app_name = "desk"
FILES = "dossiers/<str:code>/files/"
urlpatterns = [
    path(FILES, views_files.files, name="files"),
    path(f"{FILES}<int:pk>/", views_files.download, name="download_file"),
    path(f"{FILES}<int:pk>/remove/", views_files.remove, name="remove_file"),
    path(f"{FILES}<int:pk>/pages/<int:page>/", views_files.look, name="file_page"),
    path(f"{FILES}<int:pk>/pages/<int:page>/<str:size>/", views_files.preview, name="preview_file"),
]
