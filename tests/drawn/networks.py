"""Well-known networks, drawn with groups; their counts are the published ones."""

from __future__ import annotations

from collections.abc import Callable

from engine.group import Group
from engine.project import Project
from engine.training.optimizers import Adam
from engine.training.turn import Turn
from tests.drawn.composites import (
    bottleneck,
    conv_unit,
    double_conv,
    down,
    inception,
    residual,
    transformer,
    u_net_level,
)
from tests.drawn.drawing import block, group, network

PHOTO = (3, 224, 224)


def _stage(title: str, first: Group, rest: Group, count: int) -> Group:
    """The first block, then `count` more of another kind."""
    return group(
        title,
        {"first": first, "rest": rest.change(repeat=count)} if count else {"first": first},
        "x -> first -> rest -> y" if count else "x -> first -> y",
    )


def _stem() -> Group:
    return group(
        "Stem",
        {
            "conv": block("Conv2d", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False),
            "bn": block("BatchNorm2d"),
            "relu": block("ReLU"),
            "pool": block("MaxPool2d", kernel_size=3, stride=2, padding=1),
        },
        "x -> conv -> bn -> relu -> pool -> y",
    )


def _head(classes: int = 1000) -> dict[str, object]:
    return {
        "pool": block("AdaptiveAvgPool2d", output_size=1),
        "flatten": block("Flatten"),
        "fc": block("Linear", out_features=classes),
        "logits": block("Output"),
    }


def resnet_18() -> Project:
    """11,689,512 parameters (torchvision)."""
    return network(
        "resnet-18",
        "The 18-layer residual network for photographs of 1,000 classes, ready for your own images.",
        {
            "image": block("Input", sample_shape=PHOTO),
            "stem": _stem(),
            "stage1": residual(64).change(repeat=2),
            "stage2": _stage("Stage", down(128), residual(128), 1),
            "stage3": _stage("Stage", down(256), residual(256), 1),
            "stage4": _stage("Stage", down(512), residual(512), 1),
            **_head(),
        },
        "image -> stem -> stage1 -> stage2 -> stage3 -> stage4 -> pool -> flatten -> fc -> logits",
    )


def resnet_50() -> Project:
    """25,557,032 parameters (torchvision)."""
    return network(
        "resnet-50",
        "The 50-layer residual network with bottlenecks, for photographs of 1,000 classes.",
        {
            "image": block("Input", sample_shape=PHOTO),
            "stem": _stem(),
            "stage1": _stage("Stage", bottleneck(64, 1, projected=True), bottleneck(64), 2),
            "stage2": _stage("Stage", bottleneck(128, 2, projected=True), bottleneck(128), 3),
            "stage3": _stage("Stage", bottleneck(256, 2, projected=True), bottleneck(256), 5),
            "stage4": _stage("Stage", bottleneck(512, 2, projected=True), bottleneck(512), 2),
            **_head(),
        },
        "image -> stem -> stage1 -> stage2 -> stage3 -> stage4 -> pool -> flatten -> fc -> logits",
    )


def _vgg_stage(channels: int, count: int) -> Group:
    blocks = {}
    for number in range(1, count + 1):
        blocks[f"conv{number}"] = block("Conv2d", out_channels=channels, padding=1)
        blocks[f"relu{number}"] = block("ReLU")
    blocks["pool"] = block("MaxPool2d")
    return group(f"Features{channels}", blocks, " -> ".join(["x", *blocks, "y"]))


def vgg_16() -> Project:
    """138,357,544 parameters (torchvision)."""
    classifier = group(
        "Classifier",
        {
            "fc1": block("Linear", out_features=4096),
            "relu1": block("ReLU"),
            "drop1": block("Dropout"),
            "fc2": block("Linear", out_features=4096),
            "relu2": block("ReLU"),
            "drop2": block("Dropout"),
            "fc3": block("Linear", out_features=1000),
        },
        "x -> fc1 -> relu1 -> drop1 -> fc2 -> relu2 -> drop2 -> fc3 -> y",
    )
    stages = {f"stage{n + 1}": _vgg_stage(c, k) for n, (c, k) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3)))}
    stages["stage5"] = _vgg_stage(512, 3).change(title="Features512Again")
    return network(
        "vgg-16",
        "Sixteen plain layers of 3 × 3 filters and large linear layers, for photographs of 1,000 classes.",
        {
            "image": block("Input", sample_shape=PHOTO),
            **stages,
            "flatten": block("Flatten"),
            "classifier": classifier,
            "logits": block("Output"),
        },
        "image -> stage1 -> stage2 -> stage3 -> stage4 -> stage5 -> flatten -> classifier -> logits",
    )


def u_net() -> Project:
    """Four levels within each other."""
    level = double_conv(1024)
    for channels in (512, 256, 128):
        level = group(
            "Deeper",
            {"enter": double_conv(channels), "level": u_net_level(channels, level)},
            "x -> enter -> level -> y",
        )
    return network(
        "u-net",
        "Marks every pixel of an image: down through four levels and up again, each joined with its equal.",
        {
            "image": block("Input", sample_shape=(1, 128, 128)),
            "enter": double_conv(64),
            "level": u_net_level(64, level),
            "score": block("Conv2d", out_channels=2, kernel_size=1),
            "mask": block("Output"),
        },
        "image -> enter -> level -> score -> mask",
    )


def gpt(layers: int = 12, width: int = 768, heads: int = 12, words: int = 50257, length: int = 1024) -> Project:
    """GPT-2 small with a head of its own: 124,439,808 parameters, and 38,597,376 in the head."""
    return network(
        "gpt-12",
        "Foretells the next word: twelve transformer blocks, each looking back only.",
        {
            "tokens": block("Input", sample_shape=(128,), dtype="int64"),
            "embed": block("Embedding", num_embeddings=words, embedding_dim=width),
            "position": block("LearnedPositionalEncoding", max_length=length),
            "blocks": transformer(width, heads, causal=True, repeat=layers),
            "norm": block("LayerNorm"),
            "head": block("Linear", out_features=words, bias=False),
            "logits": block("Output"),
        },
        "tokens -> embed -> position -> blocks -> norm -> head -> logits",
    )


def vit() -> Project:
    """ViT-B/16: 86,567,656 parameters (torchvision)."""
    return network(
        "vit-b-16",
        "Reads a photograph as 14 × 14 patches with a transformer.",
        {
            "image": block("Input", sample_shape=PHOTO),
            "patches": block("Conv2d", out_channels=768, kernel_size=16, stride=16),
            "flatten": block("Flatten", start_dim=2),
            "turn": block("Transpose"),
            "token": block("LearnedParameter", sizes=(1, 768), init="zeros"),
            "join": block("Concat"),
            "position": block("LearnedPositionalEncoding", max_length=197),
            "blocks": transformer(768, 12, repeat=12).set_exposed("Hidden", 3072),
            "norm": block("LayerNorm"),
            "first": block("Select", dim=1, index=0),
            "head": block("Linear", out_features=1000),
            "logits": block("Output"),
        },
        "image -> patches -> flatten -> turn -> join.x2",
        "turn -> token",
        "token -> join.x1",
        "join -> position -> blocks -> norm -> first -> head -> logits",
    )


def siamese() -> Project:
    """Two uses of one encoder (Bromley et al. 1993), compared by the distance of their codes."""
    encoder = group(
        "Encoder",
        {
            "conv1": block("Conv2d", out_channels=16, padding=1),
            "relu1": block("ReLU"),
            "pool1": block("MaxPool2d"),
            "conv2": block("Conv2d", out_channels=32, padding=1),
            "relu2": block("ReLU"),
            "pool2": block("MaxPool2d"),
            "flatten": block("Flatten"),
            "code": block("Linear", out_features=32),
        },
        "x -> conv1 -> relu1 -> pool1 -> conv2 -> relu2 -> pool2 -> flatten -> code -> y",
    )
    return network(
        "siamese",
        "Tells how much two images differ, with one encoder used twice.",
        {
            "left": block("Input", sample_shape=(1, 28, 28)),
            "right": block("Input", sample_shape=(1, 28, 28)),
            "encoder": encoder,
            "distance": block("PairwiseDistance"),
            "difference": block("Output"),
        },
        "left -> encoder -> distance.x1",
        "right -> encoder_again -> distance.x2",
        "distance -> difference",
        shared={"encoder_again": "encoder"},
    )


def vae() -> Project:
    """A variational autoencoder (Kingma and Welling 2014) on the digits, trainable as it stands."""
    sample = group(
        "Sample",
        {
            "halve": block("Affine", scale=0.5),
            "spread": block("Exp"),
            "noise": block("RandomNormal"),
            "scaled": block("Multiply"),
            "add": block("Add"),
        },
        "logvar -> halve -> spread -> scaled.x1",
        "mean -> noise -> scaled.x2",
        "mean -> add.x1",
        "scaled -> add.x2",
        "add -> z",
        inputs=("mean", "logvar"),
        outputs=("z",),
    )
    decoder = group(
        "Decoder",
        {
            "fc1": block("Linear", out_features=128),
            "relu1": block("ReLU"),
            "fc2": block("Linear", out_features=64),
            "image": block("Reshape", sample_shape=(1, 8, 8)),
        },
        "z -> fc1 -> relu1 -> fc2 -> image -> y",
        inputs=("z",),
    )
    return network(
        "digits-vae",
        "Learns to draw digits: images to a few numbers and back, the numbers held close to a normal distribution.",
        {
            "image": block("Input", field="image"),
            "flatten": block("Flatten"),
            "encode": block("Linear", out_features=128),
            "relu": block("ReLU"),
            "mean": block("Linear", out_features=8),
            "logvar": block("Linear", out_features=8),
            "sample": sample,
            "decoder": decoder,
            "reconstruction": block("MSELoss"),
            "closeness": block("GaussianKLLoss", weight=0.02),
        },
        "image -> flatten -> encode -> relu -> mean -> sample.mean",
        "relu -> logvar -> sample.logvar",
        "sample -> decoder -> reconstruction.prediction",
        "image -> reconstruction.target",
        "mean -> closeness.mu",
        "logvar -> closeness.log_variance",
        epochs=30,
    )


def googlenet() -> Project:
    """GoogLeNet with batch normalisation, without its auxiliary heads: 6,624,904 parameters (torchvision)."""
    numbers = {
        "a3": (64, 96, 128, 16, 32, 32),
        "b3": (128, 128, 192, 32, 96, 64),
        "a4": (192, 96, 208, 16, 48, 64),
        "b4": (160, 112, 224, 24, 64, 64),
        "c4": (128, 128, 256, 24, 64, 64),
        "d4": (112, 144, 288, 32, 64, 64),
        "e4": (256, 160, 320, 32, 128, 128),
        "a5": (256, 160, 320, 32, 128, 128),
        "b5": (384, 192, 384, 48, 128, 128),
    }
    pool = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    return network(
        "googlenet",
        "Nine inception groups, each with filters of several sizes side by side, for photographs of 1,000 classes.",
        {
            "image": block("Input", sample_shape=PHOTO),
            "conv1": conv_unit(64, 7, 2, 3),
            "pool1": block("MaxPool2d", **pool),
            "conv2": conv_unit(64, 1),
            "conv3": conv_unit(192, 3, 1, 1),
            "pool2": block("MaxPool2d", **pool),
            **{f"inception_{name}": inception(*sizes) for name, sizes in list(numbers.items())[:2]},
            "pool3": block("MaxPool2d", **pool),
            **{f"inception_{name}": inception(*sizes) for name, sizes in list(numbers.items())[2:7]},
            "pool4": block("MaxPool2d", kernel_size=2, stride=2, ceil_mode=True),
            **{f"inception_{name}": inception(*sizes) for name, sizes in list(numbers.items())[7:]},
            "pool5": block("AdaptiveAvgPool2d", output_size=1),
            "flatten": block("Flatten"),
            "drop": block("Dropout", p=0.2),
            "fc": block("Linear", out_features=1000),
            "logits": block("Output"),
        },
        "image -> conv1 -> pool1 -> conv2 -> conv3 -> pool2 -> inception_a3 -> inception_b3 -> pool3 -> inception_a4"
        " -> inception_b4 -> inception_c4 -> inception_d4 -> inception_e4 -> pool4 -> inception_a5 -> inception_b5"
        " -> pool5 -> flatten -> drop -> fc -> logits",
    )


def gan() -> Project:
    """A generative adversarial network (Goodfellow et al. 2014) on the moons, trainable as it stands."""
    generator = group(
        "Generator",
        {
            "fc1": block("Linear", out_features=64),
            "act1": block("LeakyReLU", negative_slope=0.2),
            "fc2": block("Linear", out_features=64),
            "act2": block("LeakyReLU", negative_slope=0.2),
            "fc3": block("Linear", out_features=2),
        },
        "z -> fc1 -> act1 -> fc2 -> act2 -> fc3 -> y",
        inputs=("z",),
    )
    judge = group(
        "Judge",
        {
            "fc1": block("Linear", out_features=64),
            "act1": block("LeakyReLU", negative_slope=0.2),
            "fc2": block("Linear", out_features=64),
            "act2": block("LeakyReLU", negative_slope=0.2),
            "fc3": block("Linear", out_features=1),
        },
        "x -> fc1 -> act1 -> fc2 -> act2 -> fc3 -> y",
    )
    return network(
        "moons-gan",
        "Two networks against each other: one invents points, the other tells them from those of the moons.",
        {
            "point": block("Input", field="point"),
            "noise": block("RandomNormal", sample_shape=(4,)),
            "generator": generator,
            "points": block("Output"),
            "judge": judge,
            "ones": block("Ones", sample_shape=(1,)),
            "zeros": block("Zeros", sample_shape=(1,)),
            "real_loss": block("BCEWithLogitsLoss"),
            "fake_loss": block("BCEWithLogitsLoss"),
            "generator_loss": block("BCEWithLogitsLoss"),
        },
        "point -> noise -> generator -> points",
        "point -> judge -> real_loss.prediction",
        "generator -> judge_again -> fake_loss.prediction",
        "judge_again -> generator_loss.prediction",
        "point -> ones -> real_loss.target",
        "point -> zeros -> fake_loss.target",
        "ones -> generator_loss.target",
        shared={"judge_again": "judge"},
        source="Moons",
        turns=(
            Turn(name="judge", losses=("real_loss", "fake_loss"), blocks=("judge",)),
            Turn(name="generator", losses=("generator_loss",), blocks=("generator",)),
        ),
        optimizer=Adam(lr=1e-3, betas=(0.5, 0.999)),
        epochs=100,
        batch_size=64,
    )


# parameters as published, or None where there is no one to publish them
NETWORKS: dict[str, tuple[Callable[[], Project], int | None]] = {
    "resnet-18": (resnet_18, 11_689_512),
    "resnet-50": (resnet_50, 25_557_032),
    "vgg-16": (vgg_16, 138_357_544),
    "googlenet": (googlenet, 6_624_904),
    "vit-b-16": (vit, 86_567_656),
    "gpt-12": (gpt, 124_439_808 + 38_597_376),
    "u-net": (u_net, None),
    "siamese": (siamese, None),
    "digits-vae": (vae, None),
    "moons-gan": (gan, None),
}
