-- whether the scope is the whole province and not a single unit; null, so not true, where no scope is set
create or replace macro seen.sees_all() as (
    getvariable('scope_unit') is null
    and getvariable('scope_region') = (select region from assessment.region where level = 'province')
);
