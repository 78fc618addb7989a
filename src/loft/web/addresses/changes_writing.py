"""The pages on which a change is written."""

from django.urls import URLPattern, path

from loft.web.addresses import spoken
from loft.web.pages.changes import doing, history, inwords, planning, propose, talking, who, worth
from loft.web.pages.changes.asking import page_of

FORMS = {form.verb: form for room in (propose, planning, doing, worth, talking) for form in room.FORMS}
"""Everything that can be done with a change on a page of its own, by verb."""


def _of_change(nb: str, en: str) -> str:
    return spoken(f"endringer/<slug:change>/{nb}", f"changes/<slug:change>/{en}")


WRITING: list[URLPattern] = [
    path(spoken("hvem-er-du/", "who-are-you/"), who.who, name="who"),
    path(spoken("foreslaa-endring/", "propose-change/"), propose.propose, name="propose"),
    path(_of_change("planlegg/<slug:step>/", "plan/<slug:step>/"), planning.planning, name="change-planning"),
    path(_of_change("maater.<slug:form>", "ways.<slug:form>"), planning.ways_file, name="change-ways-file"),
    path(_of_change("laast-plan/<int:version>/", "locked-plan/<int:version>/"), inwords.plan_page, name="change-plan"),
    path(
        _of_change("laast-plan/<int:version>.json", "locked-plan/<int:version>.json"),
        inwords.plan_text,
        name="change-plan-text",
    ),
    path(_of_change("historikk/", "history/"), history.history, name="change-history"),
    path(_of_change("historikk.<slug:form>", "history.<slug:form>"), history.history_file, name="change-history-file"),
    path(_of_change("vedlegg/<int:number>/", "files/<int:number>/"), talking.attachment, name="change-attachment"),
    *(
        path(_of_change(f"{form.spoken[0]}/", f"{form.spoken[1]}/"), page_of(form), name=f"change-{form.verb}")
        for form in FORMS.values()
    ),
]
