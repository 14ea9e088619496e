"""What we bill: invoice 应收单 (the receivable) and credit note, drawn from orders line by line to the fen.

Not here: the fapiao 数电票 (its number comes from outside), money received (collection), account codes (ledger).
"""
