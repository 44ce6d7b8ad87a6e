"""Which schemes, safely? The best portfolio of eligible schemes, with a certificate.

`problem` says what may be chosen and what must be respected, `engine` chooses, `plain` tries
every portfolio of a small problem, `decompose` splits a large one by organisation, `certificate`
says what binds, what it is worth and why a scheme was left out, and `build` and `answer` lead from
a position to a result.
"""

from __future__ import annotations
