"""The guard of the rules parameter: bad versions are put back, or at least reported, and good ones are marked.

`facts` < `choice`, `notices` < `messages`, `marks`, `deployment` < `guard` < `app`, and all of it above `rules_store`.
"""
