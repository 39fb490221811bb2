"""The catalogue as open data: /api/v1/."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError

from portal.api import centres, downloads, notices, places, procedures, registers
from portal.api.etag import open_data
from portal.api.schemas import Problem, address
from portal.api.writing import Readable

logger = logging.getLogger("django.request")


class OpenDataAPI(NinjaAPI):
    """An API whose every address answers as open data: validators, CORS, errors as JSON."""

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        """Return the addresses, each behind the same door."""
        patterns, app, namespace = super().urls
        for pattern in patterns:
            assert pattern.callback is not None
            pattern.callback = open_data(pattern.callback)
        return patterns, app, namespace


api = OpenDataAPI(
    title="Một Cửa: open data",
    version="1",
    urls_namespace="api-v1",
    renderer=Readable(),
    description=(
        "Administrative procedures, centres, hotlines, notices and places of one province, as published. "
        "Each text says in which language it stands. Legal content is the public record of Vietnamese authorities; "
        "this compilation is under CC BY 4.0. Whole tables: `downloads/datapackage.json`."
    ),
)
api.add_router("procedures", procedures.router)
api.add_router("centres", centres.router)
api.add_router("hotlines", centres.hotlines)
api.add_router("notices", notices.router)
api.add_router("fields", registers.fields)
api.add_router("roles", registers.roles)
api.add_router("agencies", registers.agencies)
api.add_router("places", places.router)
api.add_router("downloads", downloads.router)


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say in words which parameter is wrong, and why."""
    errors = [
        {"parameter": str(each["loc"][-1]), "problem": str(each["msg"]).removeprefix("Value error, ")}
        for each in error.errors
    ]
    detail = "; ".join(f"{each['parameter']}: {each['problem']}" for each in errors)
    return api.create_response(request, {"detail": detail, "errors": errors}, status=422)


@api.exception_handler(Exception)
def fail(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log what went wrong and say only that it did."""
    logger.error("The API failed on %s", request.path, exc_info=error, extra={"status_code": 500, "request": request})
    return api.create_response(request, {"detail": "Something went wrong here. It has been recorded."}, status=500)


@api.get("", url_name="start", summary="List what there is", response=dict[str, str], tags=["start"])
def start(request: HttpRequest) -> dict[str, str]:
    """Return the address of each list."""
    names = ("procedures", "centres", "hotlines", "notices", "fields", "roles", "agencies", "places", "datapackage")
    listed = {name: address(reverse(f"api-v1:{name}")) for name in names}
    return {**listed, "documentation": address(reverse("api-v1:openapi-view"))}


last = Router()


@last.get("{path:rest}", response={404: Problem}, include_in_schema=False, url_name="nothing")
def nothing(request: HttpRequest, rest: str) -> None:
    """Answer an unknown address as JSON."""
    raise Http404


api.add_router("", last)
