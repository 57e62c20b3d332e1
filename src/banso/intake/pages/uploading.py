"""The first step: a file, and what is in it."""

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from banso.intake import actions
from banso.intake.forms.files import UploadForm
from banso.intake.models import Kind
from banso.intake.queries import wording
from banso.intake.rules.refusals import Refusal
from banso.people.access import StaffRequest, actor_of, requires

# What the form's other fields and the boundaries of its parts may take.
ENVELOPE: Final = 64 << 10


class Quota(FileUploadHandler):
    """Ends an upload that grows beyond the limit, before it fills the disk."""

    chunk_size = 1 << 20

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.limit = actions.limit_bytes()
        self.is_exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.limit:
            self.is_exceeded = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002  # Django's signature; the next handler answers
        return None


# The quota must stand before the token is read, as reading it takes the whole body: the order of Django's own guide.
@csrf_exempt
@requires("intake.import")
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Ask for a file; a file that is a table goes on to its columns."""
    quota = Quota(request)
    request.upload_handlers.insert(0, quota)
    return _upload(request, quota)


@csrf_protect
def _upload(request: StaffRequest, quota: Quota) -> HttpResponse:
    if request.method == "GET":
        return render(
            request, "intake/upload.html", _context(UploadForm(initial={"kind": request.GET.get("kind", "")}))
        )
    form = UploadForm(request.POST, request.FILES)
    if quota.is_exceeded:
        refusal = Refusal("too_large", facts={"limit_mb": actions.limit_bytes() >> 20})
        return _refused(request, UploadForm(request.POST), refusal)
    if not form.is_valid():
        return render(request, "intake/upload.html", _context(form), status=422)
    file = form.cleaned_data["file"]
    try:
        one = actions.upload(
            chunks=file.chunks(),
            file_name=file.name or "",
            kind=form.cleaned_data["kind"],
            by=actor_of(request.user),
            now=timezone.now(),
        )
    except actions.Unreadable as problem:
        return _refused(request, form, problem.refusal)
    return redirect("intake:columns", one.pk)


def _refused(request: HttpRequest, form: UploadForm, refusal: Refusal) -> HttpResponse:
    sentence = wording.whole(refusal)
    return render(request, "intake/upload.html", {**_context(form), "problem": sentence}, status=422)


def _context(form: UploadForm) -> dict[str, Any]:
    return {"form": form, "limit_mb": actions.limit_bytes() >> 20, "kinds": Kind.choices}
