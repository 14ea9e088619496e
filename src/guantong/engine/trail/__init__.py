"""What people see of the past: comments, the timeline of a record, the record as it was, the chain of documents."""
