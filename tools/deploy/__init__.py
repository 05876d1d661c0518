"""What `make deploy` does besides SAM: the rules, which no stack resource owns (template.yaml says why)."""
