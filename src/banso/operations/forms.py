"""What an operator looks for among the jobs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.operations.queries import name_of

STATES = (
    ("", _("Any state")),
    ("waiting", _("Waiting")),
    ("running", _("Running")),
    ("failed", _("Failed")),
    ("done", _("Succeeded")),
)


class SoughtForm(forms.Form):
    """Filters of the jobs, in the address of the page; what is not understood does not filter."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    job = forms.ChoiceField(label=_("Job"), required=False)

    def __init__(self, *args: Any, paths: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted((name_of(path), path) for path in paths)
        chosen = [("", _("Every job")), *((path, name) for name, path in named)]
        self.fields["job"].choices = chosen  # type: ignore[attr-defined]  # a choice field
