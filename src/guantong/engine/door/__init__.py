"""THE ONE DOOR: screens, API, imports, flows, agents and scripts come in here, with the same rights and checks."""
