-- one row per move of an objection, the newest counts; ruled_seq is the ruling that is objected to, stage its stage
create table if not exists objection_event (
    seq bigint not null, cycle integer not null, objection varchar not null, unit varchar not null,
    indicator varchar not null, submission bigint not null, stage varchar not null, ruled_seq bigint not null,
    move varchar not null, state varchar not null, reason varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
