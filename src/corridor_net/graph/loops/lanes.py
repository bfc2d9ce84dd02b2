"""Vectors of 64 bytes for compiled loops: load, store, add, compare, choose. All hand-written kernel code.

The loops of the hierarchy keep a running minimum of eight float64 (or sixteen float32) in a register. Numba's
own loops over a short inner axis cannot: they must assume that the row written overlaps the rows read, so
they go through memory at each step. With these few functions the loops stay plain Python to read and run
several times faster (`python -m benchmarks --only lanes` measures both; the plain twin is in the tests).

Offsets count elements, not rows; no bounds are checked. Arrays must be contiguous. What ends in `_all` does the same
to a tuple of arrays or vectors.
"""

# mypy: disable-error-code="import-untyped, no-untyped-call, misc, untyped-decorator"
# ruff: noqa: ARG001 - the compiler decides which arguments a generator is given
from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, register_model

BYTES = 64
WIDTH = {"float64": 8, "float32": 16, "int64": 8}
"""Numbers of each kind in one vector."""


class Lanes(types.Type):
    """The compiler's type of one vector; `element` is the type of its numbers."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.width = BYTES * 8 // element.bitwidth
        super().__init__(name=f"lanes({element} x {self.width})")


class Mask(types.Type):
    """The compiler's type of the outcome of a comparison, one bit a lane."""

    def __init__(self, width: int) -> None:
        self.width = width
        super().__init__(name=f"mask({width})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        element = manager.lookup(kind.element).get_value_type()
        super().__init__(manager, kind, ir.VectorType(element, kind.width))


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(ir.IntType(1), kind.width))


def _address(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    data = cgutils.create_struct_proxy(kind)(context, builder, value=array).data
    vector = context.get_value_type(Lanes(kind.dtype))
    return builder.bitcast(builder.gep(data, [offset]), vector.as_pointer())


@intrinsic
def load(typing: Any, array: Any, offset: Any) -> Any:
    """Return the vector that starts at flat position `offset` of `array`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.load(_address(context, builder, signature.args[0], *args))
        value.align = array.dtype.bitwidth // 8
        return value

    return Lanes(array.dtype)(array, types.int64), generate


@intrinsic
def store(typing: Any, array: Any, offset: Any, vector: Any) -> Any:
    """Write `vector` at flat position `offset` of `array`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        written = builder.store(args[2], _address(context, builder, signature.args[0], args[0], args[1]))
        written.align = array.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.void(array, types.int64, vector), generate


@intrinsic
def turn(typing: Any, source: Any, begin: Any, step: Any, target: Any, place: Any, stride: Any) -> Any:
    """Copy a square, turned: number k of row r, at `source[begin + r * step + k]`, to `target[place + k * stride + r]`.

    The square is as wide as a vector of the target; float64 is rounded to a target of float32. log2(width) rounds of
    shuffles: in each, rows that are `half` apart swap halves.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kinds, width = signature.args, Lanes(target.dtype).width
        read, first, step, written, place, stride = args
        vectors = [ir.VectorType(context.get_value_type(kind.dtype), width) for kind in (source, target)]
        whole = ir.IntType(64)
        rows = []
        for row in range(width):
            offset = builder.add(first, builder.mul(step, ir.Constant(whole, row)))
            address = builder.bitcast(_address(context, builder, kinds[0], read, offset), vectors[0].as_pointer())
            value = builder.load(address)
            value.align = source.dtype.bitwidth // 8
            rows.append(builder.fptrunc(value, vectors[1]) if source.dtype != target.dtype else value)
        half = width // 2
        while half:
            for row in range(width):
                if row & half:
                    continue
                one, other = rows[row], rows[row + half]
                low = [k if not k & half else width + k - half for k in range(width)]
                high = [k + half if not k & half else width + k for k in range(width)]
                masks = [ir.Constant(ir.VectorType(ir.IntType(32), width), picked) for picked in (low, high)]
                rows[row], rows[row + half] = (builder.shuffle_vector(one, other, mask) for mask in masks)
            half //= 2
        for row in range(width):
            offset = builder.add(place, builder.mul(stride, ir.Constant(whole, row)))
            address = _address(context, builder, kinds[3], written, offset)
            builder.store(rows[row], address).align = target.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.void(source, types.int64, types.int64, target, types.int64, types.int64), generate


@intrinsic
def zero(typing: Any, array: Any) -> Any:
    """Return a vector of zeros for the numbers of `array`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return ir.Constant(context.get_value_type(signature.return_type), None)

    return Lanes(array.dtype)(array), generate


@intrinsic
def zero_all(typing: Any, arrays: Any) -> Any:
    """Return a tuple of vectors of zeros for a tuple of arrays."""
    kinds = types.BaseTuple.from_types([Lanes(array.dtype) for array in arrays])

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        values = [ir.Constant(context.get_value_type(kind), None) for kind in signature.return_type]
        return context.make_tuple(builder, signature.return_type, values)

    return kinds(arrays), generate


@intrinsic
def load_all(typing: Any, arrays: Any, offset: Any) -> Any:
    """Return the vectors that start at `offset` of each of a tuple of arrays, as a tuple."""
    kinds = types.BaseTuple.from_types([Lanes(array.dtype) for array in arrays])

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        values = []
        for place, kind in enumerate(signature.args[0]):
            address = _address(context, builder, kind, builder.extract_value(args[0], place), args[1])
            values.append(builder.load(address))
            values[-1].align = kind.dtype.bitwidth // 8
        return context.make_tuple(builder, signature.return_type, values)

    return kinds(arrays, types.int64), generate


@intrinsic
def store_all(typing: Any, arrays: Any, offset: Any, vectors: Any) -> Any:
    """Write each of a tuple of vectors at `offset` of its array."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        for place, kind in enumerate(signature.args[0]):
            address = _address(context, builder, kind, builder.extract_value(args[0], place), args[1])
            builder.store(builder.extract_value(args[2], place), address).align = kind.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.void(arrays, types.int64, vectors), generate


@intrinsic
def broadcast(typing: Any, array: Any, offset: Any) -> Any:
    """Return a vector with the one number at `offset` of `array` in every lane."""
    kind = Lanes(array.dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0]).data
        return _splat(context, builder, kind, builder.load(builder.gep(data, [args[1]])))

    return kind(array, types.int64), generate


def _splat(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    vector = context.get_value_type(kind)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), kind.width), [0] * kind.width)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), places)


@intrinsic
def add(typing: Any, left: Any, right: Any) -> Any:
    """Return left + right, lane by lane; whole numbers wrap round."""
    whole = isinstance(left.element, types.Integer)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.add(*args) if whole else builder.fadd(*args)

    return left(left, right), generate


@intrinsic
def add_all(typing: Any, left: Any, right: Any) -> Any:
    """Return the sums of two tuples of vectors, one by one."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        values = []
        for place, kind in enumerate(signature.return_type):
            both = [builder.extract_value(arg, place) for arg in args]
            values.append(builder.add(*both) if isinstance(kind.element, types.Integer) else builder.fadd(*both))
        return context.make_tuple(builder, signature.return_type, values)

    return left(left, right), generate


@intrinsic
def multiply(typing: Any, left: Any, right: Any) -> Any:
    """Return left * right, lane by lane."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fmul(*args)

    return left(left, right), generate


@intrinsic
def minimum(typing: Any, left: Any, right: Any) -> Any:
    """Return the smaller of the two, lane by lane; `right` where they are equal."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *args), *args)

    return left(left, right), generate


@intrinsic
def less(typing: Any, left: Any, right: Any) -> Any:
    """Return left < right as a mask."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fcmp_ordered("<", *args)

    return Mask(left.width)(left, right), generate


@intrinsic
def choose(typing: Any, mask: Any, yes: Any, no: Any) -> Any:
    """Return `yes` in the lanes where `mask` is true, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(*args)

    return yes(mask, yes, no), generate


@intrinsic
def choose_all(typing: Any, mask: Any, yes: Any, no: Any) -> Any:
    """Return a tuple of vectors: of each pair `yes` in the lanes where `mask` is true, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pairs = [[builder.extract_value(arg, place) for arg in args[1:]] for place in range(len(signature.return_type))]
        values = [builder.select(args[0], *pair) for pair in pairs]
        return context.make_tuple(builder, signature.return_type, values)

    return yes(mask, yes, no), generate


@intrinsic
def lowest(typing: Any, vector: Any) -> Any:
    """Return the smallest of the numbers in a vector."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        best, width = args[0], signature.args[0].width
        undefined = ir.Constant(best.type, ir.Undefined)
        step = width // 2
        while step:
            places = ir.Constant(ir.VectorType(ir.IntType(32), width), [(i + step) % width for i in range(width)])
            other = builder.shuffle_vector(best, undefined, places)
            best = builder.select(builder.fcmp_ordered("<", other, best), other, best)
            step //= 2
        return builder.extract_element(best, ir.Constant(ir.IntType(32), 0))

    return vector.element(vector), generate
