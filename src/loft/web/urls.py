"""The addresses. Pages begin with their language; a log's page is called what the language calls it."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from loft.web.addresses import spoken
from loft.web.addresses.changes_reading import READING
from loft.web.addresses.changes_writing import WRITING
from loft.web.api import api
from loft.web.pages import front, journeys, upload

urlpatterns = [
    path("", front.home),
    path("colours/", front.colours, name="colours"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", front.front, name="front"),
        path(spoken("ny-logg/", "new-log/"), upload.choose, name="upload"),
        path(spoken("ny-logg/<slug:token>/", "new-log/<slug:token>/"), upload.preview, name="preview"),
        path(spoken("ny-logg/<slug:token>/gang/", "new-log/<slug:token>/progress/"), upload.progress, name="progress"),
        path(spoken("reiser/<slug:log>/", "journeys/<slug:log>/"), journeys.journeys, name="journeys"),
        path(
            spoken("reiser/<slug:log>/<slug:table>.<form:form>", "journeys/<slug:log>/<slug:table>.<form:form>"),
            journeys.table_file,
            name="table",
        ),
        path(
            spoken("reiser/<slug:log>/<slug:section>/", "journeys/<slug:log>/<slug:section>/"),
            journeys.journeys,
            name="section",
        ),
        *WRITING,
        *READING,
    ),
]
handler404 = "loft.web.pages.front.missing"
handler500 = "loft.web.pages.front.fault"
