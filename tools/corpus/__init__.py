"""The documents that every later release has to take, with the same meaning."""
