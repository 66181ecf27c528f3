-- publication whole, for anybody with a scope: it tells of no unit
create or replace view seen.publication as
with final as (
    select *
    from assessment.publication
    where getvariable('scope_region') is not null
        and assessment.is_known(seq, cycle)
)
select * from final;
