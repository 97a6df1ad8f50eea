"""R1 over arrays: the programme picks recipients and delivers its instruments, as far as money goes.

Money is kept in purses, by instrument and channel; what a visit costs leaves the purse, what is left waits for the next
month. Recipients are picked by a score that is drawn, or read from what can be observed. Each firm is visited at most
once a month by an instrument and channel.
"""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel, one, two
from klastersim.compiled.purposes import PROGRAMME_INTRODUCE, PROGRAMME_PICK
from klastersim.engine.accepting import INTRODUCED
from klastersim.engine.acquaintance import become_acquainted, find_tie
from klastersim.engine.arriving import add_arrival
from klastersim.engine.deciding import company_of
from klastersim.engine.measuring import row_of
from klastersim.engine.takers import draw_buyer, relation_of
from klastersim.rules.groups import WORKING_DAYS
from klastersim.rules.learning import DEFAULTED, WORKED
from klastersim.rules.programme import monthly_budget, trained_quality, visit_cost
from klastersim.world.codes import (
    CHANNEL_GROUP,
    CHANNEL_INDIVIDUAL,
    SELECT_NEEDIEST,
    SELECT_PROMISING,
    TIES_ALL,
)
from klastersim.world.layout import NONE

#: Instruments, as the purses are numbered (two channels each).
TRAINING, FINANCE, MARKET, TRUST = 0, 1, 2, 3
INSTRUMENTS = 4

#: Scores that differ by less than one over this are equal.
ROUNDING = 1e9

#: Channels.
INDIVIDUAL, TOGETHER = 0, 1
CHANNELS = 2


@kernel
def purse_number(instrument, channel):
    """Place of a purse in the cluster's row."""
    return instrument * CHANNELS + channel


@kernel
def support(world, scratch, c, month):
    """Fill the purses and deliver training, loans and meetings; introductions wait until groups are formed."""
    p = world.params[c]
    if not p.programme_enabled:
        return
    _collect_loans(world, c, month)
    budget = monthly_budget(p.programme_budget, month, p.programme_start, p.programme_end, p.programme_path)
    if budget <= 0.0:
        return
    _fill_purses(world, c, budget)
    for channel in range(CHANNELS):
        for instrument in range(INSTRUMENTS):
            # Introductions wait until groups are formed.
            if instrument != MARKET:
                _deliver_visits(world, scratch, c, month, instrument, channel)


@inner
def _fill_purses(world, c, budget):
    """Share the month's money over instruments and channels."""
    p = world.params[c]
    together = p.programme_group_share
    if p.programme_channel == CHANNEL_INDIVIDUAL:
        together = 0.0
    elif p.programme_channel == CHANNEL_GROUP:
        together = 1.0
    parts = p.mix_training + p.mix_finance + p.mix_market + p.mix_trust
    if parts <= 0.0:
        return
    for instrument in range(INSTRUMENTS):
        part = p.mix_training
        if instrument == FINANCE:
            part = p.mix_finance
        elif instrument == MARKET:
            part = p.mix_market
        elif instrument == TRUST:
            part = p.mix_trust
        world.purses[c, purse_number(instrument, INDIVIDUAL)] += budget * part / parts * (1.0 - together)
        world.purses[c, purse_number(instrument, TOGETHER)] += budget * part / parts * together


@inner
def _score(world, scratch, c, month, instrument):
    """Score all firms: who scores highest is picked first, and a draw decides among equals. Marks are cleared."""
    p = world.params[c]
    cluster = world.clusters[c]
    for i in range(cluster.firms):
        scratch.month[i].mark = 0
        firm = world.firms[cluster.first_firm + i]
        # The same draw in both channels, so that they can be compared on the same recipients.
        scratch.month[i].chance = one(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, instrument)
        scratch.month[i].score = 0.0
        if p.programme_selection == SELECT_PROMISING:
            # Equal but for rounding is equal.
            scratch.month[i].score = np.floor(firm.profit / firm.workers * ROUNDING + 0.5)
        elif p.programme_selection == SELECT_NEEDIEST:
            scratch.month[i].score = np.floor(_need(world, scratch, c, i, instrument) * ROUNDING + 0.5)


@inner
def _need(world, scratch, c, i, instrument):
    """Gap of a firm that an instrument could close, as far as it can be observed."""
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if instrument == TRAINING:
        return 1.0 - firm.quality
    if instrument == FINANCE:
        return -firm.working_capital / firm.workers
    if instrument == TRUST:
        return -company_of(world.params[c], cluster, world.firms, world.links, world.ties, scratch.trusts, firm)[1]
    best = 0.0
    for buyer in range(cluster.buyers):
        best = max(best, world.relations[cluster.first_firm + i, buyer])
    return -best


@inner
def _pick(scratch, firms):
    """Pick the unmarked firm with the highest score, by the draw among equals; NONE where all are marked."""
    best = NONE
    for i in range(firms):
        here = scratch.month[i]
        if here.mark:
            continue
        if best == NONE or here.score > scratch.month[best].score:
            best = i
        elif here.score == scratch.month[best].score and here.chance > scratch.month[best].chance:
            best = i
    return best


@inner
def _eligible(world, c, i, instrument):
    """Whether a firm can be served: no second loan while one is out."""
    return instrument != FINANCE or world.firms[world.clusters[c].first_firm + i].loan <= 0.0


@inner
def _add_member(scratch, count, i):
    scratch.candidates[count].firm = i
    scratch.month[i].mark = 1
    return count + 1


@inner
def _gather(world, scratch, c, lead, wanted, instrument):
    """List a recipient's members in scratch.candidates: the lead and those who come with it; return how many.

    With self-organisation the lead's own group, or the partners it trusts most first; without it the next on the list.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    count = _add_member(scratch, 0, lead)
    if not p.programme_self_organisation:
        while count < wanted:
            following = _pick(scratch, cluster.firms)
            if following == NONE:
                break
            if _eligible(world, c, following, instrument):
                count = _add_member(scratch, count, following)
            else:
                scratch.month[following].mark = 1
        return count
    if firm.group != NONE and wanted > 2:
        for i in range(cluster.firms):
            member = world.firms[cluster.first_firm + i]
            if member.group == firm.group and not scratch.month[i].mark and _eligible(world, c, i, instrument):
                count = _add_member(scratch, count, i)
        return count
    while count < wanted:
        # A meeting needs two: the lead names one at least, whatever the trust.
        least = 0.0 if instrument == TRUST and count == 1 else p.groups_trust
        partner = _most_trusted(world, scratch, c, lead, instrument, least)
        if partner == NONE:
            break
        count = _add_member(scratch, count, partner)
    return count


@inner
def _most_trusted(world, scratch, c, lead, instrument, least):
    """The unmarked partner whom the lead trusts most, and at least so much; NONE where there is none."""
    p = world.params[c]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    best = NONE
    if p.ties_kind == TIES_ALL:
        # All are trusted alike: the next on the list.
        return _pick(scratch, cluster.firms) if p.ties_trust >= least else NONE
    highest = least
    for k in range(firm.first_link, firm.first_link + firm.links):
        link = world.links[k]
        trust = world.ties[cluster.first_tie + link.tie].trust
        if scratch.month[link.partner].mark or not _eligible(world, c, link.partner, instrument):
            continue
        if trust > highest or (trust == highest and best == NONE):
            best = link.partner
            highest = trust
    return best


@inner
def _members_wanted(p, instrument, channel):
    """Members of a recipient: one firm, the two of a meeting, or a group."""
    if channel == TOGETHER:
        return p.programme_group_size
    return 2 if instrument == TRUST else 1


@inner
def _deliver_visits(world, scratch, c, month, instrument, channel):
    """Visit recipients, highest score first, until the purse is too small for the next."""
    p = world.params[c]
    cluster = world.clusters[c]
    purse = purse_number(instrument, channel)
    least = min(p.programme_loan, p.programme_loan_least) if instrument == FINANCE else 0.0
    if world.purses[c, purse] < p.prices_visit + p.prices_member + _staff_price(p, instrument) + least:
        return
    _score(world, scratch, c, month, instrument)
    while True:
        lead = _pick(scratch, cluster.firms)
        if lead == NONE:
            return
        if not _eligible(world, c, lead, instrument):
            scratch.month[lead].mark = 1
            continue
        count = _gather(world, scratch, c, lead, _members_wanted(p, instrument, channel), instrument)
        if instrument == TRUST and count < 2:
            # Nobody holds a meeting with one.
            continue
        while instrument == FINANCE and count > 1:
            # Members borrow one by one, the lead first, as far as the purse goes.
            cost = _cost_of_visit(world, scratch, c, instrument, channel, count)
            if cost + (count - 1) * p.programme_loan + least <= world.purses[c, purse]:
                break
            count -= 1
        cost = _cost_of_visit(world, scratch, c, instrument, channel, count)
        if cost + (count - 1) * p.programme_loan * (instrument == FINANCE) + least > world.purses[c, purse]:
            return
        world.purses[c, purse] -= cost
        _spend(world, c, month, cost)
        _serve(world, scratch, c, month, instrument, channel, count)


@inner
def _cost_of_visit(world, scratch, c, instrument, channel, count):
    """Cost of a visit to the first `count` candidates, Rp million.

    The programme has to find the lead, and without self-organisation each of the others too. It forms a group where it
    calls one together in which anybody is new.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    found = 0.0
    new = 0
    for k in range(count):
        if world.firms[cluster.first_firm + scratch.candidates[k].firm].supported == 0:
            new += 1
            found += k == 0 or not p.programme_self_organisation
    lead = world.firms[cluster.first_firm + scratch.candidates[0].firm]
    called = lead.group == NONE or not p.programme_self_organisation
    return visit_cost(
        float(count),
        found,
        p.prices_search,
        p.prices_formation,
        p.prices_visit,
        p.prices_member,
        _staff_price(p, instrument),
        channel == TOGETHER and called and count > 1 and new > 0,
    )


@inner
def _staff_price(p, instrument):
    if instrument == TRAINING:
        return p.prices_training
    return p.prices_facilitator if instrument == TRUST else 0.0


@inner
def _spend(world, c, month, cost):
    """Pay staff and services from public money."""
    cluster = world.clusters[c]
    cluster.government_account -= cost
    cluster.suppliers_account += cost
    row_of(world, c, month).public_cost += cost


@inner
def _serve(world, scratch, c, month, instrument, channel, count):
    """Deliver an instrument to the members of one recipient."""
    p = world.params[c]
    cluster = world.clusters[c]
    for k in range(count):
        firm = world.firms[cluster.first_firm + scratch.candidates[k].firm]
        if firm.supported == 0:
            firm.supported = month
    if instrument == TRAINING:
        _train(world, scratch, c, count)
    elif instrument == FINANCE:
        _lend(world, scratch, c, month, channel, count)
    else:
        _meet(world, scratch, c, month, count)
        return
    for k in range(count):
        world.firms[cluster.first_firm + scratch.candidates[k].firm].support_days += p.groups_meeting_days


@inner
def _train(world, scratch, c, count):
    """Teach the members together: to their mean gap, or to each one's own."""
    p = world.params[c]
    first = world.clusters[c].first_firm
    mean = 0.0
    for k in range(count):
        mean += 1.0 - world.firms[first + scratch.candidates[k].firm].quality
    mean /= count
    for k in range(count):
        firm = world.firms[first + scratch.candidates[k].firm]
        gap = mean if p.programme_spread_loss and count > 1 else 1.0 - firm.quality
        firm.quality = trained_quality(firm.quality, gap, p.programme_training_dose, p.learning_absorptive_band)


@inner
def _lend(world, scratch, c, month, channel, count):
    """Lend to each member what the purse has left, at most a whole loan; in a group all stand for each other."""
    p = world.params[c]
    cluster = world.clusters[c]
    purse = purse_number(FINANCE, channel)
    for k in range(count):
        i = scratch.candidates[k].firm
        firm = world.firms[cluster.first_firm + i]
        keeps, _ = two(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, INSTRUMENTS)
        firm.loan = min(p.programme_loan, world.purses[c, purse])
        firm.instalment = firm.loan / p.programme_loan_months
        firm.loan_defaults = keeps < p.programme_arrears
        firm.loan_group = scratch.candidates[0].firm if channel == TOGETHER else NONE
        firm.loan_due = month + p.programme_loan_months
        firm.working_capital += firm.loan
        world.purses[c, purse] -= firm.loan
        cluster.government_account -= firm.loan
        cluster.loans_out += 1


@inner
def _collect_loans(world, c, month):
    """Collect instalments; what a defaulter owes falls on those who stand for it, and in the end on public money.

    Those who borrowed together stand in first, then each pays its own instalment, so that no site comes before another.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    if cluster.loans_out == 0:
        return
    row = row_of(world, c, month)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.loan > 0.0 and firm.loan_defaults:
            # Who does not repay pays no interest either.
            row.public_cost += firm.loan * max(p.finance_rate, p.programme_loan_rate) / 1200.0
            _stand_in(world, c, i, min(firm.loan, firm.instalment), month)
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.loan <= 0.0:
            continue
        if not firm.loan_defaults:
            row.public_cost += firm.loan * max(0.0, p.finance_rate - p.programme_loan_rate) / 1200.0
            owed = firm.loan * p.programme_loan_rate / 1200.0
            paid = min(firm.working_capital, owed + min(firm.loan, firm.instalment))
            firm.working_capital -= paid
            firm.charges += min(paid, owed)
            cluster.government_account += paid
            repaid = max(0.0, paid - owed)
            firm.loan -= repaid
            _return_to_purse(world, c, firm, repaid)
        # Who is short of money goes on paying after the term; who will not pay is written off then.
        if firm.loan <= 1e-9 or (firm.loan_defaults and month >= firm.loan_due):
            row.public_cost += firm.loan
            firm.loan = 0.0
            cluster.loans_out -= 1


@inner
def _return_to_purse(world, c, firm, repaid):
    """Put repaid principal back where it came from."""
    channel = INDIVIDUAL if firm.loan_group == NONE else TOGETHER
    world.purses[c, purse_number(FINANCE, channel)] += repaid


@inner
def _stand_in(world, c, i, owed, month):
    """Let those who borrowed with firm `i` pay its instalment in equal shares, as far as their capital goes.

    They are let down by it when that happens first.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + i]
    if firm.loan_group == NONE:
        return
    count = 0
    for k in range(cluster.firms):
        other = world.firms[cluster.first_firm + k]
        count += other.loan_group == firm.loan_group and other.loan > 0.0 and not other.loan_defaults
    for k in range(cluster.firms):
        other = world.firms[cluster.first_firm + k]
        if other.loan_group == firm.loan_group and other.loan > 0.0 and not other.loan_defaults:
            paid = min(other.working_capital, owed / count)
            other.working_capital -= paid
            other.charges += paid
            if month == firm.loan_due - p.programme_loan_months + 1 and p.ties_kind != TIES_ALL:
                tie = find_tie(world, c, i, k)
                if tie != NONE:
                    world.tie_events[cluster.first_tie + tie] |= DEFAULTED
            cluster.government_account += paid
            firm.loan -= paid
            _return_to_purse(world, c, firm, paid)


@inner
def _meet(world, scratch, c, month, count):
    """Hold a meeting: each comes or not by a draw, at half a day; pairs that met learn of each other."""
    p = world.params[c]
    cluster = world.clusters[c]
    came = 0
    for k in range(count):
        i = scratch.candidates[k].firm
        attends = one(cluster.seed, month, PROGRAMME_PICK, cluster.identity, i, INSTRUMENTS + 1)
        if attends < p.programme_attendance:
            scratch.candidates[came].firm = i
            world.firms[cluster.first_firm + i].support_days += p.groups_meeting_days
            came += 1
    if not p.programme_meetings_build_trust or p.ties_kind == TIES_ALL:
        return
    for k in range(came):
        for m in range(k + 1, came):
            a, b = scratch.candidates[k].firm, scratch.candidates[m].firm
            tie = find_tie(world, c, a, b)
            if tie != NONE:
                world.tie_events[cluster.first_tie + tie] |= WORKED
            else:
                become_acquainted(world, c, a, b)


@inner
def introductions_possible(world, c):
    """Most orders that the programme can pay for this month."""
    p = world.params[c]
    if not p.programme_enabled:
        return 0
    count = 0
    for channel in range(CHANNELS):
        money = world.purses[c, purse_number(MARKET, channel)]
        count += min(world.clusters[c].firms, int(money / p.prices_introduction))
    return count


@kernel
def introduce_orders(world, scratch, c, month):
    """Buy introductions: orders that are offered to one recipient each, while market money lasts."""
    p = world.params[c]
    cluster = world.clusters[c]
    if not p.programme_enabled or cluster.buyers == 0 or month < p.programme_start or month > p.programme_end:
        return
    number = INTRODUCED
    for channel in range(CHANNELS):
        purse = purse_number(MARKET, channel)
        if world.purses[c, purse] < p.prices_introduction:
            continue
        _score(world, scratch, c, month, MARKET)
        while world.purses[c, purse] >= p.prices_introduction:
            lead = _pick(scratch, cluster.firms)
            if lead == NONE:
                break
            scratch.month[lead].mark = 1
            world.purses[c, purse] -= p.prices_introduction
            _spend(world, c, month, p.prices_introduction)
            _introduce(world, scratch, c, month, number, lead, channel)
            number += 1


@inner
def _introduce(world, scratch, c, month, number, lead, channel):
    """Line up an order for a firm, or for its group; F1 decides whether it comes through relations that remember."""
    p = world.params[c]
    cluster = world.clusters[c]
    firm = world.firms[cluster.first_firm + lead]
    if firm.supported == 0:
        firm.supported = month
    taker = lead
    if channel == TOGETHER and firm.group != NONE:
        taker = -1 - firm.group
    chance, route = two(cluster.seed, month, PROGRAMME_INTRODUCE, cluster.identity, number, 0)
    buyer = draw_buyer(world, c, chance)
    trader = NONE
    if p.programme_market_networks:
        buyer, trader = _through_relations(world, scratch, c, taker, chance, route)
    add_arrival(world, scratch, c, month, number, buyer, trader, taker, p.programme_market_networks != 0)


@inner
def _through_relations(world, scratch, c, taker, chance, route):
    """Draw the buyer by the recipient's relations and those of traders; return it and the trader on the way.

    A large firm counts by the larger of the recipient's relation and the best trader's relation to it, a trader by the
    recipient's relation.
    """
    cluster = world.clusters[c]
    total = 0.0
    for buyer in range(cluster.buyers):
        total += max(relation_of(world, scratch, c, taker, buyer), _best_trader(world, c, buyer)[1])
    if total <= 0.0:
        return draw_buyer(world, c, chance), NONE
    target = chance * total
    for buyer in range(cluster.buyers):
        own = relation_of(world, scratch, c, taker, buyer)
        trader, reach = _best_trader(world, c, buyer)
        target -= max(own, reach)
        if target < 0.0 or buyer == cluster.buyers - 1:
            return buyer, (trader if reach > own else NONE)
    return draw_buyer(world, c, route), NONE


@inner
def _best_trader(world, c, buyer):
    """Return (trader with the best relation with a large firm, that relation); (NONE, 0) for a trader as buyer."""
    p = world.params[c]
    best = NONE
    reach = 0.0
    if buyer < p.market_large_firms:
        for trader in range(p.market_traders):
            if world.trader_relations[c, trader, buyer] > reach:
                best = trader
                reach = world.trader_relations[c, trader, buyer]
    return best, reach


@kernel
def count_social_cost(world, c, month):
    """Add the time that owners gave to the programme to its public cost."""
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    days = 0.0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        days += world.firms[i].support_days
    row.social_cost = row.public_cost + days / WORKING_DAYS * (cluster.price - cluster.input_price)
