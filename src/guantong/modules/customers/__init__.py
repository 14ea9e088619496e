"""Who we sell to: customers, people, addresses, invoice titles, bank accounts, terms; the parties of a document.

Not here: what they owe (ledger, collection) and what they may buy for (catalog). "Account" is the ledger's word.
"""
