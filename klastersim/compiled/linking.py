"""How compiled functions come together: each once as it is called by others, and whole only where Python calls it.

numba by itself optimises every function together with all below it, and turns it into machine code, at every level of
calls, and compiles it anew for each constant that it is called with. Here a function that another compiled one calls is
kept as it was translated and linked into its caller, and everything is optimised once, in the function that Python
calls. There the functions below are nobody else's, so that calls which pass many arrays cost next to nothing. This
halved the first compilation; the bits are the same, since no optimisation moves them.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
from collections.abc import Callable
from typing import Any, Final
from unittest import mock

from numba.core import itanium_mangler, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

#: Bounds of arrays are not looked at, division is NumPy's, and no reference is counted.
OPTIONS: Final = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": None,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}

#: 0.1 GB of what numba leaves behind.
ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 100_000

DYNFUNC: Any = importlib.import_module("numba._dynfunc")
LIBRARY: Any = JITCodeLibrary
DISPATCHER: Any = CPUDispatcher
COMPILER: Any = CompilerBase
LOWERING: Any = NativeLowering
FLAGS: Any = Flags

#: What numba's settings are where nothing is said.
USUAL_FLAGS: Final = {name: option.default for name, option in FLAGS.options.items()}


class _LinkedLibrary(LIBRARY):
    """Code for others to link: neither optimised nor turned into machine code, nor joined with what it calls."""

    def finalize(self) -> None:
        """Let nothing more be added."""
        self._finalized = True


class _WholeLibrary(LIBRARY):
    """Code that Python calls, with all below it; nothing else will call what was linked into it."""

    _linking_libraries: list

    def finalize(self) -> None:
        """Link everything below, each library once, optimise it, and turn it into machine code."""
        found = dict.fromkeys(self._linking_libraries)
        reached = list(found)
        for library in reached:  # grows meanwhile
            for below in library._linking_libraries:
                if below not in found:
                    found[below] = None
                    reached.append(below)
        self._linking_libraries = reached
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
        super()._optimize_final_module()


def _short_name(name: str, argument_types: tuple, *, abi_tags: Any = (), uid: Any = None) -> str:
    """Return a symbol in which a digest stands for the types of the arguments: numba writes 20 kB for the state."""
    digest = hashlib.blake2b(repr(tuple(map(str, argument_types))).encode(), digest_size=16).hexdigest()
    return itanium_mangler.mangle(name, (), abi_tags=(digest, *abi_tags), uid=uid)


class _Lowering(LOWERING):
    """numba's translation of a typed function, under a short name."""

    def run_pass(self, state: Any) -> bool:
        """Translate."""
        with mock.patch.object(state.targetctx, "mangler", _short_name):
            return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LinkedLowering(_Lowering):
    """Translates a function that compiled functions call."""

    _name = "lowering_for_callers"

    def run_pass(self, state: Any) -> bool:
        """Translate, and tell numba under which name callers find the code; there is no entry for Python."""
        context = state.targetctx
        state.library = _LinkedLibrary(context.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        state.library.finalize()
        described = lowered.fndesc
        name = described.qualname
        entry = DYNFUNC.make_function(described.lookup_module(), name, "", 0, lowered.env, (state.library,))
        context.insert_user_function(entry, described, [state.library])
        state["cr"] = lowered._replace(cfunc=entry)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _WholeLowering(_Lowering):
    """Translates a function that Python calls."""

    _name = "lowering_for_python"

    def run_pass(self, state: Any) -> bool:
        """Translate into code that can be kept in the cache."""
        state.library = _WholeLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        super().run_pass(state)
        return True


class _QuickFlags(FLAGS):
    """numba's settings, compared without asking for each: it does so at every operation."""

    __slots__ = ()

    def values(self) -> dict[str, Any]:
        """Return all settings."""
        return {**USUAL_FLAGS, **self._values}


class _Compiler(COMPILER):
    """numba's own passes with another lowering."""

    lowering: type

    def __init__(self, *arguments: Any) -> None:
        """Take what numba gives: typing, target, library, types of arguments and result, settings, local types."""
        *given, flags, local_types = arguments
        super().__init__(*given, _QuickFlags(flags), local_types)

    def define_pipelines(self) -> list:
        """Return the passes."""
        manager: Any = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.passes = [(self.lowering if step is NativeLowering else step, told) for step, told in manager.passes]
        manager.finalize()
        return [manager]


class _LinkedCompiler(_Compiler):
    lowering = _LinkedLowering


class _WholeCompiler(_Compiler):
    lowering = _WholeLowering


class Linked(DISPATCHER):
    """A function as compiled functions call it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        options = {**OPTIONS, "no_cpython_wrapper": True}
        super().__init__(function, targetoptions=options, pipeline_class=_LinkedCompiler)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Compile for the types of the arguments, constants being as other numbers."""
        return super().get_call_template(tuple(map(types.unliteral, args)), kws)

    def add_overload(self, cres: Any) -> None:
        """Keep what was compiled for callers; Python is not told where it begins."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        raise TypeError(f"{self.__name__} is called by compiled functions only")

    def __reduce__(self) -> str:
        return self.py_func.__qualname__


class Whole(DISPATCHER):
    """A function as Python calls it; compiled functions are given `linked` in its place."""

    def __init__(self, function: Callable[..., Any], linked: Linked) -> None:
        super().__init__(function, targetoptions=dict(OPTIONS), pipeline_class=_WholeCompiler)
        self.linked = linked

    def compile(self, sig: Any) -> Any:
        """Compile for a signature, looking for garbage more seldom: that took a tenth of the time."""
        usual = gc.get_threshold()
        gc.set_threshold(max(usual[0], ALLOCATIONS_BETWEEN_COLLECTIONS), *usual[1:])
        try:
            return super().compile(sig)
        finally:
            gc.set_threshold(*usual)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Let the caller call `linked`."""
        return self.linked.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """Return what `linked` compiled for a signature."""
        return self.linked.get_overload(sig)

    def __reduce__(self) -> str:
        return self.py_func.__qualname__
