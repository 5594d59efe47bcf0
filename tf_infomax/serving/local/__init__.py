"""A small server for one machine, which speaks TensorFlow Serving's protocols, and a client for both."""
