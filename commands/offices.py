"""The parts of the program's help, by whose work a command is; in the order of a campaign."""

from cyclopts import Group

PROVINCE = Group("Province", sort_key=1)
CITY = Group("City and county", sort_key=2)
CASES = Group("Extension and case", sort_key=3)
RESTORATION = Group("Restoration modes", sort_key=4)
SUPERVISION = Group("Supervision", sort_key=5)
DOCUMENTS = Group("Documents, receipts, escalation", sort_key=6)
OFFLINE = Group("Without a network", sort_key=7)
REHEARSAL = Group("Rehearsal", sort_key=8)
