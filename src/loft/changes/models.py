"""The nouns: a change, and what the register keeps of it. Only ``loft.changes.actions`` writes.

What is a dated series (plan versions, verdicts, looks, history) is only ever added to. Which words a field may hold stands in
``loft.changes.words``.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NoReturn

from django.db import models

from loft.changes.rules import ROLES, Facts, Stage
from loft.value.plan import Plan
from loft.value.verdicts import Verdict


class Change(models.Model):
    """Something done differently on purpose. ``pseudonym`` is its case in the log. ``seen_…`` say on which page, in which log, beside
    which unit, step and figure it was proposed. ``draft`` holds the fields of a plan that is not locked yet."""

    number = models.AutoField(primary_key=True)
    slug = models.SlugField(max_length=60)
    pseudonym = models.CharField(max_length=40, unique=True)
    body = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=200)
    why = models.TextField()
    for_whom = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    novelty = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    origin_from = models.CharField(max_length=200, blank=True)
    seen_page = models.CharField(max_length=300, blank=True)
    seen_log = models.CharField(max_length=60, blank=True)
    seen_unit = models.CharField(max_length=200, blank=True)
    seen_step = models.CharField(max_length=200, blank=True)
    seen_figure = models.CharField(max_length=300, blank=True)
    proposer = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    benefits_owner = models.CharField(max_length=200, blank=True)
    analyst = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=20, default=Stage.IDEA)
    stage_before = models.CharField(max_length=20, blank=True)
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    copied_of = models.CharField(max_length=40, blank=True)
    draft = models.JSONField(default=dict)
    published = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.what

    @property
    def id(self) -> str:
        """Its name in addresses and plans: ``felles-dor-12``."""
        return f"{self.slug}-{self.number}"

    @classmethod
    def named(cls, name: str) -> "Change | None":
        """The change with this ``id``, or None."""
        slug, _, number = name.rpartition("-")
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            return None
        return cls.objects.filter(number=int(number), slug=slug).first()

    @property
    def names(self) -> dict[str, str]:
        """Who has each role; empty where nobody has."""
        return {role: getattr(self, role) for role in ROLES}

    @property
    def facts(self) -> Facts:
        """What the rules need to know."""
        return Facts(Stage(self.stage), locked=self.plans.exists(), names=self.names)

    @property
    def plan(self) -> "PlanVersion | None":
        """The newest version of the plan."""
        return self.plans.order_by("-version").first()

    @property
    def judged_by(self) -> "PlanVersion | None":
        """The version that verdicts are made by: the newest locked no later than its first start, and before anybody had looked at what the
        change did by an older one; where there is none, the newest."""
        versions = sorted(self.plans.all(), key=lambda row: row.version)
        if not versions:
            return None
        looks = list(self.looks.all()) if len(versions) > 1 else []
        blind = [v for v in versions if v.in_time and not v.locked_after_a_look(versions, looks)]
        return blind[-1] if blind else versions[-1]

    @property
    def verdict(self) -> "VerdictRow | None":
        """The newest verdict."""
        return self.verdicts.order_by("-on", "-id").first()


class Part(models.Model):
    """What belongs to a change, with when it was written and by whom."""

    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ("id",)


class AddedOnly(Part):
    """A row that is never changed once it is there."""

    class Meta(Part.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {type(self).__name__} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"A {type(self).__name__} is never removed.")


class Kind(models.Model):
    """A kind that a change is of."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="kinds")
    name = models.CharField(max_length=20)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("change", "name"), name="kind_once"),)


class Exposure(models.Model):
    """A unit that has the change, or is to have it: when it was planned to start, started and ended."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="exposures")
    unit = models.CharField(max_length=200)
    planned = models.DateField(null=True)
    started = models.DateField(null=True)
    ended = models.DateField(null=True)

    class Meta:
        ordering = ("planned", "started", "unit")
        constraints = (models.UniqueConstraint(fields=("change", "unit"), name="unit_once"),)


class PlanVersion(AddedOnly):
    """A locked plan: ``text`` is the JSON whose SHA-256 is ``hash``; ``by`` and ``at`` say who locked it and when."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64)
    amends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="amended_by")
    reason = models.TextField(blank=True)

    class Meta(AddedOnly.Meta):
        constraints = (models.UniqueConstraint(fields=("change", "version"), name="version_once"),)

    @cached_property
    def plan(self) -> Plan:
        """The plan itself."""
        return Plan.from_dict(json.loads(self.text))

    @property
    def in_time(self) -> bool:
        """Whether it was locked no later than the first start."""
        return date.fromisoformat(self.plan.locked_at[:10]) <= self.plan.first_start

    def locked_after_a_look(self, versions: "Iterable[PlanVersion]", looks: "Iterable[Look]") -> bool:
        """Whether one of the *looks* told, before this version was locked, what came after the first start of an older one."""
        starts = {row.version: row.plan.first_start for row in versions if row.version < self.version}
        seen = [look for look in looks if look.at <= self.at and not look.failed]
        return any(look.on > starts.get(look.version, date.max) for look in seen)


class VerdictRow(AddedOnly):
    """A verdict of a day, made by the program: ``text`` is its JSON."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="verdicts")
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="verdicts")
    on = models.DateField()
    word = models.CharField(max_length=20)
    text = models.TextField()

    class Meta(AddedOnly.Meta):
        constraints = (models.UniqueConstraint(fields=("change", "plan", "on"), name="verdict_once_a_day"),)

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict itself."""
        return Verdict.from_dict(json.loads(self.text))


class Look(AddedOnly):
    """That somebody looked: for which day, at which version, what they saw (or why nothing), and whether it was recorded."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="looks")
    version = models.PositiveIntegerField(null=True)
    on = models.DateField()
    word = models.CharField(max_length=20, blank=True)
    cells_hash = models.CharField(max_length=64, blank=True)
    failed = models.TextField(blank=True)


class VerdictNote(AddedOnly):
    """A signed note beside a verdict."""

    verdict = models.ForeignKey(VerdictRow, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()


class Decision(AddedOnly):
    """What the line decided, and why."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20)
    reason = models.TextField()


class Gain(Part):
    """Something gained, or lost: forecast by somebody, and measured by a verdict. Amounts are a year's, in ``unit``.

    ``unit_price`` and the costs are in kroner of ``price_year``."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="gains")
    what = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    receiver = models.CharField(max_length=20)
    cash = models.CharField(max_length=20)
    unit = models.CharField(max_length=60, blank=True)
    low = models.FloatField(null=True)
    mid = models.FloatField(null=True)
    high = models.FloatField(null=True)
    forecast_by = models.CharField(max_length=200, blank=True)
    baseline = models.FloatField(null=True)
    unit_price = models.FloatField(null=True)
    price_year = models.PositiveIntegerField(null=True)
    cost_once = models.FloatField(null=True)
    cost_yearly = models.FloatField(null=True)
    measured_low = models.FloatField(null=True)
    measured_mid = models.FloatField(null=True)
    measured_high = models.FloatField(null=True)
    verdict = models.ForeignKey(VerdictRow, null=True, on_delete=models.PROTECT, related_name="gains")


class FreedTime(Part):
    """Hours freed a year: estimated, then confirmed by a verdict. What becomes of them stands in its ``uses``."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="freed")
    what = models.CharField(max_length=300)
    estimated = models.FloatField()
    confirmed = models.FloatField(null=True)
    confirmed_on = models.DateField(null=True)
    verdict = models.ForeignKey(VerdictRow, null=True, on_delete=models.PROTECT, related_name="freed")


class UseOfTime(Part):
    """What was decided about a share of the confirmed hours, and what was realised, with the proof."""

    freed = models.ForeignKey(FreedTime, on_delete=models.CASCADE, related_name="uses")
    use = models.CharField(max_length=20)
    to = models.CharField(max_length=300, blank=True)
    hours = models.FloatField()
    realised = models.FloatField(null=True)
    realised_on = models.DateField(null=True)
    proof = models.TextField(blank=True)


class UnitBreak(AddedOnly):
    """That the figures of a unit are not about the same before and after a day."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="breaks")
    unit = models.CharField(max_length=200)
    on = models.DateField()
    why = models.TextField()


class Learning(AddedOnly):
    """What was learned."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="learnings")
    text = models.TextField()


class Comment(AddedOnly):
    """A comment."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()


class Link(AddedOnly):
    """An address with more about the change."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="links")
    url = models.CharField(max_length=1000)
    title = models.CharField(max_length=200, blank=True)


class Attachment(AddedOnly):
    """A file, kept under its SHA-256; its ``type`` is told by what is in it."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()


class History(AddedOnly):
    """That a field of a change went from one value to another."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="history")
    field = models.CharField(max_length=300)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
