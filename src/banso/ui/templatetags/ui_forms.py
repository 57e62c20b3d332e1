"""Draws form fields: the right control with its label, example and errors tied to it."""

from typing import Any

from django import forms, template
from django.forms import BoundField, widgets
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banso.ui.forms import DayInput

register = template.Library()


def shape_of(field: BoundField) -> str:
    """Return how a field is laid out: check (one box), choices (a group), hidden, day, or plain."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, DayInput):
        return "day"
    return "check" if isinstance(widget, widgets.CheckboxInput) else "plain"


def css_of(widget: widgets.Widget) -> str:
    """Return the class of a widget's control."""
    # Django's several-of-many is a kind of one-of-many: it is asked first.
    if isinstance(widget, widgets.CheckboxInput | widgets.CheckboxSelectMultiple):
        return "checkbox"
    if isinstance(widget, widgets.RadioSelect):
        return "radio"
    if isinstance(widget, widgets.Select):
        return "select"
    if isinstance(widget, widgets.Textarea):
        return "textarea"
    if isinstance(widget, widgets.FileInput):
        return "file-input"
    return "input input-number input-short" if isinstance(widget, widgets.NumberInput) else "input"


@register.filter
def sentences(field: BoundField) -> list[str]:
    """Return what is wrong with a field, and what to do; of an empty one Django only says that it is needed."""
    bare = str(forms.Field.default_error_messages["required"])
    widget = field.field.widget
    if isinstance(widget, widgets.FileInput):
        todo = _("Nothing is chosen here. Choose a file.")
    elif isinstance(widget, widgets.CheckboxInput):
        todo = _("This is needed to go on. Tick the box.")
    elif isinstance(widget, widgets.ChoiceWidget):
        todo = _("Nothing is chosen here. Choose an entry.")
    else:
        todo = _("This is empty. Enter a value.")
    return [todo if text == bare else text for text in map(str, field.errors)]


@register.filter
def shape(field: BoundField) -> str:
    """Return how a field is laid out."""
    return shape_of(field)


@register.simple_tag
def control(field: BoundField, example: str = "") -> SafeString:
    """Draw a field's control, described by its example, help text and errors."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    # A placeholder is no label, and goes as soon as one types; forms of libraries come with them.
    attrs: dict[str, Any] = {"class": f"{css_of(widget)} {own}".strip(), "placeholder": False}
    described = [f"{field.auto_id}_example"] if example else []
    if field.help_text:
        described.append(f"{field.auto_id}_helptext")
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)
