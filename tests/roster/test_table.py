"""Tables of text, however they were saved."""

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.errors import RosterError
from skymark.roster.table import Dialect, read_table

BOMS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
HEADER = ("student", "name", "notebook")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place for files."""
    return tmp_path_factory.mktemp("tables")


@pytest.fixture
def read(folder):
    """Read what a file of these bytes holds."""

    def table(content):
        file = folder / "table.csv"
        file.write_bytes(content)
        return read_table(file)

    return table


def values(table):
    """What all rows say, the header's first."""
    return [tuple(row.value(at) for at in range(len(row.cells))) for row in (table.header, *table.rows)]


def written_back(table):
    """The file as it would be written."""
    rows = (table.header, *table.rows)
    return table.dialect.encode("".join(table.dialect.delimiter.join(row.cells) + row.end for row in rows))


@settings(deadline=None)  # files, on a machine that may be busy
@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=6),
    encoding=st.sampled_from(sorted(BOMS)),
    bom=st.booleans(),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    last_end=st.booleans(),
)
def test_any_table_reads_back_the_same_in_any_dialect(folder, rows, encoding, bom, delimiter, end, quoting, last_end):
    """Cells, dialect and the bytes themselves; hostile texts are texts."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER)
    # A lone line end is quoted by some versions of csv only.
    is_plain = quoting == csv.QUOTE_MINIMAL
    rows = [tuple(cell.replace("\r", "").replace("\n", "") if is_plain else cell for cell in row) for row in rows]
    writer.writerows(rows)
    whole = text.getvalue() if last_end else text.getvalue()[: -len(end)]
    content = (BOMS[encoding] if bom else b"") + whole.encode(encoding)
    (folder / "any.csv").write_bytes(content)

    table = read_table(folder / "any.csv")

    assert values(table) == [HEADER, *rows]
    assert (table.dialect.encoding, table.dialect.bom, table.dialect.delimiter) == (encoding, bom, delimiter)
    assert written_back(table) == content


@settings(deadline=None)  # files, on a machine that may be busy
@given(st.binary(max_size=200))
def test_whatever_bytes_come_after_a_header_nothing_is_lost(folder, tail):
    """Torn quotes, mixed line ends, bytes of no encoding."""
    content = b"student,name\n" + tail
    (folder / "bytes.csv").write_bytes(content)

    table = read_table(folder / "bytes.csv")

    assert written_back(table) == content


@settings(deadline=None)  # files, on a machine that may be busy
@given(st.text('a",;\t\r\n', max_size=60))
def test_whatever_quotes_come_after_a_header_nothing_is_lost(folder, tail):
    """What nobody closed, and what goes on after it was closed."""
    content = b"student,name\n" + tail.encode()
    (folder / "quotes.csv").write_bytes(content)

    table = read_table(folder / "quotes.csv")

    assert written_back(table) == content


def test_letters_of_windows_are_read(read):
    """Excel in Western Europe saves them so."""
    table = read("student;name\r\nzoe;Zoë €\r\n".encode("cp1252"))

    assert table.dialect == Dialect("cp1252", bom=False, delimiter=";", line_end="\r\n")
    assert values(table)[1] == ("zoe", "Zoë €")


def test_latin_1_is_read(read):
    """Also what Windows has no letter for."""
    table = read("student,name\nzoe,Zoë \x81\n".encode("latin-1"))

    assert table.dialect.encoding == "latin-1"
    assert values(table)[1] == ("zoe", "Zoë \x81")


def test_one_bad_byte_in_a_marked_file_stays_in_its_cell(read):
    """The file says that it is UTF-8: the other names are right."""
    table = read(b"\xef\xbb\xbfstudent,name\nzoe,Zo\xeb\nada,\xc3\x81da\n")

    assert values(table)[1:] == [("zoe", "Zo\udceb"), ("ada", "Áda")]


def test_a_row_is_in_the_line_where_it_begins(read):
    """Cells may have line ends in them; blank lines count."""
    table = read(b'student,name\n\nada,"Ada\r\nKing\n"\r\n,\nalan,"Alan"')

    assert [(row.line, row.is_blank) for row in table.rows] == [(2, True), (3, False), (6, True), (7, False)]
    assert values(table)[2] == ("ada", "Ada\r\nKing\n")


def test_a_quote_that_nobody_closes_swallows_nobody(read):
    """The class goes on below it."""
    table = read(b'student,name\nada,"Ada\nalan,Alan\ngrace,Gra"ce\n')

    assert values(table)[1:] == [("ada", '"Ada'), ("alan", "Alan"), ("grace", 'Gra"ce')]
    assert [row.is_broken(1) for row in table.rows] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("student;name\nada;Lovelace, Ada\n", ";"),
        ("student;notes, if any;name\nada;a, b;Ada\nalan;c;Alan\n", ";"),
        ("student,notebook\nada,a.ipynb;b.ipynb\n", ","),
        ('student\t"name, or so"\nada\tAda\n', "\t"),
        ('"a;b;c",name\nada,Ada\n', ","),
        ("student\nada\n", ","),
    ],
)
def test_the_delimiter_is_what_makes_rows_of_one_width(read, text, delimiter):
    """Between quotes nothing counts."""
    assert read(text.encode()).dialect.delimiter == delimiter


def test_a_short_row_has_blanks(read):
    """Spreadsheets leave out what is empty at the end."""
    row = read(b"student,name,due\nada\n").rows[0]

    assert (row.value(1), row.raw(2), row.is_broken(2)) == ("", "", False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty. Its first line has to name the columns"),
        (b"\xef\xbb\xbf\n,,\n  \n", "is empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is a workbook of Excel or LibreOffice. Save the table as CSV (UTF-8)."),
        (b"\x1f\x8b\x08\x00\x01\x02", "is no text"),
        (b"\x7fELF\x02\x01\x01\x00", "is no text"),
        ("student,name\nada,Ada\n".encode("utf-16")[:-1], "is cut off"),
    ],
)
def test_what_is_no_table_is_told_with_what_to_do(read, folder, content, told):
    """By the file's name."""
    with pytest.raises(RosterError) as error:
        read(content)

    assert str(error.value).startswith(f"{folder / 'table.csv'}: {told}")


def test_a_file_that_is_not_there_is_told(folder):
    """Nor is a folder one."""
    with pytest.raises(RosterError, match=r"none\.csv: there is no such file"):
        read_table(folder / "none.csv")
    with pytest.raises(RosterError, match="cannot be read"):
        read_table(folder)


def test_what_an_encoding_has_no_letter_for_is_told(read):
    """A file is not half written."""
    dialect = read("student,name\nzoe,Zoë\n".encode("cp1252")).dialect

    with pytest.raises(RosterError, match='"数" cannot be written in cp1252'):
        dialect.encode("数")


@pytest.mark.parametrize("row", ['s{n},"Name, {n}",arn:aws:iam::123456789012:role/R,x{n}', '"""{n},"'])
def test_a_hundred_thousand_rows_are_a_matter_of_seconds(read, row):
    """Quotes that nobody closes, too."""
    content = "\n".join(["student,name,role arn,external id", *(row.format(n=n) for n in range(100_000))]).encode()

    began = time.process_time()
    table = read(content)

    assert len(table.rows) > 1
    assert time.process_time() - began < 10
