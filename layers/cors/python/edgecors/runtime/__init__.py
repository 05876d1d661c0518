"""The edge of the engine, and its only I/O: the decorator, where rules come from, logs."""
