"""Reading by meaning: the texts that it is learnt from, in families of contrast. See texts/README.md."""
