"""Real data that nobody here wrote, through the API, against references counted from the files themselves."""
