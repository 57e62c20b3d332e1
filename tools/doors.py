"""The contract of doors: another area is entered through its doors, and its testing door only by tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

TESTS: Final = frozenset({"tests", "testing"})


@dataclass(frozen=True)
class Place:
    """Where a module is: its area, and its file in it."""

    area: str
    file: str

    @classmethod
    def of(cls, module: str) -> "Place":
        """Return the place of a module such as `banso.health.actions.publishing`."""
        _root, area, file, *_inner = [*module.split("."), "", ""]
        return cls(area, file)


class DoorsContract(Contract):
    """An import from another area must name one of its doors."""

    type_name = "doors"

    doors = fields.SetField(subfield=fields.StringField())
    open_areas = fields.SetField(subfield=fields.StringField(), required=False)
    wiring = fields.SetField(subfield=fields.StringField(), required=False)
    wired = fields.SetField(subfield=fields.StringField(), required=False)
    broken_contract_guidance = fields.TextField(required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  # import-linter's signature
        faults = sorted(self._faults(graph))
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["faults"]:
            output.print_error(f"- {importer} may not import {imported}: it is no door")
        output.print_error(self.contract_options.get("broken_contract_guidance", ""))

    def _faults(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        for importer in graph.modules:
            for imported in graph.find_modules_directly_imported_by(importer):
                if not self._is_allowed(Place.of(importer), Place.of(imported)):
                    yield importer, imported

    def _is_allowed(self, here: Place, there: Place) -> bool:
        if here.area == there.area or not there.file or there.area in self._listed("open_areas"):
            return True
        if there.file == "testing":
            return here.file in TESTS
        if here.area in self._listed("wiring") and there.file in self._listed("wired"):
            return True
        return there.file in self._listed("doors")

    def _listed(self, option: str) -> frozenset[str]:
        return frozenset(getattr(self, option) or ())  # import-linter puts the parsed option where its field stood
