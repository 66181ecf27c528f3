-- the rows of grade_event of the units that the scope holds and of the regions that may be seen as a whole
create or replace view seen.grade_event as
with final as (
    select *
    from assessment.grade_event as kept
    where case subject
        when 'unit' then exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.code)
        else getvariable('scope_unit') is null and code in (select region from seen.region)
    end
)
select * from final;
