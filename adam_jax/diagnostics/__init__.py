"""What does Adam do in a step, and what does a step cost?  `measure` a step, `trace` a run, `plots`, `compiled`."""

import adam_jax.diagnostics.plots as plots
from adam_jax.diagnostics.adam_part import bias_corrected
from adam_jax.diagnostics.measures import Measurement, Measures, measure
from adam_jax.diagnostics.memory import bytes_a_parameter
from adam_jax.diagnostics.program import Compiled, compiled
from adam_jax.diagnostics.trajectory import Trace, trace

__all__ = [
    "Compiled",
    "Measurement",
    "Measures",
    "Trace",
    "bias_corrected",
    "bytes_a_parameter",
    "compiled",
    "measure",
    "plots",
    "trace",
]
