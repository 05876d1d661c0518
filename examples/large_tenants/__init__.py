"""An API whose customers bring domains of their own, hundreds of thousands of them: docs/large-tenants.md."""
