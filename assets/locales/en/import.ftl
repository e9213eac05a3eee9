# Messages: import
import-progress-read = Reading the file
import-progress-write = Writing voters and doors
import-cancelled = Stopped. Nothing of this file was kept.
# The whole file.
import-empty = This file is empty. Download or export it again, then choose it once more.
import-packed = This file is packed (gzip). Unpack it first, then choose the file inside.
import-zip = This is a ZIP archive or a spreadsheet. Unpack the archive, or save the sheet as CSV or tab-separated text, then choose that file.
import-utf-16 = This file is written in UTF-16. Save it again as UTF-8 or as plain text, then choose it once more.
import-binary = This is not a text file: it holds bytes that no table has. Choose the voter file (.txt), the address file (.csv) or the street file (.geojson).
import-line-too-long = This line is longer than { $max } KiB, so this is no table with one row a line. Check that the right file was chosen and that it has line breaks.
import-unreadable = The file cannot be read any more ({ $detail }). Choose it again.
import-layout-unknown = The first row has no headers that Porchlight knows (it has: { $found }). Choose a voter file in the North Carolina layout or an OpenAddresses file, with its header row.
import-layout-lacks = This looks like { $layout }, but these columns are missing: { $missing }. It has: { $found }. Export it again with those columns.
import-truncated = The file ends in the middle of this row: it was cut off. Download it again; nothing was imported.
import-not-json = This is not GeoJSON: { $detail }. Export the file again as GeoJSON.
import-feature-too-long = One feature is larger than { $max } KiB. Simplify its line or outline, then choose the file again.
import-nothing = Nothing in this file can be taken in, so nothing was changed. Check that the right file was chosen.
import-no-rows = There are headers, but no rows below them. Check that the export was complete.
import-points-swapped-all = The points lie near the pole: longitude and latitude are swapped. Swap the headers LON and LAT, then choose the file again.
# One row.
import-quote-open = A quotation mark is opened and not closed in this row. Close it, or remove it.
import-cells = This row has { $found } cells, the header has { $expected }. Check for a separator inside a cell.
import-id-missing = The voter has no registration number, so they could not be told from others. Fill it in.
import-id-doubled = This registration number is on line { $first } already, and its registration there is not older. That row counts; this one was left out.
import-id-doubled-later = This registration number is on line { $later }, too, with a later registration. That row counts; this one was left out.
import-status-unknown = The status is none of A, I, S, R and D, so it is not known whether this voter is on the roll. The row was left out; nothing changes for the voter.
import-address-missing = The voter has no street address. Fill it in to have a door for them.
import-number-missing = The address has no house number. The door is listed, but cannot be put on the map.
import-age-wrong = The age is no whole number from 1 to 255. It was left empty.
import-not-utf-8 = This cell is not UTF-8. Save the file as UTF-8, then choose it again.
import-point-missing = The point has no readable longitude or latitude.
import-point-zero = The point is at 0, 0, which stands for “unknown”. It was left out.
import-point-swapped = Longitude and latitude are swapped in this row. It was left out; swap them.
import-point-off-earth = Longitude must lie between −180 and 180, latitude between −90 and 90.
import-point-far = This point is more than 10 degrees away from the rest of the file. It was left out.
import-address-parts = The point has no house number or no street.
import-line-missing = This street or area has no place (its geometry is null). It was left out.
import-mixed-points = { $n } features of this file are address points, and more are streets. The points were left out; bring them in as a file of their own.
import-mixed-streets = { $n } features of this file are streets or areas, and more are address points. The streets were left out; bring them in as a file of their own.
import-line-wrong = The line of this street or area has fewer points than it needs, or a point that is off the earth. It was left out.
# Rows that were repaired.
import-repaired-quotes = Rows with quotation marks inside cells, read as they stand: { $n }
import-repaired-extra = Rows with empty cells too many at the end, taken: { $n }
import-repaired-missing = Rows without the last cells, taken; what is missing stays empty: { $n }
import-repaired-blank = Lines without text, passed over: { $n }
import-repaired-end = The file ends in the end mark of DOS (0x1A), which was left out.
