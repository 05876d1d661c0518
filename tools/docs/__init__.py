"""What is in docs/ and made by the code that it is about."""
