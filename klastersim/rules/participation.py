"""R1: what seats in the delivery of a programme do to attendance."""

from __future__ import annotations

from klastersim.compiled import rule


@rule("f8(f8, f8, i8)")
def attendance_with_seats(attendance, uptake, seats):
    r"""Chance that an invited owner comes to a meeting.

    .. math:: a' = 1 - (1 - a) (1 - u)^s

    Parameters
    ----------
    attendance : float
        Chance :math:`a` without any seat, 0 to 1.
    uptake : float
        Share :math:`u` of those who would stay away whom each seat brings, 0 to 1.
    seats : int
        Seats :math:`s` of stakeholders in the delivery, >= 0.

    Returns
    -------
    float
        Chance, `attendance` to 1. Rule R1; direction S57, S58, size assumed.
    """
    if seats == 0:
        return attendance
    away = 1.0 - attendance
    for _ in range(seats):
        away *= 1.0 - uptake
    return 1.0 - away
