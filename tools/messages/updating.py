"""Brings the .po files up to date with the source; what is new is empty, and the law of languages asks for it."""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tools.messages.catalogues import PLACE, ROOT, areas, read
from tools.messages.checking import sentence_of
from tools.messages.extraction import said_in

HEADER: Final = rb"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Language: ja\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""


def update(root: Path = ROOT) -> None:
    """Write the .po of every area that says something."""
    for area in areas(root):
        said = said_in(area)
        path = area / PLACE
        if not said and not path.exists():
            continue
        known = {sentence_of(message): message for message in read(path) if message.id} if path.exists() else {}
        catalogue = Catalog(locale="ja", fuzzy=False)
        for one in said:
            old = known.get(one)
            catalogue.add(
                (one.text, one.plural) if one.plural else one.text,
                string=old.string if old else "",
                context=one.context or None,
                user_comments=old.user_comments if old else (),
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER)
            write_po(file, catalogue, no_location=True, omit_header=True, width=0)
