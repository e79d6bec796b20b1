"""One step's losses and gradients: straight on, as recorded once from PyTorch, or as PyTorch goes itself.

`choice.choose` says which, and why. Both are called with a batch, answer with its losses, and leave the gradients in
the flat buffers of `flat.FlatWeights`; what an optimizer makes of these is no affair of a step.
"""
