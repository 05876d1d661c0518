"""Measurements of edgecors against what people would use instead: `make bench`."""
