-- the rows of review whose unit the scope holds
create or replace view seen.review as
with final as (
    select *
    from assessment.review as kept
    where (seq <= coalesce(getvariable('as_of'), 9223372036854775807)
            or cycle <> getvariable('publication_cycle'))
        and exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
