-- Notes that a waiting document will not be delivered; one that was sent stays sent.
update document set state = 'failed' where key = $1 and state = 'issued' returning key
