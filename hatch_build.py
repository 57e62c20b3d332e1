"""What a wheel carries beside the source: the pages' assets, built, and the translations, compiled."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own generic has no use here
    """Builds both into the source tree before the wheel is packed; an editable install is left to `make set-up`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from tools import assets  # noqa: PLC0415  # only reachable from the project's folder
        from tools.messages import catalogues  # noqa: PLC0415

        if not (root / assets.MANIFEST).exists():
            assets.build(root)
        catalogues.compile_all(root)
