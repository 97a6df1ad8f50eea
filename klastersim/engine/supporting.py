"""R1 over arrays: the programme delivers its instruments, as far as money goes.

Money is kept in purses, by instrument and channel; what a visit costs leaves the purse, what is left waits for the next
month.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.equipping import deliver_machines
from klastersim.engine.happening import programme_money
from klastersim.engine.lending import collect_loans
from klastersim.engine.measuring import row_of
from klastersim.engine.networking import found_network
from klastersim.engine.planning import FIRST, pay_for_plan, plans, seats_in_delivery, seats_in_design, share_of
from klastersim.engine.purses import (
    CHANNELS,
    EQUIPMENT,
    FINANCE,
    FORUMS,
    INDIVIDUAL,
    INSTRUMENTS,
    MARKET,
    TOGETHER,
    TRUST,
    purse_number,
)
from klastersim.engine.visiting import deliver_visits
from klastersim.rules.groups import WORKING_DAYS
from klastersim.rules.programme import serves_single_firms
from klastersim.world.codes import (
    CHANNEL_GROUP,
    CHANNEL_INDIVIDUAL,
    CHANNEL_INDIVIDUAL_FIRST,
    ORGANISATION_NETWORK,
)


@kernel
def support(world, scratch, c, month):
    """Fill the purses and deliver all but introductions, which wait until groups are formed."""
    p = world.params[world.clusters[c].terms]
    if not p.programme_enabled:
        return
    collect_loans(world, c, month)
    budget = programme_money(world, c, month)
    if budget <= 0.0:
        return
    if p.organisation_kind == ORGANISATION_NETWORK and not world.clusters[c].network:
        found_network(world, scratch, c)
    if plans(p) or seats_in_design(p) + seats_in_delivery(p) > 0 or world.clusters[c].owed > 0.0:
        budget = pay_for_plan(world, c, month, budget)
        if world.clusters[c].planning == FIRST:
            return
    _fill_purses(world, c, budget, _share_to_groups(p, month))
    if p.programme_channel == CHANNEL_INDIVIDUAL_FIRST:
        _hand_over(world, c, month)
    for channel in range(CHANNELS):
        for instrument in range(INSTRUMENTS):
            # Introductions wait until groups are formed.
            if instrument == EQUIPMENT:
                deliver_machines(world, scratch, c, month, channel)
            elif instrument != MARKET:
                deliver_visits(world, scratch, c, month, instrument, channel)


@inner
def _share_to_groups(p, month):
    """Share of this month's money that goes to groups."""
    if p.programme_channel == CHANNEL_INDIVIDUAL:
        return 0.0
    if p.programme_channel == CHANNEL_GROUP:
        return 1.0
    if p.programme_channel == CHANNEL_INDIVIDUAL_FIRST:
        first = serves_single_firms(month, p.programme_start, p.programme_end, p.programme_individual_part)
        return 0.0 if first else 1.0
    return p.programme_group_share


@inner
def _hand_over(world, c, month):
    """Once groups' turn has come, give them what single firms left and what they paid back."""
    p = world.params[world.clusters[c].terms]
    if _share_to_groups(p, month) == 0.0:
        return
    for instrument in range(INSTRUMENTS):
        world.purses[c, purse_number(instrument, TOGETHER)] += world.purses[c, purse_number(instrument, INDIVIDUAL)]
        world.purses[c, purse_number(instrument, INDIVIDUAL)] = 0.0


@inner
def _fill_purses(world, c, budget, together):
    """Share the month's money over instruments, and of each the part `together` to groups."""
    p = world.params[world.clusters[c].terms]
    parts = p.mix_training + p.mix_finance + p.mix_market + p.mix_trust + p.mix_equipment
    planned = plans(p)
    if parts <= 0.0 and not planned:
        return
    for instrument in range(INSTRUMENTS):
        part = p.mix_training
        if instrument == FINANCE:
            part = p.mix_finance
        elif instrument == MARKET:
            part = p.mix_market
        elif instrument == TRUST:
            part = p.mix_trust
        elif instrument == EQUIPMENT:
            part = p.mix_equipment
        if planned:
            money = budget * share_of(p, world.clusters[c], instrument, part / parts if parts > 0.0 else 0.0)
        else:
            money = budget * part / parts
        world.purses[c, purse_number(instrument, INDIVIDUAL)] += money * (1.0 - together)
        world.purses[c, purse_number(instrument, TOGETHER)] += money * together


@kernel
def count_social_cost(world, c, month):
    """Add the time that owners gave to the programme, and to forums, to public cost; note for what they gave it."""
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    days = 0.0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        days += world.firms[i].support_days
    row.social_cost = row.public_cost + days / WORKING_DAYS * (cluster.price - cluster.input_price)
    for whom in range(FORUMS + 1):
        cluster.time_cost[whom] += cluster.owner_days[whom] / WORKING_DAYS * (cluster.price - cluster.input_price)
        cluster.owner_days[whom] = 0.0
