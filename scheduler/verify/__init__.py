"""The checker: what the regulation and the school ask of a plan, recomputed from the plan's decisions alone.

This is the specification. The models, the reports and the tests are held against it; it imports neither a solver nor a data-frame library.
"""
