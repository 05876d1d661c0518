"""Cold starts under Lambda's runtime: `make cold`."""
