-- one row per cycle and basis: the indicators that count in it
create or replace table results.basis_indicators (cycle integer not null, basis varchar not null, indicators varchar[]);
