"""The command line: parse, call, print. What is answered is the business of `study`."""
