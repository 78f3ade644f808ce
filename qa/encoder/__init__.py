"""A small neural network that reads a call turn by turn, in context. onnxruntime, offline."""
