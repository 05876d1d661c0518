"""Templates with mistakes in other forms than those of `rules`, and templates that are nearly wrong.

The comment `# E9801: Cors` says that this line has the mistake E9801, and that `Cors` is what is underlined. A template
without such a comment has no mistake.
"""

from __future__ import annotations

from cases.templates.mistakes_of_routes import ROUTES
from cases.templates.mistakes_of_values import VALUES

MISTAKES = ROUTES | VALUES
