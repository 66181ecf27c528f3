-- one row per cycle and finding that stands confirmed now
create or replace view current_finding as
with newest as (
    select *
    from finding_event
    qualify row_number() over (partition by cycle, key order by seq desc) = 1
),
final as (
    select cycle, key, unit, finding, on_date, document, is_overdue, is_aggravated, note
    from newest
    where is_confirmed
)
select * from final;
