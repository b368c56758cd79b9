"""One server for all tests of this folder, whose faults are switched on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from server_process import ServerProcess

Faults = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "on").mkdir()
    program = Path(__file__).with_name("faulty_server.py")
    started = ServerProcess(folder, program, CARECITE_FAULTS=str(folder / "on")).start()
    yield started
    started.stop()


@pytest.fixture
def fault(server: ServerProcess) -> Faults:
    """Gives what switches a fault on for the length of a block."""

    @contextmanager
    def switched_on(name: str, content: str = "") -> Iterator[None]:
        file = server.folder / "on" / name
        draft = server.folder / "draft"
        draft.write_text(content)
        draft.replace(file)
        try:
            yield
        finally:
            file.unlink()

    return switched_on
