-- one row per change of a finding, veto or commendation; the newest of a key counts;
-- move and state: those of its machine (procedure/machines.py); addressee: a position, never a person
create table if not exists finding_event (
    seq bigint not null, cycle integer not null, key varchar not null, unit varchar not null,
    finding varchar not null, on_date date not null, document varchar not null, is_confirmed boolean not null,
    is_overdue boolean not null, is_aggravated boolean not null, note varchar not null,
    indicator varchar, move varchar, state varchar, deadline date, ordered varchar, addressee varchar, step_on date,
    step_document varchar, reason varchar, account varchar, role varchar, recorded_at timestamp
);
