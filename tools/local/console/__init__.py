"""The console: pages that show what the rules decide, and the answers that they ask for.

Everything that is said of rules is said by the command line's own code. Nothing here publishes or changes anything.
"""
