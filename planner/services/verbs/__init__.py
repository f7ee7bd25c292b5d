"""Changes of a course, Plan -> Plan: what people may do to it, and what is refused with the reason."""
