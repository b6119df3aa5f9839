"""The letters of a plan as .docx files that a school edits: the decree with its annexes, the Dinas's order, the partner school's statement.

``wording`` holds the decree's sentences and the law it rests on, ``letterhead`` what Pengaturan says (and what it leaves blank), ``division`` the
rows of the annexes with their sums, checked against the independent checker's; ``paper`` and ``grid`` write Word's pages and tables; ``decree``,
``annexes`` and ``partner`` are the letters themselves, ``write`` all of them together.
"""
