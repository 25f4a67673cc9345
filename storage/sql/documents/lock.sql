-- Locks a document's row: two of its deliveries may end at once, and each must see the other's state.
-- $1 key
select from document where key = $1 for update
