# Messages: import
