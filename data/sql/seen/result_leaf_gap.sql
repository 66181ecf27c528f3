-- the rows of shown_leaf_gap of the regions within the scope; none for a single unit
create or replace view seen.result_leaf_gap as
with final as (
    select *
    from assessment.shown_leaf_gap
    where getvariable('scope_unit') is null
        and region in (select region from assessment.region_member where ancestor = getvariable('scope_region'))
)
select * from final;
