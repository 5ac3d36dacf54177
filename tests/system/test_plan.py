"""`plan` and `sources` as an operator reads them: what a budget buys, and whether the one there is short."""

BODY = (
    "The harbour board met on Monday evening and decided that the swing bridge will close for repairs.",
    "The work will cost $42 million, of which the state has promised to pay half.",
    "About 6,300 vehicles cross the bridge each day, and lorries will have to take the valley road.",
)


def test_budgets_are_compared_in_a_table_that_fits_a_terminal(le, outlet):
    """Each budget takes one line of eighty columns, bar included; the machine's form has the same figures."""
    le.environment["COLUMNS"] = "80"
    empty = le("plan")
    outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    le("watch", outlet.address + "/feed.xml")
    le("crawl", "--once")

    table, lines = le("plan"), le("plan", "--format", "jsonl").lines
    rows = [line for line in table.out.splitlines() if "█" in line]

    assert empty.code == 0
    assert "Nothing is watched yet" in empty.err
    assert all(len(line.rstrip()) <= 80 for line in rows)
    assert [line.split()[0] for line in rows] == [f"{one['fetches_per_day']:,.0f}" for one in lines]
    assert sorted(line.count("█") for line in rows) == [line.count("█") for line in rows]


def test_one_budget_is_compared_with_none(le, outlet):
    """What was asked for is marked."""
    outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    le("watch", outlet.address + "/feed.xml")
    le("crawl", "--once")
    rows = [line for line in le("plan", "--budget", "3").out.splitlines() if "█" in line]

    assert len(rows) == 2
    assert rows[1].split()[:2] == ["3", "*"]
