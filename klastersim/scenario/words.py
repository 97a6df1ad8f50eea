"""What is said about a parameter besides its own words, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: How well a value is known.
GRADES: Final = {
    "V": "read in the source",
    "D": "computed from figures read in the source",
    "M": "general knowledge",
    "A": "assumption",
}

GRADES_ID: Final = {
    "V": "dibaca di sumbernya",
    "D": "dihitung dari angka di sumbernya",
    "M": "pengetahuan umum",
    "A": "asumsi",
}

#: Every unit of a parameter, and how it reads in Indonesian.
UNITS_ID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "",
        "% a year": "% per tahun",
        "0 to 1": "0 sampai 1",
        "Rp million": "juta Rp",
        "Rp million a month": "juta Rp per bulan",
        "Rp million a loan": "juta Rp per pinjaman",
        "Rp million a unit": "juta Rp per unit",
        "Rp million a worker-month": "juta Rp per orang-bulan",
        "Rp million a year": "juta Rp per tahun",
        "a month": "per bulan",
        "buyers": "pembeli",
        "days": "hari",
        "days a month": "hari per bulan",
        "firms": "usaha",
        "firms or share": "usaha atau proporsi",
        "month": "bulan",
        "months": "bulan",
        "months of sales": "bulan penjualan",
        "orders": "pesanan",
        "orders a month": "pesanan per bulan",
        "times": "kali",
        "log": "log",
        "large firms": "perusahaan besar",
        "parts": "bagian",
        "per Rp million": "per juta Rp",
        "per share of sales": "per bagian penjualan",
        "site": "letak",
        "share": "proporsi",
        "share of firms": "proporsi usaha",
        "share of price": "bagian harga",
        "share of the gap": "bagian kesenjangan",
        "share of the way": "bagian jarak",
        "stages": "tahap",
        "ties per firm": "hubungan per usaha",
        "units": "unit",
        "weeks": "minggu",
        "worker-months a month": "orang-bulan per bulan",
        "workers": "pekerja",
        "years": "tahun",
    }
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language from which a scenario file explains itself; "{...}" is filled in."""

    opening: tuple[str, ...]
    allowed: str
    default: str
    open_range: str
    grade: str
    grades: Mapping[str, str]
    assumption: str
    one_of: str
    truth: str
    path: str
    text: str
    whole: str
    number: str
    between: str
    at_least: str
    at_most: str


PHRASES: Final[Mapping[str, Phrases]] = MappingProxyType(
    {
        "en": Phrases(
            opening=("A scenario of klastersim. A line that is left out takes its default.",),
            allowed="Allowed: {}.",
            default="Default: {}.",
            open_range="The evidence leaves open: {} to {}.",
            grade="Grade",
            grades=GRADES,
            assumption="assumption",
            one_of="one of ",
            truth="true or false",
            path='the path of a file in quotes, or "" for none',
            text="text in quotes",
            whole="a whole number",
            number="a number",
            between="{} from {} to {}",
            at_least="{} of at least {}",
            at_most="{} of at most {}",
        ),
        "id": Phrases(
            opening=(
                "Sebuah skenario klastersim. Baris yang dihilangkan memakai nilai bawaannya.",
                "Sumber dan alasan asumsi dikutip dalam bahasa Inggris.",
            ),
            allowed="Yang boleh: {}.",
            default="Nilai bawaan: {}.",
            open_range="Bukti membuka kemungkinan: {} sampai {}.",
            grade="Tingkat bukti",
            grades=GRADES_ID,
            assumption="asumsi",
            one_of="salah satu dari ",
            truth="true (ya) atau false (tidak)",
            path='letak berkas dalam tanda kutip, atau "" bila tidak ada',
            text="teks dalam tanda kutip",
            whole="bilangan bulat",
            number="bilangan",
            between="{} dari {} sampai {}",
            at_least="{} paling sedikit {}",
            at_most="{} paling banyak {}",
        ),
    }
)

LANGUAGES: Final = tuple(PHRASES)
