"""The door by which lists leave: as a file, and never without being written down."""

from datetime import datetime
from urllib.parse import unquote_plus

from django.http import StreamingHttpResponse

from banso.journal.actions import News, write
from banso.people.access import StaffRequest, actor_of
from banso.shared.tables import Export
from banso.shared.text import clean

FILTERS_LENGTH = 500


def sent(request: StaffRequest, file: Export, *, now: datetime) -> StreamingHttpResponse:
    """Send a list as a file, once it stands in the journal who takes it along and what it was narrowed to."""
    filters = clean(unquote_plus(request.GET.urlencode()))[:FILTERS_LENGTH]
    news = News(
        "export.sent",
        subject_kind="export",
        subject_label=file.file_name,
        details={"filters": filters} if filters else {},
    )
    write(news, by=actor_of(request.user), now=now)
    answer = StreamingHttpResponse(file.chunks, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return answer
