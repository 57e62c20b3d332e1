"""Matrices as JSON: any two axes crossed, and those that the company keeps."""

from datetime import date
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions
from banso.health.forms import MatrixForm
from banso.health.queries import matrix_words
from banso.health.queries.matrices import MatrixRow, matrix
from banso.health.rules.matrices import Asked, Flow
from banso.people import queries as people

router = api.Router(tags=["health"])


class AxesIn(api.Schema):
    """Two axes: score, level, condition, stage, segment, or measure:KEY; cut-offs as they are shown (20 is 20 %)."""

    rows: str = "stage"
    row_cuts: Annotated[str, Field(max_length=100)] = ""
    columns: str = "condition"
    column_cuts: Annotated[str, Field(max_length=100)] = ""
    weeks: int = 13


class RateOut(api.Schema):
    value: float
    low: float
    high: float


class CellOut(api.Schema):
    """One cell: who is in it, and what became of those who were in it then; no rate below ten of them."""

    row: str
    column: str
    accounts: int
    mrr_minor: int
    were: int
    left: int
    came: int
    went: int
    rate: RateOut | None


class FlowOut(api.Schema):
    """Who moved, from (row, column) to (row, column); null: new, or left."""

    before: tuple[str, str] | None
    after: tuple[str, str] | None
    accounts: int
    mrr_minor: int


class MatrixOut(api.Schema):
    on: date
    since: date
    rows: str
    columns: str
    row_bands: list[str]
    column_bands: list[str]
    cells: list[CellOut]
    flows: list[FlowOut]


class CellNoteOut(api.Schema):
    """What is said of a cell; bands are counted from 1, 0 is not known."""

    row: int
    column: int
    note: str
    play: str


class KeptOut(api.Schema):
    id: int
    name: str
    axes: AxesIn
    notes: list[CellNoteOut]


class KeptsOut(api.Schema):
    items: list[KeptOut]


class KeptIn(AxesIn):
    name: Annotated[str, Field(min_length=1, max_length=100)]


class CellNoteIn(api.Schema):
    note: Annotated[str, Field(max_length=500)] = ""
    play: Annotated[str, Field(max_length=1000)] = ""


@router.get("/matrix", response=MatrixOut, summary="Customers crossed by two of their measures")
@api.requires("health.view")
def crossed(request: api.ApiRequest, axes: api.Query[AxesIn]) -> MatrixOut:
    """As of this week's Monday, against so many weeks before (4, 13, 26 or 52)."""
    today = people.today(people.company(), timezone.now())
    return _matrix(matrix(_asked(axes), today=today, visible=accounts.visible_to(request.auth)))


@router.get("/matrices", response=KeptsOut, summary="The matrices that the company keeps, with their notes")
@api.requires("health.view")
def kept(request: api.ApiRequest) -> KeptsOut:  # noqa: ARG001  # the guard reads it
    choices = matrix_words.axis_choices()
    return KeptsOut(items=[_kept(one, choices) for one in matrix_words.kept_matrices()])


@router.post("/matrices", response={201: KeptOut}, summary="Keep two axes under a name")
@api.requires("health.define")
def keep(request: api.ApiRequest, body: KeptIn) -> api.Status[KeptOut]:
    asked = _asked(body)
    made = actions.keep_matrix(name=body.name, asked=asked, by=request.auth.actor, now=timezone.now())
    return api.Status(201, _kept(_found(made), matrix_words.axis_choices()))


@router.delete("/matrices/{matrix_id}", response={204: None}, summary="Remove a kept matrix")
@api.requires("health.define")
def remove(request: api.ApiRequest, matrix_id: int) -> api.Status[None]:
    _found(matrix_id)
    actions.remove_matrix(matrix_id=matrix_id, by=request.auth.actor, now=timezone.now())
    return api.Status(204, None)


@router.put("/matrices/{matrix_id}/cells/{row}/{column}", response=KeptOut, summary="Say what is done for a cell")
@api.requires("health.define")
def say(request: api.ApiRequest, matrix_id: int, row: int, column: int, body: CellNoteIn) -> KeptOut:
    """Bands are counted from 1; 0 is the band of those of whom the measure is not known."""
    _found(matrix_id)
    actions.say_of_cell(
        matrix_id=matrix_id,
        row=row - 1,
        column=column - 1,
        note=body.note,
        play=body.play,
        by=request.auth.actor,
        now=timezone.now(),
    )
    return _kept(_found(matrix_id), matrix_words.axis_choices())


def _asked(axes: AxesIn) -> Asked:
    form = MatrixForm(axes.dict(), axes=matrix_words.axis_choices())
    if not form.is_valid():
        errors = [
            api.FieldError(pointer=name, code="invalid", message=str(texts[0])) for name, texts in form.errors.items()
        ]
        raise api.Invalid(errors=errors)
    return form.asked


def _found(matrix_id: int) -> matrix_words.KeptMatrix:
    found = matrix_words.kept_matrix(matrix_id)
    if found is None:
        raise api.NotThere(_("There is no such matrix."))
    return found


def _matrix(found: MatrixRow) -> MatrixOut:
    def names(place: tuple[int, int]) -> tuple[str, str]:
        return matrix_words.band_label(found.rows, place[0]), matrix_words.band_label(found.columns, place[1])

    def flow(one: Flow) -> FlowOut:
        before, after = (names(place) if place else None for place in (one.before, one.after))
        return FlowOut(before=before, after=after, accounts=one.accounts, mrr_minor=one.mrr_minor)

    cells = []
    for one in (cell for row in found.cells for cell in row):
        row, column = names((one.row, one.column))
        rate = one.rate
        said = {name: getattr(one, name) for name in ("accounts", "mrr_minor", "were", "left", "came", "went")}
        shown = RateOut(value=rate.value, low=rate.low, high=rate.high) if rate else None
        cells.append(CellOut(row=row, column=column, rate=shown, **said))
    return MatrixOut(
        on=found.on,
        since=found.since_on,
        rows=matrix_words.axis_label(found.rows),
        columns=matrix_words.axis_label(found.columns),
        row_bands=[matrix_words.band_label(found.rows, place) for place in found.rows.places],
        column_bands=[matrix_words.band_label(found.columns, place) for place in found.columns.places],
        cells=cells,
        flows=[flow(one) for one in found.flows],
    )


def _kept(one: matrix_words.KeptMatrix, choices: list[matrix_words.AxisChoice]) -> KeptOut:
    notes = [
        CellNoteOut(row=said.row + 1, column=said.column + 1, note=said.note, play=said.play)
        for said in one.notes.values()
    ]
    axes = AxesIn.model_validate(matrix_words.entered(one.asked, choices))
    return KeptOut(id=one.id, name=one.name, axes=axes, notes=notes)
