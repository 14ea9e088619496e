"""What we offer: a quote is the folder, its versions are the offers; a version is frozen once sent.

Not here: list prices (catalog), what is signed (contracting), what is carried out (ordering).
"""
