-- one row per cycle and unit whose newest workbook was sent back to it and not taken back
create or replace view current_return as
with final as (
    select returned.* exclude (state)
    from return_event as returned
    join current_submission using (cycle, unit, submission)
    where is_known(returned.seq, returned.cycle)
    qualify row_number() over (partition by returned.cycle, returned.unit order by returned.seq desc) = 1
        and returned.state = 'returned'
)
select * from final;
