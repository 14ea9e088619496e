"""Attachments of any record: kept outside the database through Django's storage, so that S3 can be swapped in."""
