"""The course of a year as data: which states there are, who moves what where, and what each move needs."""
