"""What a page would see of an API that is running: real requests, judged as a browser judges their answers.

`fetch_steps`, `controls`, `findings` (with the modules `about_*`) and `promises` are pure: they say what to send and
what to make of the answers. Only `wire` sends.
"""
