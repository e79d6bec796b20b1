"""The groups that come with the program, each between an input of a typical shape and an output."""

from __future__ import annotations

from collections.abc import Callable

from engine.group import Group
from engine.project import Project
from tests.drawn.drawing import block, group, network


def residual(channels: int = 64) -> Group:
    """He et al. 2016, "Deep residual learning for image recognition", figure 5 left."""
    return group(
        "ResidualBlock",
        {
            "conv1": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn1": block("BatchNorm2d"),
            "relu1": block("ReLU"),
            "conv2": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn2": block("BatchNorm2d"),
            "add": block("Add"),
            "relu2": block("ReLU"),
        },
        "x -> conv1 -> bn1 -> relu1 -> conv2 -> bn2 -> add.x2",
        "x -> add.x1",
        "add -> relu2 -> y",
        exposed={"Channels": "conv1.out_channels conv2.out_channels"},
    )


def shortcut(channels: int, stride: int) -> Group:
    """What brings the input of a residual block to the shape of its output."""
    return group(
        "Shortcut",
        {
            "conv": block("Conv2d", out_channels=channels, kernel_size=1, stride=stride, bias=False),
            "bn": block("BatchNorm2d"),
        },
        "x -> conv -> bn -> y",
    )


def down(channels: int, stride: int = 2) -> Group:
    """A residual block that changes the size, with a convolution on its shortcut."""
    return group(
        "DownBlock",
        {
            "conv1": block("Conv2d", out_channels=channels, stride=stride, padding=1, bias=False),
            "bn1": block("BatchNorm2d"),
            "relu1": block("ReLU"),
            "conv2": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn2": block("BatchNorm2d"),
            "shortcut": shortcut(channels, stride),
            "add": block("Add"),
            "relu2": block("ReLU"),
        },
        "x -> conv1 -> bn1 -> relu1 -> conv2 -> bn2 -> add.x2",
        "x -> shortcut -> add.x1",
        "add -> relu2 -> y",
        exposed={"Channels": "conv1.out_channels conv2.out_channels"},
    )


def bottleneck(width: int = 64, stride: int = 1, projected: bool = False) -> Group:
    """He et al. 2016, figure 5 right; the stride stands at the middle convolution, as in torchvision's "v1.5"."""
    blocks = {
        "conv1": block("Conv2d", out_channels=width, kernel_size=1, bias=False),
        "bn1": block("BatchNorm2d"),
        "relu1": block("ReLU"),
        "conv2": block("Conv2d", out_channels=width, stride=stride, padding=1, bias=False),
        "bn2": block("BatchNorm2d"),
        "relu2": block("ReLU"),
        "conv3": block("Conv2d", out_channels=4 * width, kernel_size=1, bias=False),
        "bn3": block("BatchNorm2d"),
        **({"shortcut": shortcut(4 * width, stride)} if projected else {}),
        "add": block("Add"),
        "relu3": block("ReLU"),
    }
    return group(
        "DownBottleneck" if projected else "Bottleneck",
        blocks,
        "x -> conv1 -> bn1 -> relu1 -> conv2 -> bn2 -> relu2 -> conv3 -> bn3 -> add.x2",
        "x -> shortcut -> add.x1" if projected else "x -> add.x1",
        "add -> relu3 -> y",
        exposed={"Width": "conv1.out_channels conv2.out_channels", "Channels": "conv3.out_channels"},
    )


def squeeze_and_excite(channels: int = 64, squeezed: int = 4) -> Group:
    """Hu et al. 2018, "Squeeze-and-excitation networks"."""
    return group(
        "SqueezeExcite",
        {
            "pool": block("AdaptiveAvgPool2d", output_size=1),
            "squeeze": block("Conv2d", out_channels=squeezed, kernel_size=1),
            "relu": block("ReLU"),
            "excite": block("Conv2d", out_channels=channels, kernel_size=1),
            "gate": block("Sigmoid"),
            "scale": block("Multiply"),
        },
        "x -> pool -> squeeze -> relu -> excite -> gate -> scale.x2",
        "x -> scale.x1",
        "scale -> y",
        exposed={"Channels": "excite.out_channels", "Squeezed": "squeeze.out_channels"},
    )


def inverted_residual(channels: int = 24, expanded: int = 144) -> Group:
    """Sandler et al. 2018, "MobileNetV2: inverted residuals and linear bottlenecks"."""
    return group(
        "InvertedResidual",
        {
            "expand": block("Conv2d", out_channels=expanded, kernel_size=1, bias=False),
            "bn1": block("BatchNorm2d"),
            "relu1": block("ReLU6"),
            "depthwise": block("Conv2d", out_channels=expanded, padding=1, groups=expanded, bias=False),
            "bn2": block("BatchNorm2d"),
            "relu2": block("ReLU6"),
            "project": block("Conv2d", out_channels=channels, kernel_size=1, bias=False),
            "bn3": block("BatchNorm2d"),
            "add": block("Add"),
        },
        "x -> expand -> bn1 -> relu1 -> depthwise -> bn2 -> relu2 -> project -> bn3 -> add.x2",
        "x -> add.x1",
        "add -> y",
        exposed={
            "Channels": "project.out_channels",
            "Expanded": "expand.out_channels depthwise.out_channels depthwise.groups",
        },
    )


def conv_unit(channels: int, kernel: int = 3, stride: int = 1, padding: int = 0) -> Group:
    """Convolution, batch normalisation and ReLU, as the units of an inception network."""
    return group(
        "ConvUnit",
        {
            "conv": block(
                "Conv2d", out_channels=channels, kernel_size=kernel, stride=stride, padding=padding, bias=False
            ),
            "bn": block("BatchNorm2d", eps=0.001),
            "relu": block("ReLU"),
        },
        "x -> conv -> bn -> relu -> y",
        exposed={"Channels": "conv.out_channels"},
    )


def inception(
    one: int = 64, reduce3: int = 96, three: int = 128, reduce5: int = 16, five: int = 32, pool: int = 32
) -> Group:
    """Szegedy et al. 2015, "Going deeper with convolutions", with batch normalisation and 3 × 3 filters throughout."""
    return group(
        "Inception",
        {
            "one": conv_unit(one, 1),
            "reduce3": conv_unit(reduce3, 1),
            "three": conv_unit(three, 3, padding=1),
            "reduce5": conv_unit(reduce5, 1),
            "five": conv_unit(five, 3, padding=1),
            "pool": block("MaxPool2d", kernel_size=3, stride=1, padding=1, ceil_mode=True),
            "project": conv_unit(pool, 1),
            "join": block("Concat", inputs=4),
        },
        "x -> one -> join.x1",
        "x -> reduce3 -> three -> join.x2",
        "x -> reduce5 -> five -> join.x3",
        "x -> pool -> project -> join.x4",
        "join -> y",
    )


def dense(growth: int = 32) -> Group:
    """Huang et al. 2017, "Densely connected convolutional networks": each layer sees all before it."""
    layers = {}
    for number in (1, 2, 3):
        layers |= {
            f"bn{number}": block("BatchNorm2d"),
            f"relu{number}": block("ReLU"),
            f"conv{number}": block("Conv2d", out_channels=growth, padding=1, bias=False),
            f"join{number}": block("Concat"),
        }
    return group(
        "DenseBlock",
        layers,
        "x -> bn1 -> relu1 -> conv1 -> join1.x2",
        "x -> join1.x1",
        "join1 -> bn2 -> relu2 -> conv2 -> join2.x2",
        "join1 -> join2.x1",
        "join2 -> bn3 -> relu3 -> conv3 -> join3.x2",
        "join2 -> join3.x1",
        "join3 -> y",
        exposed={"Growth": "conv1.out_channels conv2.out_channels conv3.out_channels"},
    )


def double_conv(channels: int) -> Group:
    """Two convolutions with ReLU, the unit of a U-Net."""
    return group(
        "DoubleConv",
        {
            "conv1": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn1": block("BatchNorm2d"),
            "relu1": block("ReLU"),
            "conv2": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn2": block("BatchNorm2d"),
            "relu2": block("ReLU"),
        },
        "x -> conv1 -> bn1 -> relu1 -> conv2 -> bn2 -> relu2 -> y",
        exposed={"Channels": "conv1.out_channels conv2.out_channels"},
    )


def u_net_level(channels: int = 64, inside: Group | None = None) -> Group:
    """Ronneberger et al. 2015, "U-Net": down, whatever is inside, up again, and joined with what came in."""
    return group(
        "UNetLevel",
        {
            "down": block("MaxPool2d"),
            "inside": inside or double_conv(2 * channels),
            "up": block("ConvTranspose2d", out_channels=channels),
            "join": block("Concat"),
            "merge": double_conv(channels),
        },
        "x -> down -> inside -> up -> join.x2",
        "x -> join.x1",
        "join -> merge -> y",
        exposed={"Channels": "up.out_channels"},
    )


def transformer(width: int = 256, heads: int = 8, causal: bool = False, repeat: int = 1, hidden: int = 0) -> Group:
    """Vaswani et al. 2017, with the normalisation in front as in GPT-2 (Radford et al. 2019)."""
    return group(
        "TransformerBlock",
        {
            "norm1": block("LayerNorm"),
            "attention": block("MultiheadAttention", num_heads=heads, is_causal=causal),
            "add1": block("Add"),
            "norm2": block("LayerNorm"),
            "widen": block("Linear", out_features=hidden or 4 * width),
            "gelu": block("GELU"),
            "narrow": block("Linear", out_features=width),
            "add2": block("Add"),
        },
        "x -> norm1 -> attention -> add1.x2",
        "x -> add1.x1",
        "add1 -> norm2 -> widen -> gelu -> narrow -> add2.x2",
        "add1 -> add2.x1",
        "add2 -> y",
        repeat=repeat,
        exposed={"Width": "narrow.out_features", "Heads": "attention.num_heads", "Hidden": "widen.out_features"},
    )


def mixer(tokens: int = 64, width: int = 128) -> Group:
    """Tolstikhin et al. 2021, "MLP-Mixer": mixes along the tokens, then along the features."""
    return group(
        "MixerBlock",
        {
            "norm1": block("LayerNorm"),
            "turn": block("Transpose"),
            "tokens1": block("Linear", out_features=2 * tokens),
            "gelu1": block("GELU"),
            "tokens2": block("Linear", out_features=tokens),
            "back": block("Transpose"),
            "add1": block("Add"),
            "norm2": block("LayerNorm"),
            "channels1": block("Linear", out_features=4 * width),
            "gelu2": block("GELU"),
            "channels2": block("Linear", out_features=width),
            "add2": block("Add"),
        },
        "x -> norm1 -> turn -> tokens1 -> gelu1 -> tokens2 -> back -> add1.x2",
        "x -> add1.x1",
        "add1 -> norm2 -> channels1 -> gelu2 -> channels2 -> add2.x2",
        "add1 -> add2.x1",
        "add2 -> y",
        exposed={"Tokens": "tokens2.out_features", "Width": "channels2.out_features"},
    )


def attention_head(width: int = 64) -> Group:
    """Scaled dot-product attention written out step by step (Vaswani et al. 2017, equation 1)."""
    return group(
        "SelfAttentionHead",
        {
            "query": block("Linear", out_features=width, bias=False),
            "key": block("Linear", out_features=width, bias=False),
            "value": block("Linear", out_features=width, bias=False),
            "turn": block("Transpose"),
            "compare": block("MatMul"),
            "scale": block("Affine", scale=width**-0.5),
            "weights": block("Softmax"),
            "gather": block("MatMul"),
        },
        "x -> query -> compare.x1",
        "x -> key -> turn -> compare.x2",
        "compare -> scale -> weights -> gather.x1",
        "x -> value -> gather.x2",
        "gather -> y",
        exposed={"Width": "query.out_features key.out_features value.out_features"},
    )


# file name → (group, shape of one sample that suits it, what it is)
COMPOSITES: dict[str, tuple[Callable[[], Group], tuple[int, ...], str]] = {
    "residual-block": (residual, (64, 32, 32), "Two convolutions beside a wire that skips them (ResNet)."),
    "down-block": (lambda: down(128), (64, 32, 32), "A residual block that halves the image (ResNet)."),
    "bottleneck": (bottleneck, (256, 32, 32), "A residual block that narrows, filters and widens (ResNet-50)."),
    "squeeze-and-excite": (squeeze_and_excite, (64, 32, 32), "Weighs each channel by what the whole image holds."),
    "inverted-residual": (inverted_residual, (24, 32, 32), "Widens, filters each channel, narrows (MobileNetV2)."),
    "inception": (inception, (192, 28, 28), "Filters of several sizes side by side, joined (GoogLeNet)."),
    "dense-block": (dense, (64, 32, 32), "Each layer sees all layers before it (DenseNet)."),
    "u-net-level": (u_net_level, (64, 32, 32), "Down, deeper, up again, and joined with what came in (U-Net)."),
    "transformer-block": (transformer, (32, 256), "Attention and a small network, each beside a skip (GPT-2)."),
    "mixer-block": (mixer, (64, 128), "Mixes along the tokens, then along the features (MLP-Mixer)."),
    "self-attention-head": (attention_head, (32, 64), "Attention written out step by step."),
}


def composite(name: str) -> Project:
    """The file of one composite: an input of a shape that suits it, the group, an output."""
    make, shape, description = COMPOSITES[name]
    made = make()
    key = made.title[0].lower() + made.title[1:]
    return network(
        name,
        description,
        {"example": block("Input", sample_shape=shape), key: made, "result": block("Output")},
        f"example -> {key} -> result",
    )
