-- one row per publication (its seq), cycle, submitted unit and indicator of its set
create table if not exists published_counted_value (
    publication bigint not null,
    cycle integer not null, unit varchar not null, indicator varchar not null, submission bigint not null,
    points double not null, stage varchar, state varchar not null, x double, self_x double
);
