"""The classes of a network: what each holds and computes, read from plans; groups of one form are one class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from engine.blocks.inputs import Input, Output, Target
from engine.call import Call
from engine.group import Group, GroupInput, GroupOutput
from engine.parts import Value, ancestors, leaving
from engine.plan import Plan, Step
from engine.printing.answers import function_of, views
from engine.printing.beginnings import beginnings, plain
from engine.printing.expressions import targets_of
from engine.printing.forward import Writer
from engine.printing.made import Body, Instance, Layer, Made, Series, all_made, values_of
from engine.problem import UserError
from engine.tensor import TensorSpec
from engine.weight_settings import WeightSettings

ENDS = (Input, Target, Output, GroupInput, GroupOutput)  # kinds of blocks that compute nothing
AS_LAYERS_CHOOSE = WeightSettings()


class Reader:
    """Reads plans into bodies; a group that is used in one form several times is read once."""

    def __init__(self, plan: Plan, avoided: Collection[str] = ()) -> None:
        self._places = Counter(title for title, _ in _places(plan, "", set()))
        self._avoided = avoided
        self._groups: dict[tuple[Group, int, object], Body] = {}
        self._plans: list[Plan] = []  # kept, so that none takes the place of another in the memory
        self._keys: dict[object, int] = {}

    def body(
        self,
        plan: Plan,
        title: str,
        arguments: Mapping[str, Value],
        steps: Sequence[Step],
        results: Mapping[str, Value],
        answer: str,
        outer: WeightSettings = AS_LAYERS_CHOOSE,
    ) -> Body:
        """A class that takes `arguments` and answers with `results`.

        `answer` says how: "one" value, a "tuple" of several, or a "dict" by their names. `outer` are the settings of
        the group around it, which count where a block has none of its own.
        """
        steps = [step for step in steps if not isinstance(step.block, ENDS)]
        body = Body(title, {})
        attributes, series = self._keep(body, plan, steps, outer)
        writer = Writer(steps, arguments, attributes, series, results, answer, self._avoided)
        writer.write()
        body.arguments = {name: plan.leaving(*value) for name, value in writer.signature.items()}
        body.lines, body.variables = writer.lines, set(writer.variables.used)
        body.targets |= writer.targets
        doing = (
            *(tuple((name, made.doing) for name, made in body.attributes.items()), tuple(body.arguments)),
            *(tuple(line.code for line in body.beginnings), tuple(line.code for line in body.lines)),
        )
        kept = tuple((name, made.key) for name, made in body.attributes.items())
        ranks = tuple(tuple(_rank(spec) for spec in line.specs) for line in body.lines)
        body.doing = self._known(doing)
        body.key = self._known((title, body.doing, kept, ranks))
        body.values = tuple(values_of(made) for made in body.attributes.values())
        return body

    def _keep(
        self, body: Body, plan: Plan, steps: Iterable[Step], outer: WeightSettings
    ) -> tuple[dict[str, str], dict[str, int]]:
        """Fill the attributes; what each step's is called, and the lengths of lists, both by the ids of steps."""
        attributes: dict[str, str] = {}
        series: dict[str, int] = {}
        owners: dict[str, str] = {}
        for step in steps:
            made = self._made(step, step.id, outer)
            if made is None:
                continue
            owner = step.shares or step.id
            if owner in owners and not step.trace.weights and not _alike(body.attributes[owners[owner]], plain(made)):
                owner = step.id  # without weights, there is nothing to share
            if owner not in owners:
                name = plan.steps[owner].name if owner in plan.steps else step.name
                owners[owner] = name
                body.attributes[name] = plain(made)
                body.beginnings += beginnings(made, f"self.{name}")
                for _, inner in all_made(name, made):
                    body.targets |= targets_of(inner.call) if isinstance(inner, Layer) else set()
            else:
                _share(body, owners[owner], step, made)
            attributes[step.id] = f"self.{owners[owner]}"
            if isinstance(made, Series) and made.container == "nn.ModuleList":
                series[step.id] = len(made.items)
        return attributes, series

    def _made(self, step: Step, block: str, outer: WeightSettings) -> Made | None:
        """What a class keeps for a step; None for what is computed each time."""
        settings = _inherited(step.node.weights, outer)
        if isinstance(step.block, Group):
            return self._made_group(step, step.block, block, settings)
        call = step.trace.call
        if call is None or not call.kept or function_of(step) is not None:
            return None
        return _layer(step, block, settings)

    def _made_group(self, step: Step, group: Group, block: str, settings: WeightSettings) -> Made:
        inner, frozen = step.trace.inner, step.node.weights.frozen
        if group.repeat == 1:
            return self._once(group, inner[0], block, settings, frozen)
        items = tuple(self._once(group, plan, block, settings, False) for plan in inner)
        alone = len(group.input_ports()) == len(group.output_ports()) == 1
        return Series("nn.Sequential" if alone else "nn.ModuleList", items, block, frozen)

    def _once(self, group: Group, inner: Plan, block: str, settings: WeightSettings, frozen: bool) -> Made:
        run = straight_run(inner, group) if self._places[group.title] == 1 else None
        if run is not None:
            items = tuple(self._in_series(step, f"{block}/{step.id}", settings) for step in run)
            return Series("nn.Sequential", items, block, frozen)
        form = (group, id(inner), (settings.initialisation, settings.amount))
        known = self._groups.get(form)
        if known is None:
            results = leaving(group, inner)
            arguments = {node.name: (key, "y") for key, node in group.inputs_inside().items()}
            needed = ancestors(inner, (key for key, _ in results.values()))
            steps = [step for step in inner.steps.values() if step.id in needed]
            known = self.body(inner, group.title, arguments, steps, results, "tuple", settings)
            self._groups[form] = known
            self._plans.append(inner)
        return Instance(known, block, frozen)

    def _in_series(self, step: Step, block: str, outer: WeightSettings) -> Made:
        settings = _inherited(step.node.weights, outer)
        if isinstance(step.block, Group):
            return self._made_group(step, step.block, block, settings)
        return _layer(step, block, settings)

    def _known(self, form: object) -> int:
        return self._keys.setdefault(form, len(self._keys))


def _layer(step: Step, block: str, settings: WeightSettings) -> Layer:
    assert step.trace.call is not None
    return Layer(step.trace.call, block, settings, step.trace.weights, getattr(step.block, "padding_idx", None))


def _inherited(own: WeightSettings, outer: WeightSettings) -> WeightSettings:
    """How a block's weights begin and whether they learn: what it leaves open, the group around it decides."""
    if outer.initialisation == "default" or own.initialisation != "default":
        return own
    return own.change(initialisation=outer.initialisation, amount=outer.amount)


def _rank(spec: TensorSpec | None) -> object:
    return None if spec is None else (len(spec.shape), spec.batched)


def _alike(one: Made, other: Made) -> bool:
    """Whether two layers are made in the same way and do the same."""
    return one.doing == other.doing and values_of(one) == values_of(other)


def _share(body: Body, attribute: str, step: Step, made: Made) -> None:
    """Let a step use an attribute that is there already.

    Raises:
        UserError: when what it needs there is another layer.
    """
    kept = body.attributes[attribute]
    if not _alike(kept, plain(made)):
        raise UserError(
            f"{step.name} can't use the weights of {attribute}: for what arrives there, {attribute} would have to be "
            f"another layer. Let tensors of one shape arrive at both, or give {step.name} weights of its own."
        )
    pairs = zip(all_made(attribute, kept), all_made(attribute, made), strict=True)
    for (_, one), (_, other) in pairs:
        if isinstance(one, Instance) and isinstance(other, Instance) and one.body is not other.body:
            body.sharing.append((one.body, other.body))


def straight_run(inner: Plan, group: Group) -> tuple[Step, ...] | None:
    """The steps of a group that is nothing but layers one after the other; None for any other."""
    if len(group.inputs_inside()) != 1 or len(group.outputs_inside()) != 1:
        return None
    before = next(iter(group.inputs_inside()))
    steps = []
    for step in inner.steps.values():
        if isinstance(step.block, ENDS):
            continue
        wired = [wire for wire in step.wires if wire is not None]
        if (
            len(wired) != 1
            or wired[0].source != before
            or len([other for other in group.graph.sharing(step.id) if other in inner.steps]) > 1
        ):
            return None
        if len(step.block.output_ports()) != 1 or not _plain(step):
            return None
        before = step.id
        steps.append(step)
    ends = list(leaving(group, inner).values())
    return tuple(steps) if steps and [end[0] for end in ends] == [before] else None


def _plain(step: Step) -> bool:
    """Whether a step is a layer that takes what arrives and nothing else, and whose answer is all that leaves."""
    if isinstance(step.block, Group):
        return len(step.block.input_ports()) == 1
    call = step.trace.call
    if call is None or call.kept != "module":
        return False
    arriving, answer = views(step), Call("answer")
    applied = step.block.applied(*arriving)
    alone = len(applied.args) == 1 and applied.args[0] is arriving[0] and not applied.kwargs
    return alone and step.block.forward(answer, *arriving) is answer


def _places(plan: Plan, owner: str, seen: set[tuple[int, str]]) -> set[tuple[str, str]]:
    """Where each title would be printed: in which class, under which names; a repeat is several places at once."""
    found: set[tuple[str, str]] = set()
    for step in plan.steps.values():
        if isinstance(step.block, Group):
            times = [f"{owner}.{step.name}", f"{owner}.{step.name}."][: step.block.repeat]
            found |= {(step.block.title, place) for place in times if not step.shares}
            for inner in step.trace.inner:
                if (id(inner), step.block.title) not in seen:
                    seen.add((id(inner), step.block.title))
                    found |= _places(inner, step.block.title, seen)
    return found
