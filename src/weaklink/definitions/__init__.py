"""When is an item a dependency? Published and own definitions, all as data, side by side."""
