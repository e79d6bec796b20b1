"""Nothing but a network passes the gate before printed Python is carried out."""

from __future__ import annotations

import ast

import pytest

from engine.compile import source_of
from engine.inspection import FILES_AND_CODE, inspect_tree
from tests.engine.designs import DESIGNS

TEXT = '''"""Network"""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    """Used 2 times: blocks.0, blocks.1"""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, (3, 3), padding="same")

    def forward(self, x, mask):  # (B, 3, 8, 8)
        y, (_, h) = self.conv(x)
        z = F.relu(-x + y[:, 1:, None, ...]) ** 2
        return z, h & ~mask


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
        self.blocks = nn.ModuleList([Block(4), Block(8)])
        self.emb = nn.Embedding(10, 4)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2), 2)
        self.register_buffer("mask", torch.ones(3, dtype=torch.bool), persistent=False)
        self.token = nn.Parameter(torch.zeros(1, 6) * 0.5)
        self.extra = nn.Parameter(torch.zeros(2))
        self.register_buffer("unread", torch.ones(2), persistent=False)
        nn.init.normal_(self.token, std=0.02)
        nn.init.constant_(self.stem[0].bias, -1.0)
        nn.init.zeros_(self.emb.weight[0])
        nn.init.orthogonal_(self.encoder.layers[0].self_attn.in_proj_weight)
        nn.utils.parametrizations.weight_norm(self.stem[0])
        self.stem[1].requires_grad_(False)

    def forward(self, image):
        x = self.stem(image)
        x, y = self.blocks[0](x, self.mask)
        z = y
        z = x.size(1) <= 3.0
        return {"a": x, "b": torch.cat([y, z, self.token.expand(-1, x.size(0))], dim=-1)}
'''
TARGETS = {
    *("nn.Conv2d", "nn.Linear", "nn.ReLU", "nn.Embedding", "nn.TransformerEncoder", "nn.TransformerEncoderLayer"),
    *("nn.Parameter", "nn.utils.parametrizations.weight_norm"),
    *("torch.ones", "torch.bool", "torch.zeros", "torch.cat", "F.relu"),
}

# What is put in place of the line that begins so.
CLASS, INIT, FORWARD = "class Network", "        self.extra = ", "        z = x.size(1)"
FIRST_VALUE, FROZEN, BUFFER = (
    "        nn.init.normal_",
    "        self.stem[1].req",
    '        self.register_buffer("unread"',
)
SUPER = "        super().__init__()\n        self.stem"
END, ARGUMENTS, IMPORT = "        return {", "    def forward(self, image)", "import torch\n"
ATTACKS = {
    # calls and names
    "calls a builtin": (FORWARD, "        z = print(x)"),
    "calls a builtin by way of the module": (FORWARD, "        z = self.apply(eval)"),
    "imports by a call": (FORWARD, '        z = __import__("os").system("true")'),
    "calls what it was not told of": (FORWARD, '        z = torch.load("x.pt")'),
    "reaches through torch": (FORWARD, "        z = torch.os.system(x)"),
    "reaches through a function": (FORWARD, "        z = F.relu.__globals__"),
    "reaches through a known name": (FORWARD, "        z = torch.cat.__self__"),
    "names torch": (FORWARD, "        z = torch"),
    "names a class in forward": (FORWARD, "        z = Block"),
    "makes a class in forward": (FORWARD, "        z = Block(3)"),
    "hands the module on": (END, "        return self"),
    "hands a builtin on": (END, "        return open"),
    "a name before it is there": (FORWARD, "        z = later"),
    "calls a variable": (FORWARD, "        z = x(y)"),
    "calls a number": (FORWARD, "        z = 3(y)"),
    "calls an answer": (FORWARD, "        z = self.stem(x)(y)"),
    "calls an item": (FORWARD, "        z = y[0](x)"),
    "calls an item by a name": (FORWARD, "        z = self.blocks[x](x)"),
    "calls an item by a word": (FORWARD, '        z = self.blocks["__class__"](x)'),
    "calls items of items": (FORWARD, "        z = self.blocks[0][0](x)"),
    "calls a slice": (FORWARD, "        z = self.blocks[0:1](x)"),
    "arguments from a list": (FORWARD, "        z = torch.cat(*x)"),
    "arguments from a dict": (FORWARD, "        z = torch.cat(**x)"),
    # attributes
    "an attribute of a value": (FORWARD, "        z = x.__class__"),
    "an attribute of a literal": (FORWARD, "        z = ().__class__"),
    "an attribute of a word": (FORWARD, '        z = "".format'),
    "an attribute of a method": (FORWARD, "        z = x.size.__self__"),
    "a method that is not called": (FORWARD, "        z = x.size"),
    "a method of a value": (FORWARD, "        z = x.backward()"),
    "a method of a word": (FORWARD, '        z = "{0.__class__}".format(x)'),
    "a method of a layer": (FORWARD, "        z = self.stem.register_forward_hook(x)"),
    "a method of the module": (FORWARD, "        z = self.register_buffer(x)"),
    "a weight of a layer": (FORWARD, "        z = self.stem.weight"),
    "the data of a weight": (FORWARD, "        z = self.emb.weight.data"),
    "an attribute of an item": (FORWARD, "        z = self.stem[0].__class__"),
    "an attribute of an answer": (FORWARD, "        z = self.stem(x).grad_fn"),
    "the buffers' own attribute": (FORWARD, "        z = self.mask.__dict__"),
    "a layer that __init__ does not make": (FORWARD, "        z = self.other(x)"),
    "a layer of another class": (FORWARD, "        z = self.conv(x)"),
    "a private name": (FORWARD, "        z = self._modules"),
    # syntax
    "a lambda": (FORWARD, "        z = (lambda: x)()"),
    "a comprehension": (FORWARD, "        z = [y for y in x]"),
    "a text with code in it": (FORWARD, '        z = f"{x}"'),
    "a condition": (FORWARD, "        z = x if x else x"),
    "truth": (FORWARD, "        z = x and y"),
    "negation": (FORWARD, "        z = not x"),
    "membership": (FORWARD, "        z = x in y"),
    "identity": (FORWARD, "        z = x is y"),
    "a shift": (FORWARD, "        z = 1 << x"),
    "a set": (FORWARD, "        z = {x}"),
    "a dict with a computed key": (FORWARD, "        z = {x: y}"),
    "a dict in a dict": (FORWARD, "        z = {**x}"),
    "bytes": (FORWARD, '        z = b"x"'),
    "a complex number": (FORWARD, "        z = 1j"),
    "a walrus": (FORWARD, "        z = (w := x)"),
    "an await": (FORWARD, "        z = await x"),
    "a yield": (FORWARD, "        z = yield x"),
    "a star": (FORWARD, "        z = [*x]"),
    # statements
    "a loop": (FORWARD, "        while x: pass"),
    "a for": (FORWARD, "        for z in x: pass"),
    "a branch": (FORWARD, "        if x: z = y"),
    "a deletion": (FORWARD, "        del x"),
    "an import inside": (FORWARD, "        import os"),
    "a known import inside": (FORWARD, "        import torch"),
    "a global": (FORWARD, "        global torch"),
    "an assertion": (FORWARD, "        assert x"),
    "a try": (FORWARD, "        try: pass\n        except: pass"),
    "a with": (FORWARD, "        with x: pass"),
    "a raise": (FORWARD, "        raise x"),
    "a call for its own sake": (FORWARD, "        self.stem(x)"),
    "an annotation of a variable": (FORWARD, "        z: Block = x"),
    "an addition in place": (FORWARD, "        x += 1"),
    "a function inside": (FORWARD, "        def z(x): return x"),
    "a class inside": (FORWARD, "        class z(nn.Module): pass"),
    "an early return": (FORWARD, "        return x"),
    "no return": (END, "        w = x"),
    "an empty return": (END, "        return"),
    # what is assigned to
    "covers torch": (FORWARD, "        torch = x"),
    "covers super": (FORWARD, "        super = x"),
    "covers self": (FORWARD, "        self = x"),
    "covers a class": (FORWARD, "        Block = x"),
    "covers a class among others": (FORWARD, "        z, (_, Block) = x"),
    "a private variable": (FORWARD, "        __class__ = x"),
    "a foreign letter": (FORWARD, "        größe = x"),
    "changes torch": (FORWARD, "        torch.cat = x"),
    "changes an item": (FORWARD, "        x[0] = y"),
    "changes a list of layers": (FORWARD, "        self.blocks[0] = y"),
    "changes a layer": (FORWARD, "        self.stem = x"),
    "sets a new attribute": (FORWARD, "        self.hooks = x"),
    "sets an attribute among others": (FORWARD, "        z, self.stem = x"),
    "two targets": (FORWARD, "        z = w = x"),
    "a star among targets": (FORWARD, "        z, *w = x"),
    # __init__
    "changes torch in __init__": (INIT, "        torch.cat = nn.ReLU()"),
    "changes nn": (INIT, "        nn.Linear = nn.ReLU()"),
    "changes super": (INIT, "        super().__init__ = nn.ReLU()"),
    "a variable in __init__": (INIT, "        token = nn.ReLU()"),
    "several at once in __init__": (INIT, "        self.extra, self.other = nn.ReLU()"),
    "a tuple target in __init__": (INIT, "        (self.extra, self.other) = nn.ReLU()"),
    "two targets in __init__": (INIT, "        self.extra = self.other = nn.ReLU()"),
    "an item in __init__": (INIT, "        self.blocks[0] = nn.ReLU()"),
    "a weight in __init__": (INIT, "        self.emb.weight = nn.Parameter(torch.zeros(1))"),
    "a reserved attribute": (INIT, "        self.forward = nn.ReLU()"),
    "a private attribute": (INIT, "        self._modules = nn.ReLU()"),
    "a builtin in __init__": (INIT, "        self.extra = open"),
    "a layer that is kept already": (INIT, "        self.stem = nn.ReLU()"),
    "a layer by another": (INIT, "        self.extra = self.emb"),
    "a weight by another": (INIT, "        self.extra = self.emb.weight"),
    "a method of the module in __init__": (INIT, "        self.extra = self.apply(nn.Linear)"),
    "a layer of another name": (INIT, "        self.extra = nn.Bilinear(1, 2, 3)"),
    "a class that comes later": (INIT, "        self.extra = Network()"),
    "a class that is not called": (INIT, "        self.extra = Block"),
    "torch's modules as a value": (INIT, "        self.extra = nn.init.torch"),
    "a function of init as a value": (INIT, "        self.extra = nn.init.zeros_"),
    "applies a layer in __init__": (INIT, "        self.extra = self.emb(3)"),
    "reaches behind super": ("        super().__init__()\n        self.stem", "        super().__class__"),
    "super with arguments": (
        "        super().__init__()\n        self.stem",
        "        super(Network, self).__init__()",
    ),
    "no super": ("        super().__init__()\n        self.stem", "        self.stem = nn.ReLU()"),
    "a return in __init__": (FROZEN, "        return self"),
    "a loop in __init__": (FROZEN, "        for x in self.blocks: pass"),
    # first values
    "another function of init": (FIRST_VALUE, "        nn.init.eye_(self.token)"),
    "init's own imports": (FIRST_VALUE, '        nn.init.torch.load("x.pt")'),
    "init's own math": (FIRST_VALUE, "        nn.init.math.sqrt(self.token)"),
    "init of nothing": (FIRST_VALUE, "        nn.init.normal_()"),
    "init of a number": (FIRST_VALUE, "        nn.init.normal_(3)"),
    "init of torch": (FIRST_VALUE, "        nn.init.normal_(torch)"),
    "init of the module": (FIRST_VALUE, "        nn.init.normal_(self)"),
    "init of what is not kept": (FIRST_VALUE, "        nn.init.normal_(self.other)"),
    "init of a layer's data": (FIRST_VALUE, "        nn.init.normal_(self.emb.weight.data)"),
    "init of a layer's attribute": (FIRST_VALUE, "        nn.init.normal_(self.emb.num_embeddings)"),
    "init of a private attribute": (FIRST_VALUE, "        nn.init.normal_(self.emb._parameters)"),
    "init of a method": (FIRST_VALUE, "        nn.init.normal_(self.emb.apply)"),
    "init of a method's weight": (FIRST_VALUE, "        nn.init.normal_(self.emb.apply.weight)"),
    "init of an answer": (FIRST_VALUE, "        nn.init.normal_(self.emb(3))"),
    "init by a name": (FIRST_VALUE, "        nn.init.zeros_(self.emb.weight[token])"),
    "init by a slice": (FIRST_VALUE, "        nn.init.zeros_(self.emb.weight[0:1])"),
    "init with the module": (FIRST_VALUE, "        nn.init.normal_(self.token, self.emb)"),
    "init with a builtin": (FIRST_VALUE, "        nn.init.normal_(self.token, generator=print)"),
    "init from a dict": (FIRST_VALUE, "        nn.init.normal_(self.token, **self)"),
    # freezing, parametrizing, buffers
    "freezes torch": (FROZEN, "        torch.requires_grad_(False)"),
    "freezes the module": (FROZEN, "        self.requires_grad_(False)"),
    "freezes what is not kept": (FROZEN, "        self.other.requires_grad_(False)"),
    "freezes by a name": (FROZEN, "        self.stem[image].requires_grad_(False)"),
    "freezes with a builtin": (FROZEN, "        self.stem.requires_grad_(print)"),
    "another method of a layer": (FROZEN, "        self.stem.register_forward_hook(False)"),
    "a hook of a weight": (FROZEN, "        self.emb.weight.register_hook(nn.ReLU())"),
    "another parametrization": (FROZEN, "        nn.utils.parametrizations.orthogonal(self.emb)"),
    "parametrizes torch": (FROZEN, "        nn.utils.parametrizations.weight_norm(torch)"),
    "parametrizes nothing": (FROZEN, "        nn.utils.parametrizations.weight_norm()"),
    "applies a function for its own sake": (FROZEN, "        torch.cat(self.emb)"),
    "a buffer of a reserved name": (BUFFER, '        self.register_buffer("forward", torch.ones(3), persistent=False)'),
    "a buffer of a hostile name": (BUFFER, '        self.register_buffer("x; y", torch.ones(3), persistent=False)'),
    "a buffer of no name": (BUFFER, "        self.register_buffer(mask, torch.ones(3), persistent=False)"),
    "a buffer that is kept already": (BUFFER, '        self.register_buffer("stem", torch.ones(3), persistent=False)'),
    "a buffer that is saved": (BUFFER, '        self.register_buffer("unread", torch.ones(3))'),
    "a buffer of a builtin": (BUFFER, '        self.register_buffer("unread", open, persistent=False)'),
    "another registration": (BUFFER, '        self.register_module("mask", nn.ReLU())'),
    # around
    "another import": (IMPORT, "import os\n"),
    "an import under another name": (IMPORT, "import torch.nn as torch\n"),
    "an import from elsewhere": (IMPORT, "from os import system\n"),
    "an import of more": (IMPORT, "import torch, os\n"),
    "a statement beside the classes": (IMPORT, "import torch\nx = 1\n"),
    "a call beside the classes": (IMPORT, "import torch\nprint(1)\n"),
    "a function beside the classes": (IMPORT, "import torch\ndef f(): pass\n"),
    "another base class": (CLASS, "class Network(str):"),
    "two base classes": (CLASS, "class Network(nn.Module, nn.Linear):"),
    "a base class of ours": (CLASS, "class Network(Block):"),
    "a metaclass": (CLASS, "class Network(nn.Module, metaclass=nn.Linear):"),
    "a decorated class": (CLASS, "@print\nclass Network(nn.Module):"),
    "a class of a name that is taken": (CLASS, "class Block(nn.Module):"),
    "a class called nn": (CLASS, "class nn(nn.Module):"),
    "a class called F": (CLASS, "class F(nn.Module):"),
    "a class called __builtins__": (CLASS, "class __builtins__(nn.Module):"),
    "a class with a foreign letter": (CLASS, "class Größe(nn.Module):"),
    "a decorated method": (ARGUMENTS, "    @print\n    def forward(self, image):"),
    "a default": (ARGUMENTS, "    def forward(self, image=nn.Linear(1, 2)):"),
    "an annotation": (ARGUMENTS, "    def forward(self, image: print):"),
    "an annotated answer": (ARGUMENTS, "    def forward(self, image) -> print:"),
    "any number of arguments": (ARGUMENTS, "    def forward(self, *image):"),
    "any names of arguments": (ARGUMENTS, "    def forward(self, **image):"),
    "arguments by name": (ARGUMENTS, "    def forward(self, *, image):"),
    "arguments by place": (ARGUMENTS, "    def forward(self, image, /):"),
    "no self": (ARGUMENTS, "    def forward(image):"),
    "no arguments": (ARGUMENTS, "    def forward():"),
    "an argument called torch": (ARGUMENTS, "    def forward(self, torch):"),
    "an argument called as a class": (ARGUMENTS, "    def forward(self, Block):"),
    "a private argument": (ARGUMENTS, "    def forward(self, __class__):"),
    "another method": (ARGUMENTS, "    def __del__(self, image):"),
    "a third method": (END, "        return x\n\n    def __reduce__(self):\n        return 1"),
    "a line in the class": (ARGUMENTS, "    x = 1\n\n    def forward(self, image):"),
    "a second text in the class": (ARGUMENTS, '    "text"\n\n    def forward(self, image):'),
    "an asynchronous method": (ARGUMENTS, "    async def forward(self, image):"),
}


def test_passes_a_network() -> None:
    inspect_tree(ast.parse(TEXT), TARGETS)


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses_all_that_a_network_does_not_need(attack: str) -> None:
    old, new = ATTACKS[attack]
    assert TEXT.count(old) == 1, "the attack does not find its line"
    before, _, after = TEXT.partition(old)
    text = before + new + ("" if old.endswith("\n") else "\n" + after.partition("\n")[2]) + after * old.endswith("\n")
    with pytest.raises(ValueError, match=r"Printed Python may not hold “.+” \(line \d+\)"):
        inspect_tree(ast.parse(text), TARGETS)


@pytest.mark.parametrize(
    "target",
    [
        *sorted(FILES_AND_CODE),
        "os.system",
        "nn._reduction",
        "torch.__import__",
        "torch.cat.x",
        "print",
        "",
        "nn.",
        ".x",
    ],
)
def test_refuses_targets_that_no_block_may_have(target: str) -> None:
    with pytest.raises(ValueError, match="Printed Python may not hold"):
        inspect_tree(ast.parse(TEXT), {*TARGETS, target})


@pytest.mark.parametrize("design", DESIGNS)
def test_passes_what_is_printed(design: str) -> None:
    for objective in (False, design in ("chain", "branches", "residual", "autoencoder", "groups", "siamese")):
        source = source_of(DESIGNS[design](), objective=objective)
        tree = ast.parse(source.text)
        tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
        inspect_tree(tree, source.targets)


def test_what_is_printed_uses_only_what_it_tells_of() -> None:
    source = source_of(DESIGNS["attention"]())
    tree = ast.parse(source.text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    for target in source.targets:
        with pytest.raises(ValueError, match="Printed Python may not hold"):
            inspect_tree(tree, source.targets - {target})
