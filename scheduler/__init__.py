"""Division of teaching, additional duties and partner-school hours for Indonesian schools, proved and checked."""

__version__ = "0.1.0"
