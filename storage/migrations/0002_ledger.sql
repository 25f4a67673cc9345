-- The ledger. `actor` and `data` are texts on purpose: what was hashed is kept byte for byte.
-- There is no foreign key to campaign: the recorder proves the campaign's rows in the same statement, and a key
-- would lock one campaign row for every entry.

create table ledger (
    stream text collate "C" not null,
    seq bigint not null check (seq >= 1),
    kind text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    actor text not null,
    data text not null,
    prev_hash text not null,
    hash text not null,
    campaign_id text collate "C" not null,
    txid xid8 not null default pg_current_xact_id(),
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (stream, seq)
);
comment on column ledger.txid is 'tells which entries an anchor''s snapshot saw';
comment on column ledger.recorded_at is 'operational only: no rule and no hash reads it';

create index ledger_of_campaign on ledger (campaign_id, stream, seq);
create index ledger_refused on ledger (campaign_id, received_at) where kind = 'refused';
create index ledger_anchored on ledger (campaign_id, seq) where kind = 'anchored';

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege', hint = 'correct a wrong entry by recording a new one';
end
$$;

-- It binds the owner and superusers too; the application role does not even have the right to try.
create trigger ledger_append_only before update or delete or truncate on ledger
    for each statement execute function ledger_is_append_only();

-- Called by record.sql when a burst cannot be recorded; raising undoes the whole statement.
create function refuse_burst(fault text, subject text, seq bigint) returns void language plpgsql as $$
begin
    raise exception '%', fault using errcode = 'HD001', detail = subject, hint = seq::text;
end
$$;

revoke all on ledger from public;
grant select, insert on ledger to hundred_days_app;
