"""The course of a year after the files came in: rulings, findings, rectification, objections, grades, publication."""
