"""Settings: the custom fields of accounts."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.forms import FieldForm
from banso.accounts.models import FieldKind
from banso.accounts.pages.filled import done, is_saved, refused, shown
from banso.people.access import StaffRequest, actor_of, requires


@requires("company.change")
def fields(request: StaffRequest) -> HttpResponse:
    """List the custom fields, and add one."""
    form = FieldForm(request.POST or None, is_new=True)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda: actions.define_field(by=by, now=now, **form.cleaned_data)):
        return done(request, _("The field was added."), "accounts:fields")
    names = dict(FieldKind.choices)
    rows = [(row, names[FieldKind(row.kind)]) for row in queries.custom_fields()]
    return shown(request, "accounts/fields.html", form, rows=rows)


@requires("company.change")
def field(request: StaffRequest, field_id: int) -> HttpResponse:
    """Change a custom field's label and choices."""
    row = next((row for row in queries.custom_fields() if row.id == field_id), None)
    if row is None:
        raise Http404
    initial = {"label": row.label, "choices": "\n".join(row.choices)}
    form = FieldForm(request.POST or None, initial=initial, is_new=False)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(
        form, lambda: actions.change_field(field_id=field_id, by=by, now=now, **form.cleaned_data)
    ):
        return done(request, _("The field was saved."), "accounts:fields")
    return shown(request, "accounts/field.html", form, row=row)


@require_POST
@requires("company.change")
def remove_field(request: StaffRequest, field_id: int) -> HttpResponse:
    """Take a custom field away; its values stay in the accounts."""
    try:
        actions.remove_field(field_id=field_id, by=actor_of(request.user), now=timezone.now())
    except actions.AccountsRefusal as refusal:
        return refused(request, refusal, "accounts:fields")
    return done(request, _("The field was deleted."), "accounts:fields")
