"""What does it cost, against doing it another way? Ratios within one run; absolute times mean little."""
