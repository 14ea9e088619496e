"""What the customer has ordered: orders with their progress, and the credit exposure that confirming them makes.

Not here: goods on the way (fulfilment), billing (invoicing); they report here what they did, in absolute figures.
"""
