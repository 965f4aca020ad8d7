DELETE FROM destinations WHERE destination = ?1
