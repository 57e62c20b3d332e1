"""`python -m tools.messages compile|check|update`."""

import sys

from tools.messages import catalogues, checking, updating

match sys.argv[1:]:
    case ["compile"]:
        catalogues.compile_all()
    case ["check"]:
        found = checking.faults()
        print("\n".join(found))
        sys.exit(bool(found))
    case ["update"]:
        updating.update()
    case _:
        sys.exit("Usage: python -m tools.messages compile|check|update")
