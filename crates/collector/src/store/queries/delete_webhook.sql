DELETE FROM webhooks WHERE source = ?1
