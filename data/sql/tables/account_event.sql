-- one row per change of an account; the newest of an account counts. title names the office or post, never a person
create table if not exists account_event (
    seq bigint not null, recorded_at timestamp not null, account varchar not null, title varchar not null,
    role varchar not null, region varchar not null, unit varchar, password_hash varchar not null,
    must_change boolean not null, is_disabled boolean not null, subject varchar
);
