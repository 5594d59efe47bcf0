"""The tables of Deep InfoMax (Hjelm et al., ICLR 2019)."""
