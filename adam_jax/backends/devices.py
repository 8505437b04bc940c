"""How are results of all devices combined?  A maximum over them inside `jax.shard_map`, where each has only a part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
from jax import lax

if TYPE_CHECKING:
    from adam_jax.core import AxisName


def over_devices(x: jax.Array, axis_name: AxisName, what: str) -> jax.Array:
    """The largest `x` of the devices along the axes of a mesh.

    axis_name: the axes.  None: `x` is the same everywhere, or JAX knows that it is not (`check_vma=True`), and refuses
    to call it replicated.  Where JAX does not look, neither is known, and that is refused.
    what: for the message.
    """
    if axis_name is not None:
        return lax.pmax(x, _bound(axis_name)) if axis_name else x
    if axes := _unchecked_axes():
        raise ValueError(
            f"{what} inside jax.shard_map(check_vma=False), or jax.pmap: each device sees its own part only, so that "
            "what the state holds once would differ between devices. Give axis_name, the axes over which parameters or "
            f"gradients differ between devices, of {axes!r}; or axis_name=() if every device has every gradient whole, "
            "as after jax.lax.pmean. With check_vma=True JAX itself checks this"
        )
    return x


def sum_over_devices(x: jax.Array, of: jax.Array, axis_name: AxisName, what: str) -> jax.Array:
    """The sum of `x` of the devices along the axes of a mesh, or where JAX knows that they hold parts of `of`."""
    if axis_name is None:
        over_devices(x, axis_name, what)  # refuses what is not known
        axis_name = tuple(_varies_over(of))
    return lax.psum(x, _bound(axis_name)) if axis_name else x


def everywhere(good: jax.Array, axis_name: AxisName, what: str) -> jax.Array:
    """Whether it is good on all devices."""
    return over_devices(jnp.where(good, jnp.int32(0), 1), axis_name, what) == 0


def global_norm(arrays: Sequence[jax.Array], axis_name: AxisName) -> jax.Array:
    """The root of the sum of all squared magnitudes, of whole arrays where JAX knows which are parts; float32."""
    if axis_name != () and (axes := _unchecked_axes()):
        raise ValueError(
            "skip_spikes inside jax.shard_map(check_vma=False), or jax.pmap: a device cannot know which gradients are "
            f"parts along {axes!r}, of which the norm is a sum over devices. Give update grad_norm=, and axis_name; or "
            "axis_name=() if every device has every gradient whole, as after jax.lax.pmean"
        )
    sums: dict[tuple[str, ...], list[jax.Array]] = {}  # by the axes over which they are parts
    for x in arrays:
        wide = x.astype(jnp.promote_types(x.dtype, jnp.float32))
        squares = lax.square(wide.real) + lax.square(wide.imag) if jnp.iscomplexobj(wide) else lax.square(wide)
        sums.setdefault(tuple(sorted(_varies_over(x))), []).append(jnp.sum(squares).astype(jnp.float32))
    totals = {axes: jnp.sum(jnp.stack(some)) for axes, some in sums.items()}
    return jnp.sqrt(jnp.sum(jnp.stack([lax.psum(x, axes) if axes else x for axes, x in totals.items()])))


def all_finite(arrays: Sequence[jax.Array]) -> jax.Array:
    """Whether there is neither an infinity nor a NaN.

    A maximum of floats, and not all(isfinite): between devices it merges with that of the squares.
    """
    if not arrays:
        return jnp.bool_(True)
    bad = [jnp.where(jnp.isfinite(x), jnp.float32(0), 1) for x in arrays]
    return jnp.max(jnp.stack([lax.reduce(b, jnp.float32(0), lax.max, tuple(range(b.ndim))) for b in bad])) == 0


def _bound(names: str | tuple[str, ...]) -> tuple[str, ...]:
    names = (names,) if isinstance(names, str) else names
    for name in names:
        try:
            lax.axis_index(name)
        except NameError:
            raise ValueError(
                f"axis_name={name!r} is no axis of a mesh here; it names axes of the jax.shard_map that update runs "
                "in. Outside of one, under jax.jit, leave it out"
            ) from None
    return names


def _unchecked_axes() -> tuple[str, ...]:
    """The axes along which this program runs apart on several devices, with nobody looking after what is replicated."""
    mesh = jax.sharding.get_abstract_mesh()
    manual = [name for name in getattr(mesh, "manual_axes", ()) if mesh.shape[name] > 1]
    # an index varies along its axis, by definition; where types do not say so, they are not checked
    return tuple(name for name in manual if name not in _varies_over(lax.axis_index(name)))


def _varies_over(x: Any) -> Any:
    kind: Any = jax.typeof(x)
    manual = getattr(kind, "manual_axis_type", None)  # older versions of JAX have `vma` in its place
    return getattr(kind, "vma", ()) if manual is None else manual.varying
