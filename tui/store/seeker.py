"""Search in a thread of its own: the newest question is answered, an older one is given up for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread

from tui.model import Front, Timestamp
from tui.store.connect import StoreError
from tui.store.filters import Known
from tui.store.query import Query
from tui.store.search import Answer, Searcher
from tui.tagging.spellings import spellings_of

Delivery = Answer | Known | StoreError
"""What comes of asking: an answer, something more to ask for, or why there is none."""


class Seeker:
    """Answers queries over a store, never two at a time; whoever asks never waits.

    While nothing is asked it learns what there is to ask for: the spellings of names, then the places,
    publishers and sides of the store. ``deliver`` is called from its thread.
    """

    def __init__(
        self,
        path: Path,
        fronts: Sequence[Front],
        deliver: Callable[[Delivery], None],
        as_of: Timestamp | None = None,
    ) -> None:
        """``as_of``: the past minute that is searched; None: now."""
        self._path = path
        self._as_of = as_of
        self._fronts = tuple(fronts)
        self._deliver = deliver
        self._waiting = Condition()
        self._question: Query | None = None
        self._ended = False
        self._reader: Searcher | None = None
        self._thread = Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        """Begin to learn, and to answer."""
        self._thread.start()

    def ask(self, query: Query) -> None:
        """Answer this, and nothing that was asked before it."""
        with self._waiting:
            self._question = query
            # Between two questions to SQLite this ends nothing: then the old answer is made, and dropped.
            if self._reader is not None:
                self._reader.interrupt()
            self._waiting.notify()

    def close(self) -> None:
        """End; waits for the thread, which gives up what it is at."""
        with self._waiting:
            self._ended = True
            if self._reader is not None:
                self._reader.interrupt()
            self._waiting.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            reader = self._searcher()
        except StoreError as fault:
            self._deliver(fault)
            return
        with closing(reader):
            with self._waiting:
                self._reader = reader
            try:
                self._work(reader)
            finally:
                with self._waiting:
                    self._reader = None

    def _searcher(self) -> Searcher:
        if self._as_of is None:
            return Searcher(self._path)
        from tui.store.past_search import PastSearcher  # here: seldom wanted

        return PastSearcher(self._path, self._as_of)

    def _work(self, reader: Searcher) -> None:
        known = Known.of(self._fronts, self._as_of)
        lessons = [self._names, reader.vocabulary]
        while True:
            with self._waiting:
                while not self._ended and self._question is None and not lessons:
                    self._waiting.wait()
                if self._ended:
                    return
                query, self._question = self._question, None
            try:
                if query is not None:
                    self._answer(reader, query)
                else:
                    known = lessons[0](known)
                    del lessons[0]
                    self._deliver(known)
            except StoreError as fault:
                # Interrupted, as a rule: what was asked since comes next, and a lesson is taken again.
                if not self._is_stale():
                    self._deliver(fault)
                    del lessons[:1]

    def _answer(self, reader: Searcher, query: Query) -> None:
        answer = reader.search(query)
        if self._is_stale():
            return
        self._deliver(answer)
        if not answer.total:
            answer = reader.loosen(answer)
            if answer.looser and not self._is_stale():
                self._deliver(answer)

    def _is_stale(self) -> bool:
        with self._waiting:
            return self._ended or self._question is not None

    def _names(self, known: Known) -> Known:
        return replace(known, spellings=spellings_of(self._fronts))
