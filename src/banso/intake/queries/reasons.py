"""Reasons of refusal: what is wrong, and what to do. Calls, so that each reader has their own language."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from banso.intake.queries import source_reasons

type Facts = Mapping[str, Any]

_FILES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "empty_file": lambda _f: _("The file is empty. Choose a file with a header row and at least one row below it."),
    "too_large": lambda f: _("The file is larger than %(limit_mb)s MB. Split it, or compress it with gzip.") % f,
    "too_large_unpacked": lambda f: (
        _("Unpacked, the file is larger than %(limit_mb)s MB. Split it into smaller files.") % f
    ),
    "bomb": lambda f: (
        _("The file unpacks to more than %(ratio)s times its size, as no table does. Save it as CSV and try again.") % f
    ),
    "entities": lambda _f: _(
        "The workbook holds definitions that no spreadsheet writes. Save it as CSV and try again."
    ),
    "too_many_cells": lambda f: (
        _(
            "The sheet reaches over %(cells)s cells; %(limit)s can be read. "
            "Delete the empty rows and columns at its edges, or save it as CSV."
        )
        % f
    ),
    "broken_workbook": lambda _f: _("The workbook is damaged. Open it in Excel, save it again, and try once more."),
    "broken_parquet": lambda _f: _("The Parquet file is damaged or not finished. Write it again, and try once more."),
    "broken_archive": lambda _f: _("The compressed file is damaged. Compress it again, or send the CSV itself."),
    "not_a_workbook": lambda _f: _("This archive is not an Excel workbook. Send a CSV or an .xlsx file."),
    "old_workbook": lambda _f: _(
        "This is an old (.xls) or password-protected workbook. Save it as .xlsx without a password, or as CSV."
    ),
    "not_a_table": lambda _f: _("This file is not a table. Send a CSV, an .xlsx or a Parquet file."),
    "unknown_sheet": lambda f: _("There is no sheet “%(value)s”. Choose one of: %(sheets)s.") % f,
    "mixed_encodings": lambda _f: _(
        "From this line on, the file is in another character encoding than before. "
        "Two files seem to have been joined: save each of them as UTF-8, then join them."
    ),
    "wrong_encoding": lambda f: (
        _("This line is not in %(encoding)s. Save the file as UTF-8, or choose its encoding.") % f
    ),
    "unknown_encoding": lambda _f: _(
        "The character encoding of this line is not known. Save the file as UTF-8 (in Excel: “CSV UTF-8”)."
    ),
    "giant_row": lambda f: (
        _("One line is longer than %(limit_mb)s MB. Check that the file has line breaks between its rows.") % f
    ),
    "giant_cell": lambda f: (
        _("A cell is longer than %(limit)s characters. Check for a quotation mark that is never closed, or shorten it.")
        % f
    ),
    "broken_quotes": lambda f: (
        _('A quotation mark in this row (near line %(line)s) is not closed. Write a mark inside a cell twice: "".') % f
    ),
    "empty_header": lambda f: _("Column %(column)s has no name. Write one into the header row.") % f,
    "duplicate_header": lambda f: (
        _("%(times)s columns are called “%(column)s”. Give each column its own name in the header row.") % f
    ),
    "too_many_columns": lambda f: (
        _("The file has %(columns)s columns; up to %(limit)s can be read. Delete those that are not needed.") % f
    ),
    "no_rows": lambda _f: _("The file has a header row and nothing below it. Add the rows and send it again."),
    "no_good_row": lambda _f: _(
        "No row could be taken. Look at the reasons below, correct the file or its columns, and try again."
    ),
    "rows_refused": lambda _f: _(
        "Nothing was saved, because some rows were refused. "
        "Correct them in your file and import it again, or leave those rows out."
    ),
    "worker_died": lambda f: (
        _(
            "The work ended without a word %(attempts)s times, and was given up. "
            "Split the file, or ask your administrator."
        )
        % f
    ),
    "disk_full": lambda _f: _("The disk of the server is full. Make room on it, then start the import again."),
    "folder_unusable": lambda f: (
        _("The data folder of the server cannot be used (%(reason)s). Ask your administrator.") % f
    ),
    "database": lambda _f: _("The database did not take the rows. Nothing was saved by half; start the import again."),
    "not_allowed": lambda _f: _(
        "Whoever started this import may no longer import. Somebody who may must start it again."
    ),
    "unexpected": lambda _f: _("Something unexpected went wrong on our side. Nothing was saved by half; try again."),
}
_CELLS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "missing": lambda f: _("%(to)s is empty. Enter a value.") % f,
    "too_few_cells": lambda f: (
        _("The row has %(found)s cells, the header %(expected)s. Add the missing cells, or check the quotation marks.")
        % f
    ),
    "too_many_cells_in_row": lambda f: (
        _("The row has %(found)s cells, the header %(expected)s. Put cells that hold the delimiter in quotation marks.")
        % f
    ),
    "nul_character": lambda _f: _("The cell holds a NUL character, which no text has. Export the file anew."),
    "too_long": lambda f: _("The value has %(length)s characters; up to %(limit)s fit. Shorten it.") % f,
    "not_an_email": lambda f: _("“%(value)s” is not an e-mail address. Correct it or leave it empty.") % f,
    "not_a_number": lambda f: _("“%(value)s” is not a number. Enter digits, such as 1,200.") % f,
    "doubtful_commas": lambda f: (
        _("In “%(value)s” the commas do not group thousands. Write it without commas, with a point for decimals.") % f
    ),
    "not_whole": lambda f: _("“%(value)s” is not a whole number. Enter one without decimals.") % f,
    "number_out_of_range": lambda f: _("“%(value)s” is out of range. Check the number and its unit.") % f,
    "negative_amount": lambda f: _("“%(value)s” is below 0. Enter an amount of 0 or more.") % f,
    "too_fine_amount": lambda f: _("“%(value)s” is finer than the smallest unit of %(currency)s. Round it.") % f,
    "not_a_date": lambda f: _("“%(value)s” is not a date. Enter it as 2026-04-01.") % f,
    "no_such_day": lambda f: _("There is no day “%(value)s”. Correct it.") % f,
    "outside_era": lambda f: _("“%(value)s” is outside of its era. Correct the era or the year.") % f,
    "no_such_time": lambda f: _("In “%(value)s” the time cannot be read. Enter it as 09:05.") % f,
    "doubtful_order": lambda f: (
        _("In “%(value)s” day and month could be either. Say in the columns step which comes first.") % f
    ),
    "date_out_of_range": lambda f: _("“%(value)s” is not between 1900 and 2200. Correct the year.") % f,
    "in_the_future": lambda f: _("“%(value)s” has not come yet. Check the date and its order of day and month.") % f,
    "too_long_ago": lambda f: _("“%(value)s” is before 1990. Check the date.") % f,
    "not_understood": lambda f: _("“%(value)s” could not be read. Write it in another way.") % f,
    "not_yes_no": lambda f: _("“%(value)s” is neither yes nor no. Enter yes or no, true or false, 1 or 0.") % f,
    "not_a_choice": lambda f: _("“%(value)s” cannot be used here. Use one of: %(choices)s.") % f,
    "unknown_account": lambda f: _("There is no account “%(value)s”. Import the account first, or correct the ID.") % f,
    "unknown_contract": lambda f: (
        _("There is no contract “%(value)s”. Import the contract first, or correct the ID.") % f
    ),
    "ambiguous_account": lambda f: _("Several accounts are called “%(value)s”. Use the account's ID.") % f,
    "repeated_id": lambda f: (
        _("Row %(first)s has the same ID and says something else. Keep the one that is right.") % f
    ),
    "ends_before_start": lambda f: _("“%(value)s” is before the start on %(start)s. Correct one of the two.") % f,
}
_MAPS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "map_is_no_mapping": lambda _f: _("The map is not a list of settings. See the guide for its form."),
    "map_unreadable": lambda f: _("The map %(file)s cannot be read: %(reason)s") % f,
    "map_is_no_yaml": lambda f: _("The map %(file)s is not YAML: %(reason)s") % f,
    "map_without_columns": lambda _f: _("The map names no columns. Add at least one under “columns”."),
    "unknown_kind": lambda f: (
        _("“%(kind)s” is not a kind of import, or another than was asked for. Use one of: %(known)s.") % f
    ),
    "unknown_option": lambda f: _("“%(option)s” is not an option here. Use one of: %(known)s.") % f,
    "unknown_target": lambda f: _("“%(to)s” is not a field. Use one of: %(known)s.") % f,
    "column_without_target": lambda f: _("“%(column)s” does not say which field it is for. Add “to”.") % f,
    "column_without_source": lambda f: (
        _("%(to)s has no column, value or template. Add “from”, “value” or “template”.") % f
    ),
    "wrong_option": lambda f: _("“%(value)s” cannot be used for “%(option)s”. Use, for example: %(known)s.") % f,
    "wrong_template": lambda f: (
        _("The braces in “%(template)s” do not match. Write the name of a column between { and }.") % f
    ),
    "wrong_lookup": lambda f: _("The lookup of %(to)s needs “file”, “key” and “value”.") % f,
    "lookup_leaves_folder": lambda f: (
        _("The lookup “%(file)s” must be a file beside the one imported. Name it without a path.") % f
    ),
    "lookup_file_missing": lambda f: _("The file “%(file)s” is needed beside the one imported, and is not there.") % f,
    "lookup_too_large": lambda f: _("The file “%(file)s” has more than %(limit)s keys. Use a smaller one.") % f,
    "unknown_column": lambda f: _("The file has no column “%(column)s”. Its columns are: %(known)s.") % f,
    "fact_twice": lambda f: _("%(to)s is read from more than one column. Choose one of them.") % f,
    "fact_missing": lambda f: _("%(to)s is needed. Choose the column that holds it, or give it a fixed value.") % f,
}
REASONS: Final[Mapping[str, Callable[[Facts], str]]] = {**_FILES, **_CELLS, **_MAPS, **source_reasons.REASONS}
