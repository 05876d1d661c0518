"""Rules out of other systems' configurations. Nothing of a file is executed.

A reader for each system (`express`, `sam`, `powertools`, `starlette`) turns a text into setups (`model.Setup`): what
the old system let in, each value with its place. `carrying` turns setups into a rules document, and says of every
value what became of it.
"""
