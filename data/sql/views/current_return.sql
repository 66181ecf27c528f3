-- one row per cycle and unit whose newest workbook was sent back to it and not taken back
create or replace view current_return as
with final as (
    select returned.* exclude (state)
    from return_event as returned
    join current_submission using (cycle, unit, submission)
    where (returned.seq <= coalesce(getvariable('as_of'), 9223372036854775807)
            or returned.cycle <> getvariable('publication_cycle'))
    qualify row_number() over (partition by returned.cycle, returned.unit order by returned.seq desc) = 1
        and returned.state = 'returned'
)
select * from final;
