"""How is each array of the state sharded?  Like its parameter, or over one more axis of the mesh (ZeRO-1)."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax.sharding import AbstractMesh, Mesh, NamedSharding, PartitionSpec, Sharding

from adam_jax import validation
from adam_jax.older_jax import reshard


def state_shardings(
    tx: optax.GradientTransformation,
    params: optax.Params,
    param_shardings: Any = None,
    zero_axis: str | None = None,
    memory_kind: str | None = None,
) -> optax.OptState:
    """The sharding of every array of `tx.init(params)`, as a tree of the same structure.

    Arrays with a parameter's shape get the parameter's sharding; everything else (counts, bounds) is replicated.
    `jax.eval_shape` and `jax.jit(tx.init)` do not choose shardings: without these, a jitted `init` puts the whole state
    on one device.  How to use it::

        shardings = adam_jax.state_shardings(tx, params, param_shardings, zero_axis="data")
        state = jax.jit(tx.init, out_shardings=shardings)(params)

        @functools.partial(
            jax.jit, donate_argnames=("params", "state"), out_shardings=(param_shardings, shardings, None)
        )
        def train_step(params, state, batch):
            loss, grads = jax.value_and_grad(loss_fn)(params, batch)
            params, state = adam_jax.step(tx, params, state, grads, shardings=shardings)
            return params, state, loss

        target = jax.tree.map(  # to restore a checkpoint on any layout
            lambda x, s: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=s), jax.eval_shape(tx.init, params), shardings
        )
        state = checkpointer.restore(path, target)  # Orbax, which casts what has another dtype in the checkpoint:
        # restore remainders of `master_weights` with the bits they were saved with

    Args:
      tx: any transformation: of adam_jax or Optax, also in chains and wrappers.
      params: the parameters: arrays, or anything with `shape` and `dtype`.
      param_shardings: a `NamedSharding` for each parameter, or one for all.  None: each parameter's own `sharding`,
        which arrays and `jax.ShapeDtypeStruct` can have.
      zero_axis: a mesh axis, such as the one that the batch is split over, over which the state is sharded in addition
        (ZeRO-1): each array on its first dimension that is divisible by the size of this axis.  An array that has no
        such dimension keeps its parameter's sharding.  The state then takes 1 / (size of the axis) of the memory on
        each device; XLA reduce-scatters gradients, and gathers the new parameters.
      memory_kind: the memory for arrays with a parameter's shape, "pinned_host" to offload them.  None: device memory.
        A step computes in device memory: move the state there with `jax.device_put(state, near)`, inside jit, where
        `near` is the result of this function without `memory_kind`, and give `step` the shardings `near`.

    Returns:
      A tree of `NamedSharding` for `jit(tx.init, out_shardings=...)`, for the train step, and for checkpoints.

    Raises:
      ValueError: a parameter has no sharding; `param_shardings` has another structure than `params`; the parameters are
        on different meshes; the mesh has no such axis; a dimension does not divide by the axes that split it.
      TypeError: a sharding is no `NamedSharding`.

    >>> mesh = jax.make_mesh((1,), ("data",))
    >>> tx = optax.adam(0.1)
    >>> shardings = state_shardings(tx, jnp.zeros((4, 2)), NamedSharding(mesh, PartitionSpec()), zero_axis="data")
    >>> tuple(shardings[0].mu.spec)
    ('data',)
    """
    shapes = jax.tree_util.tree_map_with_path(_shape, params)
    of_params = _of_params(params, param_shardings)
    spread = jax.tree_util.tree_map_with_path(
        lambda path, p, s: _placed(path, p, s, zero_axis, memory_kind), shapes, of_params
    )
    everywhere = NamedSharding(_mesh(of_params), PartitionSpec())

    parameters = {path: p.shape for path, p in jax.tree_util.tree_leaves_with_path(shapes)}
    places = dict(jax.tree_util.tree_leaves_with_path(spread))

    def place(path: Any, leaf: Any) -> NamedSharding:
        # A state holds trees of the parameters' structure, so that the path of an array ends as that of its parameter.
        ends = (path[start:] for start in range(len(path) + 1))
        return next((places[end] for end in ends if parameters.get(end) == leaf.shape), everywhere)

    return jax.tree_util.tree_map_with_path(place, jax.eval_shape(tx.init, shapes))


def of_parameters(params: Any, state: Any, shardings: Any) -> list[NamedSharding | None]:
    """For each parameter, where the first array of the state lives that belongs to it; None: the state has none.

    shardings: what `state_shardings` gave for this state.
    """
    shapes = {path: jnp.shape(x) for path, x in jax.tree_util.tree_leaves_with_path(state)}
    places = dict(jax.tree_util.tree_leaves_with_path(shardings))
    if different := shapes.keys() ^ places.keys():
        raise ValueError(
            f"shardings and the state differ {validation.name_of(min(different, key=str))}; "
            "give what adam_jax.state_shardings(tx, params, ...) returns, for the same tx and params"
        )
    parameters = jax.tree_util.tree_leaves_with_path(params)
    expected = {path: jnp.shape(p) for path, p in parameters}
    found: dict[Any, NamedSharding] = {}
    for path, shape in shapes.items():
        ends = (path[start:] for start in range(len(path) + 1))
        end = next((end for end in ends if expected.get(end) == shape), None)
        if end is not None:
            found.setdefault(end, places[path])
    return [found.get(path) for path, _ in parameters]


def _shape(path: Any, p: Any) -> jax.ShapeDtypeStruct:
    if problem := validation.not_an_array(p):
        raise TypeError(f"the parameter {validation.name_of(path)} {problem}")
    return jax.ShapeDtypeStruct(jnp.shape(p), jnp.result_type(p))


def _of_params(params: Any, shardings: Any) -> Any:
    """A sharding for each parameter."""
    if not isinstance(shardings, Sharding) and shardings is not None and jax.tree_util.all_leaves([shardings]):
        raise TypeError(
            "param_shardings must be a jax.sharding.NamedSharding, or a tree of one for each parameter; "
            f"got {shardings}"
        )
    if isinstance(shardings, Sharding):
        shardings = jax.tree.map(lambda _: shardings, params)
    if shardings is None:
        shardings = jax.tree.map(lambda p: getattr(p, "sharding", None), params)
    is_leaf = lambda x: x is None or isinstance(x, Sharding)  # noqa: E731
    got = dict(jax.tree_util.tree_leaves_with_path(shardings, is_leaf=is_leaf))
    expected = dict(jax.tree_util.tree_leaves_with_path(params))
    if got.keys() - expected.keys():
        unknown = ", ".join(validation.name_of(path) for path in got if path not in expected)
        raise ValueError(f"param_shardings has entries that params does not have: {unknown}")
    for path in expected:
        sharding = got.get(path)
        if sharding is None:
            raise ValueError(
                f"the parameter {validation.name_of(path)} has no sharding; "
                "give param_shardings with a NamedSharding for it"
            )
        if not isinstance(sharding, NamedSharding):
            raise TypeError(
                f"the sharding of the parameter {validation.name_of(path)} must be a jax.sharding.NamedSharding; "
                f"got {sharding}. Put the parameter on a mesh, or give param_shardings"
            )
    return jax.tree.unflatten(jax.tree.structure(params), [got[path] for path in expected])


def _mesh(of_params: Any) -> Mesh | AbstractMesh:
    """The one mesh of all parameters."""
    first: Any = None
    for path, sharding in jax.tree_util.tree_leaves_with_path(of_params):
        first = first or (path, sharding.mesh)
        if sharding.mesh != first[1]:
            raise ValueError(
                f"all parameters must live on one mesh; the parameter {validation.name_of(first[0])} lives on "
                f"{first[1]} and the parameter {validation.name_of(path)} on {sharding.mesh}"
            )
    if first is None:
        raise ValueError("params is empty: there is no parameter whose mesh the state could live on")
    return first[1]


def _placed(path: Any, p: Any, sharding: NamedSharding, zero_axis: str | None, memory_kind: str | None) -> Any:
    try:
        if len(sharding.spec) > len(p.shape):
            raise ValueError(f"that names {len(sharding.spec)} dimensions, and there are {len(p.shape)}")
        sharding.shard_shape(p.shape)
    except ValueError as error:
        raise ValueError(
            f"the parameter {validation.name_of(path)} of shape {p.shape} cannot be split as {sharding.spec} on a mesh "
            f"of {dict(sharding.mesh.shape)}: {error}"
        ) from None
    if zero_axis is not None:
        if zero_axis not in sharding.mesh.axis_names:
            raise ValueError(
                f"zero_axis={zero_axis!r} is no axis of the mesh of the parameter {validation.name_of(path)}; "
                f"there are {sharding.mesh.axis_names}"
            )
        sharding = _spread(p.shape, sharding, zero_axis)
    return sharding if memory_kind is None else sharding.with_memory_kind(memory_kind)


def _spread(shape: tuple[int, ...], sharding: NamedSharding, axis: str) -> NamedSharding:
    """`sharding` with `axis` on the first dimension that it divides evenly, after the axes that are there."""
    entries = [_axes(entry) for entry in sharding.spec] + [()] * (len(shape) - len(sharding.spec))
    if any(axis in entry for entry in entries):
        return sharding
    sizes = sharding.mesh.shape
    for i, (size, entry) in enumerate(zip(shape, entries, strict=True)):
        if size and size % (math.prod(sizes[a] for a in entry) * sizes[axis]) == 0:
            entries[i] = (*entry, axis)
            break
    else:
        return sharding
    spec = [entry[0] if len(entry) == 1 else entry or None for entry in entries]
    while spec and spec[-1] is None:
        spec.pop()
    return NamedSharding(sharding.mesh, PartitionSpec(*spec), memory_kind=sharding.memory_kind)


def _axes(entry: Any) -> tuple[str, ...]:
    if entry is None or entry is PartitionSpec.UNCONSTRAINED:
        return ()
    return entry if isinstance(entry, tuple) else (entry,)


def beside_the_state(tree: Any, params: Any, places: list[Any]) -> Any:
    """`tree`, of the parameters' structure, where the state of each parameter lives."""
    leaves = jax.tree.structure(params).flatten_up_to(tree)
    placed = [x if x is None or s is None else _place(x, s) for x, s in zip(leaves, places, strict=True)]
    return jax.tree.structure(params).unflatten(placed)


def _place(x: Any, sharding: Any) -> Any:
    # a mesh with explicit axes has shardings in types, which constraints cannot change
    explicit = jax.sharding.AxisType.Explicit in sharding.mesh.axis_types
    return reshard(x, sharding) if explicit else jax.lax.with_sharding_constraint(x, sharding)
