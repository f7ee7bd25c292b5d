"""Files to nouns: protocols, rules, agents and patients from TOML and JSON, and every problem of a file by place."""
