"""Files of aSc for tests: what a small school of ours exports, and one as another program writes it, with every trap."""

from __future__ import annotations

from scheduler.app.export_papers import asc_words
from scheduler.domain.entities import Group, Slot, SlotKind
from scheduler.domain.plan import Assignment, DutyHolding, Lesson, Plan, PlanStatus, PolicyUsed, Status
from scheduler.policy.case import Case
from scheduler.report.text import Text
from tests import build

WORDS = asc_words(Text("id"))

RELIGION = (Group("I", "1", ("7A", "7B"), "pabp_islam", 2), Group("K", "1", ("7A", "7B"), "pabp_kristen", 2, parallel="I"))


def small_school(**parts: object) -> Case:
    """7A and 7B with MTK 5 = 2+2+1, and religion in two groups at the same time; Senin begins with upacara, after period 2 is a break."""
    teachers = (build.teacher("A", "matematika"), build.teacher("I", "pai"), build.teacher("K", "kristen"))
    slots = [Slot("pagi", "Senin", 0, SlotKind.CEREMONY, 420, 460, 0)]
    for day in ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"):
        clocks = [(460, 500), (500, 540), (560, 600), (600, 640)]
        slots += [Slot("pagi", day, n, SlotKind.LESSON, *clock, n + n // 3) for n, clock in enumerate(clocks, start=1)]
        slots.append(Slot("pagi", day, 0, SlotKind.BREAK, 540, 560, 3))
    return build.case(
        {"matematika": 5, "pabp_islam": 2, "pabp_kristen": 2},
        teachers,
        {7: 2},
        **{"slots": tuple(slots), "groups": RELIGION, **parts},  # type: ignore[arg-type]
    )


TEACHING = {"1/7A/MTK": "A", "1/7B/MTK": "A", "1/I/PAI": "I", "1/K/PAK": "K"}
WEEK = (
    ("1/7A/MTK", "Senin", 1, 2), ("1/7A/MTK", "Rabu", 1, 2), ("1/7A/MTK", "Jumat", 4, 1),
    ("1/7B/MTK", "Senin", 3, 2), ("1/7B/MTK", "Rabu", 3, 2), ("1/7B/MTK", "Sabtu", 4, 1),
    ("1/I/PAI", "Selasa", 1, 2), ("1/K/PAK", "Selasa", 1, 2),
)  # fmt: skip


def small_plan(case: Case, week: tuple[tuple[str, str, int, int], ...] = WEEK) -> Plan:
    """Everybody teaches as TEACHING says, at the times of WEEK."""
    assignments = tuple(
        Assignment(need.id, need.school, need.rombels, need.subject, need.jp, need.recognised_jp, TEACHING.get(need.id))
        for need in case.needs
        if need.jp
    )
    lessons = tuple(
        Lesson(need, "1", case.need[need].rombels, case.need[need].subject, TEACHING.get(need), day, period, length)
        for need, day, period, length in week
    )
    status = PlanStatus(Status.FEASIBLE, Status.FEASIBLE)
    homeroom = (DutyHolding("1", "wali_kelas", "7A", "A", 2, 2),)
    return Plan(PolicyUsed(case.policy.id), "", status, (), assignments, homeroom, lessons=lessons)


FOREIGN = """<?xml version="1.0" encoding="windows-1252"?>
<timetable ascttversion="2012.2.3" importtype="database" options="idprefix:Lain" displayname="aSc Timetables 2012 XML">
 <periods columns="period,name,short,starttime,endtime">
  <period period="1" name="1" short="1" starttime="7:05" endtime="7:45"/><period period="2" name="2" short="2" starttime="7:45" endtime="8:25"/>
  <period period="3" name="3" short="3" starttime="8:45" endtime="9:25"/>
 </periods>
 <daysdefs columns="id,days,name,short">
  <daysdef id="*1" days="10,01" name="Any day" short="X"/><daysdef id="*2" days="11" name="Every day" short="E"/>
  <daysdef id="*3" days="10" name="Monday" short="Mo"/><daysdef id="*4" days="01" name="Jum'at" short="Ju"/>
 </daysdefs>
 <subjects columns="id,name,short">
  <subject id="S1" name="Matematika (Umum)" short="MTK"/><subject id="S2" name="Bahasa Melayu Jambi" short="BMJ"/>
  <subject id="S3" name="Upacara Bendera" short="UPC"/><subject id="S4" name="Pendidikan Agama Islam" short="PAI"/>
  <subject id="S5" name="Pendidikan Agama Kristen" short="PAK"/>
 </subjects>
 <teachers columns="id,firstname,lastname,short">
  <teacher id="T1" firstname="Réka" lastname="Utami" short="RU"/><teacher id="T2" name="Budi &amp; Co" short="BU"/>
  <teacher id="T3" name="=1+1" short="RU"/>
 </teachers>
 <classes columns="id,name,short,teacherid"><class id="C1" name="VII A" short="7A" teacherid="T1"/><class id="C2" name="VII B" short="7B"/></classes>
 <groups columns="id,classid,name,entireclass,divisiontag">
  <group id="G1" classid="C1" name="Entire class" entireclass="1" divisiontag="0" studentcount="28"/>
  <group id="G2" classid="C1" name="Islam" entireclass="0" divisiontag="1"/>
  <group id="G3" classid="C1" name="Kristen" entireclass="0" divisiontag="1"/>
 </groups>
 <lessons>
  <lesson id="L1" subjectid="S1" classids="C1" groupids="G1" teacherids="T2" periodspercard="2" periodsperweek="2.0"/>
  <lesson id="L2" subjectid="S1" classids="C1" groupids="G1" teacherids="T2" periodspercard="1" periodsperweek="1,0"/>
  <lesson id="L3" subjectid="S2" classids="C2" groupids="" teacherids="T1" periodspercard="1" periodsperweek="1.0"/>
  <lesson id="L4" subjectid="S3" classids="C1,C2" groupids="" teacherids="" periodspercard="1" periodsperweek="1.0"/>
  <lesson id="L5" subjectid="S4" classids="C1" groupids="G2" teacherids="T1" periodspercard="1" periodsperweek="1.0"/>
  <lesson id="L6" subjectid="S5" classids="C1" groupids="G3" teacherids="T3" periodspercard="1" periodsperweek="1.0"/>
 </lessons>
 <cards>
  <card lessonid="L4" period="1" days="10" weeks="1" terms="1"/><card lessonid="L1" period="2" days="10" weeks="1" terms="1"/>
  <card lessonid="L2" period="1" days="01" weeks="1" terms="1"/><card lessonid="L3" period="2" days="01" weeks="10" terms="1"/>
  <card lessonid="L5" period="2" days="01" weeks="1" terms="1"/><card lessonid="L6" period="2" days="01" weeks="1" terms="1"/>
  <card lessonid="L3" period="" days="" weeks="1" terms="1"/><card day="0" period="1" classids="C1"/>
 </cards>
</timetable>
"""
