-- The signatures of the agencies that issue a plan together.
alter table campaign add column signing json;
comment on column campaign.signing is
    'signatures under the plan and the amendment that waits (schemas.options.joint.SigningFacts); null with one agency';
