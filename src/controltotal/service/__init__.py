"""Floor 8: the service. One place for a whole system, in the browser and for programs.

Pages and API call the same `verbs` and `acts` as the command line; no rule of business lives here. The
ledger holds what was said and done; people, sessions, drafts, jobs and tokens stand in a second database.
Each route is declared with who may use it (`routes.py`), and what is not declared is not there.
"""
