"""What each monthly indicator means."""

from __future__ import annotations

from dataclasses import dataclass

from klastersim.world.layout import MEASURES, STRUCTURES


@dataclass(frozen=True, slots=True)
class Indicator:
    """A monthly measure of a cluster."""

    name: str
    unit: str
    label: str
    label_id: str
    meaning: str


def _list(*rows: tuple[str, str, str, str, str]) -> dict[str, Indicator]:
    return {row[0]: Indicator(*row) for row in rows}


INDICATORS: dict[str, Indicator] = _list(
    ("cooperating", "share", "Willing to cooperate", "Bersedia bekerja sama", "Firms that want to cooperate."),
    ("groups", "groups", "Joint-action groups", "Kelompok aksi bersama", "Groups formed this month."),
    ("largest_group", "firms", "Largest group", "Kelompok terbesar", "Members of the largest group."),
    ("in_groups", "share", "In a group", "Dalam kelompok", "Firms in a joint-action group."),
    ("acting", "share", "In a collective act", "Beraksi bersama",
     "Firms that took part in a collective act in the last 12 months: a delivered joint order or subcontract, a joint "
     "purchase, a function or machine that they pay for together."),
    ("acting_orders", "share", "In a joint order", "Dalam pesanan bersama",
     "The same by orders and subcontracts alone."),
    ("acting_own", "share", "In an act nobody paid for", "Aksi tanpa subsidi",
     "The same without orders that a programme paid for."),
    ("collective_share", "share", "Collective share of sales", "Bagian penjualan bersama",
     "Sales of delivered joint and subcontracted orders over all sales, last 12 months."),
    ("own_share", "share", "Unsubsidised share of sales", "Bagian penjualan tanpa subsidi",
     "The same without orders that a programme paid for."),
    ("active", "0 or 1", "Active", "Aktif",
     "At least 30 % of firms in a collective act and at least 5 % of sales collective, last 12 months."),
    ("active_orders", "0 or 1", "Active by orders", "Aktif lewat pesanan",
     "Active by acts in orders and subcontracts alone."),
    ("active_own", "0 or 1", "Active unsubsidised", "Aktif tanpa subsidi",
     "Active without counting orders that a programme paid for, among acts and among sales."),
    ("active_half", "0 or 1", "Active at half", "Aktif separuh", "Active with both thresholds halved."),
    ("active_double", "0 or 1", "Active at double", "Aktif ganda", "Active with both thresholds doubled."),
    ("trust", "0 to 1", "Mean trust", "Rata-rata kepercayaan", "Mean trust over ties."),
    ("trust_density", "share", "Trusted ties", "Hubungan tepercaya", "Ties on which firms would work together."),
    ("expected_gain", "share of sales", "Expected gain", "Harapan laba", "Mean gain that firms expect of cooperation."),
    ("quality", "0 to 1", "Quality", "Mutu", "Mean product quality."),
    ("linkage", "0 to 1", "Market linkage", "Keterkaitan pasar",
     "Chance that a potential order reaches some taker, mean over buyers weighted by their orders."),
    ("price", "Rp million a worker-month", "Local price", "Harga lokal", "Price on the local market."),
    ("working_capital", "Rp million", "Working capital", "Modal kerja", "Mean working capital of a firm."),
    ("potential", "orders", "Potential orders", "Pesanan potensial", "Orders that could have come this month."),
    ("reached", "orders", "Orders that reached", "Pesanan sampai", "Orders that reached some taker."),
    ("organised", "orders", "Organised", "Terorganisasi", "Orders for which some taker had the capacity."),
    ("skilled", "orders", "Skilled", "Mutu cukup", "Of these, orders for which some taker had the quality."),
    ("financed", "orders", "Financed", "Modal cukup", "Of these, orders for which some taker could pay the inputs."),
    ("taken", "orders", "Taken", "Diambil", "Orders that some taker accepted."),
    ("taken_alone", "orders", "Taken alone", "Diambil sendiri", "Of these, orders that one firm took alone."),
    ("subcontracts", "orders", "Subcontracted", "Disubkontrakkan",
     "Of those taken, orders of a prime contractor with subcontractors; the rest are taken by groups."),
    ("due", "orders", "Due", "Jatuh tempo", "Orders due this month."),
    ("delivered", "orders", "Delivered", "Terkirim", "Orders delivered with success this month."),
    ("single_share", "orders", "Within one firm's reach", "Dalam jangkauan satu usaha",
     "Orders that reached the cluster and that its largest workshop could make alone."),
    ("collective_sales", "Rp million", "Collective sales", "Penjualan bersama",
     "Sales of joint and subcontracted orders delivered with success this month."),
    ("own_sales", "Rp million", "Unsubsidised collective sales", "Penjualan bersama tanpa subsidi",
     "The same without orders that a programme paid for."),
    ("sales", "Rp million", "Sales", "Penjualan", "Local sales and delivered orders."),
    ("value_added", "Rp million", "Value added", "Nilai tambah", "Sales less inputs."),
    ("profit", "Rp million", "Profit", "Laba", "Profit of all firms, work in progress at cost."),
    ("wages", "Rp million", "Wages", "Upah", "Wages of all firms."),
    ("inputs", "Rp million", "Inputs", "Bahan baku", "Inputs bought by all firms."),
    ("draws", "Rp million", "Owners' draws", "Pengambilan pemilik", "What owners' households took out."),
    ("public_cost", "Rp million", "Public cost", "Biaya publik", "Public money spent this month."),
    ("social_cost", "Rp million", "Social cost", "Biaya sosial",
     "Public cost and what owners' time, given to the programme or to forums, would have made, less its inputs."),
    ("unspent", "Rp million", "Unspent", "Belum terpakai", "Programme money not spent so far."),
    ("supported", "share", "Supported", "Didukung", "Firms that a programme ever reached."),
    ("firms", "firms", "Firms", "Usaha", "Firms that have not closed, those suspended among them."),
    ("suspended", "share", "Suspended", "Berhenti sementara", "Firms that stand still for a time."),
    ("entries", "firms", "Entries", "Usaha baru", "Newcomers this month."),
    ("exits", "firms", "Exits", "Usaha tutup", "Firms that closed this month."),
    ("jobs", "workers", "Jobs", "Lapangan kerja", "Workers of all firms."),
    ("local_labour", "share", "Local labour", "Tenaga kerja setempat", "Workers who are local people."),
    ("local_inputs", "share", "Local inputs", "Bahan baku setempat",
     "Share of the inputs that firms bought of firms of the cluster at other stages, where the value chain is on; "
     "other suppliers have no place."),
    ("investment", "Rp million", "Investment", "Investasi",
     "What owners left or put in, less what they took out: profit less draws, what newcomers brought, less what those "
     "who closed took with them."),
    ("bank_credit", "Rp million", "Bank credit", "Kredit bank",
     "Credit that banks paid out for the inputs of orders this month; private money that orders mobilise."),
    ("bargaining", "ratio", "Bargaining position", "Posisi tawar",
     "Price agreed for delivered orders over the price that traders pay, last 12 months; 1 where nothing was "
     "delivered."),
    ("producer_share", "share", "Producers' share", "Bagian perajin",
     "Value added at the price agreed for delivered orders over that of the whole chain, last 12 months; where nothing "
     "was delivered that at the opening price."),
    ("contracted", "share", "Under contract", "Terikat kontrak",
     "Firms bound to a large firm by a bilateral contract."),
    ("prefinanced", "share", "Prefinanced", "Dibiayai di muka",
     "Share of the inputs of orders taken that principals advanced, last 12 months; 0 where none were taken."),
    ("trader_margin", "share", "Traders' margin", "Margin pedagang",
     "Share of what buyers agreed to pay for delivered orders that traders keep for carrying them, last 12 months."),
    ("technology", "0 to 1", "Technology", "Teknologi", "Mean level of technology."),
    ("functions_alone", "share", "Function carried alone", "Fungsi ditanggung sendiri",
     "Firms that pay alone for training, market research, logistics, technology or a machine of their own."),
    ("functions_joint", "share", "Function shared", "Fungsi ditanggung bersama",
     "Firms that share one of these with others."),
    ("machines", "machines", "Machines", "Mesin", "Machines of firms and of joint bodies."),
    ("invested", "Rp million", "Invested in machines", "Investasi mesin", "Paid for machines this month."),
    ("bodies", "bodies", "Joint bodies", "Badan bersama", "Joint bodies, dormant ones included."),
    ("dormant_share", "share", "Dormant bodies", "Badan yang tidur",
     "Joint bodies without a joint transaction in the last 12 months; 0 where there is no body."),
    ("productivity", "Rp million a worker-month", "Productivity", "Produktivitas", "Value added for each worker."),
    ("external_economies", "Rp million", "External economies", "Ekonomi eksternal",
     "What firms would have paid more for inputs without neighbours; 0 where external economies are off."),
    ("joint_gain", "Rp million", "Gain from joint action", "Laba aksi bersama",
     "Gain of joint orders and subcontracts delivered, joint purchases and shared functions against acting alone."),
    ("purchase_gain", "Rp million", "Gain from joint purchase", "Laba pembelian bersama",
     "Of the gain from joint action, what joint purchase saved less what it cost its members."),
    ("captured", "Rp million", "Captured", "Dikuasai anggota besar",
     "What larger members of groups drew to themselves of the gains of joint orders delivered this month."),
    ("bridging_large_firms", "share", "Known to large firms", "Dikenal perusahaan besar",
     "Firms whose relation with a large firm still holds half of what one delivered order adds."),
    ("bridging_traders", "share", "Known to traders", "Dikenal pedagang", "The same with a trader."),
    ("bridging_officials", "share", "In touch with officials", "Berhubungan dengan pemerintah",
     "Firms whose owner met an official or a support body in the last 12 months, was introduced by one, or repays a "
     "programme's loan."),
    ("specialised", "share", "Specialised", "Terspesialisasi", "Firms that do one stage of the value chain only."),
    ("matched", "share", "Matched work", "Kerja berpasangan",
     "Share of the work of specialised firms that partners at neighbouring stages match; in loyal trade share of "
     "visits that are served."),
    ("stage_trade", "Rp million", "Trade between stages", "Dagang antartahap",
     "Paid by firms to firms of another stage this month; not in sales and inputs of the cluster."),
    ("stage_unsold", "units", "Brought in vain", "Tidak terjual",
     "In loyal trade: what suppliers brought and did not sell this month."),
    ("stage_bridges", "share", "Ties to other stages", "Hubungan antartahap",
     "Ties with the trust that trade asks for that lead to another stage, where the value chain is on."),
    ("loyalty", "0 to 1", "Loyalty", "Loyalitas",
     "In loyal trade: sum of squares of the chances with which a buyer visits its suppliers, mean over buyers; 1 where "
     "each has one."),
    ("buyer_profit", "Rp million", "Profit of loyal buyers", "Laba pembeli loyal",
     "Profit of loyal trade for each firm that buys."),
    ("supplier_profit", "Rp million", "Profit of loyal suppliers", "Laba pemasok loyal",
     "Profit of loyal trade for each firm that has somebody to sell to."),
    ("profit_gini", "0 to 1", "Gini of profits", "Gini laba",
     "Gini coefficient of the profits of all firms this month; not defined where any is below 0 or all are 0."),
    ("trust_clustering", "share", "Clustering of trust", "Pengelompokan kepercayaan",
     "Of pairs of firms whom one firm would both work with, those who would work together (transitivity of the graph "
     "of such ties); not defined without such a pair, nor where everybody knows everybody (`ties.kind`)."),
)  # fmt: skip

if set(INDICATORS) != {*MEASURES, *STRUCTURES}:
    raise AssertionError(f"indicators and measures differ: {set(INDICATORS) ^ {*MEASURES, *STRUCTURES}}")
