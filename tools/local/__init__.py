"""`make serve`: the project's own template on this machine, without an AWS account and without Docker.

One process for moto's server (the stack), a few for the function (its execution environments), and this one
for what API Gateway does, for the pages and for the terminal. Nothing is kept: each start is a fresh stack.
"""
