-- one row per cycle, region, basis and indicator; gap in points of the region's score
create or replace table results.region_gap (
    cycle integer not null, region varchar not null, basis varchar not null, indicator varchar not null,
    gap double, weight double, lost double, units bigint, units_short bigint
);
