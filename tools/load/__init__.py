"""`make load`: the Tea API under pressure, every answer judged."""
