"""The commands, one a module. Each takes its arguments from Typer and raises what `edgecors_cli.app` turns into a
message and an exit status."""
