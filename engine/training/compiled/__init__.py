"""Several steps at once as one piece of machine code, made in the background while the training goes its usual way.

`drawing` makes a `blueprint` of the whole step out of what PyTorch was seen to do; `maker`, a process of its own, has
inductor turn it into a library, which the `shelf` keeps; `block` binds the library to a training's own weights; and
`going_over` says when all this happens, and whether it was worth it.
"""
