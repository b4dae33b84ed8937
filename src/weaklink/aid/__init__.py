"""What was needed, pledged, committed, allocated and delivered, and who should get what next?"""
