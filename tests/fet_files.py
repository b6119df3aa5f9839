"""A FET file of our own, as small as a rule's test needs: 4 days of 4 hours, teachers T and U, year Y with the classes A and B, rooms r and q."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from scheduler.domain.timetabling import Meeting
from scheduler.formats.fet import FetFile, read_fet
from scheduler.verify.cost import Cost, evaluate

DAYS = ("d1", "d2", "d3", "d4")
HOURS = ("h1", "h2", "h3", "h4")


def tag(name: str, *children: object, **fields: object) -> str:
    """An element: its fields in order (a list: one after the other), then children that are elements already."""
    inside = ""
    for field, value in fields.items():
        inside += "".join(f"<{field}>{escape(str(one))}</{field}>" for one in (value if isinstance(value, (list, tuple)) else [value]))
    return f"<{name}>{inside}{''.join(str(child) for child in children)}</{name}>"


def rule(name: str, *children: str, weight: object = 100, active: str = "true", **fields: object) -> str:
    return tag(f"Constraint{name}", *children, Weight_Percentage=weight, Active=active, **fields)


def slots(name: str, places: Sequence[str], day: str = "Day", hour: str = "Hour") -> str:
    """``d1 h2`` … as elements."""
    return "".join(tag(name, **dict(zip((day, hour), place.split(), strict=True))) for place in places)


def lesson(
    number: int, duration: int = 1, students: str = "A", teacher: str = "T", subject: str = "S", tags: Sequence[str] = (), **more: object
) -> str:
    who: dict[str, object] = {"Teacher": teacher, "Subject": subject, "Activity_Tag": list(tags), "Students": students}
    long = {"Duration": duration, "Total_Duration": duration}
    return tag("Activity", **who, **long, Id=number, Activity_Group_Id=0, **{"Active": "true", **more})


def fet_text(lessons: Sequence[str], rules: Sequence[str] = (), space: Sequence[str] = (), mode: str = "Official", **more: str) -> str:
    head = more.get("head", "") + (
        tag(
            "Number_of_Days_Per_Term",
        ).replace("><", ">2<")
        if mode == "Terms"
        else ""
    )
    behaviour = f"<Mornings_Afternoons_Behavior>{more.get('behaviour', 'Unrestricted')}</Mornings_Afternoons_Behavior>"
    teachers = "".join(f"<Teacher><Name>{name}</Name>{behaviour if mode.startswith('Morn') else ''}</Teacher>" for name in "TU")
    groups = "".join(tag("Group", Name=name, Number_of_Students=20) for name in "AB")
    rooms = more.get("rooms") or tag("Room", Name="r", Building="east", Capacity=30) + tag("Room", Name="q", Building="west", Capacity=30)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><fet version="{more.get("version", "6.8.5")}">'
        + ("" if mode == "" else f"<Mode>{mode}</Mode>")
        + head
        + tag("Days_List", "".join(tag("Day", Name=day) for day in DAYS))
        + tag("Hours_List", "".join(tag("Hour", Name=hour) for hour in HOURS))
        + tag("Teachers_List", teachers)
        + tag("Students_List", tag("Year", groups, Name="Y", Number_of_Students=40))
        + tag("Activities_List", *lessons)
        + tag("Rooms_List", rooms)
        + tag("Time_Constraints_List", rule("BasicCompulsoryTime"), *rules)
        + tag("Space_Constraints_List", rule("BasicCompulsorySpace"), *space)
        + "</fet>"
    )


def read(folder: Path, lessons: Sequence[str], rules: Sequence[str] = (), space: Sequence[str] = (), mode: str = "Official", **more: str) -> FetFile:
    path = folder / "school.fet"
    path.write_text(fet_text(lessons, rules, space, mode, **more), encoding="utf-8")
    return read_fet(path)


def cost(fet: FetFile, places: Sequence[str], rooms: Mapping[int, str] | None = None) -> Cost:
    """The cost where lesson 1 starts at the first place, 2 at the second …, and those of ``rooms`` are held there."""
    durations = {event.id: event.duration for event in fet.problem.events}
    chosen = {str(number): {"Room": room} for number, room in (rooms or {}).items()}
    return evaluate(fet.problem, [Meeting(str(n), place, durations[str(n)], chosen.get(str(n), {})) for n, place in enumerate(places, 1)])
