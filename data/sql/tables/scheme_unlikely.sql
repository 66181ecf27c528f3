-- one row per scheme version, rule on answers that are unlikely together, and side of it (first, second): the range of the
-- measured answer that the condition holds for (null: no bound), or that 不适用 is claimed (scoring/unlikely.py)
create table if not exists scheme_unlikely (
    scheme_id varchar not null, version varchar not null, rule varchar not null, position integer not null,
    side varchar not null, indicator varchar not null, at_least double, above double, at_most double,
    is_na boolean not null
);
