"""A register to test with: generated, so that it may have any size. Everything in it is made up."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from weaklink import register as room
from weaklink.register import Stamp
from weaklink.register.fields import Rules, checked
from weaklink.register.marking import markings
from weaklink.register.risks import FORMS, set_rules
from weaklink.register.scales import scale

RULES = Rules(scale("uk-nrr"), markings("plain"))
OWNERS = ("Energy", "Treasury", "Health", "Transport", "Interior")


def risk(number: int, random: Random) -> dict[str, Any]:
    """A made-up risk."""
    inherent = random.randint(1, 5), random.randint(1, 5)
    year = random.randint(2026, 2028)
    return {
        "title": f"Made-up risk {number}: {random.choice(['supplier', 'route', 'plant', 'network'])} fails",
        "category": random.choice(["energy", "materials", "transport", "health"]),
        "status": random.choice(["draft", "open", "accepted", "closed"]),
        "owner": random.choice(OWNERS),
        "cause": "A cause that was made up for a test. " * random.randint(1, 4),
        "consequence": "=1+1 is a text here; so is this, with a line\nbreak – and größer signs.",
        "inherent_likelihood": inherent[0],
        "inherent_impact": inherent[1],
        "residual_likelihood": random.randint(1, inherent[0]),
        "residual_impact": random.randint(1, inherent[1]),
        "confidence": random.choice(["low", "medium", "high"]),
        "mtpd_hours": random.randint(1, 1000),
        "reviewed": "2026-01-15",
        "review_due": f"{year}-{random.randint(2, 12):02}-{random.randint(1, 28):02}",
        "upstream": [f"R-{other}" for other in random.sample(range(1, number), min(number - 1, 2))],
        "marking": random.choice(RULES.markings.names[:3]),
    }


def filled(path: Path, count: int, *, changes: int = 0, seed: int = 1) -> Path:
    """A register of `count` risks, half as many treatments, and some changes."""
    random, stamp = Random(seed), Stamp("ana", "2026-02-01T08:00:00Z", "made up")
    room.create(path)
    with room.opened(path) as register, room.writing(register):
        set_rules(register, stamp, RULES)
        for number in range(1, count + 1):
            id_ = f"R-{number}"
            room.add(register, stamp, "risk", id_, checked(FORMS["risk"], id_, risk(number, random), RULES))
        for number in range(1, count // 2 + 1):
            status = random.choice(["planned", "delivered"])
            given = {
                "risk": f"R-{random.randint(1, count)}",
                "measure": "LNG terminal",
                "lowers": random.choice(["likelihood", "impact", "both"]),
                "status": status,
                "due": "2026-12-31",
                "cost_usd": random.randint(1, 10**10),
                "marking": "public",
                **({"delivered_on": "2026-01-31"} if status == "delivered" else {}),
            }
            fields = checked(FORMS["treatment"], f"T-{number}", given, RULES)
            room.add(register, stamp, "treatment", f"T-{number}", fields)
        for number in range(changes):
            room.change(register, stamp, "risk", f"R-{random.randint(1, count)}", {"notes": f"note {number}"})
    return path
