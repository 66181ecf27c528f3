-- one row per publication (its seq), cycle, submitted unit and system that has an indicator in its set
create table if not exists published_unit_system (
    publication bigint not null,
    cycle integer not null, unit varchar not null, system varchar not null, points double, earned double,
    self_points double, self_earned double, verified_points double, verified_earned double
);
