-- one row per cycle, region that units are registered in, category, basis and indicator; sums over its units
create or replace table results.leaf_gap (
    cycle integer not null, region varchar not null, category varchar not null, basis varchar not null,
    indicator varchar not null, weight double, lost double, units bigint, units_short bigint
);
