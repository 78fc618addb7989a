"""The pages that show changes."""

from django.urls import URLPattern, path

from loft.web.addresses import spoken
from loft.web.pages.changes import certificate, change, graveyard, portfolio, public, quality


def _all(nb: str, en: str) -> str:
    return spoken(f"endringer/{nb}", f"changes/{en}")


def _one(nb: str, en: str) -> str:
    return spoken(f"endringer/<slug:change>/{nb}", f"changes/<slug:change>/{en}")


READING: list[URLPattern] = [
    path(_all("", ""), portfolio.portfolio, name="changes"),
    path(_all("laert/", "learned/"), graveyard.graveyard, name="graveyard"),
    path(_all("laert.<form:form>", "learned.<form:form>"), graveyard.table_file, name="graveyard-file"),
    path(_all("register/", "register/"), quality.quality, name="quality"),
    path(_all("register.<form:form>", "register.<form:form>"), quality.table_file, name="quality-file"),
    path(_all("offentlig/", "public/"), public.public, name="public"),
    path(_all("offentlig.<form:form>", "public.<form:form>"), public.public_file, name="public-file"),
    path(
        _all("tabell/<slug:table>.<form:form>", "table/<slug:table>.<form:form>"),
        portfolio.table_file,
        name="changes-table",
    ),
    path(_one("", ""), change.change, name="change"),
    path(
        _one("tabell/<slug:table>.<form:form>", "table/<slug:table>.<form:form>"),
        change.table_file,
        name="change-table",
    ),
    path(_one("celler/<str:day>.csv", "cells/<str:day>.csv"), certificate.cells_file, name="change-cells"),
    path(
        _one("bevis/<str:day>.json", "certificate/<str:day>.json"),
        certificate.certificate_file,
        name="change-certificate-file",
    ),
    path(_one("bevis/<str:day>/", "certificate/<str:day>/"), certificate.certificate_page, name="change-certificate"),
]
