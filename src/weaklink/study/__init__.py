"""What does the user want to know? One function per question; the only place that joins domains."""
