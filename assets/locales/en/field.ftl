# Messages: field
