"""What the findings mean, pattern by pattern, and where evidence says otherwise; the page puts it above the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

READINGS: Final[Mapping[int, str]] = {
    1: """\
There are two regimes. The boundary lies inside what the evidence leaves open for mean trust (0.3 to 0.8), well above
the default of one half, where clusters stay passive, as most sentra do (S12). It is the weight of trust in the choice
that makes the active regime: without it there is none at any social capital, whatever groups earn. That weight is an
assumption, so that the regimes were **partly put in**. Trusted ties are not what is short: the boundary lies far beyond
the percolation line and moves much less than it; where all firms are willing it lies on the line.

History does **not** decide after twenty years. It cannot through company: with 40 % free riders the choice rule has two
fixed points only where the weight of company exceeds 4 / 0.6 = 6.7, against 1.5 (0.5 to 2.5), and what is expected of
cooperation moves too little to help. The start shows in a third of
the clusters after two years, in a tenth after five and ten, and is gone after twenty.""",
    2: """\
Firms that were held in leave something behind, if anything is learned and anybody remembers: the more of them, the more
clusters are active five years later. The rise is somewhat steeper at first than later and far from a jump; there is no
number of firms from which on a cluster carries itself.""",
    3: """\
On its way down a programme keeps a few more clusters active than the same spending had activated on its way up. But
where its budget moves at half the speed the gap shrinks: trust (half-life of six years) and relations (two years) lag
behind the money. **No hysteresis is shown.** Two crossing budgets cannot be compared: over the spending that both ways
have, the share active on the way up does not pass one half.""",
    4: """\
Persistence does not fall with a programme's length; it rises. Where buyers forget hardly less lasts, if any: trust
among firms remembers too. Some clusters turn active only years after the end. The field study finds one sentra in
eleven active under support (S49); at sixty times its budget and more trust than the default the model finds several
times as many, at the default next to none.""",
    5: """\
Who is the better channel is **decided by the price list**. At the listed prices, where serving a firm in a group of ten
costs about a quarter of serving it alone, groups add more value for the same money, most where trust is high. At equal
unit cost single firms do, most among the neediest, whose gaps a course for the whole group does not meet. Trust from
meetings changes this little. The prices are assumptions, and the ratio at which the channels break even lies inside
what their ranges leave open. Studies of support to groups and networks (S22 to S31) find it effective, and one finds it
better than as much direct subsidy (S25); they do not hold unit costs equal, so that they do not contradict this.""",
    6: """\
Over unequal clusters the four factors do little on average beside how different the clusters are: no sign can be
told, of any factor or pair. What a plan gains by fitting its cluster it loses in money and months; what local
government knows is mostly noise at the default capacity. The claim that these factors explain the failures (S52) is
not shown here, nor is the contrary.""",
    7: """\
Training does most where skill is lacking, by far: there it opens a market that was closed. Where trust, buyers or
capital are lacking no instrument is shown to be better than all others, and the one that carries the gap's name need
not lead: training makes orders possible in clusters that lack buyers too. The spread between clusters is as large as
what money does.""",
    8: """\
At the default social capital nothing is identified: the largest budget activates next to no cluster even at the default
potential. Where it does, there is a potential below which it does not, and below which it does not raise income either:
access to a market comes first, as S52 says. Part of it is arithmetic: active asks for a share of sales that few orders
cannot be. And it is no property of the market alone: few willing firms whom orders reach need hardly any.""",
    9: """\
Groups bring profit and, less, value added for each worker; single firms then take fewer orders, as groups take some.
Without groups no cluster is active, by the meaning of active, so that this is also what activity is worth in the
model. Links up and down the chain (specialisation, subcontracts, principals, bilateral contracts, all together) are
not shown to make clusters active sooner or more productive. All of this is the whole model where nobody closes but
after losses: at the evidence's rate of exit next to no cluster is active (docs/weaknesses.md), so that there is
nothing to compare.""",
    10: """\
When local demand is halved for good, active clusters lose somewhat less of their value added than passive ones, and
less than the same clusters had they never cooperated: joint orders do not hang on the local market. Of profit this is
not shown. The difference is small beside what all lose, since orders that reach a cluster go to single firms too.""",
    11: """\
No difference is shown, either way. Firms that get everything at once gain by it, and others get nothing.""",
    12: """\
A closed network, called together by the programme at the same public cost, is active later and less often than an
open cluster, later even than with no programme at all, since those outside it can form no group; and most fall asleep
once the programme has ended, with or without the loss. Too few are left for that loss to tell anything; of the open
clusters that stay active without the loss four in five do with it. The programme reaches the same firms, since
support goes to whom it would go anyway and only groups are closed (R1). Jobs are a little fewer where firms stay; at
the evidence's rate of exit neither jobs nor reach are shown to differ.""",
    14: """\
Nothing is lost or made from nothing, in cents or in shoes.""",
    15: """\
Few are active after four years, as the field study found (2 of 22), and a thin budget changes nothing that could be
seen. Sixty times as much money activates every fourth more, most of it by orders that the programme itself pays for.
Nothing was tuned to this; the share hangs on how trust is spread over sentra, for which no source was found.""",
    16: """\
Cooperation that brings nothing falls to the level that the choice rule fixes (as contributions unravel, S34). But it is
**hardly lower** than at default potential where clusters are active: gain holds up next to nothing, since orders gain
members a few per cent of a small part of their sales. In Guadalajara and Sialkot (S19, S20) cooperation rose with
demand from outside; the model does not show that.""",
}
