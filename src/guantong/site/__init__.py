"""FLOOR 4: settings, urls, the server, the embedded database and the commands."""
