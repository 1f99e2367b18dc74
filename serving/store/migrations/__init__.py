"""Steps from one shape of the database to the next; `serving.store.schema` takes them."""
