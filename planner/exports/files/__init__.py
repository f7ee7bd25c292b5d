"""A plan for other programs: tables, workbook, calendar file, FHIR bundle."""
