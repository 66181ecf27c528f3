-- one row per file that was handed in, accepted or not; account and origin: who sent it, and from where or how
create table if not exists receipt (
    receipt bigint not null, cycle integer not null, filename varchar not null, sha256 varchar not null,
    status varchar not null, unit varchar, template_version varchar, submission bigint,
    errors integer not null, warnings integer not null, recorded_at timestamp not null,
    account varchar, origin varchar
);
