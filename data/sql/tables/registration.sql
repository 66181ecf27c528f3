-- one row per registration of a unit for a cycle; the newest of a code counts
create table if not exists registration (
    seq bigint not null, cycle integer not null, unit varchar not null, name varchar not null,
    region varchar not null, category varchar not null, tags varchar[] not null, is_active boolean not null
);
