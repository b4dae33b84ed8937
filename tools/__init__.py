"""Scripts that make the embedded tables and pages from their originals."""
