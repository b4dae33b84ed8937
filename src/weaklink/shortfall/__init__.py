"""When do goods run short, and how many are missing? Stocks, other suppliers, saving and sharing, day by day."""

from weaklink.shortfall.course import Courses, Responses, courses
from weaklink.shortfall.purchases import Late, Purchases, Strike

__all__ = ["Courses", "Late", "Purchases", "Responses", "Strike", "courses"]
