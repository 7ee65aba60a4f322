"""Who stands in a list twice: the same ID number and the same name are one person, another name is a conflict."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import FieldProblem
from charter.people.rules.documents import canonical
from charter.people.rules.judged import Judged
from charter.rosters.reader.judging import Verdict
from charter.rosters.reader.result import Status

__all__ = ["Seen"]

CONFLICT = N_("前面第 %(row)s 行用同一个证件号码登记了另一个姓名，请核对")


class Seen:
    """The accepted people of a file so far."""

    def __init__(self) -> None:
        self.people: dict[str, tuple[str, int]] = {}

    def status(self, verdict: Verdict, row: int, written: str) -> Status:
        """The row's status beside the rows above; a conflict is added to its problems, and the number as
        `written` stands again.

        A row whose name and number are good and stand above is a duplicate whatever its other cells say; then there is
        nothing to mend in it. Only rows that are accepted count for those below.
        """
        wrong = {problem.field for problem in verdict.problems}
        if wrong & {"name", "id_number"}:
            return "rejected"
        worker = verdict.worker
        person = canonical(worker["id_type"], worker["id_number"]) if worker["id_type"] else worker["id_number"]
        above = self.people.get(person)
        if above is not None and above[0] == worker["name"]:
            verdict.problems.clear()
            return "duplicate"
        if wrong:
            return "rejected"
        if above is not None:
            verdict.reject(FieldProblem("id_number", "conflict", CONFLICT, {"row": above[1]}), Judged(None, written))
            return "rejected"
        self.people[person] = worker["name"], row
        return "repaired" if verdict.repairs else "accepted"
