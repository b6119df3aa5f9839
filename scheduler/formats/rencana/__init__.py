"""Reading the workbook of a plan (``rencana.xlsx``) back after people have worked in it.

Three sheets are the source of truth: Jadwal Induk (what a class has in an hour), Pembagian Tugas (who teaches it) and Tugas Tambahan (who holds
what). They are found by their headings and read by their words, wherever they stand; ``pages`` looks into the cells, ``master``, ``matrix`` and
``duties`` read a sheet each, ``merging`` compares what they say with the plan that was written. What cannot be understood is a Problem with its
cell, never a guess.
"""
