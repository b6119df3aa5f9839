"""Changes that bring hours: classes and hours of other schools, consent to visit, what counts, and a teacher's own limit."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.diagnose.candidates import Candidate, Facts, Ground, Series
from scheduler.domain.explanation import Edit
from scheduler.policy.case import Need, NeedKind

MOST_CLASSES = 8
"""Most classes of other schools in one repair."""


def partner_classes(ground: Ground, code: str) -> Iterator[Series]:
    """Classes of a school of the file without a certified teacher, opened to the visitor by an order of the Dinas; who has them gives them away.

    Only where the ruleset wants such an order: elsewhere visitors may take them without any change. In the place of a teacher who is not willing
    a colleague may go, and leave hours at home.
    """
    if ground.case.policy.outside_needs_assignment:
        for visitor in visitors_for(ground, code):
            yield from classes_for(ground, code, visitor)


def visitors_for(ground: Ground, code: str) -> Iterator[str]:
    """Who could go: the teacher, and where the teacher is not willing, first a colleague of the same certificate family who is."""
    case = ground.case
    if not case.teachers[code].willing:
        colleagues = case.certified_of_family(case.teachers[code].home, case.family_of(code))
        yield from [colleague for colleague in colleagues if case.teachers[colleague].willing][:1]
    yield code


def classes_for(ground: Ground, code: str, visitor: str) -> Iterator[Series]:
    """Classes of each school and subject that the visitor may teach, the nearest school first."""
    case = ground.case
    home = case.teachers[visitor].home
    for npsn in ground.by_way(code, [npsn for npsn in case.schools if npsn != home and ground.may_visit(visitor, npsn)]):
        kept = [need for need in ground.needs_at[npsn] if could_be_given_away(ground, visitor, need)]
        for subject in dict.fromkeys(need.subject for need in kept):
            ordered = sorted((need for need in kept if need.subject == subject), key=lambda need: spare(ground, need))
            needs = could_be_spared(ground, ordered[:MOST_CLASSES])
            if needs and sum(map(ground.weight, needs)) + ground.free_credit(code) >= ground.missing(code):
                yield series_of_classes(ground, code, visitor, needs)


def could_be_given_away(ground: Ground, code: str, need: Need) -> bool:
    """Whether only the order of the Dinas is missing: nobody certified for the subject teaches the class, for it is the other school's need that
    such an order serves, not the visitor's."""
    if need.kind is NeedKind.OPEN_HOURS or need.locked or need.id in ground.open_needs or code in need.dinas or not ground.weight(need):
        return False
    teacher = ground.teacher_of.get(need.id)
    certified = teacher is not None and teacher in ground.case.counted and ground.case.is_linear(teacher, need.subject)
    return not certified and ground.consenting.may_teach(code, need)


def could_be_spared(ground: Ground, needs: list[Need]) -> list[Need]:
    """The first classes, as many as the school's staff can do without."""
    if needs[0].kind is NeedKind.GUIDANCE:
        return needs
    slack, hours = ground.slack(needs[0].school, needs[0].subject), 0
    for count, need in enumerate(needs):
        hours += need.recognised_jp
        if hours > slack:
            return needs[:count]
    return needs


def spare(ground: Ground, need: Need) -> tuple[int, int]:
    """Order in which classes are asked for: first of teachers whose minimum does not count, then of those furthest above it."""
    teacher = ground.teacher_of.get(need.id)
    if teacher is None or teacher not in ground.case.counted:
        return (0, 0)
    load = ground.before.load[teacher]
    return (1, load.required_jtm - load.recognised_jtm)


def series_of_classes(ground: Ground, code: str, visitor: str, needs: list[Need]) -> Series:
    """One class, two classes … as far as the school can spare them."""
    home, npsn, subject = ground.case.teachers[visitor].home, needs[0].school, needs[0].subject
    way = ground.way(home, npsn)
    consent = consent_of(ground, visitor)
    edits = [
        Edit("partner_class", {"teacher": visitor, "school": npsn, "rombel": need.rombels[0], "subject": need.subject, "jp": need.jp, **way})
        for need in needs
    ]
    candidates = []
    for count in range(1, len(edits) + 1):
        facts = {**visit_facts(ground, visitor, npsn, subject), "classes": count, "jp": sum(need.jp for need in needs[:count])}
        candidates.append(Candidate("partner_class", (*consent, *edits[:count]), facts, unverified=bool(consent)))
    return Series(tuple(candidates), ground.start_of(code, [ground.weight(need) for need in needs]))


def partner_hours(ground: Ground, code: str) -> Iterator[Series]:
    """Hours at a school of which no classes are known, as rows of Jam Mitra: so many classes of the subject as the teacher misses."""
    case = ground.case
    home = case.teachers[code].home
    described = {case.main_school, *(rombel.school for rombel in ground.instance.rombels), *(t.home for t in ground.instance.teachers)}
    schools = [npsn for npsn in case.schools if npsn not in described and npsn != home and ground.may_visit(code, npsn)]
    for npsn in ground.by_way(code, schools):
        for subject, jp in usual_jp(ground, code).items():
            for visitor in visitors_for(ground, code):
                if case.is_linear(visitor, subject):
                    yield series_of_hours(ground, code, visitor, npsn, subject, jp)


def usual_jp(ground: Ground, code: str) -> dict[str, int]:
    """JP of a class in each subject of the teacher's certificate: the least of Struktur."""
    hours: dict[str, int] = {}
    for row in ground.instance.structure:
        if row.jp > 0 and ground.case.is_linear(code, row.subject):
            hours[row.subject] = min(row.jp, hours.get(row.subject, row.jp))
    for group in ground.instance.groups:
        if ground.case.is_linear(code, group.subject):
            hours.setdefault(group.subject, group.jp)
    return hours


def series_of_hours(ground: Ground, code: str, visitor: str, npsn: str, subject: str, jp: int) -> Series:
    home = ground.case.teachers[visitor].home
    consent = consent_of(ground, visitor)
    shared = {"teacher": visitor, "school": npsn, "subject": subject, "jp": jp, **ground.way(home, npsn)}
    edits = [Edit("partner_hours", {**shared, "number": number + 1}) for number in range(MOST_CLASSES)]
    facts = visit_facts(ground, visitor, npsn, subject)
    candidates = tuple(
        Candidate("partner_hours", (*consent, *edits[:count]), {**facts, "classes": count, "jp": count * jp}, unverified=True)
        for count in range(1, MOST_CLASSES + 1)
    )
    return Series(candidates, ground.start_of(code, [jp] * MOST_CLASSES))


def outside_hours(ground: Ground, code: str) -> Iterator[Series]:
    """Hours at a school that is not in the file and still to be found."""
    case = ground.case
    if case.policy.outside_max_jtm == 0 or case.is_counsellor(code) or case.teachers[code].home not in case.schools:
        return
    subject = next(iter(usual_jp(ground, code)), "")
    most = case.max_jp(code) if subject else 0
    candidates = (
        Candidate(
            "outside_hours",
            (Edit("outside_hours", {"teacher": code, "jtm": jtm}),),
            {"teacher": code, "subject": subject, "jtm": jtm},
            unverified=True,
        )
        for jtm in range(1, most + 1)
    )
    found = tuple(candidates)
    if found:
        yield Series(found, ground.start_of(code, [1] * most))


def visit_facts(ground: Ground, code: str, npsn: str, subject: str) -> Facts:
    home = ground.case.teachers[code].home
    km, minutes = ground.case.distance_km(home, npsn), ground.case.travel_minutes(home, npsn)
    facts: dict[str, str | int | float] = {"teacher": code, "school": npsn, "subject": subject}
    if km is not None:
        facts["km"] = round(km, 1)
    if minutes is not None:
        facts["minutes"] = minutes
    return facts


def consent_of(ground: Ground, code: str) -> tuple[Edit, ...]:
    return () if ground.case.teachers[code].willing else (Edit("willing", {"teacher": code}),)


# --- switches and limits ---------------------------------------------------------------------------------------------------------------------


def consent(ground: Ground, code: str) -> Iterator[Series]:
    """Bersedia ke Mitra, where hours are open already."""
    if consent_of(ground, code):
        yield alone("willing", {"teacher": code}, unverified=True)


def own_limit(ground: Ground, code: str) -> Iterator[Series]:
    """JP Maks below the ruleset's most."""
    most = ground.case.teachers[code].max_jp
    if most is not None and most < ground.case.policy.max_jtm:
        yield alone("max_jp", {"teacher": code, "jp": most})


def kokurikuler(ground: Ground, code: str) -> Iterator[Series]:
    """Hours of the kokurikuler, where the ruleset counts them and the school does not."""
    if ground.case.policy.count_kokurikuler and not ground.instance.settings.count_kokurikuler:
        yield alone("kokurikuler", {})


def unverified_linearity(ground: Ground, code: str) -> Iterator[Series]:
    """Rows of the linearity table that nobody has confirmed, where one of them is about the teacher's certificate and a subject taught here."""
    certificate = ground.case.teachers[code].certificate
    taught = {need.subject for need in ground.case.needs}
    if any(row.certificate == certificate and row.subject in taught for row in ground.case.law.linearity.switched_off):
        yield alone("unverified_linearity", {}, unverified=True)


def alone(kind: str, facts: Facts, unverified: bool = False) -> Series:
    """A change that has one amount only."""
    return Series((Candidate(kind, (Edit(kind, facts),), facts, unverified),))
