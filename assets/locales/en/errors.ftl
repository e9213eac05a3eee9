# Messages: errors
