"""CORS mistakes in SAM and CloudFormation templates, as rules of cfn-lint.

`rules` has one module per rule; the other modules read a template for them. `check` runs the rules. Templates are
somebody else's: nothing here expects a value to have the type that it should have.
"""
