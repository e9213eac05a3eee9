# Messages: join
