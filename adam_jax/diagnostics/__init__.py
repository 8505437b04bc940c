"""What is it doing?  `measure` a step, `trace` a run, and `plots` of both."""

import adam_jax.diagnostics.plots as plots
from adam_jax.diagnostics.measures import Measurement, Measures, measure
from adam_jax.diagnostics.memory import bytes_a_parameter
from adam_jax.diagnostics.moments import bias_corrected
from adam_jax.diagnostics.trajectory import Trace, trace

__all__ = ["Measurement", "Measures", "Trace", "bias_corrected", "bytes_a_parameter", "measure", "plots", "trace"]
