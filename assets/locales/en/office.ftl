# Messages: office
