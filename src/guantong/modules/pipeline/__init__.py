"""From the first word to the yes: leads, follow-ups, deals and the tenant's own pipelines and stages.

Not here: what is offered (quoting), what is signed (contracting), campaigns (market).
"""
