-- the rows of result_counted_value; with the variable `publication` set, those frozen by that publication;
-- of other cycles than `publication_cycle` what stands now, where that is set too
create or replace view shown_counted_value as
with final as (
    select * from result_counted_value where getvariable('publication') is null or cycle <> getvariable('publication_cycle')
    union all by name
    select * exclude (publication)
    from published_counted_value
    where publication = getvariable('publication')
)
select * from final;
