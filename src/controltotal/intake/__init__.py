"""Getting in: anybody's workbook seen, mapped, reconciled and committed, or a question asked."""
