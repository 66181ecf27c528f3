-- publication whole, for anybody with a scope: it tells of no unit
create or replace view seen.publication as
with final as (
    select *
    from assessment.publication
    where getvariable('scope_region') is not null
        and (seq <= coalesce(getvariable('as_of'), 9223372036854775807)
            or cycle <> getvariable('publication_cycle'))
)
select * from final;
