-- one row per publication of a cycle: what it froze (everything up to data_version) and the SHA-256 over its frozen rows
create table if not exists publication (
    seq bigint not null, cycle integer not null, number varchar not null, scheme_id varchar not null,
    version varchar not null, data_version bigint not null, program varchar not null, sha256 varchar not null,
    reason varchar not null, account varchar not null, role varchar not null, published_at timestamp not null
);
