"""What all tests share."""

import os

from hypothesis import settings

# A first call compiles its kernel, so no example has a deadline. Where CI is set, each run draws the same examples.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
