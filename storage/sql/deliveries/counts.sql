-- Counts the deliveries of a campaign by channel and state.
-- $1 campaign
select delivery.channel, delivery.state, count(*) as deliveries
from delivery join document on document.key = delivery.document_key
where document.campaign_id = $1
group by delivery.channel, delivery.state
order by delivery.channel, delivery.state
