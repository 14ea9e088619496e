"""What we sell and for how much: products, units, tax classes with dated rates, price books; priced documents.

Not here: who buys (customers) and what was agreed with them (quoting, contracting).
"""
