"""Drafts of scorecards: edited, compared, seen on the company's own accounts, published or put away."""

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.forms.drafts import Editor
from banso.health.pages.scorecards import in_words, spread
from banso.health.rules import Definition, faults_of
from banso.health.rules.comparing import differences, lines_of_scorecards
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires
from banso.shared.numbers import whole_number

ON_A_PAGE = 50


@require_POST
@requires("health.define")
def begin(request: StaffRequest) -> HttpResponse:
    """Begin a draft of the scorecard in force, or of a template."""
    now = timezone.now()
    key = request.POST.get("template", "")
    try:
        definition = actions.from_template(key, on=people.today(people.company(), now)) if key else None
        made = actions.begin_draft(by=actor_of(request.user), now=now, definition=definition)
    except (actions.UnknownTemplate, actions.UnknownDraft) as unknown:
        raise Http404 from unknown
    return redirect("health:draft", made.id)


@requires("health.define")
def edit(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Edit a draft; saved, it is its next revision. Nothing of it counts until it is published."""
    row = _draft(draft_id)
    editor = _editor(row.definition, row.revision, request.POST if request.method == "POST" else None)
    overtaken = None
    if request.method == "POST" and not row.is_open:
        raise Http404
    if request.method == "POST" and editor.is_valid():
        if faults := faults_of(editor.definition):
            editor.tell(faults)
        else:
            try:
                return _saved(request, row, editor)
            except actions.Overtaken as other:
                overtaken = other.newest
    theirs = list(differences(row.definition, editor.definition)) if overtaken else []
    context = {
        "row": row,
        "editor": editor,
        "overtaken": overtaken,
        "mine": [queries.difference_text(one) for one in theirs],
        "addable": _addable(row.definition),
        "revisions": queries.draft_revisions(draft_id),
        "is_behind": row.is_open and queries.is_behind(row),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "health/draft.html", context, status=status)


@require_safe
@requires("health.define")
def preview(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Show what a draft would say today beside what is in force, and how the two differ; nothing is kept."""
    row = _draft(draft_id)
    today = people.today(people.company(), timezone.now())
    found = queries.preview(row.definition, on=today, visible=accounts.visible_to(request.user))
    segment = request.GET.get("segment")
    moved = [one for one in found.moved if segment is None or one.segment == segment]
    page = Paginator(moved, ON_A_PAGE).get_page(request.GET.get("page"))
    card = queries.current_scorecard()
    context = {
        "row": row,
        "found": found,
        "segment": segment,
        "page": page,
        "before": spread(found.before),
        "spread": spread(found.distribution),
        "told": _told(card.definition if card else None, row.definition),
        "card": card,
        "is_behind": row.is_open and queries.is_behind(row),
        "may_publish": may(request.user, "health.publish") and row.is_open,
        **in_words(row.definition),
    }
    return render(request, "health/draft_preview.html", context)


@require_POST
@requires("health.publish")
def publish(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Put a draft in force as the next version, and have all scores made anew."""
    revision = whole_number(request.POST.get("revision", ""), digits=9) or 0
    note = request.POST.get("note", "").strip()[:500]
    try:
        made = actions.publish_draft(
            draft_id=draft_id, revision=revision, note=note, by=actor_of(request.user), now=timezone.now()
        )
    except actions.UnknownDraft as unknown:
        raise Http404 from unknown
    except actions.Overtaken as other:
        text = _("Not published: %(who)s has changed the draft meanwhile. Look at it again.")
        messages.error(request, text % {"who": other.newest.saved_by})
        return redirect("health:draft_preview", draft_id)
    text = _("Version %(version)s was published. The scores are being computed; this takes a minute or two.")
    messages.success(request, text % {"version": made.version})
    return redirect("health:scorecard")


@require_POST
@requires("health.define")
def discard(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Put a draft away; its page brings it back."""
    return _closed(request, draft_id, is_back=False)


@require_POST
@requires("health.define")
def bring_back(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Open a discarded draft again."""
    return _closed(request, draft_id, is_back=True)


@require_POST
@requires("health.define")
def restore(request: StaffRequest, draft_id: int, revision: int) -> HttpResponse:
    """Let a draft say again what an earlier revision said."""
    try:
        actions.restore_revision(draft_id=draft_id, revision=revision, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownDraft as unknown:
        raise Http404 from unknown
    messages.success(request, _("The draft says again what revision %(revision)s said.") % {"revision": revision})
    return redirect("health:draft", draft_id)


@require_safe
@requires("health.view")
def compare(request: StaffRequest, number: int, other: int) -> HttpResponse:
    """Show how two versions differ, in words and line by line."""
    one, two = queries.scorecard_of_version(number), queries.scorecard_of_version(other)
    if one is None or two is None:
        raise Http404
    context = {"one": one, "two": two, "told": _told(one.definition, two.definition), "versions": queries.scorecards()}
    return render(request, "health/compare.html", context)


def _saved(request: StaffRequest, row: queries.DraftRow, editor: Editor) -> HttpResponse:
    definition = editor.definition
    if key := request.POST.get("add_measure", ""):
        definition = _with(definition, key)
    saved = actions.save_draft(
        draft_id=row.id,
        definition=definition,
        revision=editor.whole.cleaned_data["revision"],
        by=actor_of(request.user),
        now=timezone.now(),
    )
    if key:
        messages.success(request, _("The measure was added. Set its points and weight."))
        return redirect("health:draft", row.id)
    messages.success(request, _("Revision %(revision)s was saved.") % {"revision": saved.revision})
    return redirect("health:draft_preview" if "preview" in request.POST else "health:draft", row.id)


def _with(definition: Definition, key: str) -> Definition:
    count = next((one.count for one in queries.measures() if one.key == key), None)
    if count is None or key in definition.keys:
        return definition
    today = people.today(people.company(), timezone.now())
    measure = actions.fitted_measure(count, group=definition.groups[0].key, on=today)
    return replace(definition, measures=(*definition.measures, measure))


def _closed(request: StaffRequest, draft_id: int, *, is_back: bool) -> HttpResponse:
    action = actions.bring_draft_back if is_back else actions.discard_draft
    try:
        action(draft_id=draft_id, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownDraft as unknown:
        raise Http404 from unknown
    told = _("The draft is open again.") if is_back else _("The draft was discarded. Its page brings it back.")
    messages.success(request, told)
    return redirect("health:draft", draft_id)


def _told(before: Definition | None, after: Definition) -> dict[str, object]:
    found = differences(before, after) if before else []
    return {
        "words": [queries.difference_text(one) for one in found],
        "lines": list(lines_of_scorecards(before, after)),
    }


def _editor(definition: Definition, revision: int, data: object) -> Editor:
    return Editor(
        definition,
        revision=revision,
        segments=[one.name for one in accounts.segments()],
        stages=[one.name for one in accounts.stages()],
        data=data,
    )


def _addable(definition: Definition) -> list[tuple[str, str]]:
    return [(one.key, queries.said(one.count.label)) for one in queries.measures() if one.key not in definition.keys]


def _draft(draft_id: int) -> queries.DraftRow:
    found = queries.draft(draft_id)
    if found is None:
        raise Http404
    return found
