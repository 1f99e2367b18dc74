"""What the officers' service keeps: people, sessions, lists, visits, objections and the audit log, in one database."""
