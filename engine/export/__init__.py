"""Ways to take a network away: each exporter is one file here."""
