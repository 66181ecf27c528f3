-- the rows of result_leaf_gap; with the variable `publication` set, those frozen by that publication;
-- of other cycles than `publication_cycle` what stands now, where that is set too
create or replace view shown_leaf_gap as
with final as (
    select * from result_leaf_gap where getvariable('publication') is null or cycle <> getvariable('publication_cycle')
    union all by name
    select * exclude (publication)
    from published_leaf_gap
    where publication = getvariable('publication')
)
select * from final;
