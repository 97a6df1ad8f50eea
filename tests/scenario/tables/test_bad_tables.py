"""A table that cannot be used is refused with file, line, what was found, what is allowed and what to do."""

import tracemalloc

import pytest

from klastersim.errors import InputError, InputErrors
from klastersim.scenario.tables.firms import MOST_FIRMS, read_firms
from klastersim.scenario.tables.sheet import MOST_BYTES
from klastersim.scenario.tables.thresholds import read_thresholds
from klastersim.scenario.tables.ties import MOST_TIES, Sites, read_ties

FIRMS = [
    # No table at all.
    (b"", ["line 1: is empty", "Begin a table with the columns firm, workers"]),
    (b"\n\n\n", ["line 1: is empty"]),
    (b"\xef\xbb\xbf", ["line 1: is empty"]),
    (b";;;\n1;2;3;4\n", ["line 1: is empty"]),
    (b"firm,workers\n", ["names no firm", "Write a line for each firm"]),
    (b"firm,workers\n,\n\n", ["names no firm"]),
    (b"PK\x03\x04\x14\x00\x06\x00", ["is a workbook, not CSV", 'save the sheet as "CSV UTF-8"']),
    (b"firm,workers\nA\x00,1\n", ["is binary, not text"]),
    (b"firm,workers\nA,1\nUD \xc9,2\n", ["line 3", "holds the byte 0xC9, which is not text in UTF-8"]),
    ("firm,workers\nA,1\n".encode("utf-16-le"), ["is binary, not text"]),
    (b"\xff\xfef\x00i\x00r", ["which is not text in UTF-16"]),
    # The first line.
    (b"firm,wokers\nA,1\n", ["line 1", '"wokers" is not one of the columns', 'Did you mean "workers"?']),
    (b"firm,pekrja\nA,1\n", ['"pekrja"', 'Did you mean "pekerja"?']),
    (b"firm,Working Captal\nA,1\n", ['"Working Captal"', 'Did you mean "working_capital"?']),
    (b"firm,workers,Workers\nA,1,2\n", ['line 1: "Workers" stands twice', "Remove one column."]),
    (b"firm,workers,pekerja\nA,1,2\n", ['"pekerja" stands twice']),
    (b"A,3\nB,4\n", ['"A,3" is not a table with the columns firm, workers']),
    # Rows.
    (b"firm,workers\nA\n", ["line 2: has 1 cells, the first line 2", "Give each column its cell"]),
    (b"firm,workers\nA,1\nB,2,3\n", ["line 3: has 3 cells, the first line 2"]),
    (b"firm,workers\nA,3,5\n", ["has 3 cells", "part the cells by semicolons"]),
    (b'firm,workers\nA,1\n"B,2\n', ["line 3: is not CSV", "Close every quote"]),
    (b'firm,workers\n"A"x,1\n', ["line 2: is not CSV", "write a quote inside a cell twice"]),
    (b"firm,workers\nA," + b"1" * 200_000 + b"\n", ["line 2: is not CSV", "field larger"]),
    # Names.
    (b"firm,workers\nA,1\nB,2\nA,3\n", ['line 4: firm = "A" is not a name of its own: line 2 has it']),
    (b"firm,workers\n,1\n", ['line 2: firm = "" is not a name of 1 to 100 characters']),
    (b"firm,workers\n" + b"x" * 101 + b",1\n", ["line 2", "is not a name of 1 to 100 characters"]),
    (b'firm,workers\n"A\nB",1\n', ["line 2", "in one line"]),
    (b'firm,workers\n"=HYPERLINK(""http://x"")",1\n', ["line 2", "It begins like a formula"]),
    (b"firm,workers\n@SUM(A1),1\n", ['firm = "@SUM(A1)"', "It begins like a formula"]),
    (b"firm,workers\n+cmd|calc,1\n", ["It begins like a formula"]),
    (b"firm,workers\n-2+3,1\n", ["It begins like a formula"]),
    # Numbers.
    (b"firm,workers\nA,-3\n", ['line 2: workers = "-3" is not a number from 0.1 to 10000']),
    (b"firm,workers\nA,0\n", ['workers = "0" is not a number from 0.1 to 10000']),
    (b"firm,workers\nA,three\n", ['workers = "three" is not a number']),
    (b"firm,workers\nA,3 people\n", ['workers = "3 people" is not a number']),
    (b"firm,workers\nA,1_000\n", ['workers = "1_000" is not a number']),
    ("firm,workers\nA,\u0663\n".encode(), ["is not a number from 0.1"]),
    (b"firm,workers\nA,nan\n", ['workers = "nan" is not a number']),
    (b"firm,workers\nA,inf\n", ['workers = "inf" is not a number']),
    (b"firm,workers\nA,1e999\n", ['workers = "1e999" is not a number']),
    (b"firm,workers\nA,0x10\n", ['workers = "0x10" is not a number']),
    (b"firm,workers\nA,=1+1\n", ['workers = "=1+1"', "Put the value in place of the formula."]),
    (b'firm,workers\nA,"3,5"\n', ['workers = "3,5"', "Write it with a decimal point: 3.5."]),
    (b'firm,workers\nA,"1,250.5"\n', ['workers = "1,250.5" is not a number']),
    (b"firm;workers\nA;1.250\n", ["The points may part thousands: write 1250, or 1,250 with a decimal comma."]),
    (b"firm;capital\nA;1.250.000\n", ["The points may part thousands: write 1250000."]),
    (b"firm,capital\nA,-1\n", ['capital = "-1" is not a number from 0 to 1000000000']),
    (b"firm,capital\nA,two machines\n", ['capital = "two machines" is not a number']),
    (b"firm,capital\nA,=2*60\n", ['capital = "=2*60"', "Put the value in place of the formula."]),
    (b"firm,capitel\nA,1\n", ['"capitel"', 'Did you mean "capital"?']),
    (b"usaha;modal;capital\nA;1;2\n", ['"capital" stands twice', "Remove one column."]),
    (b"firm,quality\nA,1.01\n", ['quality = "1.01" is not a number from 0 to 1']),
    (b"firm,quality\nA,50%\n", ['quality = "50%" is not a number from 0 to 1']),
    (b"firm,stage\nA,0\n", ['stage = "0" is not a whole number from 1 to 99']),
    (b"firm,stage\nA,1.5\n", ['stage = "1.5" is not a whole number from 1 to 99']),
    (b"firm,working_capital\nA,-0.5\n", ['working_capital = "-0.5" is not a number from 0 to 1000000000']),
    (b"firm,position\nA,1\nB,\n", ['line 3: position = "" is not given', "Give every firm a position, or none."]),
]

TIES = [
    (b"", ["line 1: is empty", "Begin a table with the columns firm, partner"]),
    (b"firm,trust\nSari,0.5\n", ["line 1", "a table with the columns firm, partner", "Add the column partner"]),
    (b"firm,partnr\nSari,Budi\n", ['"partnr"', 'Did you mean "partner"?']),
    (b"firm,partner\nSari,Budy\n", ['partner = "Budy" is not one of the 3 firms of firms.csv', 'Did you mean "Budi"?']),
    (b"firm,partner\nSari,\n", ['line 2: partner = "" is not one of the 3 firms']),
    (b"firm,partner\nSari,1\n", ['partner = "1" is not one of the 3 firms']),
    (b"firm,partner\nSari,Sari\n", ['line 2: partner = "Sari" is not another firm', "Remove the line."]),
    (b"firm,partner\nSari,Budi\nTono,Sari\nBudi,Sari\n", ["line 4: ties the same two firms as line 2"]),
    (b"firm,partner,trust\nSari,Budi,1.5\n", ['line 2: trust = "1.5" is not a number from 0 to 1']),
    (b"firm,partner,trust\nSari,Budi,high\n", ['trust = "high" is not a number']),
    (b"firm,partner,trust\nSari,Budi\n", ["line 2: has 2 cells, the first line 3"]),
    (b"firm,partner,trust\nSari,Budi,=A1\n", ['trust = "=A1"', "Put the value in place of the formula."]),
]


@pytest.mark.parametrize(("content", "words"), FIRMS)
def test_a_bad_table_of_firms_is_refused(content: bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_firms("firms.csv", content)
    message = str(caught.value)
    assert message.startswith("firms.csv")
    assert all(word in message for word in words), message
    assert len(message) < 1_000


@pytest.mark.parametrize(("content", "words"), TIES)
def test_a_bad_table_of_ties_is_refused(content: bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_ties("ties.csv", content, Sites(3, {"Sari": 0, "Budi": 1, "Tono": 2}, "firms.csv"))
    message = str(caught.value)
    assert message.startswith("ties.csv")
    assert all(word in message for word in words), message


def test_firms_without_names_are_asked_for_by_number() -> None:
    with pytest.raises(InputError, match=r'partner = "3" is not a whole number from 0 to 2\.'):
        read_ties("ties.csv", b"firm,partner\n0,3\n", Sites(3))
    with pytest.raises(InputError, match=r"is not a whole number from 0 to 2 of firms\.csv"):
        read_ties("ties.csv", b"firm,partner\n0,3\n", Sites(3, {"0": 0, "1": 1, "2": 2}, "firms.csv"))


def test_all_that_is_wrong_is_told_in_one_message_up_to_twenty() -> None:
    with pytest.raises(InputErrors) as caught:
        read_firms("firms.csv", b"firm,workers,quality\nA,x,2\nA,1,0.5\n")
    assert [error.where for error in caught.value.problems] == ["firms.csv, line 2"] * 2 + ["firms.csv, line 3"]
    with pytest.raises(InputErrors) as caught:
        read_firms("firms.csv", b"workers\n" + b"x\n" * 50_000)
    assert len(caught.value.problems) == 20
    with pytest.raises(InputErrors) as caught:
        read_ties("ties.csv", b"firm,partner\n" + b"0,1\n" * 1_000, Sites(3))
    assert len(caught.value.problems) == 20


def test_a_million_firms_are_refused_without_being_kept() -> None:
    content = b"workers,quality\n" + b"3,0.5\n" * 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=rf"firms\.csv: has more than {MOST_FIRMS:,} firms"):
            read_firms("firms.csv", content)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_more_ties_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klastersim.scenario.tables.ties.MOST_TIES", 2)
    assert len(read_ties("ties.csv", b"firm,partner\n0,1\n1,2\n,\n", Sites(3))) == 2
    with pytest.raises(InputError, match=r"ties\.csv: has more than 2 ties"):
        read_ties("ties.csv", b"firm,partner\n0,1\n1,2\n0,2\n", Sites(3))


def test_many_ties_take_a_few_numbers_each() -> None:
    assert MOST_TIES == 1_000_000
    firms, each = 20_000, 5
    pairs = ((firm, (firm + step) % firms) for firm in range(firms) for step in range(1, each + 1))
    content = b"firm,partner,trust\n" + b"".join(b"%d,%d,0.5\n" % pair for pair in pairs)
    tracemalloc.start()
    try:
        ties = read_ties("ties.csv", content, Sites(firms))
        assert tracemalloc.get_traced_memory()[1] < 200 * len(ties)
    finally:
        tracemalloc.stop()
    assert len(ties) == firms * each


def test_what_is_larger_than_any_table_is_refused_unread() -> None:
    content = b"workers\n" + b"\n" * MOST_BYTES
    with pytest.raises(InputError, match=r"firms\.csv: is larger than 50 MB"):
        read_firms("firms.csv", content)


def test_a_wide_line_does_not_fill_the_message() -> None:
    header = b",".join(b"column%d" % number for number in range(20_000))
    with pytest.raises(InputError) as caught:
        read_firms("firms.csv", header + b"\n1\n")
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"firm,threshold\n0,1\n", "gives no threshold for firm 1"),
        (b"firm,threshold\n0,1\n0,2\n1,1\n", 'line 3: firm = "0" is not a firm not yet named'),
        (b"firm,threshold\n0,\n1,1\n", 'line 2: threshold = "" is not a number'),
    ],
)
def test_a_bad_table_of_thresholds_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=r"thresholds\.csv") as caught:
        read_thresholds("thresholds.csv", content, Sites(2), 2)
    assert words in str(caught.value)
