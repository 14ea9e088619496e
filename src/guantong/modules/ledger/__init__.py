"""The double-entry sub-ledger: chart, account roles, posting policies, periods, rates, journal, `post()`, reports.

Not here: what is to be posted when (each module's own `posting.py`), and statutory books. Only this package
reads or writes the journal; all others call `post.post()` and the functions of `balances`.
"""
