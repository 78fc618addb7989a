"""The addresses. Pages begin with their language; a log's page is called what the language calls it."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path, register_converter
from django.utils import translation
from django.utils.functional import lazy

from loft.web.api import api
from loft.web.pages import front, journeys, upload


class TableFile:
    """``.csv`` or ``.json``."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableFile, "form")


def _spoken(nb: str, en: str) -> str:
    """A piece of address in bokmål and nynorsk, or in English."""
    return lazy(lambda: en if translation.get_language() == "en" else nb, str)()


urlpatterns = [
    path("", front.home),
    path("colours/", front.colours, name="colours"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", front.front, name="front"),
        path(_spoken("ny-logg/", "new-log/"), upload.choose, name="upload"),
        path(_spoken("ny-logg/<slug:token>/", "new-log/<slug:token>/"), upload.preview, name="preview"),
        path(_spoken("ny-logg/<slug:token>/gang/", "new-log/<slug:token>/progress/"), upload.progress, name="progress"),
        path(_spoken("reiser/<slug:log>/", "journeys/<slug:log>/"), journeys.journeys, name="journeys"),
        path(
            _spoken("reiser/<slug:log>/<slug:table>.<form:form>", "journeys/<slug:log>/<slug:table>.<form:form>"),
            journeys.table_file,
            name="table",
        ),
        path(
            _spoken("reiser/<slug:log>/<slug:section>/", "journeys/<slug:log>/<slug:section>/"),
            journeys.journeys,
            name="section",
        ),
    ),
]
handler404 = "loft.web.pages.front.missing"
handler500 = "loft.web.pages.front.fault"
