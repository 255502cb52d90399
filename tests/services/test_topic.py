"""Whoever wants to know is told."""

from __future__ import annotations

from coach.services.topic import Topic


def test_subscribers_are_told_in_order_until_they_leave() -> None:
    topic: Topic[int] = Topic()
    seen: list[str] = []
    leave = topic.subscribe(lambda value: seen.append(f"a{value}"))
    topic.subscribe(lambda value: seen.append(f"b{value}"))
    topic.publish(1)
    leave()
    leave()
    topic.publish(2)
    assert seen == ["a1", "b1", "b2"]


def test_leaving_while_being_told_harms_nobody() -> None:
    topic: Topic[int] = Topic()
    seen: list[int] = []

    def once(value: int) -> None:
        leave()
        seen.append(value)

    leave = topic.subscribe(once)
    topic.subscribe(seen.append)
    topic.publish(1)
    topic.publish(2)
    assert seen == [1, 1, 2]
