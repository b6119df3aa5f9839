"""Policy experiments: scenarios over schools, one verified run for each pair, kept line by line in a store that survives a kill.

``axes`` and ``scenarios`` say what is varied, ``changes`` puts a scenario to a school, ``run`` divides its work and has it checked, ``executors``
spreads the runs over processes or machines, ``store`` keeps them. Nothing here decides about files, screens or exit codes.
"""
