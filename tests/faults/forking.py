"""A child process that is ready at once, tells what it has done, and can be killed at any moment."""

import os
import signal
import time


class Child:
    """A fork of this process that does `work(tell)`; each told line is read back with `end`."""

    def __init__(self, work):
        self._reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writing)
            return
        code = 1
        try:
            os.close(self._reading)
            work(lambda line: os.write(writing, f"{line}\n".encode()))
            code = 0
        except BaseException as error:
            os.write(writing, f"error {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(code)

    def first_line(self):
        """Wait until the child says its first word."""
        word = b""
        while not word.endswith(b"\n"):
            more = os.read(self._reading, 1)
            if not more:
                break
            word += more
        return word.decode().strip()

    def kill_after(self, seconds):
        """Kill it at that moment, wherever it is then."""
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGKILL)
        return self.end()

    def end(self):
        """Wait for it; the lines it told since the first."""
        said = b""
        while more := os.read(self._reading, 65536):
            said += more
        os.close(self._reading)
        _, self.status = os.waitpid(self.pid, 0)
        return said.decode().splitlines()
