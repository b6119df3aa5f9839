"""From a plan to what people read: the text catalogue, plain rows, and the papers made of them. Never imports a solver."""
