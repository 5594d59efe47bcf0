"""The tables of GAN + VER."""
