"""What stands on one visitor's page: the elements the server has sent, by their place, and what they say."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pyarrow as pa
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MARKUP = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
WITH_BODY = ("html", "markdown", "alert", "heading", "text", "code")


@dataclass
class _Large:
    """A message that the server need not send again, the run in which it was last wanted, and its fragment."""

    message: ForwardMsg
    run: int
    fragment: str


class Screen:
    """One page's elements, kept up to date by `apply` as the browser does it."""

    def __init__(self) -> None:
        self.query_string, self.page_hash = "", ""
        self.auto_reruns: dict[str, float] = {}  # fragment id → seconds after which it wants to run again
        self._large: dict[str, _Large] = {}  # by hash
        self._runs, self._oldest = 0, 0  # a message that was not wanted in more runs than these is forgotten
        self._fragments: set[str] = set()  # of the run under way
        self._elements: dict[tuple[int, ...], tuple[str, Element]] = {}  # place → (fragment id, element)

    def apply(self, message: ForwardMsg) -> None:
        """Take in one message of the server; those that change nothing on the page are passed over."""
        match message.WhichOneof("type"):
            case "new_session":
                self._begin(message)
            case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._forget_large()
            case "navigation":
                self.page_hash = message.navigation.page_script_hash
            case "page_info_changed":
                self.query_string = message.page_info_changed.query_string
            case "auto_rerun":
                self.auto_reruns[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "stop_auto_rerun":
                self.auto_reruns.pop(message.stop_auto_rerun.fragment_id, None)
            case "ref_hash":
                large = self._large[message.ref_hash]
                large.run = self._runs
                known = ForwardMsg()
                known.CopyFrom(large.message)
                known.metadata.CopyFrom(message.metadata)
                self.apply(known)
            case "delta" if message.delta.HasField("new_element"):
                if message.metadata.cacheable:
                    self._large[message.hash] = _Large(message, self._runs, message.delta.fragment_id)
                place = tuple(message.metadata.delta_path)
                self._elements[place] = (message.delta.fragment_id, message.delta.new_element)

    def _begin(self, message: ForwardMsg) -> None:
        """A run begins: what it is about to draw anew goes, that is all or the elements of its fragments."""
        fragments = self._fragments = set(message.metadata.run.fragment_ids)
        self._oldest = message.new_session.config.max_cached_message_age
        self.page_hash = message.new_session.page_script_hash
        if not fragments:
            self.auto_reruns.clear()
        self._elements = {
            place: (fragment, element)
            for place, (fragment, element) in self._elements.items()
            if fragments and fragment not in fragments
        }

    def _forget_large(self) -> None:
        """A run is over: forget what was not wanted lately; after a run of fragments only what is of these."""
        self._runs += 1
        self._large = {
            name: large
            for name, large in self._large.items()
            if self._runs - large.run <= self._oldest
            or (self._fragments and large.fragment not in self._fragments)
        }

    def known(self) -> list[str]:
        """The hashes of messages that the server need not send again."""
        return list(self._large)

    def elements(self) -> list[tuple[str, Element]]:
        """All elements with their kind, from the top of the page to its end."""
        return [(e.WhichOneof("type"), e) for _, (_, e) in sorted(self._elements.items(), key=lambda i: i[0])]

    def widgets(self) -> dict[str, str]:
        """Id → kind of every element that has one; an id ends with the key that the page's script gave."""
        found = ((getattr(getattr(element, kind), "id", ""), kind) for kind, element in self.elements())
        return {identity: kind for identity, kind in found if identity}

    def text(self) -> str:
        """What the page says, as a person reads it."""
        bodies = [getattr(element, kind).body for kind, element in self.elements() if kind in WITH_BODY]
        return html.unescape(MARKUP.sub(" ", "\n".join(bodies)))

    def errors(self) -> list[str]:
        """The errors that the page tells its visitor of, those of its script among them."""
        alerts = [e.alert for kind, e in self.elements() if kind == "alert"]
        raised = [e.exception.message for kind, e in self.elements() if kind == "exception"]
        return raised + [alert.body for alert in alerts if alert.format == alert.ERROR]

    def tables(self) -> list[pa.Table]:
        """The tables of the page, in their order."""
        sent = [e.dataframe.arrow_data.data for kind, e in self.elements() if kind == "dataframe"]
        return [pa.ipc.open_stream(data).read_all() for data in sent]
