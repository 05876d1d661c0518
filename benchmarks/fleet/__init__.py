"""A fleet of Lambda environments that read their rules from SSM, simulated: `make fleet`.

The engine is the real one: `runtime/freshness.py`, `runtime/sources.py`, `runtime/extension.py`. The time, SSM, the
extension's process and the requests are made up (`engine`, `store`, `lives`). docs/scale.md says what came out.
"""
