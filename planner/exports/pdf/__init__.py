"""A sheet as PDF: text measured, pieces put on pages, pages drawn. The only rooms that know the PDF library."""
