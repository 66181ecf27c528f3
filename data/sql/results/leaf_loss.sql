-- one row per cycle, region that units are registered in, category and basis: sums over its units, one for each of the indicators of
-- basis_indicators, in their order
create or replace table results.leaf_loss (
    cycle integer not null, region varchar not null, category varchar not null, basis varchar not null,
    weight double[], lost double[], units integer[], units_short integer[]
);
