"""Subscribers, watches and addresses as configured: what happens when they come, change and go."""

from __future__ import annotations

from notifiers import digests, outbox
from notifiers.bulletin import Trouble
from notifiers.people import address_key

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
A, B, C = "mailto://a@x.org", "mailto://b@x.org", "mailto://c@x.org"
RESIDENTS = ("residents", ["PSPOs"], "")
PRESS = ("press", ["PSPOs"], "")


def tell(book, people, title="PSPO Update") -> None:
    meeting = book.meeting(book.council(f"c{next(book.numbers)}"))
    outbox.tell_changes(book.db, [book.change("item.added", "item", book.item(meeting, title))], people, book.now)


def states(book) -> list[str]:
    return [row["state"] for row in book.rows("select state from deliveries order by id")]


def test_a_removed_subscriber_is_forgotten_and_what_waits_is_cancelled(book, configure) -> None:
    people = configure(PSPO, RESIDENTS, PRESS, addresses={"residents": [A], "press": [B]})
    tell(book, people)
    book.db.execute("update deliveries set state = 'sent' where label like '%a…'")
    tell(book, people)
    kept = "select state, address, label from deliveries where subscriber = 2 order by id"
    before = book.rows(kept)
    configure(PSPO, PRESS, addresses={"press": [B]})
    assert states(book) == ["sent", "waiting", "cancelled", "waiting"]
    gone = book.rows("select address, label, next_attempt_at from deliveries where subscriber = 1 order by id")
    assert all(row["label"] == "erased" and row["address"].startswith("erased ") for row in gone)
    assert book.rows("select name, quiet from subscribers where id = 1") == [
        {"name": "removed subscriber 1", "quiet": None}
    ]
    assert book.rows(kept) == before
    assert book.rows("select * from subscriptions where subscriber = 1") == []


def test_no_message_keeps_the_name_of_a_removed_subscriber(book, configure) -> None:
    people = configure(PSPO, RESIDENTS, PRESS, addresses={"residents": [A], "press": [B]})
    tell(book, people)
    trouble = Trouble("mail to a… (residents)", "given up", book.now, "unknown. The message: News", "check it")
    outbox.tell_operator(book.db, "dead", (trouble,), people, book.now)
    book.db.execute("update messages set body = 'Sent by Councilwatch to ' || coalesce(subscriber, 'residents')")
    (known,) = people.readers[0].recipients()
    book.db.execute("insert into settings_of_record (name, value) values (?, 'x')", (f"refused address {known.key}",))
    configure(PSPO, PRESS, addresses={"press": [B]})
    assert book.rows("select body from messages order by id") == [
        {"body": None},
        {"body": "Sent by Councilwatch to 2"},
        {"body": None},
    ]
    assert not [line for line in book.db.conn.iterdump() if "residents" in line or "a…" in line or known.key in line]


def test_a_subscriber_who_comes_back_is_somebody_new(book, configure) -> None:
    configure(PSPO, RESIDENTS, PRESS)
    configure(PSPO, PRESS)
    people = configure(PSPO, RESIDENTS, PRESS)
    assert [reader.id for reader in people.readers] == [3, 2]


def test_what_waits_for_a_removed_address_is_cancelled_and_for_the_others_stays(book, configure) -> None:
    tell(book, configure(PSPO, RESIDENTS, addresses={"residents": [A, B]}))
    configure(PSPO, RESIDENTS, addresses={"residents": [B]})
    assert states(book) == ["cancelled", "waiting"]


def test_what_waited_for_a_replaced_address_goes_to_the_new_one(book, configure) -> None:
    tell(book, configure(PSPO, RESIDENTS, addresses={"residents": [A]}))
    book.db.execute("update deliveries set state = 'refused'")
    people = configure(PSPO, RESIDENTS, addresses={"residents": [C]})
    assert states(book) == ["refused", "waiting"]
    assert (
        book.rows("select address from deliveries where id = 2")[0]["address"] == people.readers[0].recipients()[0].key
    )


def test_what_was_delivered_is_not_delivered_again_to_a_new_address(book, configure) -> None:
    tell(book, configure(PSPO, RESIDENTS, addresses={"residents": [A]}))
    book.db.execute("update deliveries set state = 'sent'")
    configure(PSPO, RESIDENTS, addresses={"residents": [C]})
    assert states(book) == ["sent"]


def test_a_command_without_addresses_touches_no_delivery_and_loses_no_message(book, configured, configure) -> None:
    people = outbox.keep_people(book.db, configured(PSPO, RESIDENTS), None, book.now)
    tell(book, people)
    assert states(book) == []
    configure(PSPO, RESIDENTS)
    assert states(book) == ["waiting"]
    outbox.keep_people(book.db, configured(PSPO, RESIDENTS), None, book.now)
    assert states(book) == ["waiting"]


def test_addresses_are_hashed_with_a_key_of_this_database_alone(book, configure) -> None:
    people = configure(PSPO, RESIDENTS, addresses={"residents": [A]})
    assert len(address_key(book.db)) == 32
    again = configure(PSPO, RESIDENTS, addresses={"residents": [A]})
    assert people.readers[0].recipients() == again.readers[0].recipients()
    assert A not in repr(people)


def test_a_watch_that_a_subscriber_gave_up_is_told_no_more(book, configure) -> None:
    two = f'{PSPO}\n[[watch]]\nname = "Parks"\nany = ["park"]'
    daily = 'deliver = "daily 07:30"'
    people = configure(two, ("residents", ["PSPOs", "Parks"], daily))
    tell(book, people, "PSPO Update")
    tell(book, people, "Park benches")
    people = configure(two, ("residents", ["Parks"], daily))
    (digest,) = digests.close_digests(book.db, people, book.later(days=1))
    told = "select i.title from message_alerts ma join alerts a on a.id = ma.alert join items i on i.id = a.item"
    assert book.rows(told) == [{"title": "Park benches"}]
    assert digest


def test_a_removed_watch_can_come_back(book, configure) -> None:
    other = '[[watch]]\nname = "Parks"\nany = ["park"]'
    configure(PSPO, RESIDENTS)
    configure(other, ("residents", ["Parks"], ""))
    assert book.rows("select name from watches where removed_at is null") == [{"name": "Parks"}]
    configure(PSPO, RESIDENTS)
    assert book.rows("select name from watches where removed_at is null") == [{"name": "PSPOs"}]


def test_a_watch_that_nobody_has_makes_no_alert(book, configure) -> None:
    people = configure(f'{PSPO}\n[[watch]]\nname = "Parks"\nany = ["park"]', RESIDENTS)
    assert people.having("Parks") == ()
    tell(book, people, "Park benches")
    assert book.rows("select * from alerts") == []
