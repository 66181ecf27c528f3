-- one row per publication (its seq), cycle, region that units are registered in, category, basis and indicator; sums over its units
create table if not exists published_leaf_gap (
    publication bigint not null,
    cycle integer not null, region varchar not null, category varchar not null, basis varchar not null,
    indicator varchar not null, weight double, lost double, units bigint, units_short bigint
);
