"""How fast is PyTorch's fused AdamW?  Beside JAX in one process, and in one of its own: `python torch_alone.py`."""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def start(grads: Sequence[Any], learning_rate: float) -> Callable[[], Any]:
    """Fresh parameters of ones for these tensors; each call of the result is one finished step, and returns them."""
    torch = importlib.import_module("torch")
    if not grads[0].is_cuda:
        torch.set_num_threads(os.cpu_count() or 1)
    params = []
    for grad in grads:
        params.append(torch.nn.Parameter(torch.ones_like(grad)))
        params[-1].grad = grad
    optimizer = torch.optim.AdamW(params, lr=learning_rate, weight_decay=1e-4, fused=True)

    def turn() -> Any:
        optimizer.step()
        if grads[0].is_cuda:
            torch.cuda.synchronize()
        return params

    return turn


def measure(shapes: Sequence[tuple[int, ...]], warm_up: int, repeats: int) -> list[float]:
    """The seconds of each step after the first ones, on a CPU, in a process without JAX."""
    command = [sys.executable, __file__, json.dumps(list(shapes)), str(warm_up), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"PyTorch failed in its separate process:\n{done.stderr}")
    return json.loads(done.stdout)


def _main(shapes: str, warm_up: str, repeats: str) -> None:
    torch = importlib.import_module("torch")
    torch.manual_seed(0)
    turn = start([torch.randn(*shape) for shape in json.loads(shapes)], 1e-3)
    seconds = []
    for _ in range(int(warm_up) + int(repeats)):
        before = time.perf_counter()
        turn()
        seconds.append(time.perf_counter() - before)
    print(json.dumps(seconds[int(warm_up) :]))


if __name__ == "__main__":
    _main(*sys.argv[1:])
