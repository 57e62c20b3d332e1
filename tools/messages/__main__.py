"""`python -m tools.messages compile|check|update`."""

import sys

from tools.messages import catalogues

match sys.argv[1:]:
    case ["compile"]:  # done at every start: it needs nothing but Babel
        catalogues.compile_all()
    case ["check"]:
        from tools.messages import checking

        found = checking.faults()
        print("\n".join(found))
        sys.exit(bool(found))
    case ["update"]:
        from tools.messages import updating

        updating.update()
    case _:
        sys.exit("Usage: python -m tools.messages compile|check|update")
