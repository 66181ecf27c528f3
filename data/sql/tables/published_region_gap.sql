-- one row per publication (its seq), cycle, region, basis and indicator; gap in points of the region's score
create table if not exists published_region_gap (
    publication bigint not null,
    cycle integer not null, region varchar not null, basis varchar not null, indicator varchar not null,
    gap double, weight double, lost double, units bigint, units_short bigint
);
