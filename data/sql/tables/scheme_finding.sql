-- one row per scheme version and kind of finding: deduction, veto or bonus; course: the machine it
-- goes through (procedure/machines.py)
create table if not exists scheme_finding (
    scheme_id varchar not null, version varchar not null, finding varchar not null, kind varchar not null,
    name varchar not null, place varchar not null, points double not null, course varchar
);
