"""The company's settings: name, money, holidays, fiscal year."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.people import actions, queries
from banso.people.access import StaffRequest, actor_of, requires
from banso.people.forms import CompanyForm
from banso.people.pages.filled import done, is_saved, shown


@requires("company.change")
def company(request: StaffRequest) -> HttpResponse:
    """Change the company's settings."""
    ours = queries.company()
    form = CompanyForm(request.POST or None, initial={**vars(ours), "closures": "\n".join(ours.closures)})
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda given: actions.set_company(by=by, now=now, **given)):
        return done(request, _("The company's settings were saved."), "people:company")
    return shown(request, "people/company.html", form)
