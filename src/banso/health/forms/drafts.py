"""A scorecard as people edit it: rows of measures, groups, weights, cut-offs and exceptions, faults beside fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from banso.health.queries import fault_text, said
from banso.health.rules import Cuts, Definition, ExceptionRule, Fault, Group, Measure, Missing, Override, Scale, Words
from banso.health.rules.definition import Better
from banso.shared.numbers import NotANumber, parse_number
from banso.ui.forms import DayField

type Choices = Sequence[tuple[str, Any]]
ANY: Final = ("", _("Any"))
WHENS: Final = (
    ("at_least", _("is at least")),
    ("above", _("is above")),
    ("at_most", _("is at most")),
    ("below", _("is below")),
    ("missing", _("is not known")),
)


def _score(label: Any, *, required: bool = True) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "class": "input-number input-short"})
    return forms.FloatField(label=label, required=required, min_value=0, max_value=100, widget=widget)


def _figure(label: Any, *, required: bool = True, **more: Any) -> forms.FloatField:
    mark = {"data-figure": more.pop("mark")} if "mark" in more else {}
    widget = forms.NumberInput(attrs={"step": "any", "class": "input-number input-short", **mark})
    return forms.FloatField(label=label, required=required, widget=widget, **more)


class WholeForm(forms.Form):
    """What holds for the scorecard as a whole; `revision` is the one that is edited."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=100)
    missing = forms.ChoiceField(
        label=_("Where a measure is not known"),
        choices=[
            (Missing.SCALE_UP.value, _("Leave it out; the others weigh more")),
            (Missing.WITHHOLD.value, _("Give no score")),
        ],
    )
    rollup = forms.ChoiceField(
        label=_("Score of a company with accounts below"),
        choices=[
            ("own", _("Its own")),
            ("mrr", _("The mean of it and all below, by monthly revenue")),
            ("worst", _("The worst of it and all below")),
        ],
    )
    level_2 = _score(_("Level 2 from"))
    level_3 = _score(_("Level 3 from"))
    level_4 = _score(_("Level 4 from"))
    normal = _score(_("Normal from"))
    good = _score(_("Good from"))


class Row(forms.Form):
    """A row of a table; its choices come from the scorecard and the company's segments and stages."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            if name in self.fields:
                self.fields[name].choices = found  # type: ignore[attr-defined]  # all of them are choice fields


class MeasureRow(Row):
    key = forms.CharField(widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("Group"))
    weight = _figure(_("Weight"), mark="weight")
    shape = forms.ChoiceField(
        label=_("Points by"),
        choices=[("line", _("Straight lines")), ("steps", _("Bands"))],
        widget=forms.Select(attrs={"data-figure": "shape"}),
    )
    zero = _figure(_("0 points at"), required=False, mark="zero")
    hundred = _figure(_("100 points at"), required=False, mark="hundred")
    corners = forms.CharField(
        label=_("Other points (value = points)"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"data-figure": "corners", "spellcheck": "false"}),
    )

    def clean_corners(self) -> tuple[tuple[float, float], ...]:
        """Return pairs of value and points."""
        pairs = []
        for text in filter(None, (one.strip() for one in self.cleaned_data["corners"].replace("、", ",").split(","))):
            value, sign, points = text.partition("=")
            message = _("Write pairs such as “5 = 40, 20 = 80”: a value, =, its points.")
            if not sign:
                raise forms.ValidationError(message)
            try:
                pairs.append((float(parse_number(value)), float(parse_number(points))))
            except NotANumber as wrong:
                raise forms.ValidationError(message) from wrong
        return tuple(pairs)


class GroupRow(Row):
    key = forms.SlugField(label=_("Key"), max_length=50)
    ja = forms.CharField(label=_("Name in Japanese"), max_length=100)
    en = forms.CharField(label=_("Name in English"), max_length=100)


class AimedRow(Row):
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)


class WeightsRow(AimedRow):
    """Weights of measures for a segment or stage; what is left empty keeps its common weight."""

    def __init__(self, *args: Any, measures: Sequence[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure in measures:
            self.fields[f"of_{measure.key}"] = _figure(said(measure.label), required=False)


class ScaleRow(AimedRow):
    level_2 = _score(_("Level 2 from"), required=False)
    level_3 = _score(_("Level 3 from"), required=False)
    level_4 = _score(_("Level 4 from"), required=False)
    normal = _score(_("Normal from"), required=False)
    good = _score(_("Good from"), required=False)


class ExceptionRow(AimedRow):
    measure = forms.ChoiceField(label=_("While the measure"))
    when = forms.ChoiceField(label=_("Condition of the exception"), choices=WHENS, initial="at_least")
    value = _figure(_("Value"), required=False)
    limit = forms.ChoiceField(
        label=_("The score is"), choices=[("at_most", _("at most")), ("at_least", _("at least"))], initial="at_most"
    )
    points = _score(_("Points"))
    reason = forms.CharField(label=_("Why"), max_length=200)
    until_on = DayField(label=_("Last day"))

    field_order = ("measure", "when", "value", "limit", "points", "reason", "until_on", "segment", "stage")


class Editor:
    """The forms of one draft together; valid, they make a definition, and faults find the field that they mean."""

    def __init__(
        self, definition: Definition, *, revision: int, segments: Sequence[str], stages: Sequence[str], data: Any = None
    ) -> None:
        self.before = definition
        aims = {
            "segment": _offered(
                segments, [*definition.overrides, *definition.scales, *definition.exceptions], "segment"
            ),
            "stage": _offered(stages, [*definition.overrides, *definition.scales, *definition.exceptions], "stage"),
            "measure": [("", "–"), *((one.key, said(one.label)) for one in definition.measures)],
            "group": [(one.key, said(one.label)) for one in definition.groups],
        }
        self.whole = WholeForm(data, initial=_whole(definition, revision))
        self.measures = _rows(MeasureRow, "measure", map(_measure, definition.measures), data, 0, choices=aims)
        for form, measure in zip(self.measures.forms, definition.measures, strict=False):
            form.label = said(measure.label)
        self.groups = _rows(GroupRow, "group", map(_group, definition.groups), data, 1, choices={})
        self.weights = _rows(
            WeightsRow,
            "weights",
            map(_weights, definition.overrides),
            data,
            1,
            choices=aims,
            measures=definition.measures,
        )
        self.scales = _rows(ScaleRow, "scale", map(_scale, definition.scales), data, 1, choices=aims)
        kept = (_exception(one, definition) for one in definition.exceptions)
        self.exceptions = _rows(ExceptionRow, "exception", kept, data, 1, choices=aims)

    @property
    def formsets(self) -> tuple["BaseFormSet[Any]", ...]:
        """Return the tables, in the order of the page."""
        return self.measures, self.groups, self.weights, self.scales, self.exceptions

    def is_valid(self) -> bool:
        """Return whether everything can be read; what it means together is checked by the rules."""
        return all([self.whole.is_valid(), *(one.is_valid() for one in self.formsets)])

    @property
    def definition(self) -> Definition:
        """Return the scorecard that was entered."""
        given = self.whole.cleaned_data
        before = {one.key: one for one in self.before.measures}
        measures = tuple(_made(before[row["key"]], row) for row in _kept(self.measures) if row["key"] in before)
        units = {one.key: _factor(one) for one in measures}
        keys = set(units)
        return replace(
            self.before,
            name=given["name"],
            measures=measures,
            groups=tuple(Group(row["key"], Words(row["ja"], row["en"])) for row in _kept(self.groups)),
            overrides=tuple(_override(row, keys) for row in _kept(self.weights)),
            levels=(given["level_2"], given["level_3"], given["level_4"]),
            cuts=Cuts(given["normal"], given["good"]),
            scales=tuple(_made_scale(row) for row in _kept(self.scales)),
            missing=Missing(given["missing"]),
            exceptions=tuple(_made_exception(row, units) for row in _kept(self.exceptions)),
            rollup=given["rollup"],
        )

    def tell(self, faults: Iterable[Fault]) -> None:
        """Put faults beside the fields that they mean, or above the form where they mean none."""
        for fault in faults:
            form, field = self._place_of(fault)
            form.add_error(field if field in form.fields else None, fault_text(fault))

    def _place_of(self, fault: Fault) -> tuple[forms.Form, str | None]:
        kind, _dot, rest = fault.place.partition(".")
        name = rest.partition(".")[0]
        if kind == "measures" and name:
            rows = [form for form in self.measures.forms if form.cleaned_data.get("key") == name]
            field = "corners" if rest.endswith(".points") else fault.field
            return (rows[0], field) if rows else (self.whole, None)
        tables = {"overrides": self.weights, "scales": self.scales, "exceptions": self.exceptions}
        if kind in tables and name.isdigit():
            rows = [form for form in tables[kind].forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
            found = {"levels": "level_2", "cuts": "normal", "": "segment"}.get(fault.field, fault.field)
            return rows[int(name) - 1], found
        return self.whole, {"levels": "level_2", "cuts": "normal"}.get(kind, kind)


def _rows(row: type[Row], prefix: str, initial: Iterable[dict[str, Any]], data: Any, extra: int, **more: Any) -> Any:
    made = formset_factory(row, extra=extra, can_delete=True, max_num=200, absolute_max=200)
    return made(data, prefix=prefix, initial=list(initial), form_kwargs=more)


def _offered(names: Sequence[str], rules: Iterable[Any], field: str) -> Choices:
    found = {*names, *(getattr(one, field) for one in rules if getattr(one, field))}
    return [ANY, *((name, name) for name in sorted(found))]


def _kept(rows: Any) -> Iterator[dict[str, Any]]:
    return (form.cleaned_data for form in rows.forms if form.cleaned_data and not form.cleaned_data.get("DELETE"))


def _factor(measure: Measure) -> float:
    """Return by how much a value is larger on the page: shares are written as percent."""
    return 100.0 if measure.unit == "percent" else 1.0


def _whole(definition: Definition, revision: int) -> dict[str, Any]:
    levels = dict(zip(("level_2", "level_3", "level_4"), definition.levels, strict=True))
    cuts = {"normal": definition.cuts.normal_from, "good": definition.cuts.good_from}
    more = {"missing": definition.missing.value, "rollup": definition.rollup, "revision": revision}
    return {"name": definition.name, **levels, **cuts, **more}


def _measure(one: Measure) -> dict[str, Any]:
    factor = _factor(one)
    pairs = [(round(value * factor, 6), points) for value, points in one.points]
    ends = {points: value for value, points in (pairs[0], pairs[-1]) if points in {0, 100}}
    # Ends that are not the whole scale stay among the other points.
    inner = [pair for pair in pairs if not (pair in (pairs[0], pairs[-1]) and ends.get(pair[1]) == pair[0])]
    return {
        "key": one.key,
        "group": one.group,
        "weight": one.weight,
        "shape": one.shape,
        "zero": ends.get(0),
        "hundred": ends.get(100),
        "corners": ", ".join(f"{value:g} = {points:g}" for value, points in inner),
    }


def _made(before: Measure, row: Mapping[str, Any]) -> Measure:
    factor = _factor(before)
    ends = [(row["zero"], 0.0), (row["hundred"], 100.0)]
    pairs = sorted([*row["corners"], *((value, points) for value, points in ends if value is not None)])
    points = tuple((round(value / factor, 8), points) for value, points in pairs)
    better: Better = "low" if points and points[0][1] > points[-1][1] else "high"
    return replace(before, group=row["group"], weight=row["weight"], shape=row["shape"], points=points, better=better)


def _group(one: Group) -> dict[str, Any]:
    return {"key": one.key, "ja": one.label.ja, "en": one.label.en}


def _weights(one: Override) -> dict[str, Any]:
    return {"segment": one.segment, "stage": one.stage, **{f"of_{key}": weight for key, weight in one.weights.items()}}


def _override(row: Mapping[str, Any], keys: set[str]) -> Override:
    given = {name.removeprefix("of_"): value for name, value in row.items() if name.startswith("of_")}
    weights = {key: value for key, value in given.items() if value is not None and key in keys}
    return Override(row["segment"] or None, row["stage"] or None, weights)


def _scale(one: Scale) -> dict[str, Any]:
    levels = zip(("level_2", "level_3", "level_4"), one.levels or (None, None, None), strict=True)
    cuts = {"normal": one.cuts.normal_from, "good": one.cuts.good_from} if one.cuts else {}
    return {"segment": one.segment, "stage": one.stage, **dict(levels), **cuts}


def _made_scale(row: Mapping[str, Any]) -> Scale:
    levels = [row[name] for name in ("level_2", "level_3", "level_4")]
    cuts = [row["normal"], row["good"]]
    # What is half said is a fault of the rules: a cut-off of 0 is none.
    return Scale(
        row["segment"] or None,
        row["stage"] or None,
        None if all(one is None for one in levels) else (levels[0] or 0.0, levels[1] or 0.0, levels[2] or 0.0),
        None if all(one is None for one in cuts) else Cuts(cuts[0] or 0.0, cuts[1] or 0.0),
    )


def _exception(one: ExceptionRule, definition: Definition) -> dict[str, Any]:
    names = ("measure", "when", "limit", "points", "reason", "until_on", "segment", "stage")
    measure = next(measure for measure in definition.measures if measure.key == one.measure)
    return {**{name: getattr(one, name) for name in names}, "value": round(one.value * _factor(measure), 6)}


def _made_exception(row: Mapping[str, Any], units: Mapping[str, float]) -> ExceptionRule:
    given = {name: row[name] for name in ("measure", "when", "limit", "points", "reason", "until_on")}
    value = (row["value"] or 0.0) / units.get(row["measure"], 1.0)
    return ExceptionRule(segment=row["segment"] or None, stage=row["stage"] or None, value=value, **given)
