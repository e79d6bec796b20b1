"""The catalogue: every block that can be drawn, by name, in the palette's order."""

from engine.blocks import (
    activation,
    combine,
    convolution,
    inputs,
    linear,
    losses,
    normalisation,
    pooling,
    recurrent,
    shaping,
)
from engine.blocks.base import Block, Loss, Port, Source
from engine.record import Registry

CATALOGUE: Registry[Block] = Registry(
    (
        inputs.Input,
        inputs.Target,
        inputs.Output,
        linear.Linear,
        linear.Embedding,
        convolution.Conv1d,
        convolution.Conv2d,
        convolution.ConvTranspose2d,
        pooling.MaxPool2d,
        pooling.AvgPool2d,
        pooling.AdaptiveAvgPool2d,
        recurrent.LSTM,
        recurrent.GRU,
        normalisation.BatchNorm1d,
        normalisation.BatchNorm2d,
        normalisation.LayerNorm,
        activation.ReLU,
        activation.LeakyReLU,
        activation.GELU,
        activation.Sigmoid,
        activation.Tanh,
        activation.Softmax,
        activation.LogSoftmax,
        activation.Dropout,
        shaping.Flatten,
        shaping.Reshape,
        combine.Add,
        combine.Multiply,
        combine.Concat,
        losses.CrossEntropyLoss,
        losses.BCEWithLogitsLoss,
        losses.BCELoss,
        losses.NLLLoss,
        losses.MSELoss,
        losses.L1Loss,
    )
)

__all__ = ["CATALOGUE", "Block", "Loss", "Port", "Source"]
