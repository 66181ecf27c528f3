"""A visitor without a browser: speaks Streamlit's own WebSocket protocol to a running server, uploads included.

    cookies = await sign_in("http://127.0.0.1:8501", account="daoli-kaohe", password="…")
    async with Session.connect("http://127.0.0.1:8501", cookies) as session:
        await session.open("submit", cycle=2026, step="upload")
        await session.upload("uploads_files_0", [("自评表.xlsx", content)])
        run = await session.click("take_in")
        assert "已接收" in session.screen.text()

Every action waits until the page's script has run to its end and returns how long that took. Many sessions run in one
event loop, each as a browser tab of its own.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLs, FileURLsRequest, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.screen import Screen

XSRF_COOKIE = "_streamlit_xsrf"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
TIMEOUT_S = 60
ENDS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
)  # a run that another follows ends otherwise


@dataclass(frozen=True)
class Run:
    """One run of a page's script as its visitor saw it: seconds until it had ended, and what came over the wire."""

    seconds: float
    messages: int
    size_bytes: int


async def sign_in(
    base_url: str,
    *,
    link: str = "",
    account: str = "",
    password: str = "",
    verify: ssl.SSLContext | bool = True,
) -> httpx.Cookies:
    """The cookies of a new visitor, by a one-time link or an account, with the token that uploads must name.

    Raises httpx.HTTPStatusError where the way in stays closed.
    """
    async with httpx.AsyncClient(
        base_url=base_url, follow_redirects=True, timeout=TIMEOUT_S, verify=verify
    ) as client:
        shown = (await client.get(link or "/login")).raise_for_status()
        form = dict(HIDDEN.findall(shown.text))
        form |= {} if link else {"account": account, "password": password}
        await client.post("/link" if link else "/login", data=form, headers={"Origin": base_url})
        (await client.get("/_stcore/health")).raise_for_status()
        return client.cookies


class Session:
    """One visitor's tab; `screen` is what stands on it. Made by `Session.connect`."""

    def __init__(self, socket: ClientConnection, client: httpx.AsyncClient):
        self.screen = Screen()
        self._socket, self._client = socket, client
        self._widgets: dict[str, WidgetState] = {}
        self._id = ""  # of the session, as the server named it

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, base_url: str, cookies: httpx.Cookies, *, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[Session]:
        """A tab on the server at `base_url` with a visitor's cookies; closed with the block."""
        jar = {cookie.name: cookie.value or "" for cookie in cookies.jar}
        token = jar.get(XSRF_COOKIE, "")
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        async with (
            httpx.AsyncClient(
                base_url=base_url,
                cookies=jar,
                headers={"X-Xsrftoken": token},
                timeout=TIMEOUT_S,
                verify=tls or True,
            ) as client,
            connect(
                base_url.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=["streamlit", token] if token else ["streamlit"],
                additional_headers=headers,
                origin=base_url,
                max_size=None,
                proxy=None,
                ssl=tls,
            ) as socket,
        ):
            yield cls(socket, client)

    async def open(self, page: str = "", **params: object) -> Run:
        """Go to a page by its name in the address, with these query parameters."""
        self._widgets.clear()
        self.screen.query_string = urlencode(params)
        return await self._run(ClientState(page_name=page))

    async def rerun(self) -> Run:
        """Run the page again as it stands."""
        return await self._run(self._here())

    async def change(self, key: str, value: str | float | bool | Sequence[str]) -> Run:
        """Give the widget with this key a value: an option's text for a list or segments, what is typed, a tick."""
        identity = self._find(key)
        state = self._widgets[identity] = WidgetState(id=identity)
        match self.screen.widgets()[identity]:
            case "button_group" | "multiselect":
                state.string_array_value.data.extend([value] if isinstance(value, str) else value)
            case "checkbox":
                state.bool_value = value
            case "number_input":
                state.double_value = value
            case _:
                state.string_value = value
        return await self._run(self._here())

    async def click(self, key: str) -> Run:
        """Click the button with this key."""
        state = self._here()
        state.widget_states.widgets.append(WidgetState(id=self._find(key), trigger_value=True))
        return await self._run(state)

    async def upload(self, key: str, files: Sequence[tuple[str, bytes]]) -> Run:
        """Choose files (name, content) in the uploader with this key, as if dropped onto it."""
        identity = self._find(key)
        state = self._widgets[identity] = WidgetState(id=identity)
        places = await self._places_for([name for name, _ in files])
        for (name, content), place in zip(files, places, strict=True):
            answer = await self._client.put(place.upload_url, files={"file": (name, content)})
            answer.raise_for_status()
            state.file_uploader_state_value.uploaded_file_info.append(
                UploadedFileInfo(file_id=place.file_id, name=name, size=len(content), file_urls=place)
            )
        return await self._run(self._here())

    async def tick(self) -> Run:
        """What the passing of time does: run the first fragment that asked for it again. Raises StopIteration."""
        state = self._here()
        state.fragment_id, state.is_auto_rerun = next(iter(self.screen.auto_reruns)), True
        return await self._run(state)

    def _find(self, key: str) -> str:
        found = [identity for identity in self.screen.widgets() if identity.endswith(f"-{key}")]
        if not found:
            raise KeyError(f"no widget {key} on the page: {self.screen.text()[:500]}")
        return found[0]

    def _here(self) -> ClientState:
        state = ClientState(page_script_hash=self.screen.page_hash)
        state.widget_states.widgets.extend(self._widgets.values())
        return state

    async def _places_for(self, names: Sequence[str]) -> Sequence[FileURLs]:
        request = FileURLsRequest(request_id="1", file_names=names, session_id=self._id)
        async with asyncio.timeout(TIMEOUT_S):
            await self._socket.send(BackMsg(file_urls_request=request).SerializeToString())
            while True:
                message = ForwardMsg.FromString(await self._socket.recv())
                if message.HasField("file_urls_response"):
                    return message.file_urls_response.file_urls

    async def _run(self, state: ClientState) -> Run:
        state.query_string = self.screen.query_string
        state.cached_message_hashes.extend(self.screen.known())
        started, messages, size = time.perf_counter(), 0, 0
        async with asyncio.timeout(TIMEOUT_S):
            await self._socket.send(BackMsg(rerun_script=state).SerializeToString())
            is_over = False
            while not is_over:
                raw = await self._socket.recv()
                message = ForwardMsg.FromString(raw)
                messages, size = messages + 1, size + len(raw)
                self.screen.apply(message)
                if message.HasField("new_session"):
                    self._id = message.new_session.initialize.session_id
                is_over = message.HasField("script_finished") and message.script_finished in ENDS
        shown = self.screen.widgets()
        self._widgets = {identity: value for identity, value in self._widgets.items() if identity in shown}
        return Run(time.perf_counter() - started, messages, size)
