"""Both sides of the speech channel understand each other and refuse everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.speech import protocol
from coach.speech.protocol import Failed, Made, NoEngine, ProtocolError, Ready, Request, VoiceInfo

REPLIES = [
    Ready("eSpeak NG 1.52", "gmw/en", True, (VoiceInfo("gmw/en", "English", "en-gb"),)),
    Made(7, 1.25),
    Failed(-1, "line", "not JSON"),
    NoEngine("nothing found"),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_arrives_as_it_was_sent(reply: protocol.Reply) -> None:
    line = protocol.encode_reply(reply)
    if isinstance(reply, Ready):
        with pytest.raises(ProtocolError):
            protocol.decode_reply(line.replace('"gmw/en","name"', '7,"name"'))
        found = protocol.decode_reply(line)
        assert isinstance(found, Ready)
        assert found == reply
    else:
        assert protocol.decode_reply(line) == reply
    assert line.endswith("\n")
    assert line.count("\n") == 1


@given(st.text(min_size=1, max_size=100).filter(lambda text: bool(text.strip())))
def test_any_sentence_fits_on_one_line(text: str) -> None:
    line = protocol.encode_request(Request(1, text, "/tmp/x.wav"))
    assert line.count("\n") == 1
    assert protocol.decode_request(line).text == text


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Audio saved to /tmp/x.wav",
        "[]",
        "7",
        '{"v":2,"id":1,"text":"a","path":"/x.wav"}',
        '{"id":1,"text":"a","path":"/x.wav"}',
        '{"v":1,"id":true,"text":"a","path":"/x.wav"}',
        '{"v":1,"id":1,"text":"  ","path":"/x.wav"}',
        '{"v":1,"id":1,"text":"a","path":"/etc/passwd"}',
        '{"v":1,"id":1,"path":"/x.wav"}',
        '{"v":1,"id":1,"text":"' + "a" * 1001 + '","path":"/x.wav"}',
        '{"v":1,"id":1,"text":"' + "a" * 300_000 + '","path":"/x.wav"}',
        "[" * 100_000,
    ],
)
def test_a_request_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ProtocolError):
        protocol.decode_request(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"v":1}',
        '{"v":1,"event":"sing"}',
        '{"v":1,"event":["made"]}',
        '{"v":1,"event":"made","id":1}',
        '{"v":1,"event":"made","id":1,"seconds":"long"}',
        '{"v":1,"event":"ready","engine":"e","voice":"v","found":true,"voices":["en"]}',
        '{"v":1,"event":"ready","engine":"e","voice":"v","found":1,"voices":[]}',
    ],
)
def test_a_reply_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ProtocolError):
        protocol.decode_reply(line)


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        (["en_US.UTF-8"], "en-us"),
        (["de_DE.UTF-8", "en_GB"], "en-gb"),
        (["de_DE.UTF-8"], "en"),  # the texts are English, so an English voice reads them
        (["C"], "en"),
        ([], "en"),
        (["en_AU@euro"], "en-au"),
    ],
)
def test_the_voice_speaks_the_language_of_the_texts(wanted: list[str], tag: str) -> None:
    assert protocol.spoken_language(wanted) == tag
