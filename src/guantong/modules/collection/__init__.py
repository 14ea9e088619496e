"""What we are paid: receipt 收款 with its claim 认领, allocation 核销 to invoices, write-off; advances and refunds.

Not here: what is owed (invoicing), bills 票据 as papers of their own, account codes and rates (ledger).
"""
