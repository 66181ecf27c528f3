-- one row per scheme version
create table if not exists scheme_rule (
    scheme_id varchar not null, version varchar not null, decimals integer not null, missing varchar not null,
    veto_cap double not null, bonus_cap double not null, overdue_factor double not null,
    aggravation_factor double not null, na_floor double not null, min_group integer not null
);
