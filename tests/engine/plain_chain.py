"""The settlements of the value chain (R5) in plain Python, over dictionaries."""

from __future__ import annotations


def divided(workers, stages, partners_of, gain, loss):
    """Return (matched share, effect on output) by firm, and work by tie, of specialised firms.

    `partners_of` maps each tie (lower, upper) to whether it failed.
    """
    count = {i: 0 for i in workers}
    for tie in partners_of:
        assert abs(stages[tie[0]] - stages[tie[1]]) == 1
        for end in tie:
            count[end] += 1
    work = {
        tie: min(workers[tie[0]] / count[tie[0]], workers[tie[1]] / count[tie[1]])
        for tie, failed in partners_of.items()
        if not failed
    }
    matched = {i: sum(put for tie, put in work.items() if i in tie) / workers[i] for i in workers}
    return matched, {i: gain * m - loss * (1.0 - m) for i, m in matched.items()}, work


def traded(work, workers, stages, output, price):
    """Return (bought less sold, received, paid) by firm, and volume sold by stage and bought by stage."""
    net = {i: 0.0 for i in workers}
    received, paid = dict(net), dict(net)
    sold, bought = {}, {}
    for (a, b), put in work.items():
        seller, buyer = (a, b) if stages[a] < stages[b] else (b, a)
        volume = output[seller] * put / workers[seller]
        net[seller] -= volume
        net[buyer] += volume
        received[seller] += volume * price
        paid[buyer] += volume * price
        sold[stages[seller]] = sold.get(stages[seller], 0.0) + volume
        bought[stages[buyer]] = bought.get(stages[buyer], 0.0) + volume
    return net, received, paid, sold, bought
