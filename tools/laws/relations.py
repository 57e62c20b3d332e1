"""The law of relations: a table points down, at areas below its own, and nothing below knows of it."""

from collections.abc import Iterable, Iterator, Sequence
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Relation:
    """A foreign key or a relation to many, as the table declares it."""

    area: str
    field: str
    target: str
    related_name: str | None


def order(root: Path) -> list[frozenset[str]]:
    """Return the layers of the house from top to bottom, as import-linter reads them."""
    config = ConfigParser()
    config.read(root / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:areas"]["layers"].split("\n")
    return [frozenset(area.strip() for area in layer.split("|")) for layer in layers if layer.strip()]


def faults(relations: Iterable[Relation], layers: Sequence[frozenset[str]]) -> list[str]:
    """Return the relations that point up or sideways, or that give the other area a name for ours."""
    rank = {area: number for number, layer in enumerate(layers) for area in layer}
    found = []
    for one in relations:
        if one.area == one.target or one.target not in rank:
            continue
        if rank[one.target] <= rank[one.area]:
            found.append(f"{one.field} points from {one.area} to {one.target}, which is not below it")
        if one.related_name != "+":
            found.append(f'{one.field} needs related_name="+": {one.target} does not know {one.area}')
    return found


def declared() -> Iterator[Relation]:
    """Yield the relations of all tables of the product; Django must be set up."""
    from django.apps import apps  # noqa: PLC0415  # needs Django started

    for model in apps.get_models():
        if not model.__module__.startswith("banso."):
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:  # noqa: SLF001  # Django's public API by another name
            target = field.related_model
            if target is None or isinstance(target, str):
                continue
            yield Relation(
                area=model.__module__.split(".")[1],
                field=f"{model.__name__}.{field.name}",
                target=target.__module__.split(".")[1] if target.__module__.startswith("banso.") else "",
                related_name=field.remote_field.related_name if field.remote_field else None,
            )
