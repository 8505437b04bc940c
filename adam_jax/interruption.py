"""What does Ctrl-C do to a command?  It ends it at once: one line, exit code 130, whatever was running."""

import os
import signal
import socket
import sys
import threading

EXIT_CODE = 130  # 128 + SIGINT, as shells count


def end_at_once() -> None:
    """From now on Ctrl-C ends this process; for programs, not for libraries.

    No KeyboardInterrupt is raised: inside an import written in C it comes out as an ImportError, inside a callback of
    XLA as a crash.  The signal is read by a thread, since the main thread may be compiling for minutes.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return  # done before, or nohup has told this process to ignore it
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach())
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_wait, args=(reader,), daemon=True).start()


def end_with_parent() -> None:
    """From now on this process ends when its standard input does, that is with the process that holds the other end."""
    threading.Thread(target=_read_to_the_end, daemon=True).start()


def _wait(signals: socket.socket) -> None:
    while signals.recv(1) != bytes([signal.SIGINT]):
        pass
    bars = getattr(getattr(sys.modules.get("tqdm"), "tqdm", None), "_instances", ())
    line = "\ninterrupted\n" if bars else "interrupted\n"  # a progress bar leaves its line open
    os.write(2, line.encode())
    os._exit(EXIT_CODE)


def _read_to_the_end() -> None:
    while os.read(0, 1):
        pass
    os._exit(EXIT_CODE)


# Here, since the package's imports, which follow, take seconds.
if sys.orig_argv[1:3] == ["-m", "adam_jax"]:
    end_at_once()
elif sys.orig_argv[1:3] == ["-m", "adam_jax.tools.demo.zero"]:  # a process of `train --devices`
    end_with_parent()
