"""The command line: publishes rules to SSM Parameter Store, and looks after what is published.

Never part of the layer. Each command is a module in `commands`.
"""
