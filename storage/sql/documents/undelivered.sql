-- The keys of documents with a waiting delivery, oldest first. One may be signed before its last channel has sent it.
-- $1 campaign, $2 issued before (null: all)
select key
from document
where campaign_id = $1 and ($2::timestamptz is null or issued_at < $2)
    and exists (select from delivery where document_key = key and delivery.state = 'waiting')
order by issued_at, key
