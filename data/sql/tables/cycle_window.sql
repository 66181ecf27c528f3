-- one row per cycle, scheme version and `date` indicator: first and last day that count
create table if not exists cycle_window (
    seq bigint not null, cycle integer not null, indicator varchar not null,
    first_day date not null, last_day date not null
);
